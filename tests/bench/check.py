"""Whether a meeting is right, however fast: what --check fails on, beside the faults that the sites found."""


def tiles_watched(report, view):
    """The fewest tiles that a probe of the view was to see; None without a probe."""
    return min((len(probe['tiles']) for probe in report['probes'] if probe['view'] == view), default=None)


def faults(result, visible, walls):
    """`visible`: seats that the programme shows; `walls`: whether somebody watches the wall."""
    report, found = result['report'], []
    if result['joined'] != result['of']:
        found.append(f"{result['of'] - result['joined']} of {result['of']} did not join")
    if not result['rx_fps_min']:
        found.append('somebody receives no picture')
    tiles = tiles_watched(report, 'programme')
    if tiles is not None and tiles < visible:
        found.append(f'the bridge asked for pictures of {tiles} sites for the programme, which shows {visible}')
    tiles = tiles_watched(report, 'wall')
    if walls and (tiles or 0) < report['sites']:
        found.append(f"the wall asked for the pictures of {tiles} of {report['sites']} sites")
    if not any(probe['tones'] for probe in report['probes']) and report['probes']:
        found.append('nobody was to be heard')
    return found
