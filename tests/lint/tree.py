"""Shared by the checks: the files of the project, and one way to fail."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = {'.git', 'node_modules', 'dist', 'data', '__pycache__'}


def files(*folders, ends=()):
    """Paths below `folders` (all when none), relative to the root, sorted."""
    found = []
    for folder in folders or ('.',):
        for here, dirs, names in os.walk(os.path.join(ROOT, folder)):
            dirs[:] = [d for d in dirs if d not in SKIPPED and not d.startswith('build')]
            found += [os.path.relpath(os.path.join(here, n), ROOT) for n in names if n.endswith(tuple(ends) or n)]
    return sorted(found)


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8', errors='replace') as file:
        return file.read()


def finish(faults, checked, what):
    for fault in faults:
        print(fault)
    if not checked:
        print(f'nothing checked: no {what} found')
    else:
        print(f'{checked} {what} checked, {len(faults)} faults')
    sys.exit(1 if faults or not checked else 0)
