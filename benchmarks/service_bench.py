"""The query service under load: beside the bare Oxigraph server and rdflib-endpoint, and under mixed load.

All three have the same data and get the same texts by the same clients, one after the other in the same run.
"""

from __future__ import annotations

import http.client
import itertools
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pyoxigraph as ox
import yaml

from benchmarks.report import Figure, Section, shown
from lanzarote_atlas import catalogue, resources
from lanzarote_atlas.errors import AtlasError
from lanzarote_atlas.store import guard, oxigraph_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lanzarote_atlas.builds import Build

CLIENTS = (1, 4, 16)
OF_BARE = 0.8
OF_BARE_REPEATED = 5
OF_RDFLIB = 10
_START_SECONDS = 180
_FRESH = {"Cache-Control": "no-cache"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json"}
QUERIES = (
    *("states", "instruments", "provisions", "provision", "recommendation-numbers", "citation-of-a-thing"),
    *("how-complete-is-a-state", "when-did-a-state-become-party", "what-are-the-ages", "reservations"),
)
FEW = ("recommendation-numbers", "instruments", "sources-of-a-state")
"""Those that rdflib answers fast enough for 16 clients."""
_BARE, _RDFLIB = "bare Oxigraph server", "rdflib-endpoint"
_UNCACHED, _REPEATED = "service, uncached", "service, repeated"
_FEW = "service, uncached, as rdflib-endpoint"
_HOSTILE_SHARE = 10
_TURNS = 5
_PATIENCE = 20
"""After how many seconds a client gives a request up as failed."""
_SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@dataclass(frozen=True)
class Target:
    """A server to be asked: its name, port, path and process, and headers that go with every request."""

    name: str
    port: int
    path: str
    headers: dict[str, str]
    process: int


@dataclass(frozen=True)
class _Turn:
    """What some clients measured of a server in one turn: milliseconds of each answer, and seconds."""

    target: str
    clients: int
    milliseconds: list[float]
    failed: int
    seconds: float
    processor: float


@dataclass(frozen=True)
class Load:
    """What some clients measured together."""

    target: str
    clients: int
    answered: int
    failed: int
    seconds: float
    p50: float
    p95: float
    processor: float
    """Milliseconds of processor time that the server and its engines took for an answer."""

    @property
    def throughput(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds

    def cells(self) -> tuple[str, ...]:
        """Return the load as a row of the table."""
        figures = (self.throughput, self.p50, self.p95, self.processor)
        return (self.target, str(self.clients), *map(shown, figures), str(self.failed))


def measure(build: Build, seconds: float) -> Section:
    """Load the three servers with 1, 4 and 16 clients, each for so many seconds."""
    texts, few = _texts(QUERIES), _texts(FEW)
    loads = []
    with _service(build) as service:
        fresh = Target(_UNCACHED, service.port, service.path, _FRESH, service.process)
        with _bare(build) as bare:
            targets = (bare, fresh, Target(_REPEATED, service.port, service.path, {}, service.process))
            for target in targets:
                _ask_all(target, texts)
            for clients in CLIENTS:
                loads += _side_by_side(targets, texts, clients, seconds)
        # By itself and last: it goes on with what nobody waits for any more, and would slow the others down.
        with TemporaryDirectory(prefix="atlas-bench-") as work, _rdflib_endpoint(build, Path(work)) as rdflib:
            targets = (Target(_FEW, fresh.port, fresh.path, _FRESH, fresh.process), rdflib)
            loads += [
                _together([_loaded(target, few, clients, seconds)])
                for clients in CLIENTS
                for target in targets
            ]
    return _section(loads, seconds)


def soak(build: Build, seconds: float) -> Section:
    """Load the service with queries of which every tenth is hostile; watch errors and memory."""
    hostile = yaml.safe_load((_corpus() / "hostile.yaml").read_text(encoding="utf-8"))
    bad = [entry["query"] for entry in hostile] + [_SLOW] * 3
    good = _texts(QUERIES)
    with _service(build, LANZAROTE_QUERY_SECONDS="5") as service, ThreadPoolExecutor(4) as pool:
        _ask_all(service, good)
        end = time.monotonic() + seconds
        watched = pool.submit(_memory, service, end)
        runs = [pool.submit(_mixed, service, good, bad, number, end) for number in range(3)]
        counts = [run.result() for run in runs]
        memory = watched.result()
    errors, refused, answered = (sum(count[place] for count in counts) for place in range(3))
    return Section(
        title="Mixed load",
        how=f"{seconds:g} s, three clients; every tenth query hostile, some endless. Memory: the service "
        "process, and (without a limit) its engines too, of which hostile queries end some; the last third "
        "of the run beside the second.",
        columns=("what", "value"),
        rows=[("answered", f"{answered:,}"), ("refused or ended", f"{refused:,}")],
        figures=[
            Figure("errors on harmless queries", errors, "", 0),
            Figure("hostile queries answered", sum(count[3] for count in counts), "", 0),
            Figure("memory, last third to second", _growth([own for own, _ in memory]), "times", 1.1),
            Figure(
                "memory with the engines, last third to second",
                _growth([own + theirs for own, theirs in memory]),
                "times",
            ),
        ],
        data=[{"memory": [own for own, _ in memory], "engines": [theirs for _, theirs in memory]}],
    )


def _texts(names: Sequence[str]) -> list[str]:
    """Return the queries as an engine gets them, so that each of the servers is asked the very same."""
    named = (catalogue.find(name) for name in names)
    limits = guard.Limits(characters=sys.maxsize, nesting=sys.maxsize, rows=50_000)
    return [guard.read(query.bound(query.example), limits).text for query in named]


def _corpus() -> Path:
    return resources.project() / "tests" / "store" / "corpus"


@contextmanager
def _bare(build: Build) -> Iterator[Target]:
    port = _free_port()
    location = ("--location", str(build.store), "--bind", f"127.0.0.1:{port}")
    with _started([*oxigraph_command.command("serve-read-only", *location)], port) as process:
        yield Target(_BARE, port, "/query", {}, process)


@contextmanager
def _service(build: Build, **settings: str) -> Iterator[Target]:
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "lanzarote_atlas",
        "serve",
        "--store",
        str(build.folder),
        "--port",
        str(port),
    ]
    with _started(command, port, {"LANZAROTE_RATE": "100000", **settings}) as process:
        yield Target("service", port, "/sparql", {}, process)


@contextmanager
def _rdflib_endpoint(build: Build, work: Path) -> Iterator[Target]:
    port, dump = _free_port(), work / "atlas.nq"
    quads = (
        quad for quad in ox.Store.read_only(str(build.store)) if isinstance(quad.graph_name, ox.NamedNode)
    )
    ox.serialize(quads, str(dump), format=ox.RdfFormat.N_QUADS)
    command = [sys.executable, "-m", "benchmarks.rdflib_endpoint_side", str(dump), str(port)]
    with _started(command, port) as process:
        yield Target(_RDFLIB, port, "/", {}, process)


@contextmanager
def _started(command: list[str], port: int, settings: dict[str, str] | None = None) -> Iterator[int]:
    nowhere = subprocess.DEVNULL
    server = subprocess.Popen(  # noqa: S603 - our own commands, no shell
        command, env={**os.environ, **(settings or {})}, stdout=nowhere, stderr=nowhere
    )
    try:
        _wait(server, port, command)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, command: list[str]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = f"no server on port {port}: run `{' '.join(command)}` to see why"
    raise AtlasError(message)


def _side_by_side(
    targets: Sequence[Target], texts: Sequence[str], clients: int, seconds: float
) -> list[Load]:
    """Load the servers in turn, each for a part of its time at once: other work then falls on all of them."""
    turns = [[_loaded(target, texts, clients, seconds / _TURNS) for target in targets] for _ in range(_TURNS)]
    return [_together(of_one) for of_one in zip(*turns, strict=True)]


def _together(turns: Sequence[_Turn]) -> Load:
    milliseconds = sorted(value for turn in turns for value in turn.milliseconds) or [0]
    answered = sum(len(turn.milliseconds) for turn in turns)
    return Load(
        turns[0].target,
        turns[0].clients,
        answered,
        sum(turn.failed for turn in turns),
        sum(turn.seconds for turn in turns),
        median(milliseconds),
        milliseconds[ceil(0.95 * len(milliseconds)) - 1],
        sum(turn.processor for turn in turns) * 1000 / max(answered, 1),
    )


def _loaded(target: Target, texts: Sequence[str], clients: int, seconds: float) -> _Turn:
    """Return what the clients measure who ask the queries in turn, each from another one on."""
    before, start = _processor_seconds(target.process), time.monotonic()
    end = start + seconds
    with ThreadPoolExecutor(clients) as pool:
        parts = [pool.submit(_client, target, texts, number, end) for number in range(clients)]
        results = [part.result() for part in parts]
    took = time.monotonic() - start
    processor = _processor_seconds(target.process) - before
    milliseconds = [value for times, _ in results for value in times]
    return _Turn(target.name, clients, milliseconds, sum(count for _, count in results), took, processor)


def _processor_seconds(process: int) -> float:
    """Return the processor time of a process and its children so far."""
    ticks = sum(int(facts[11]) + int(facts[12]) for _, facts in _family(process))
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(process: int) -> Iterator[tuple[int, list[str]]]:
    """Yield number and facts (proc(5), from the state on) of a process and its children."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, facts = int(path.parent.name), path.read_text().rpartition(")")[2].split()
            if process in (number, int(facts[1])):
                yield number, facts


def _client(target: Target, texts: Sequence[str], offset: int, end: float) -> tuple[list[float], int]:
    milliseconds, failed = [], 0
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=_PATIENCE)
    for text in itertools.islice(itertools.cycle(texts), offset, None):
        start = time.monotonic()
        if start >= end:
            break
        answered = _ask(connection, target, text) == http.HTTPStatus.OK
        if answered:
            milliseconds.append((time.monotonic() - start) * 1000)
        failed += not answered
    connection.close()
    return milliseconds, failed


def _ask(connection: http.client.HTTPConnection, target: Target, text: str) -> int:
    """Return the status of an answer; 0 where none came, or not the whole of it."""
    try:
        connection.request("POST", target.path, urlencode({"query": text}), {**_FORM, **target.headers})
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0
    return response.status


def _ask_all(target: Target, texts: Sequence[str]) -> None:
    """Ask each query once, so that one server is as warm as another."""
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
    for text in texts:
        status = _ask(connection, target, text)
        assert status == http.HTTPStatus.OK, f"{target.name} answers {status} to {text}"
    connection.close()


def _mixed(
    target: Target, good: Sequence[str], bad: Sequence[str], number: int, end: float
) -> tuple[int, int, int, int]:
    """Return errors on harmless queries, refusals of hostile ones, answers, and hostile queries answered."""
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
    errors = refused = answered = let_through = 0
    for place in itertools.count(number):
        if time.monotonic() >= end:
            break
        hostile = place % _HOSTILE_SHARE == 0
        text = bad[(place // _HOSTILE_SHARE) % len(bad)] if hostile else good[place % len(good)]
        fresh = _FRESH if place % 2 else {}
        held = (
            _ask(connection, Target(target.name, target.port, target.path, fresh, target.process), text)
            != http.HTTPStatus.OK
        )
        refused += hostile and held
        let_through += hostile and not held
        errors += held and not hostile
        answered += not held
    connection.close()
    return errors, refused, answered, let_through


def _memory(target: Target, end: float) -> list[tuple[int, int]]:
    """Return the resident memory of the service and of its engines in pages, once a second."""
    values = []
    while time.monotonic() < end:
        pages = {process: int(facts[21]) for process, facts in _family(target.process)}
        own = pages.pop(target.process)
        values.append((own, sum(pages.values())))
        time.sleep(1)
    return values


def _growth(values: list[int]) -> float:
    """Return how many times the middle of the second third the middle of the last third is."""
    third = max(len(values) // 3, 1)
    return median(values[-third:]) / median(values[third : 2 * third] or values)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _section(loads: list[Load], seconds: float) -> Section:
    by_name = {(load.target, load.clients): load for load in loads}

    def times(one: str, other: str) -> float:
        pairs = ((by_name[one, clients], by_name[other, clients]) for clients in CLIENTS)
        return min(ours.throughput / max(theirs.throughput, 1 / theirs.seconds) for ours, theirs in pairs)

    costs = max(by_name[_UNCACHED, n].processor / by_name[_BARE, n].processor for n in CLIENTS)
    figures = [
        Figure(
            "uncached to the bare Oxigraph server", times(_UNCACHED, _BARE), "times", OF_BARE, at_least=True
        ),
        Figure("repeated to the bare", times(_REPEATED, _BARE), "times", OF_BARE_REPEATED, at_least=True),
        Figure("uncached to rdflib-endpoint", times(_FEW, _RDFLIB), "times", OF_RDFLIB, at_least=True),
        Figure("processor time of an uncached answer, to the bare server's", costs, "times"),
        Figure("requests that failed", sum(load.failed for load in loads if load.target != _RDFLIB), "", 0),
    ]
    return Section(
        title="Service",
        how=f"{len(QUERIES)} named queries in turn for {seconds:g} s by 1, 4 and 16 clients on this machine. "
        "Uncached: no kept answer is used. Repeated: the service may use those it keeps. "
        "Beside rdflib-endpoint: three queries that it answers in time. Figures: the least of the three.",
        columns=("server", "clients", "answers a second", "p50 ms", "p95 ms", "processor ms", "failed"),
        rows=[load.cells() for load in loads],
        figures=figures,
        data=[vars(load) for load in loads],
    )
