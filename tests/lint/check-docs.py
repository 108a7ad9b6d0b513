"""Every name in `backticks` of the documents exists: prose about code rots unless a check ties it.

Checked are file names and paths of ours, our C names (mcu_, Mcu, MCU_, pl_, Pl) and the names of
executables' options (--long)."""
import re

import tree

DOCUMENTS = [d for d in tree.files('docs', ends=('.md',)) + ['README.md']]
REQUIRED = ('docs/architecture.md', 'docs/protocol.md', 'docs/operations.md', 'README.md')
PATH = re.compile(r'^(\./)?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*/?$')
FOLDERS = ('include/', 'mcu/', 'pipelines/', 'web/', 'tests/', 'docs/', '.ci/')
BUILT = ('build', 'web/dist', 'web/node_modules', 'data')

paths = tree.files()
names = {p.rsplit('/', 1)[-1] for p in paths}
folders = {'/'.join(p.split('/')[:n]) for p in paths for n in range(1, p.count('/') + 1)}
code = '\n'.join(tree.read(p) for p in paths if p.endswith(('.c', '.h', '.py', '.ts', '.tsx', '.mjs', 'run', 'bench', 'test')))
words = set(re.findall(r'[A-Za-z_]\w+', code))
options = set(re.findall(r'--[a-z][a-z0-9-]+', code)) | {'--' + o for o in re.findall(r'"([a-z][a-z0-9-]+)"', code)}


def missing(quoted):
    """What of the text between two backticks is not in the tree."""
    for word in re.findall(r'[\w./-]+', quoted):
        bare = re.sub(r'^\./', '', word).rstrip('/.')
        if re.match(r'^(mcu_|Mcu|MCU_|pl_|Pl[A-Z])\w+$', word) and not word.endswith('_'):
            if word not in words:
                yield word
        elif word.startswith('--') and len(word) > 3 and word not in options:
            yield word
        elif bare.startswith(BUILT) or not PATH.match(word) or re.search(r'[A-Z]{3,}', bare):
            continue  # made later, or a placeholder such as docs/schema/TYPE.json
        elif bare.startswith(FOLDERS) and bare not in paths and bare not in folders:
            yield word
        elif re.match(r'^[a-z][\w-]+\.(c|h|py|ts|mjs)$', bare) and bare not in names:
            yield word


faults = [f'{d}: missing; write it' for d in REQUIRED if d not in DOCUMENTS or d not in paths]
checked = 0
for document in [d for d in DOCUMENTS if d in paths]:
    for number, line in enumerate(tree.read(document).split('\n'), 1):
        for quoted in re.findall(r'`([^`]+)`', line):
            checked += 1
            faults += [f'{document}:{number}: `{m}` is not in the tree; correct the text' for m in missing(quoted)]
tree.finish(faults, checked, 'quoted names')
