"""mcu/X/y.c has its unit test in tests/unit/X/test-y.c, so that a newcomer finds it by name."""
import os

import tree

# Without a twin, each with the reason; an entry that no longer applies is a fault too.
WITHOUT = {
    # Minutes are one fold in six files: against a truth found second by second, and with rows of no sense.
    'mcu/minutes/agenda-times.c': 'test-minutes.c',
    'mcu/minutes/attendance.c': 'test-minutes.c',
    'mcu/minutes/ballots.c': 'test-minutes.c',
    'mcu/minutes/floor-turns.c': 'test-minutes.c',
    'mcu/minutes/roll-calls.c': 'test-minutes.c',
    # An array with names for what is put in, and two lists of words: in all that is written.
    'mcu/minutes/cells.c': 'test-minutes-csv.c',
    'mcu/minutes/words.c': 'test-minutes-csv.c, test-minutes-pdf.c',
    # One object in five files: together over loopback in test-leg.c, on a seeded link in tests/sim/test-link.c.
    'mcu/transport/leg-net.c': 'test-leg.c, test-link.c',
    'mcu/transport/leg-rtcp.c': 'test-leg.c, test-link.c',
    'mcu/transport/leg-rx.c': 'test-leg.c, test-link.c',
    'mcu/transport/leg-tx.c': 'test-leg.c, test-link.c',
    # libnice has a clock and sockets of its own: with real ones in test-leg.c, as is the choice between the agents.
    'mcu/transport/ice-full.c': 'test-leg.c',
    'mcu/transport/ice.c': 'test-leg.c',
    # One object in six files: by hand in test-room.c and test-work.c, every right in test-rights.c, at random in test-replay.c.
    'mcu/room/apply.c': 'test-room.c, test-replay.c',
    'mcu/room/decide.c': 'test-room.c, test-rights.c, test-replay.c',
    'mcu/room/decide-work.c': 'test-work.c, test-rights.c, test-replay.c',
    'mcu/room/describe.c': 'test-replay.c',
    # Its answers go over real HTTP, with real files.
    'mcu/signaling/file-jobs.c': 'tests/e2e/work.test.mjs',
    'mcu/room/room-work.c': 'test-work.c',
}

faults = []
sources = [s for s in tree.files('mcu', ends=('.c',)) if s.count('/') == 2]
for source in sources:
    _, folder, name = source.split('/')
    twin = f'tests/unit/{folder}/test-{name}'
    exists = os.path.exists(os.path.join(tree.ROOT, twin))
    if not exists and source not in WITHOUT:
        faults.append(f'{source}: no {twin}; write it, or list the source in check-twins.py with a reason')
    if exists and source in WITHOUT:
        faults.append(f'{source}: has {twin} now; take it from the list in check-twins.py')
faults += [f'{s}: listed in check-twins.py and not in the tree' for s in WITHOUT if s not in sources]
tree.finish(faults, len(sources), 'sources')
