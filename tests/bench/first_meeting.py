"""The first meeting: 16 sites that all talk, and how long a person at a browser waits for the picture."""
import json
import os
import statistics
import subprocess

from meeting import measure, media
from paths import ROOT, say
from server import Server
from sites import Sites


def first_meeting(options, folder):
    """16 sites that all talk at once, and Chromium that joins them."""
    sites = options.sites or 16
    heard = ['--max-heard', str(min(64, sites))]
    result = measure(options, folder, ['--sites', sites, '--probes', min(options.probes, sites)], heard)
    result.update(floor_cores=None, ratio=None)
    if options.joins:
        joins = join_times(options, folder, sites, heard)
        result.update(first_frame_ms_p50=round(statistics.median(joins)),
                      first_frame_ms_p95=sorted(joins)[min(len(joins) - 1, round(0.95 * (len(joins) - 1)))])
    return result


def join_times(options, folder, sites, server_options):
    """Milliseconds from click to first picture of each join."""
    say(f'  {options.joins} joins of Chromium…')
    subprocess.run(['bash', '-euo', 'pipefail', '-c', '. .ci/lib.sh; ensure_packages build run web test; build_web; npm_ci web'],
                   cwd=ROOT, check=True)
    with Server(folder, server_options) as server, Sites(server, folder, ['--sites', sites, '--seconds', 3600], media(options)) as running:
        running.wait_settled(120)
        command = ['node', os.path.join('tests', 'e2e', 'tools', 'join-times.mjs'), server.link('trinh-duyet', 'site'), str(options.joins)]
        return json.loads(subprocess.check_output(command, cwd=ROOT, text=True))
