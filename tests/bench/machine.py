"""What the figures were measured on."""
import datetime
import os
import platform
import re
import subprocess

from paths import ROOT


def first_match(path, pattern, default):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            found = re.search(pattern, file.read(), re.M)
    except OSError:
        found = None
    return found.group(1).strip().strip('"') if found else default


def commit():
    """Of the tree that was measured; with a + when it has changes that are not committed."""
    try:
        name = subprocess.check_output(['git', 'rev-parse', '--short', 'HEAD'], cwd=ROOT, text=True, stderr=subprocess.DEVNULL).strip()
        changed = subprocess.check_output(['git', 'status', '--porcelain', '-uno'], cwd=ROOT, text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.SubprocessError):
        return None
    return name + ('+' if changed else '')


def describe():
    memory = int(first_match('/proc/meminfo', r'^MemTotal:\s+(\d+) kB', '0')) / 2**20
    return {'cpu': first_match('/proc/cpuinfo', r'^model name\s*:\s*(.+)$', platform.machine()), 'cores': os.cpu_count(),
            'memory_gib': round(memory), 'system': first_match('/etc/os-release', r'^PRETTY_NAME=(.+)$', platform.system()),
            'kernel': platform.release().split('-')[0], 'date': datetime.date.today().isoformat(), 'commit': commit()}
