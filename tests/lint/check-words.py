"""Nothing in the tree names the machine it was made on, nor a host it would fetch from."""
import re

import tree

# Built here so that this file does not name them itself.
MACHINE = re.compile('|'.join(('/' + 'work/', '/' + 'root/', '/' + 'home/\\w', '/tmp/' + 'b-', r'\bbash' + '_jobs')))
LOCKED = re.compile(r'"resolved"\s*:\s*"https?:|https?://[^"\s]*regis' + 'try')
SECRET = re.compile(r'-----BEGIN [A-Z ]*PRIVATE KEY-----|_auth' + r'Token\s*=')
BINARY = ('.png', '.ico', '.woff2', '.mp4', '.wav', '.bin', '.pcap')

faults = []
paths = [p for p in tree.files() if not p.endswith(BINARY) and not p.startswith('tests/fuzz/corpus')]
for path in paths:
    for number, line in enumerate(tree.read(path).split('\n'), 1):
        if MACHINE.search(line):
            faults.append(f'{path}:{number}: names a folder of one machine; use a relative or temporary one')
        if LOCKED.search(line) and path.endswith(('package-lock.json', '.npmrc')):
            faults.append(f'{path}:{number}: names a registry host; lock with `npm install --omit-lockfile-registry-resolved`')
        if SECRET.search(line):
            faults.append(f'{path}:{number}: looks like a secret; make it when the program starts')
tree.finish(faults, len(paths), 'files')
