"""The scenarios: who is in the meeting, what is measured, and which bounds the figures must keep."""
import argparse
import os

import check
import janus as comparison
from desk import DESK_BOUNDS, WORK_BOUNDS, desk, work
from first_meeting import first_meeting
from floor import VIDEO_KBPS
from meeting import add_floor, add_observers, measure
from paths import say

VISIBLE = 16  # the bridge's default: seats in the programme
TALKERS = 4
WALL_FPS, WALL_TILE_FPS = 10, 5              # the bridge's
SITE_SIZES = [(640, 25), (320, 25), (160, 25), (128, 5)]  # width and frames a second of what a simulated site can send

# (figure, comparison, bound); what a province needs of one bridge.
HEARD_AND_SEEN = [('rx_fps_min', '>=', 24), ('audio_gap_ms_max', '<=', 60), ('video_delay_ms_p95', '<=', 120),
                  ('audio_delay_ms_p95', '<=', 80)]


def programme(options, receivers, visible):
    """What the floor has to do: `visible` sites in an equal grid of 720 lines, to all."""
    tile = sent_size(1280, visible)
    return {'visible': visible, 'tile': tile, 'tile_fps': tile_fps(tile), 'rungs': f'programme:720:{codec_of(options)}:{VIDEO_KBPS}',
            'talkers': TALKERS, 'receivers': receivers}


def with_wall(options, work, sites):
    """The same and all sites in 1080 lines, each slow."""
    return {**work, 'rungs': f"{work['rungs']},wall:1080:{codec_of(options)}:{2 * VIDEO_KBPS}", 'wall_tiles': sites,
            'wall_tile': sent_size(1920, sites, WALL_TILE_FPS), 'wall_tile_fps': WALL_TILE_FPS, 'wall_fps': WALL_FPS}


def codec_of(options):
    return 'vp8' if options.codec == 'vp8' else 'h264'


