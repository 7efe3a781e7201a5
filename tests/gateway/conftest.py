"""The service as its users meet it: a process of its own, asked over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lanzarote_atlas.builds import Build

_START_SECONDS = 60


@dataclass
class Reply:
    """What the service answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass
class Service:
    """A running service: how to ask it, and what it wrote into its log."""

    port: int
    process: subprocess.Popen[bytes]
    log_file: Path
    address: str = field(init=False)

    def __post_init__(self):
        """Tell the address."""
        self.address = f"http://127.0.0.1:{self.port}"

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send one request; a header's name has _ for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        reply = Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        connection.close()
        return reply

    def query(self, text: str, /, *fields: tuple[str, str], method: str = "GET", **headers: str) -> Reply:
        """Ask a query; a long one goes by POST."""
        encoded = urlencode([("query", text), *fields])
        if method == "POST" or len(encoded) > 5000:
            headers["Content_Type"] = "application/x-www-form-urlencoded"
            return self.request("POST", "/sparql", encoded.encode(), **headers)
        return self.request(method, f"/sparql?{encoded}", **headers)

    def log(self) -> list[dict[str, object]]:
        """Return the lines of the log so far."""
        return [json.loads(line) for line in self.log_file.read_text().splitlines() if line.startswith("{")]

    def engines(self) -> list[int]:
        """Return the process numbers of its engines."""
        command = ["ps", "--ppid", str(self.process.pid), "-o", "pid=,comm="]
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return [int(line.split()[0]) for line in listed.splitlines() if line.split()[1:] == ["oxigraph"]]


@contextmanager
def serving(folder: Path, log_file: Path, *more: str, **settings: str) -> Iterator[Service]:
    """Serve a folder of builds or a bare store, with settings, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = more or ("--store", str(folder))
    command = [sys.executable, "-m", "lanzarote_atlas", "serve", *given, "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LANZAROTE_")}
    environment |= {f"LANZAROTE_{name.upper()}": value for name, value in settings.items()}
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    service = Service(port, process, log_file)
    try:
        _wait(service)
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(service: Service) -> None:
    end = time.monotonic() + _START_SECONDS
    while service.process.poll() is None and time.monotonic() < end:
        try:
            if service.request("GET", "/health").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(service.log_file.read_text())


@pytest.fixture(scope="session")
def service(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service over a build of the real data."""
    log = tmp_path_factory.mktemp("service") / "log"
    with serving(built.folder.parent, log, query_seconds="5") as running:
        yield running
