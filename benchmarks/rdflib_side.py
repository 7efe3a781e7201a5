"""rdflib answering the atlas's queries, in a process of its own, each within a limit of time.

A process apart, so that neither engine's memory burdens the other's timing, and so that a query which never
ends can be ended. rdflib is given what the embedded store has: the same triples, prefixes and text.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import rdflib
from rdflib.plugins.sparql import prepareQuery

from lanzarote_atlas import terms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from rdflib.query import Result

# What a query that overran may take to notice, and the graph to load, before the process itself is ended.
_GRACE_SECONDS = 120
# A query is run again while it has used less than this part of its limit.
_SHARE_FOR_RUNS = 0.25

Lexical = tuple[str, str]
"""A term as its lexical text and its datatype (empty where it has none)."""
Row = tuple[Lexical, ...]


@dataclass(frozen=True)
class Job:
    """A query to time: its text, whether it names graphs, how often to run it, and for how long at most."""

    text: str
    names_graphs: bool
    runs: int
    limit_seconds: float


@dataclass
class Reply:
    """What rdflib did with a job."""

    seconds: list[float] = field(default_factory=list)
    """Parsing and evaluation, for each run that ended."""
    evaluation: list[float] = field(default_factory=list)
    """Evaluation alone, for each run that ended."""
    rows: list[Row] | None = None
    """The answer of the first run; None where it overran or failed."""
    overran: bool = False
    error: str = ""


class Rdflib:
    """rdflib in a child process over a dump of the build; the child starts with the first question."""

    def __init__(self, triples: Path, quads: Path) -> None:
        """Keep the dumps (N-Triples of the default graph, N-Quads of the named ones)."""
        self._dumps = (triples, quads)
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    def ask(self, job: Job) -> Reply:
        """Have a query timed; an answer that does not come counts as one that overran."""
        line = self._line or self._start()
        try:
            line.send(job)
            if line.poll(job.limit_seconds + _GRACE_SECONDS):
                reply: Reply = line.recv()
                return reply
        except (EOFError, OSError):
            self.close()
            return Reply(error="the end of its process")
        self.close()
        return Reply(overran=True)

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, *self._dumps), daemon=True)
        self._process.start()
        theirs.close()
        return self._line

    def close(self) -> None:
        """End the child."""
        if self._process and self._line:
            self._line.close()
            self._process.terminate()
            self._process.join()
        self._process = self._line = None


def _serve(line: Connection, triples: Path, quads: Path) -> None:
    # As the lexical texts are compared, they must stay as they were written.
    rdflib.NORMALIZE_LITERALS = False
    graphs: dict[bool, rdflib.Graph] = {}
    while True:
        try:
            job: Job = line.recv()
        except (EOFError, OSError):
            return
        if job.names_graphs not in graphs:
            graphs[job.names_graphs] = _dataset(quads) if job.names_graphs else _graph(triples)
        line.send(_timed(graphs[job.names_graphs], job))


def _graph(dump: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(dump, format="nt")


def _dataset(dump: Path) -> rdflib.Graph:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(dump, format="nquads")
    return dataset


def _timed(graph: rdflib.Graph, job: Job) -> Reply:
    reply = Reply()
    try:
        with _alarm(job.limit_seconds):
            while len(reply.seconds) < job.runs and sum(reply.seconds) <= job.limit_seconds * _SHARE_FOR_RUNS:
                _run(graph, job.text, reply)
    except _OutOfTimeError:
        reply.overran = not reply.seconds
    except Exception as error:  # noqa: BLE001 - whatever rdflib raises is a finding
        reply.error = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    return reply


def _run(graph: rdflib.Graph, text: str, reply: Reply) -> None:
    start = time.perf_counter()
    prepared = prepareQuery(text, initNs=terms.prefixes())
    parsed = time.perf_counter()
    answer = graph.query(prepared)
    rows: list[object] = list(answer)
    end = time.perf_counter()
    if reply.rows is None:
        reply.rows = _rows(answer, rows)
    reply.seconds.append(end - start)
    reply.evaluation.append(end - parsed)


def _rows(answer: Result, rows: list[object]) -> list[Row]:
    if answer.type == "ASK":
        return [(("true" if answer.askAnswer else "false", ""),)]
    return [tuple(_lexical(term) for term in row) for row in rows if isinstance(row, tuple)]


def _lexical(term: object) -> Lexical:
    if isinstance(term, rdflib.Literal):
        return (str(term), str(term.datatype or ""))
    return ("" if term is None else str(term), "")


class _OutOfTimeError(BaseException):
    """Not an Exception: rdflib treats those inside a filter as 'no match' and would carry on."""


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(_signal: int, _frame: object) -> None:
        raise _OutOfTimeError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