def sent_size(width, tiles, fps=25):
    """What a simulated site sends for one of the cells of an equal grid."""
    columns = next(n for n in range(1, 17) if n * n >= tiles)
    return next((f'{w}x{w * 9 // 16}' for w, most in SITE_SIZES if w <= width // columns and most >= fps), '128x72')


def tile_fps(tile):
    """The bridge asks for small pictures at this rate (pipelines/wish.c)."""
    return 15 if int(tile.split('x')[1]) <= 240 else 25


def members(count):
    return ['--max-members', str(max(500, count + 20))]


def sites_in_turn(options, sites):
    probes = min(options.probes, sites)
    return ['--sites', sites, '--talkers', min(TALKERS, sites), '--probes', probes, '--join-rate', 40]


def plenary(options, folder):
    """209 sites that all send and receive, 16 in the picture, four talking in turn."""
    sites = options.sites or 209
    result = measure(options, folder, sites_in_turn(options, sites), members(sites))
    add_floor(result, programme(options, sites, min(VISIBLE, sites)), options)
    return result


PLENARY_BOUNDS = [('server_cores', '<=', 0.5), ('ratio', '<=', 1.6), ('rss_mb', '<=', 350), ('threads', '<=', 60), *HEARD_AND_SEEN]


def wall(options, folder):
    """The same meeting, and somebody watches all sites at once in 1080 lines."""
    sites = options.sites or 209
    without = options.done.get('plenary')
    if without is None or without['of'] != sites:
        say('  first without the wall:')
        without = measure(options, folder, sites_in_turn(options, sites), members(sites))
    say('  with the wall:')
    result = measure(options, folder, [*sites_in_turn(options, sites), '--wall-probes', 1], members(sites))
    result['plenary_cores'] = without['server_cores']
    result['wall_cores'] = round(result['server_cores'] - without['server_cores'], 3)
    found = result['report'].get('wall') or {}
    result.update(wall_tiles=found.get('tiles'), wall_tiles_seen=found.get('seen'), wall_tile_age_ms_p95=found.get('tile_age_ms_p95'),
                  wall_tile_age_ms_max=found.get('tile_age_ms_max'))
    add_floor(result, with_wall(options, programme(options, sites, min(VISIBLE, sites)), sites), options)
    return result


WALL_BOUNDS = [('wall_cores', '<=', 0.4), ('wall_tile_age_ms_max', '<=', 500), *HEARD_AND_SEEN]


def receives(result):
    """Everybody is there and gets picture and sound in real time."""
    return result['joined'] == result['of'] and (result['rx_fps_min'] or 0) >= 24 and (result['audio_gap_ms_max'] or 0) <= 60


BUSY_CORES = 0.5
FULL_SHARE = 0.9  # of the cores: from here on packets are late
TRIES = 4


def audience(options, folder):
    """16 sites that talk and are seen, and thousands who only receive. If not all can be served together with their
    generator on this machine, the largest number that can."""
    sites, wanted = options.sites or 16, 2122 if options.receivers is None else options.receivers
    say('  first without receivers:')
    base = measure(options, folder, sites_in_turn(options, sites), members(sites))
    tried = []
    receivers = wanted
    while True:
        say(f'  {receivers} receivers:')
        arguments = [*sites_in_turn(options, sites), '--observers', receivers, '--join-rate', 200]
        result = measure(options, folder, arguments, members(sites + receivers))
        add_observers(result)
        good = receives(result)
        tried.append({'receivers': receivers, 'server_cores': result['server_cores'], 'generator_cores': result['generator_cores'],
                      'rx_fps_min': result['rx_fps_min'], 'audio_gap_ms_max': result['audio_gap_ms_max'], 'all_receive': good})
        if good or len(tried) == TRIES:
            break
        if result['others_cores'] > BUSY_CORES:
            say(f"  {result['others_cores']} cores of other work ran beside it: fewer receivers would say nothing")
            break
        receivers = fewer(receivers, base, result)
    more = max(result['server_cores'] - base['server_cores'], 0)
    result.update(receivers=receivers, receivers_wanted=wanted, all_receive=good and receivers == wanted, tried=tried,
                  base_cores=base['server_cores'], us_per_receiver_second=round(more / receivers * 1e6) if receivers else None)
    add_floor(result, programme(options, sites + receivers, min(VISIBLE, sites)), options)
    return result


def fewer(receivers, base, result):
    """As many as the cores hold by what those who came have cost, and at most three quarters of what was too many."""
    came = max(result['joined'] - base['joined'], 1)
    used, had = (r['server_cores'] + r['generator_cores'] for r in (result, base))
    fit = int((FULL_SHARE * os.cpu_count() - had) / max((used - had) / came, 1e-6))
    return max(min(fit, receivers * 3 // 4), 1)


AUDIENCE_BOUNDS = [('all_receive', '==', True), ('server_cores', '<=', 1.3)]


def storm(options, folder):
    """209 sites join within one second, as after a power cut."""
    sites = options.sites or 209
    arguments = ['--sites', sites, '--talkers', min(TALKERS, sites), '--probes', 0, '--join-rate', 0]
    result = measure(options, folder, arguments, members(sites))
    result['last_picture_ms'] = result['report'].get('last_first_frame_ms')
    result.update(floor_cores=None, ratio=None)
    return result


def janus(options, folder):
    """The same participants in a room of Debian's Janus and in a meeting of ours."""
    return comparison.run(argparse.Namespace(sites=options.sites or 200, seconds=options.seconds), folder)


JANUS_BOUNDS = [('audio_ratio', '<=', 0.1), ('video_ratio', '<=', 0.333), ('real_time', '==', True)]
STORM_BOUNDS = [('last_picture_ms', '<=', 3000)]

SCENARIOS = {
    'plenary': (plenary, PLENARY_BOUNDS),
    'wall': (wall, WALL_BOUNDS),
    'audience': (audience, AUDIENCE_BOUNDS),
    'storm': (storm, STORM_BOUNDS),
    'janus': (janus, JANUS_BOUNDS),
    'desk': (desk, DESK_BOUNDS),
    'work': (work, WORK_BOUNDS),
    'first-meeting': (first_meeting, [('first_frame_ms_p95', '<=', 1000), *HEARD_AND_SEEN]),
}


def run(name, options, folder):
    """The scenario's figures with `bounds`: [{figure, comparison, bound, value, met}]."""
    function, bounds = SCENARIOS[name]
    say(f'{name}: {function.__doc__.strip().split(chr(10))[0]}')
    result = {'bench': name, 'seconds': options.seconds, **function(options, folder)}
    if 'report' in result:
        add_faults(result)
    result['bounds'] = [judge(result, *bound) for bound in bounds]
    if 'joined' in result:
        result['bounds'].append(judge(result, 'joined', '==', result['of']))
    result['met'] = all(bound['met'] is not False for bound in result['bounds'])
    return result


def add_faults(result):
    """What is wrong whatever the speed, among the faults that the sites found."""
    sites, walls = result['report']['sites'], int('wall_cores' in result)
    found = check.faults(result, min(VISIBLE - walls, sites), walls)  # the chair at the wall has a seat in the programme too
    result['errors'] = [*found, *result['errors']]
    result['faults'] += len(found)
    result['ok'] = result['ok'] and not found


def judge(result, figure, comparison, bound):
    value = result.get(figure)
    met = None if value is None else {'<=': value <= bound, '>=': value >= bound, '==': value == bound}[comparison]
    return {'figure': figure, 'comparison': comparison, 'bound': bound, 'value': value, 'met': met}

