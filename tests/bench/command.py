"""The command line of ./bench."""
import argparse
import json
import os
import signal
import subprocess
import tempfile

import machine
import page
import scenarios
import table
from paths import PAGE, ROOT, BenchError, say

ALL = ['plenary', 'wall', 'audience', 'storm', 'janus']


def first_line(function):
    return ' '.join(function.__doc__.split())


def parse(description):
    lines = [f'  {name:<15}{first_line(function)}' for name, (function, _) in scenarios.SCENARIOS.items()]
    lines.append(f"  {'all':<15}{', '.join(ALL)}; writes {os.path.relpath(PAGE, ROOT)}")
    parser = argparse.ArgumentParser(prog='./bench', description=description + '\n\nscenarios:\n' + '\n'.join(lines),
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('scenario', choices=[*scenarios.SCENARIOS, 'all'], metavar='SCENARIO', help='one of those above')
    parser.add_argument('--sites', type=int, help='sites that send (209; audience and first-meeting 16; janus 200)')
    parser.add_argument('--receivers', type=int, help='of audience: members who only receive (2122)')
    parser.add_argument('--seconds', type=int, default=30, help='measured, after all have joined (30)')
    parser.add_argument('--probes', type=int, default=2, help='sites that decode and check what they get (2)')
    parser.add_argument('--joins', type=int, default=20, help='of Chromium, in first-meeting; 0: none (20)')
    parser.add_argument('--codec', choices=['h264', 'vp8', 'both'], default='h264', help='that the sites offer (h264)')
    parser.add_argument('--media', metavar='DIR', help='films and speech to send (../shared/media where it is; else drawn pictures)')
    parser.add_argument('--json', metavar='FILE', help='everything that was found out, also of each site')
    parser.add_argument('--no-floor', dest='floor', action='store_false', help='leave out the least for the same work')
    parser.add_argument('--no-build', dest='build', action='store_false', help='take what is built')
    parser.add_argument('--check', action='store_true', help='only whether all is right, not how fast: exit code 1 when a check does not hold')
    options = parser.parse_args()
    if options.seconds < 2 or options.probes < 0 or min(options.sites or 1, 1 if options.receivers is None else options.receivers) < 1:
        parser.error('--seconds is at least 2, --sites and --receivers at least 1, --probes at least 0')
    options.done = {}  # results so far, by scenario
    return options


def prepare():
    subprocess.run(['bash', '-euo', 'pipefail', '-c', '. .ci/lib.sh; ensure_packages build run; build_dir build --buildtype=release'],
                   cwd=ROOT, check=True)


def measure(name, options):
    with tempfile.TemporaryDirectory(prefix='diemcau-bench-') as folder:
        options.done[name] = scenarios.run(name, options, folder)
    return options.done[name]


def without_report(result):
    return {figure: value for figure, value in result.items() if figure != 'report'}


def save(options, content):
    if options.json:
        with open(options.json, 'w', encoding='utf-8') as file:
            json.dump(content, file, indent=1)


def run_one(options):
    """Exit code."""
    result = measure(options.scenario, options)
    save(options, result)
    print(table.text(result))
    print(json.dumps(without_report(result)))
    return 0 if not options.check or result['ok'] else 1


def run_all(options):
    """Exit code. A scenario that cannot run is said to be missing, and the others go on."""
    for name in ALL:
        try:
            print(table.text(measure(name, options)), flush=True)
        except BenchError as error:
            options.done[name] = {'bench': name, 'error': str(error).split('\n', 1)[0]}
            say(f'  {error}')
    descriptions = {name: first_line(scenarios.SCENARIOS[name][0]) for name in ALL}
    page.write(options.done, descriptions, machine.describe())
    save(options, options.done)
    say(f'written: {os.path.relpath(PAGE, ROOT)}')
    print(json.dumps({'bench': 'all', 'machine': machine.describe(),
                      'scenarios': {name: without_report(result) for name, result in options.done.items()}}))
    return 0


def on_signal(*_):
    raise KeyboardInterrupt


def main(description):
    options = parse(description)
    signal.signal(signal.SIGTERM, on_signal)
    try:
        if options.build:
            prepare()
        return run_all(options) if options.scenario == 'all' else run_one(options)
    except BenchError as error:
        say(f'./bench: {error}')
    except subprocess.CalledProcessError as error:
        say(f"./bench: `{error.cmd if isinstance(error.cmd, str) else ' '.join(error.cmd)}` ended with {error.returncode}")
    except KeyboardInterrupt:
        say('./bench: interrupted')
        return 130
    return 2
