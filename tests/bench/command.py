"""The command line of ./bench."""
import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile

import scenarios
import table
from paths import ROOT, BenchError, say


def parse(description):
    lines = [f"  {name:<10}{function.__doc__.strip()}" for name, (function, _) in scenarios.SCENARIOS.items()]
    parser = argparse.ArgumentParser(prog='./bench', description=description + '\n\nscenarios:\n' + '\n'.join(lines),
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('scenario', choices=list(scenarios.SCENARIOS), metavar='SCENARIO', help=', '.join(scenarios.SCENARIOS))
    parser.add_argument('--sites', type=int, help='sites that send (209; audience 16; janus 200)')
    parser.add_argument('--receivers', type=int, help='of audience: members who only receive (2122)')
    parser.add_argument('--seconds', type=int, default=30, help='measured, after all have joined (30)')
    parser.add_argument('--probes', type=int, default=2, help='sites that decode and check what they get (2)')
    parser.add_argument('--codec', choices=['h264', 'vp8', 'both'], default='h264', help='that the sites offer (h264)')
    parser.add_argument('--media', help='films and speech to send (../shared/media where it is; else drawn pictures)')
    parser.add_argument('--json', metavar='FILE', help='everything that was found out, also of each site')
    parser.add_argument('--no-floor', dest='floor', action='store_false', help='leave out the least for the same work')
    parser.add_argument('--no-build', dest='build', action='store_false', help='take what is built')
    parser.add_argument('--check', action='store_true',
                        help='only whether all is right, not how fast: fails when somebody is not served')
    return parser.parse_args()


def prepare():
    subprocess.run(['bash', '-euo', 'pipefail', '-c', '. .ci/lib.sh; ensure_packages build run; build_dir build --buildtype=release'],
                   cwd=ROOT, check=True)


def on_signal(*_):
    raise KeyboardInterrupt


def run(options):
    """Exit code."""
    with tempfile.TemporaryDirectory(prefix='diemcau-bench-') as folder:
        result = scenarios.run(options.scenario, options, folder)
    report = result.pop('report', None)
    if options.json:
        with open(options.json, 'w', encoding='utf-8') as file:
            json.dump({**result, 'report': report}, file, indent=1)
    print(table.text(result))
    print(json.dumps(result))
    return 0 if not options.check or result['ok'] else 1


def main(description):
    options = parse(description)
    signal.signal(signal.SIGTERM, on_signal)
    try:
        if options.build:
            prepare()
        return run(options)
    except BenchError as error:
        say(f'./bench: {error}')
    except subprocess.CalledProcessError as error:
        say(f'./bench: cannot build ({error.returncode})')
    except KeyboardInterrupt:
        say('./bench: interrupted')
        return 130
    return 2


if __name__ == '__main__':
    sys.exit('run ./bench')
