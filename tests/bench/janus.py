#!/usr/bin/env python3
"""What Diemcau costs beside Debian's Janus: the same simulated participants against both, in turn.

Sound: all send and hear it, three talk at a time: Janus's AudioBridge. Picture: one sends it, the
others see it: Janus's VideoRoom, which passes the packets on, and Diemcau's programme, which is composed
and encoded anew. WebRTC with encryption on both sides, Opus at 40 kbit/s, H.264 at 1280x720 and
1500 kbit/s. CPU is the server's between two instants; the last line is one JSON object.

Janus is measured as Debian configures it, which the ratios are of, and once more with event_loops, which
makes its participants share threads ("tuned")."""
import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import proc
from paths import ROOT, SERVER, BenchError, say
from process import Process
from server import Server

SITES = os.path.join(ROOT, 'build', 'tests', 'janus', 'diemcau-janus-sites')
LOOPBACK = os.path.join(ROOT, 'build', 'tests', 'janus', 'janus-loopback.so')
SOUND_KBPS = 40
PICTURE = '1280x720@1500'  # Janus's publisher sends it, and the programme is encoded so
CAMERA = '640x360@600'     # what a bridge of Diemcau's kind asks of a camera
ATTEMPTS = 5               # to find a number of listeners with which Janus keeps real time
START_ATTEMPTS = 8
SENT_SHARE = 0.97          # of what is due, if the sites themselves keep real time
AUDIO_RATIO, VIDEO_RATIO = 0.1, 0.333

# Debian's defaults but for this: nothing listens on any address, media are on loopback (with LOOPBACK),
# and nothing is loaded that is not measured.
JANUS_CONFIG = {
    'janus.jcfg': '''general: {{
  configs_folder = "{folder}"
  plugins_folder = "{folder}/plugins"
  transports_folder = "{folder}/transports"
  events_folder = "{folder}/none"
  loggers_folder = "{folder}/none"
  interface = "127.0.0.1"
  debug_level = 2
  debug_colors = false
{event_loops}}}
nat: {{ ice_enforce_list = "127.0.0.1" }}
media: {{ ipv6 = false }}
''',
    'janus.transport.pfunix.jcfg': '''general: {{
  enabled = true
  json = "compact"
  path = "{folder}/api"
  type = "SOCK_SEQPACKET"
}}
admin: {{ admin_enabled = false }}
''',
    'janus.plugin.audiobridge.jcfg': '''room-1: {{
  description = "bench"
  sampling_rate = 48000
  default_bitrate = {sound_bps}
}}
''',
    'janus.plugin.videoroom.jcfg': '''room-1: {{
  description = "bench"
  publishers = 1
  bitrate = 0
  videocodec = "h264"
}}
''',
}
JANUS_PARTS = {'plugins': ('libjanus_audiobridge.so', 'libjanus_videoroom.so'), 'transports': ('libjanus_pfunix.so',), 'none': ()}


def shell(text):
    subprocess.run(['bash', '-euo', 'pipefail', '-c', f'. .ci/lib.sh; . .ci/janus.sh; {text}'], cwd=ROOT, check=True, stdout=sys.stderr)


