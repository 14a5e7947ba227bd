# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server in a process of its own: its CPU is not counted as that of the client."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from simulator.web import certificates

from .answers import Answers
from .listener import LOOPBACK, Listener
from .wish import PASSWORD, USERNAME, Wish

SECONDS_TO_START = 120


@dataclass(frozen=True)
class Counts:
    """What happened since the start, and the seconds of CPU that the server spent."""

    requests: int
    handshakes: int
    cpu: float


def _serve(pipe: Connection, wish: Wish, folder: str) -> None:
    """Serve until the other end of the pipe is closed."""
    answers = Answers(wish)
    listener = Listener(answers, certificates.make(Path(folder), LOOPBACK).context, wish.ports)
    listener.begin()
    pipe.send(listener.ports)
    while True:
        try:
            command, value = pipe.recv()
        except EOFError:
            return
        if command == "reset":
            answers.reset()
        elif command == "latency":
            listener.latency = value
        pipe.send(Counts(listener.requests, listener.handshakes, time.process_time()))


class Server:
    """The side of the benchmarks."""

    def __init__(self, pipe: Connection, ports: list[int], ca_file: Path) -> None:
        self._pipe = pipe
        self.ports = ports
        self.ca_file = str(ca_file)

    def _ask(self, command: str, value: float = 0.0) -> Counts:
        self._pipe.send((command, value))
        counts: Counts = self._pipe.recv()
        return counts

    def counts(self) -> Counts:
        """What happened so far."""
        return self._ask("counts")

    def reset(self) -> None:
        """Back to the state of the start."""
        self._ask("reset")

    @contextmanager
    def latency(self, seconds: float) -> Iterator[None]:
        """Lets each round trip take some time."""
        self._ask("latency", seconds)
        try:
            yield
        finally:
            self._ask("latency", 0.0)

    @property
    def url(self) -> str:
        """The root of the API."""
        return f"https://{LOOPBACK}:{self.ports[0]}/api/v1"

    def options(self, port: int = 0) -> dict[str, Any]:
        """Connection options of the modules. port: the number of the port, counted from 0."""
        login = {"username": USERNAME, "password": PASSWORD}
        return {"hostname": LOOPBACK, "port": self.ports[port], "ca_path": self.ca_file, **login}


@contextmanager
def running(**wish: Any) -> Iterator[Server]:
    """Starts a server and stops it in the end. The arguments are those of Wish."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with ours, tempfile.TemporaryDirectory(prefix="vbaws-bench-") as folder:
        child = context.Process(target=_serve, args=(theirs, Wish(**wish), folder), daemon=True)
        child.start()
        theirs.close()
        try:
            if not ours.poll(SECONDS_TO_START):
                raise RuntimeError("the server did not start")
            yield Server(ours, ours.recv(), Path(folder) / "ca.pem")
        finally:
            child.terminate()
            child.join()
