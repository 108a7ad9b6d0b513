"""The bridge under test: the release build on a free port of loopback, with a data folder of its own."""
import os
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request

from paths import ROOT, SERVER, BenchError
from process import Process

MEETING = 'bench'


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Server(Process):
    def __init__(self, folder, options=()):
        port = free_port()
        self.data = tempfile.mkdtemp(prefix='data-', dir=folder)
        self.key = os.path.join(self.data, 'token.key')
        self.url = f'https://127.0.0.1:{port}'
        self.context = ssl._create_unverified_context()  # its certificate is its own
        command = [SERVER, 'serve', '--data', self.data, '--listen', f'127.0.0.1:{port}', '--media-address', '127.0.0.1', *options]
        super().__init__(command, folder, cwd=ROOT)
        self.wait_until(self.healthy)

    def get(self, path):
        return urllib.request.urlopen(self.url + path, timeout=5, context=self.context)

    def healthy(self):
        try:
            return self.get('/healthz').status == 200
        except OSError:
            return False

    def metrics(self):
        """{'name{labels}': number} and when that was."""
        try:
            lines = self.get('/metrics').read().decode().split('\n')
        except OSError as error:
            raise BenchError(f'the bridge gives no metrics ({error}):\n{self.log_end()}') from error
        figures = dict(line.rsplit(' ', 1) for line in lines if line and not line.startswith('#'))
        return {name: float(value) for name, value in figures.items()}, time.monotonic()

    def link(self, site, role):
        command = [SERVER, 'token', '--data', self.data, '--url', self.url, '--meeting', MEETING, '--site', site, '--role', role]
        return subprocess.check_output(command, text=True).strip()
