"""The simulated sites beside the bridge: the load generator, which also checks."""
import json
import os
import subprocess
import sys
import threading

from paths import SITES, BenchError
from process import end
from server import MEETING


class Sites:
    def __init__(self, server, folder, arguments, media=None):
        self.report_path = os.path.join(folder, 'report.json')
        command = [SITES, '--server', server.url, '--key', server.key, '--meeting', MEETING, '--report', self.report_path]
        command += ['--media', media] if media else []
        command += [str(argument) for argument in arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.settled = threading.Event()  # all have joined, or given up
        self.last_lines = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            self.last_lines = [*self.last_lines[-20:], line]
            if 'all settled' in line:
                self.settled.set()
            sys.stderr.write('  ' + line)
            sys.stderr.flush()
        self.settled.set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.process.pid

    def wait_settled(self, seconds):
        """Until all have joined or given up."""
        if not self.settled.wait(seconds) or self.process.poll() is not None:
            self.stop()
            raise BenchError('the simulated sites did not come to join:\n' + ''.join(self.last_lines[-8:]))

    def finish(self, seconds):
        """Their report, when they have ended by themselves."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise BenchError('the simulated sites do not end') from error
        self.reader.join(5)
        if code not in (0, 1) or not os.path.exists(self.report_path):
            raise BenchError(f'the simulated sites ended with {code}:\n' + ''.join(self.last_lines[-8:]))
        with open(self.report_path, encoding='utf-8') as file:
            return json.load(file)

    def stop(self):
        end(self.process, 20)
