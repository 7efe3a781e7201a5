"""A Streamlit app served for the time of a measurement, on this machine only."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from lanzarote_atlas import resources
from lanzarote_atlas.errors import AtlasError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_START_SECONDS = 60
_OPTIONS = ("--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false")


@dataclass(frozen=True)
class Served:
    """A running server: its address and its process."""

    address: str
    process: int

    def megabytes(self) -> float | None:
        """Return the memory that the process holds; None where the system does not say (it is not Linux)."""
        try:
            status = Path(f"/proc/{self.process}/status").read_text(encoding="ascii")
        except OSError:
            return None
        (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(kilobytes) / 1000


@contextmanager
def serving(script: Path, settings: Mapping[str, str]) -> Iterator[Served]:
    """Serve a script with more environment variables, and end the server afterwards.

    It runs in the project's folder, so that every app served has the project's Streamlit settings.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *_OPTIONS]
    server = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command,
        cwd=resources.project(),
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(server, address, script.name)
        yield Served(address, server.pid)
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: subprocess.Popen[bytes], address: str, name: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=1):  # noqa: S310 - the server started here
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    message = f"Streamlit does not serve {name}: run `streamlit run` on it to see why"
    raise AtlasError(message)