class Janus(Process):
    name = 'janus'

    def __init__(self, folder, event_loops=0):
        libraries = os.path.join(library_folder(), 'janus')
        loops = f'  event_loops = {event_loops}\n' if event_loops else ''
        for part, names in JANUS_PARTS.items():
            os.makedirs(os.path.join(folder, part))
            for name in names:
                os.symlink(os.path.join(libraries, part, name), os.path.join(folder, part, name))
        for name, text in JANUS_CONFIG.items():
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
                file.write(text.format(folder=folder, sound_bps=SOUND_KBPS * 1000, event_loops=loops))
        self.socket = os.path.join(folder, 'api')
        # On a busy machine its transport's thread may look whether it shall run before it has been told so, and end.
        for attempt in range(START_ATTEMPTS):
            super().__init__(['/usr/bin/janus', '-F', folder], folder, env={**os.environ, 'LD_PRELOAD': LOOPBACK})
            try:
                self.wait_until(self.answers, 10)
                return
            except BenchError:
                if attempt == START_ATTEMPTS - 1:
                    raise

    def answers(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
            try:
                probe.connect(self.socket)
                probe.settimeout(2)
                probe.send(b'{"janus":"ping","transaction":"0"}')
                return b'pong' in probe.recv(65536)
            except OSError:
                return False

    def sites_options(self):
        return ['--janus', self.socket]


class Diemcau(Server):
    name = 'ours'

    def __init__(self, folder, sites):
        super().__init__(folder, ['--max-members', str(sites + 10), '--audio-kbps', str(SOUND_KBPS), '--video-kbps',
                                  PICTURE.split('@')[1]])

    def sites_options(self):
        return ['--server', self.url, '--key', self.key]


def library_folder():
    """Debian's multiarch folder of the installed package."""
    files = subprocess.check_output(['dpkg', '-L', 'janus'], text=True).split('\n')
    return next(f for f in files if f.endswith('/libjanus_audiobridge.so')).rsplit('/janus/', 1)[0]


def read_lines(process, on_line, seconds):
    """The lines of the simulated sites, until their end."""
    timer = threading.Timer(seconds, process.terminate)
    timer.start()
    try:
        for line in process.stdout:
            on_line(json.loads(line))
        process.wait(30)
    finally:
        timer.cancel()
        if process.poll() is None:
            process.terminate()
            process.wait()


def usage(pid):
    """Now, CPU seconds so far, resident MiB, threads; CPU seconds of the whole machine."""
    return (time.monotonic(), *proc.stat(f'/proc/{pid}/stat')[1:], proc.machine_seconds())


def measure(server, what, sites, seconds, picture):
    """What the sites saw and what the server used meanwhile; None when they lost it before there was anything to measure."""
    say(f'{server.name}: {what}, {sites} listeners…')
    command = [SITES, *server.sites_options(), '--what', what, '--sites', str(sites), '--seconds', str(seconds), '--talkers',
               str(min(3, sites)), '--picture', picture]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=server.log, text=True)
    lines, usages = [], []

    def on_line(line):
        usages.append(usage(server.pid))
        lines.append(line)

    read_lines(process, on_line, seconds + 240)
    if not lines and process.returncode == 1:
        return None
    if len(lines) != 2 or process.returncode != 0:
        raise BenchError(f'{server.name}: the sites could not be measured:\n{server.log_end()}')
    seen = lines[1]
    (t0, cpu0, _, _, busy0), (t1, cpu1, rss, threads, busy1) = usages
    seen.update(cores=(cpu1 - cpu0) / (t1 - t0), rss_mib=rss, threads=threads)
    seen['other_cores'] = max((busy1 - busy0) / (t1 - t0) - seen['cores'] - seen['generator_cores'], 0)
    if seen['sent_share'] < SENT_SHARE:
        say(f"the sites sent only {seen['sent_share']:.0%} of what was due: is the machine busy with something else?")
    if seen['joined'] < sites:
        say(f"only {seen['joined']} of {sites} joined: {'; '.join(seen['failures'])}")
    return seen


def real_time(seen, what):
    """All get their 50 packets of sound a second, or their 25 pictures."""
    least, wanted = (seen['packets_per_second']['least'], 50) if what == 'sound' else (seen['fps']['least'], 25)
    return seen['joined'] == seen['listeners'] and not seen['failures'] and least >= 0.97 * wanted


def subfolder(folder, name):
    path = os.path.join(folder, name)
    os.makedirs(path)
    return path


