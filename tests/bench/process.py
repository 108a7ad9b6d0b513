"""A program that we start beside the bench, and that we end."""
import os
import subprocess
import time

from paths import BenchError


def end(process, seconds):
    """Ends what we started, and nothing else."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Process:
    """A server. What it says goes to a log in `folder`; `options` are for Popen."""

    def __init__(self, command, folder, **options):
        self.log_path = os.path.join(folder, os.path.basename(command[0]) + '.log')
        self.log = open(self.log_path, 'ab')
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        **{'cwd': folder, **options})

    def wait_until(self, ready, seconds=20):
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.stop()
                raise BenchError(f'{self.process.args[0]} did not start:\n{self.log_end()}')
            time.sleep(0.1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.process.pid

    def log_end(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as log:
            return log.read()[-2000:]

    def stop(self):
        end(self.process, 15)
        self.log.close()
