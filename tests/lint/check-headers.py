"""Every header of ours compiles alone: what it needs, it includes itself."""
import os
import subprocess

import tree

PACKAGES = ('glib-2.0', 'gio-2.0', 'gio-unix-2.0', 'gstreamer-1.0', 'gstreamer-video-1.0', 'gstreamer-app-1.0', 'jansson', 'pangocairo')
cflags = subprocess.check_output(['pkg-config', '--cflags', *PACKAGES], text=True).split()
command = [os.environ.get('CC', 'cc'), '-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-fsyntax-only',
           f'-I{tree.ROOT}', f'-I{tree.ROOT}/include', *cflags, '-x', 'c', '-']

faults = []
headers = tree.files('include', 'mcu', 'pipelines', 'tests', ends=('.h',))
for header in headers:
    # Twice: the second must be nothing (#pragma once).
    source = f'#include "{tree.ROOT}/{header}"\n' * 2
    result = subprocess.run(command, input=source, capture_output=True, text=True)
    if result.returncode != 0:
        first = next((line for line in result.stderr.split('\n') if 'error' in line), result.stderr[:200])
        faults.append(f'{header}: does not compile alone; include what it needs in it: {first.strip()}')
tree.finish(faults, len(headers), 'headers')
