"""Real engines for tests: started on loopback, with ports and folders of their own, and ended.

A test that needs one that is absent is skipped and says why; with LANZAROTE_REQUIRE_ENGINES=1 it fails.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest

from lanzarote_atlas import publish, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lanzarote_atlas.builds import Build

OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
SECONDS = 60
# Small on purpose: the build is small, and the machine has other work. The optimizer looks at a tenth of the
# plans that it has time for when nothing else runs: the plans that it then takes are the ones that lose rows.
_VIRTUOSO = """
[Database]
DatabaseFile = atlas.db
ErrorLogFile = atlas.log
LockFile = atlas.lck
TransactionFile = atlas.trx
xa_persistent_file = atlas.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
DirsAllowed = .
ThreadsPerQuery = 2
MaxOptimizeLayouts = 100
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 100000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 60
"""


@dataclass(frozen=True)
class Engine:
    """A running engine: its query address, its graph store, and who may write."""

    endpoint: str
    graph_store: str
    user: str = ""
    password: str = ""

    @contextmanager
    def credentials(self) -> Iterator[None]:
        """Put the engine's user and password into the environment."""
        values = {"LANZAROTE_ENDPOINT_USER": self.user, "LANZAROTE_ENDPOINT_PASSWORD": self.password}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in values.items():
                patch.setenv(name, value)
            settings.current.cache_clear()
            yield
        settings.current.cache_clear()

    def publish(self, build: Build) -> publish.Outcome:
        """Publish a build to it."""
        with self.credentials():
            return publish.publish(build, publish.Engine.at(self.endpoint, self.graph_store))


def missing(what: str) -> None:
    """Skip the test for want of an engine, or fail it where engines are required."""
    message = f"{what} is not installed: what needs it is tested only where it is"
    if os.environ.get("LANZAROTE_REQUIRE_ENGINES") == "1":
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def oxigraph(*options: str) -> Iterator[Engine]:
    """An empty Oxigraph server, held in memory."""
    if OXIGRAPH is None:
        missing("the Oxigraph server (pip install oxigraph)")
    port = free_port()
    command = [OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}", *options]
    with _running(command, f"http://127.0.0.1:{port}/", Path.cwd()) as address:
        yield Engine(f"{address}query", f"{address}store")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Engine]:
    """An empty OpenLink Virtuoso server, whose database is in the folder."""
    if VIRTUOSO is None:
        missing("OpenLink Virtuoso (Debian: virtuoso-opensource-7-bin)")
    port = free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(port=port, sql_port=free_port()), encoding="utf-8")
    command = [VIRTUOSO, "+foreground", "+configfile", "virtuoso.ini"]
    with _running(command, f"http://127.0.0.1:{port}/sparql", folder) as address:
        yield Engine(address, f"{address}-graph-crud-auth", "dba", "dba")


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], address: str, folder: Path) -> Iterator[str]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.kill()
        process.wait(SECONDS)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            return urllib.request.urlopen(address, timeout=1).close()
        except HTTPError as error:
            return error.close()
        except OSError:
            assert process.poll() is None, f"{command_of(process)} ended"
            time.sleep(0.05)
    raise AssertionError(f"{command_of(process)} does not answer")


def command_of(process: subprocess.Popen[bytes]) -> str:
    """Return the name of the program that a process runs."""
    return Path(str(next(iter(process.args)))).name
