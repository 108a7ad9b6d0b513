"""Who may include whom, where each library lives, and what the packet path may not call.

The table is docs/architecture.md's; change both together. Tests may see everything, except that
libwebsockets has one home there too."""
import re

import tree

# Folder -> folders of ours it may include. Every folder may include itself and what is below it.
FOLDERS = {
    'include/mcu': ('mcu/util',),
    'mcu/util': ('include/mcu',),
    'mcu/rtp': ('include/mcu', 'mcu/util'),
    'mcu/sdp': ('include/mcu', 'mcu/util'),
    'mcu/transport': ('include/mcu', 'mcu/util', 'mcu/rtp', 'mcu/sdp'),
    'mcu/room': ('include/mcu', 'mcu/util'),
    'mcu/store': ('include/mcu', 'mcu/util', 'mcu/room'),
    'mcu/papers': ('mcu/util',),
    'mcu/minutes': ('include/mcu', 'mcu/util', 'mcu/room', 'mcu/store'),
    'mcu/bridge': ('include/mcu', 'mcu/util', 'mcu/sdp', 'mcu/transport', 'mcu/room', 'mcu/store'),
    'mcu/signaling': ('include/mcu', 'mcu/util', 'mcu/bridge', 'mcu/minutes', 'mcu/papers', 'mcu/room', 'mcu/sdp'),  # WHIP's bodies are SDP
    'mcu': ('include/mcu', 'mcu/util', 'mcu/transport', 'mcu/bridge', 'mcu/signaling', 'mcu/store', 'mcu/minutes', 'pipelines'),
    'pipelines': ('include/mcu', 'mcu/util'),
}
# Library's header -> the files and folders which may include it.
HOMES = {
    r'(nice/|agent\.h$)': ('mcu/transport/ice-full.c', 'tests/'),
    r'openssl/': ('mcu/transport/dtls.c', 'mcu/transport/cert.c', 'mcu/transport/gcm.c', 'tests/'),
    r'srtp2?/': ('mcu/transport/srtp.c', 'tests/'),
    r'(libwebsockets|lws)': ('mcu/signaling/http.c', 'tests/sites/ws-client.c'),
    r'jwt\.h$': ('mcu/signaling/token.c', 'tests/unit/signaling/'),
    r'sqlite3\.h$': ('mcu/store/', 'tests/unit/store/'),
    r'jansson\.h$': ('mcu/signaling/', 'mcu/bridge/replay-event.c', 'mcu/minutes/row.c', 'tests/'),
    r'(gst/|libyuv|opus/|opus\.h)': ('pipelines/', 'tests/'),
    r'(cairo|pango/)': ('pipelines/', 'mcu/minutes/sheet.c', 'tests/'),
}
HOT = re.compile(r'mcu/(transport/leg-(rx|tx)|rtp/[^/]+)\.c$')
FORBIDDEN = re.compile(
    r'\b(g_(try_)?(malloc|new|realloc|renew|slice|strdup|memdup)\w*|malloc|calloc|realloc|strdup'
    r'|g_(mutex|rw_lock|rec_mutex|cond)_\w+|pthread_mutex_\w+'
    r'|g_(log|debug|info|message|warning|critical|print|printerr|set_error)\w*|f?printf)\s*\(')
# Allocating belongs to making, freeing and negotiating, which no packet waits for.
CONSTRUCTOR = re.compile(r'^(\w*_)?(new|free|ref|unref|init|clear|set_track)\w*\(')
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.M)


def folder_of(path):
    return path.rsplit('/', 1)[0]


def resolve(header):
    """Folder of ours that `header` is in, or None for a library's."""
    if tree.os.path.exists(tree.os.path.join(tree.ROOT, 'include', header)):
        return 'include/mcu'
    return folder_of(header) if header.startswith(('mcu/', 'pipelines/', 'tests/')) else None


def check_includes(path, text):
    own = next((f for f in sorted(FOLDERS, key=len, reverse=True) if path.startswith(f + '/')), None)
    for header in INCLUDE.findall(text):
        theirs = resolve(header)
        if own and theirs and not theirs.startswith(own) and theirs not in FOLDERS[own]:
            yield f'{path}: {own} may not know {theirs} ({header}); pass what it needs by an events struct or a parameter'
        for pattern, homes in HOMES.items():
            if re.match(pattern, header) and not path.startswith(homes):
                yield f'{path}: {header} lives in {", ".join(homes)} alone; wrap what you need there'
            elif re.match(pattern, header) and path.endswith('.h') and not path.startswith(('pipelines/', 'tests/')):
                yield f'{path}: no library type in a header of ours; include {header} in the .c'


def check_hot(path, text):
    function = ''
    for number, line in enumerate(text.split('\n'), 1):
        if re.match(r'^\w+\(', line):
            function = line
        call = FORBIDDEN.search(line.split('/*')[0].split('//')[0])
        if call and line[:1] in ' \t' and not CONSTRUCTOR.match(function):
            yield f'{path}:{number}: {call.group(1)} on the path of a packet; allocate in _new, count instead of logging'


faults = []
sources = tree.files('include', 'mcu', 'pipelines', 'tests', ends=('.c', '.h'))
for source in sources:
    content = tree.read(source)
    faults += check_includes(source, content)
    if HOT.match(source):
        faults += check_hot(source, content)
tree.finish(faults, len(sources), 'source files')
