"""What the kernel says of a process: CPU, memory, threads, by /proc."""
import os
import re
import threading
import time

TICKS = os.sysconf('SC_CLK_TCK')
PAGE_BYTES = os.sysconf('SC_PAGE_SIZE')


def stat(path):
    """Name, CPU seconds so far, resident MiB and threads of a process or a thread."""
    with open(path, encoding='utf-8', errors='replace') as file:
        head, rest = file.read().rsplit(')', 1)
    fields = rest.split()
    return (head.split('(', 1)[1], (int(fields[11]) + int(fields[12])) / TICKS, int(fields[21]) * PAGE_BYTES / 2**20,
            int(fields[17]))


def kind(name):
    """Threads that do the same work have the same name but for a number: ringsrc12:src -> ringsrc:src."""
    return re.sub(r'[-_]?\d+', '', name) or name


def thread_times(pid):
    """CPU seconds so far of each living thread: {id: (kind, seconds)}."""
    times = {}
    folder = f'/proc/{pid}/task'
    for task in os.listdir(folder):
        try:
            name, seconds, _, _ = stat(f'{folder}/{task}/stat')
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        times[task] = (kind(name), seconds)
    return times


def machine_seconds():
    """CPU seconds that all of the machine has spent so far, whoever did it."""
    with open('/proc/stat', encoding='ascii') as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS  # without idle and waiting for disks


class Window:
    """CPU of one process between begin() and end(), by kind of thread; memory and threads at their most."""

    def __init__(self, pid):
        self.pid = pid
        self.rss = self.threads = 0
        self.begun = None
        self.stopped = threading.Event()
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()

    def _watch(self):
        while not self.stopped.wait(0.5):
            try:
                _, _, rss, threads = stat(f'/proc/{self.pid}/stat')
            except OSError:
                return
            self.rss, self.threads = max(self.rss, rss), max(self.threads, threads)

    def _snapshot(self):
        return time.monotonic(), stat(f'/proc/{self.pid}/stat')[1], thread_times(self.pid)

    def begin(self):
        self.begun = self._snapshot()

    def end(self):
        """The figures, in cores. Threads that ended in between are the rest, `ended`."""
        (t0, cpu0, threads0), (t1, cpu1, threads1) = self.begun, self._snapshot()
        self.stopped.set()
        seconds = max(t1 - t0, 0.1)
        by_kind = {}
        for task, (name, cpu) in threads1.items():
            by_kind[name] = by_kind.get(name, 0) + cpu - threads0.get(task, (name, 0))[1]
        by_kind['ended'] = max(cpu1 - cpu0 - sum(by_kind.values()), 0)
        cores = {name: round(cpu / seconds, 4) for name, cpu in sorted(by_kind.items(), key=lambda item: -item[1])}
        return {'cores': round((cpu1 - cpu0) / seconds, 3), 'seconds': round(seconds, 1), 'rss_mb': round(self.rss, 1),
                'threads': self.threads, 'threads_cores': {name: value for name, value in cores.items() if value >= 0.0005}}