def janus_measured(name, event_loops, options, folder, what):
    """With as many as asked for, or the most with whom it keeps real time."""
    sites, tried, last = options.sites, [], None
    for attempt in range(ATTEMPTS):
        with Janus(subfolder(folder, f'{name}-{what}-{attempt}'), event_loops) as janus:
            seen = measure(janus, what, sites, options.seconds, PICTURE)
        tried.append({'sites': sites, 'real_time': False})
        if seen is not None:
            last = seen
            tried[-1].update(joined=seen['joined'], cores=round(seen['cores'], 3), threads=seen['threads'], real_time=real_time(seen, what),
                             packets_per_second=round(seen['packets_per_second']['median'], 1), failures=seen['failures'][:1])
        if tried[-1]['real_time'] or sites <= 10:
            break
        # The same again where it was the sites that did not keep up.
        if seen is None or seen['failures'] or seen['sent_share'] >= SENT_SHARE:
            sites = sites * 7 // 10
    if last is None:
        raise BenchError(f'Janus: {what} could not be measured')
    return last, tried


def sound_figures(name, seen):
    return {f'{name}_audio_cores': round(seen['cores'], 3), f'{name}_audio_listeners': seen['joined'],
            f'{name}_audio_cores_per_listener': round(seen['cores'] / max(seen['joined'], 1), 6),
            f'{name}_audio_us_per_packet': round(seen['cores'] * seen['seconds'] * 1e6 / max(seen['packets'], 1), 2),
            f'{name}_audio_packets_per_second': round(seen['packets_per_second']['least'], 1),
            f'{name}_audio_lost': seen['sound_lost'], f'{name}_audio_tones': f"{seen['tones_heard']}/{seen['tones_expected']}",
            f'{name}_audio_real_time': real_time(seen, 'sound'), f'{name}_audio_rss_mib': round(seen['rss_mib'], 1),
            f'{name}_threads': seen['threads'], f'{name}_audio_generator_cores': round(seen['generator_cores'], 3),
            f'{name}_audio_sent_share': round(seen['sent_share'], 3), f'{name}_audio_other_cores': round(seen['other_cores'], 2)}


def picture_figures(name, seen):
    packets = seen['packets'] / seen['seconds'] / max(seen['joined'], 1)
    return {f'{name}_video_cores': round(seen['cores'], 3), f'{name}_video_listeners': seen['joined'],
            f'{name}_video_us_per_packet': round(seen['cores'] * seen['seconds'] * 1e6 / max(seen['packets'], 1), 2),
            f'{name}_video_packets_per_second': round(packets, 1), f'{name}_video_packet_bytes': round(seen['packet_bytes']),
            f'{name}_video_kbps': round(packets * seen['packet_bytes'] * 8 / 1000),
            f'{name}_video_fps': round(seen['fps']['least'], 1), f'{name}_video_gaps': seen['video_gaps'],
            f'{name}_video_real_time': real_time(seen, 'picture'), f'{name}_video_threads': seen['threads'],
            f'{name}_video_generator_cores': round(seen['generator_cores'], 3),
            f'{name}_video_sent_share': round(seen['sent_share'], 3), f'{name}_video_other_cores': round(seen['other_cores'], 2)}


def versions():
    janus = subprocess.check_output(['dpkg-query', '-W', '-f', '${Version}', 'janus'], text=True)
    ours = subprocess.check_output([SERVER, '--version'], text=True).split()
    return {'janus': janus, 'ours': ours[-1] if ours else ''}


