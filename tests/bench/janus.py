"""The same meeting's sound in Janus AudioBridge, for comparison."""
from paths import BenchError

BOUNDS = []


def run(options, folder):
    """200 sites in a room of Janus AudioBridge on this machine."""
    raise BenchError('the comparison with Janus is not here yet')
