"""The least that the same work costs on this machine: diemcau-floor does just the decoding, composing, encoding,
mixing and moving of packets that the run needed, with the same libraries and nothing around it."""
import json
import os
import subprocess

from paths import FLOOR, say

VIDEO_KBPS = 1500  # the bridge's default for the programme


def floor_arguments(work):
    """`work`: its options by their names, with _ for -; what is None is left out."""
    return [word for name, value in work.items() if value is not None for word in ('--' + name.replace('_', '-'), str(value))]


def measure(work):
    """{'floor_cores': cores or None, 'floor_parts': {...}}."""
    if not os.path.exists(FLOOR):
        return {'floor_cores': None, 'floor_parts': {}}
    say('  the floor…')
    try:
        done = subprocess.run([FLOOR, *floor_arguments(work)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=300)
        found = json.loads(done.stdout.strip().split('\n')[-1])
        return {'floor_cores': found['floor_cores'], 'floor_parts': found.get('parts', {})}
    except (IndexError, subprocess.SubprocessError, ValueError, KeyError, OSError) as error:
        say(f'  no floor: {error}')
        return {'floor_cores': None, 'floor_parts': {}}