def run(options, folder):
    """Needs the release build. `options`: sites, seconds, event_loops (of the tuned Janus; 0: none is measured). Everything is
    made in `folder`, which is temporary."""
    shell('ensure_janus')
    event_loops = getattr(options, 'event_loops', os.cpu_count())
    variants = [('janus', 0)] + [('tuned', event_loops)] * (event_loops > 0)
    result = {'bench': 'janus', 'sites': options.sites, 'seconds': options.seconds, 'versions': versions(),
              'tuned_event_loops': event_loops}
    for what, figures, picture in (('sound', sound_figures, PICTURE), ('picture', picture_figures, CAMERA)):
        for name, loops in variants:
            seen, tried = janus_measured(name, loops, options, folder, what)
            result.update(figures(name, seen), **{f'{name}_{what}_tried': tried})
        with Diemcau(subfolder(folder, f'ours-{what}'), options.sites) as ours:
            seen = measure(ours, what, options.sites, options.seconds, picture)
            if seen is None:
                raise BenchError(f'Diemcau: {what} could not be measured:\n{ours.log_end()}')
            result.update(figures('ours', seen))

    # By packet, of which each listener is to have 50 a second: who gives fewer is not cheaper.
    for name, _ in variants:
        for kind in ('audio', 'video'):
            ratio = result[f'ours_{kind}_us_per_packet'] / result[f'{name}_{kind}_us_per_packet']
            result[f'{kind}_ratio' + ('_tuned' if name == 'tuned' else '')] = round(ratio, 4)
    result['real_time'] = all(result[f'{name}_{kind}_real_time'] for name in ('janus', 'ours') for kind in ('audio', 'video'))
    result['ok'] = result['real_time'] and result['audio_ratio'] <= AUDIO_RATIO and result['video_ratio'] <= VIDEO_RATIO
    return result


def table(result):
    rows = [('sound: CPU per listener, % of a core', 'audio_cores_per_listener', 100, '.3f'), ('  listeners', 'audio_listeners', 1, 'd'),
            ('  CPU, cores', 'audio_cores', 1, '.3f'), ('  CPU of the sites, cores', 'audio_generator_cores', 1, '.2f'),
            ('  CPU of all else on the machine, cores', 'audio_other_cores', 1, '.2f'), ('  threads', 'threads', 1, 'd'),
            ('  CPU per packet delivered, us', 'audio_us_per_packet', 1, '.2f'),
            ('  packets/s and listener, least', 'audio_packets_per_second', 1, '.1f'), ('  real time', 'audio_real_time', 1, 'd'),
            ('picture: CPU per packet delivered, us', 'video_us_per_packet', 1, '.2f'), ('  listeners', 'video_listeners', 1, 'd'),
            ('  CPU, cores', 'video_cores', 1, '.3f'), ('  CPU of the sites, cores', 'video_generator_cores', 1, '.2f'),
            ('  CPU of all else on the machine, cores', 'video_other_cores', 1, '.2f'), ('  kbit/s and listener', 'video_kbps', 1, 'd'),
            ('  packets/s and listener', 'video_packets_per_second', 1, '.1f'), ('  pictures/s, least', 'video_fps', 1, '.1f'),
            ('  real time', 'video_real_time', 1, 'd')]
    names = [name for name in ('janus', 'tuned', 'ours') if f'{name}_threads' in result]
    heads = {'janus': 'Janus', 'tuned': f"{result['tuned_event_loops']} event loops", 'ours': 'Diemcau'}
    print(f"{'Janus ' + result['versions']['janus']:<44}" + ''.join(f'{heads[name]:>16}' for name in names))
    for text, key, factor, form in rows:
        values = [result[f'{name}_{key}'] for name in names]
        shown = ['yes' if v is True else 'NO' if v is False else format(v * factor, form) for v in values]
        print(f'{text:<44}' + ''.join(f'{value:>16}' for value in shown))
    for kind, most in (('audio', AUDIO_RATIO), ('video', VIDEO_RATIO)):
        tuned = result.get(f'{kind}_ratio_tuned', '–')
        print(f"{kind}_ratio, by packet: {result[f'{kind}_ratio']} (at most {most}); beside the tuned one {tuned}")
    if not result['real_time']:
        print('NOT ALL KEPT REAL TIME')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--sites', type=int, default=200)
    parser.add_argument('--seconds', type=int, default=20)
    parser.add_argument('--event-loops', type=int, default=os.cpu_count(), help='of the tuned Janus; 0: none is measured')
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    try:
        shell('ensure_packages build run; build_dir build --buildtype=release')
        with tempfile.TemporaryDirectory(prefix='diemcau-janus-') as folder:
            result = run(options, folder)
    except BenchError as error:
        sys.exit(str(error))
    table(result)
    print(json.dumps(result))


if __name__ == '__main__':
    main()
