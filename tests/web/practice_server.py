"""A real practice server as a process of its own, and a page that talks to it."""

import json
import os
import signal
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from websockets.sync.client import connect

HERE = Path(__file__).resolve().parent.parent.parent


class Server:
    """One `pijat practice` as a process of its own."""

    def __init__(self, sessions, *options, environment=None):
        self.sessions = Path(sessions)
        command = [sys.executable, "-m", "trainer", "practice", "--no-browser", "--sessions", str(sessions)]
        self.process = subprocess.Popen(
            [*command, *options],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", **(environment or {})},
        )
        line = self.process.stdout.readline()
        if "http://" not in line:
            self.process.kill()
            raise AssertionError(f"no address in {line!r}: {self.process.stderr.read()}")
        self.url = next(word for word in line.split() if word.startswith("http://"))
        self.host = self.url.removeprefix("http://").partition("/")[0]

    @contextmanager
    def page(self, **options):
        settings = {
            "origin": f"http://{self.host}",
            "max_size": None,
            "max_queue": None,
            "open_timeout": 30,
            **options,
        }
        with connect(f"ws://{self.host}/ws/practice", **settings) as socket:
            yield Page(socket)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=60)

    def kill(self):
        self.process.kill()
        self.process.communicate(timeout=30)


class Page:
    """What a practice page does, without drawing."""

    def __init__(self, socket):
        self.socket = socket
        self.sequence = 0
        self.heard = []

    def say(self, kind, **fields):
        self.socket.send(json.dumps({"type": kind, **fields}))

    def hear(self, *kinds, timeout=60):
        until = time.monotonic() + timeout
        while True:
            message = json.loads(self.socket.recv(timeout=max(0.1, until - time.monotonic())))
            self.heard.append(message)
            if message["type"] in kinds:
                return message

    def state(self, state, why=None):
        while True:
            message = self.hear("state")
            if message["state"] == state and message["why"] == why:
                return message

    def send(self, jpeg, time_s):
        self.sequence += 1
        self.socket.send(frame_message(jpeg, self.sequence, time_s))

    def show(self, jpeg, time_s):
        """Send a picture and wait for its answer."""
        self.send(jpeg, time_s)
        while True:
            answer = self.hear("result", "error")
            if answer.get("sequence") == self.sequence:
                return answer

    def ready(self, pictures, marks):
        """Set up: the first pictures, and the back where it is."""
        assert self.hear("hello")["active"]
        for jpeg, time_s in pictures[:2]:
            self.show(jpeg, time_s)
        self.say("landmarks", landmarks=marks)


def frame_message(jpeg, sequence, time_s):
    return struct.pack("<4sId", b"PJF1", sequence, 1000.0 * time_s) + jpeg
