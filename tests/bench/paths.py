"""Where things are, and one way to give up."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SERVER = os.path.join(ROOT, 'build', 'mcu', 'diemcau')
SITES = os.path.join(ROOT, 'build', 'tests', 'sites', 'diemcau-sites')
FLOOR = os.path.join(ROOT, 'build', 'tests', 'bench', 'diemcau-floor')
PAGE = os.path.join(ROOT, 'docs', 'performance.md')
PLOT = os.path.join(ROOT, 'docs', 'images', 'performance.svg')
MEDIA = os.path.normpath(os.path.join(ROOT, '..', 'shared', 'media'))  # films and speech beside the project, where somebody put them


def say(text):
    print(text, file=sys.stderr, flush=True)


class BenchError(Exception):
    """What stops a run; its text is for people."""
