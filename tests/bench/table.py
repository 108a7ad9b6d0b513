"""Figures for a terminal."""

# (figure, what it is, unit)
ROWS = [
    ('joined', 'members joined', ''), ('server_cores', 'bridge', 'cores'), ('floor_cores', 'the least for the same work', 'cores'),
    ('ratio', 'bridge / least', ''), ('generator_cores', 'simulated sites beside it', 'cores'), ('wall_cores', 'the wall adds', 'cores'),
    ('audio_ratio', 'sound: CPU a packet, Diemcau / Janus', ''), ('audio_ratio_tuned', 'the same, Janus tuned', ''),
    ('video_ratio', 'picture: CPU a packet, Diemcau / Janus', ''), ('video_ratio_tuned', 'the same, Janus tuned', ''),
    ('real_time', 'both kept real time', ''), ('all_receive', 'all receive', ''),
    ('base_cores', 'bridge without receivers', 'cores'), ('receivers', 'receivers', ''), ('us_per_receiver_second', 'one receiver costs', 'µs a second'),
    ('others_cores', 'anything else on the machine', 'cores'), ('first_frame_ms_p50', 'click to first picture in Chromium, p50', 'ms'),
    ('first_frame_ms_p95', 'click to first picture in Chromium, p95', 'ms'),
    ('rss_mb', 'memory', 'MiB'), ('threads', 'threads', ''), ('join_ms_p95', 'join to media, p95', 'ms'),
    ('first_picture_ms_max', 'join to first picture, longest', 'ms'), ('last_picture_ms', 'first join to last first picture', 'ms'),
    ('rx_fps_min', 'pictures a second, least of all sites', ''),
    ('video_delay_ms_p50', 'delay of picture, p50', 'ms'), ('video_delay_ms_p95', 'delay of picture, p95', 'ms'),
    ('audio_delay_ms_p50', 'delay of sound, p50', 'ms'), ('audio_delay_ms_p95', 'delay of sound, p95', 'ms'),
    ('audio_gap_ms_max', 'longest gap in sound', 'ms'), ('wall_tiles_seen', 'tiles of the wall with their site', ''),
    ('wall_tile_age_ms_p95', 'age of a tile of the wall, p95', 'ms'), ('wall_tile_age_ms_max', 'age of a tile of the wall, most', 'ms'),
    ('layout_change_ms_p50', 'layout change to picture in a browser, p50', 'ms'),
    ('layout_change_ms_p95', 'layout change to picture in a browser, p95', 'ms'),
    ('floor_ms_p95', 'floor given to seen and heard in a browser, p95', 'ms'),
    ('command_ms_p95', 'command to its answer, p95', 'ms'), ('command_ms_max', 'command to its answer, longest', 'ms'),
    ('restart_ms_max', 'restart after kill -9 to the last site in its seat', 'ms'),
    ('longest_task_ms', 'longest task of the desk in Chromium', 'ms'),
    ('opening_task_ms', '... while it opens', 'ms'),
    ('tour_s_per_site', 'spoken roll call, one site that speaks for 2 s, p95', 's'),
    ('vote_ms_p95', 'end of a vote to its result on all pages, p95', 'ms'),
    ('presentation_start_ms_p95', 'press to presented picture in a browser, p95', 'ms'),
    ('chat_ms_p95', 'line of the chat to all pages, p95', 'ms'), ('minutes_ms', 'minutes of this meeting, the slowest format', 'ms'),
    ('sent_packets_per_s', 'packets sent', 'a second'), ('received_packets_per_s', 'packets received', 'a second'),
]


def shown(value):
    if value is None:
        return '–'
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    if isinstance(value, float):
        return f'{value:.0f}' if abs(value) >= 100 else f'{value:.3g}'
    return f'{value:,}'


def bound_of(result, figure):
    """'at most 0.5' and whether it is kept, of this figure; '' and None without a bound."""
    for bound in result.get('bounds', []):
        if bound['figure'] == figure:
            words = {'<=': 'at most', '>=': 'at least', '==': 'exactly'}[bound['comparison']]
            return f"{words} {shown(bound['bound'])}", bound['met']
    return '', None


def rows(result):
    """(what, value with unit, bound, met) of all figures that this result has."""
    for figure, what, unit in ROWS:
        if figure in result:
            value = shown(result[figure])
            yield what, f'{value} {unit}'.rstrip() if value != '–' else value, *bound_of(result, figure)


def text(result):
    lines = []
    for what, value, bound, met in rows(result):
        verdict = {True: 'kept', False: 'MISSED', None: 'not measured' if bound else ''}[met]
        lines.append(f'  {what:<42}{value:>22}   {bound:<16}{verdict}'.rstrip())
    threads = result.get('threads_cores') or {}
    if threads:
        lines.append('  bridge by thread: ' + ', '.join(f'{name} {cores:.3f}' for name, cores in list(threads.items())[:12]))
    errors = result.get('errors') or []
    lines += [f'  FAULT {error}' for error in errors]
    if result.get('faults', 0) > len(errors):
        lines.append(f"  … and {result['faults'] - len(errors)} more faults")
    return '\n'.join(lines)
