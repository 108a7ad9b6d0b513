"""The desk and the work of a meeting: how fast what a chair and the sites do is seen, heard, told and answered."""
import json
import subprocess

from paths import ROOT, BenchError, say


def by_node(name, sites, folder):
    """Figures of tests/bench/NAME.mjs: the last line that it writes."""
    subprocess.run(['bash', '-euo', 'pipefail', '-c', '. .ci/lib.sh; ensure_packages build run web test; build_web; npm_ci web'],
                   cwd=ROOT, check=True)
    say(f'  {sites} sites, in {folder}')
    run = subprocess.run(['node', f'tests/bench/{name}.mjs', '--sites', str(sites)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    lines = run.stdout.strip().split('\n')
    if run.returncode != 0 or not lines[-1].startswith('{'):
        raise BenchError(f'the {name} was not measured to its end; see above')
    return {**json.loads(lines[-1]), 'floor_cores': None, 'ratio': None}


def desk(options, folder):
    """209 sites and a browser among them; a chair who changes layouts, gives the floor, and commands while others change state; then the bridge is killed."""
    return by_node('desk', options.sites or 209, folder)


def work(options, folder):
    """209 sites and as many pages: votes, chat, the spoken roll call, a presentation, minutes."""
    return by_node('work', options.sites or 209, folder)


DESK_BOUNDS = [('layout_change_ms_p95', '<=', 300), ('command_ms_p95', '<=', 50), ('floor_ms_p95', '<=', 500),
               ('restart_ms_max', '<=', 5000), ('longest_task_ms', '<=', 200)]
WORK_BOUNDS = [('tour_s_per_site', '<=', 4), ('vote_ms_p95', '<=', 1000), ('presentation_start_ms_p95', '<=', 1500),
               ('chat_ms_p95', '<=', 200), ('minutes_ms', '<=', 2000)]
