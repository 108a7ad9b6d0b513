"""One measured meeting: bridge, simulated sites, and what both cost while everything is as it will stay."""
import os
import time

import floor
from paths import MEDIA, BenchError, say
from proc import Window, machine_seconds
from server import Server
from sites import Sites

WARM_SECONDS = 6     # after all have joined: decoders, jitter buffers and rates have settled
JOIN_SECONDS = 900   # to make the contents the first time, and to join


def media(options):
    """Films to send, or None: then the sites draw their own picture."""
    return options.media or (MEDIA if os.path.isdir(MEDIA) else None)


def measure(options, folder, site_arguments, server_options=(), warm=WARM_SECONDS):
    """Starts everything, waits until all have joined, measures for options.seconds. The figures as a dict."""
    arguments = ['--seconds', options.seconds, '--settle', warm, '--codec', options.codec, *site_arguments]
    with Server(folder, server_options) as server, Sites(server, folder, arguments, media(options)) as sites:
        sites.wait_settled(JOIN_SECONDS)
        bridge, generator = Window(server.pid), Window(sites.pid)
        time.sleep(warm)
        say(f'  measuring for {options.seconds} s…')
        bridge.begin()
        generator.begin()
        (before, t0), machine = server.metrics(), machine_seconds()
        time.sleep(max(options.seconds - 1, 1))  # the sites leave after this
        (after, t1), machine = server.metrics(), machine_seconds() - machine
        own, load = bridge.end(), generator.end()
        if server.process.poll() is not None:
            raise BenchError('the bridge ended:\n' + server.log_end())
        report = sites.finish(60)
    result = figures(report, own, load, before, after, t1 - t0)
    result['others_cores'] = round(max(machine / (t1 - t0) - own['cores'] - load['cores'], 0), 2)
    return result


def rate(before, after, name, seconds):
    return (after.get(name, 0) - before.get(name, 0)) / seconds


def figures(report, own, load, before, after, seconds):
    """What every scenario reports, and `report`, all that the sites said."""
    video, audio = report['video_delay_ms'], report['audio_delay_ms']
    return {
        'joined': report['joined'], 'of': report['sites'], 'ok': report['ok'], 'errors': report['errors'][:8],
        'faults': len(report['errors']),
        'server_cores': own['cores'], 'generator_cores': load['cores'], 'rss_mb': own['rss_mb'], 'threads': own['threads'],
        'join_ms_p95': report['join_ms']['p95'], 'first_picture_ms_max': report['first_frame_ms']['max'],
        'rx_fps_min': report['rx_fps']['min'],
        'video_delay_ms_p50': video['p50'], 'video_delay_ms_p95': video['p95'],
        'audio_delay_ms_p50': audio['p50'], 'audio_delay_ms_p95': audio['p95'], 'audio_gap_ms_max': report['audio_gap_ms_max'],
        'sent_packets_per_s': round(rate(before, after, 'diemcau_packets_sent_total', seconds)),
        'received_packets_per_s': round(rate(before, after, 'diemcau_packets_received_total', seconds)),
        'sent_bytes': round(rate(before, after, 'diemcau_bytes_sent_total', 1) /
                            max(rate(before, after, 'diemcau_packets_sent_total', 1), 1)),
        'ticks_late': int(after.get('diemcau_ticks_late_total', 0) - before.get('diemcau_ticks_late_total', 0)),
        'pictures_decoded': int(after.get('diemcau_pictures_decoded', 0)),
        'threads_cores': own['threads_cores'], 'generator_threads_cores': load['threads_cores'],
        'report': report,
    }


def add_observers(result):
    """Those who only receive count like the sites."""
    observers = result['report']['observers']
    result['joined'] += observers['joined']
    result['of'] += observers['members']
    result['join_ms_p95'] = worst(max, result['join_ms_p95'], observers['join_ms_p95'])
    result['first_picture_ms_max'] = worst(max, result['first_picture_ms_max'], observers['first_frame_ms_max'])
    result['rx_fps_min'] = worst(min, result['rx_fps_min'], observers['rx_fps_min'])
    result['audio_gap_ms_max'] = worst(max, result['audio_gap_ms_max'], observers['audio_gap_ms_max'])
    result.update(observers_authenticating=observers['watched'], observers_packets_lost=observers['lost'])


def worst(choose, *values):
    return choose((value for value in values if value is not None), default=None)


def add_floor(result, work, options):
    """floor_cores and ratio; both None where the program for it is not built."""
    if not options.floor:
        result.update(floor_cores=None, floor_parts={}, ratio=None)
        return
    work = {**work, 'tile_codec': 'vp8' if options.codec == 'vp8' else 'h264', 'sent_packets_per_s': result['sent_packets_per_s'],
            'sent_bytes': result['sent_bytes'], 'received_packets_per_s': result['received_packets_per_s'], 'clips': media(options)}
    result.update(floor.measure(work))
    least = result['floor_cores']
    result['ratio'] = round(result['server_cores'] / least, 2) if least else None
