"""The C sources look as .clang-format (version 14) says."""
import subprocess

import tree

sources = tree.files('include', 'mcu', 'pipelines', 'tests', ends=('.c', '.h'))
version = subprocess.check_output(['clang-format', '--version'], text=True)
faults = [] if ' 14.' in version else [f'clang-format 14 (Debian 12) is wanted, this is {version.strip()}']
for source in sources:
    result = subprocess.run(['clang-format', '--dry-run', '-Werror', source], cwd=tree.ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        faults.append(f'{source}: run `clang-format -i {source}`: {result.stderr.split(chr(10))[0]}')
tree.finish(faults, len(sources), 'source files')
