"""The built pages (web/dist) ask nothing of any other host, and the first view is small."""
import gzip
import os
import re

import tree

DIST = os.path.join(tree.ROOT, 'web', 'dist')
FIRST_VIEW = 150 * 1024
# Names, not addresses: XML namespaces and the licence texts.
NAMES = re.compile(r'https?://(www\.w3\.org/|localhost|127\.0\.0\.1|\$\{)')

faults = []
total = checked = 0
for here, _, names in os.walk(DIST):
    for name in names:
        path = os.path.join(here, name)
        if name.startswith('.') or name.endswith('.map'):
            continue
        with open(path, 'rb') as file:
            data = file.read()
        checked += 1
        if name.endswith(('.html', '.js', '.css', '.svg')):
            total += len(gzip.compress(data))
            for address in re.findall(r'(?:https?:)?//[a-z0-9-]+\.[a-z][\w.-]*[^\s"\'`)]*', data.decode('utf-8', 'replace')):
                if not NAMES.match(address):
                    faults.append(f'web/dist/{os.path.relpath(path, DIST)}: names {address[:80]}; pages come from the bridge alone')
if total > FIRST_VIEW:
    faults.append(f'web/dist: {total} bytes compressed, at most {FIRST_VIEW}; load the rest later or leave it out')
tree.finish(faults, checked, 'built files (npm run build first)')
