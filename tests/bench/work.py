"""The work of a meeting: votes, chat, the spoken roll call, presentation and minutes."""
import json
import subprocess

from paths import ROOT, BenchError, say


def work(options, folder):
    """100 sites and as many pages: votes, chat, the spoken roll call, a presentation, minutes."""
    sites = options.sites or 100
    subprocess.run(['bash', '-euo', 'pipefail', '-c', '. .ci/lib.sh; ensure_packages build run web test; build_web; npm_ci web'],
                   cwd=ROOT, check=True)
    say(f'  {sites} sites, in {folder}')
    run = subprocess.run(['node', 'tests/bench/work.mjs', '--sites', str(sites)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    lines = run.stdout.strip().split('\n')
    if run.returncode != 0 or not lines[-1].startswith('{'):
        raise BenchError('the work was not measured to its end; see above')
    return {**json.loads(lines[-1]), 'floor_cores': None, 'ratio': None}


WORK_BOUNDS = [('tour_s_per_site', '<=', 4), ('vote_ms_p95', '<=', 1000), ('presentation_start_ms_p95', '<=', 1500),
               ('chat_ms_p95', '<=', 200), ('minutes_ms', '<=', 2000)]
