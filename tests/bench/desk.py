"""The desk: how fast what the chair does is seen, heard and answered, and how fast all are back after a crash."""
import json
import subprocess

from paths import ROOT, BenchError, say


def desk(options, folder):
    """209 sites and a browser among them; a chair who changes layouts, gives the floor, and commands while others change state; then the bridge is killed."""
    sites = options.sites or 209
    subprocess.run(['bash', '-euo', 'pipefail', '-c', '. .ci/lib.sh; ensure_packages build run web test; build_web; npm_ci web'],
                   cwd=ROOT, check=True)
    say(f'  {sites} sites, in {folder}')
    run = subprocess.run(['node', 'tests/bench/desk.mjs', '--sites', str(sites)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    lines = run.stdout.strip().split('\n')
    if run.returncode != 0 or not lines[-1].startswith('{'):
        raise BenchError('the desk was not measured to its end; see above')
    return {**json.loads(lines[-1]), 'floor_cores': None, 'ratio': None}


DESK_BOUNDS = [('layout_change_ms_p95', '<=', 300), ('command_ms_p95', '<=', 50), ('floor_ms_p95', '<=', 500),
               ('restart_ms_max', '<=', 5000), ('longest_task_ms', '<=', 200)]
