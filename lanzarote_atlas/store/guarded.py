"""A store for what readers write themselves: every query passes the guard and can be ended.

Over a build each query runs in a process of its own, which reads the store on disk and is killed when the
query takes longer, answers more or needs more memory than the settings allow. Over an endpoint the query
passes the same guard; its time is the endpoint's to keep, and the connection's.
"""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import resources, settings
from lanzarote_atlas.errors import QueryError, RefusedError
from lanzarote_atlas.store import Answer, Table, Triples, guard, oxigraph_command, table, text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lanzarote_atlas.store import Store

_MORE = 1
"""One row more than the limit is asked for, to know whether there are more."""


class GuardedStore:
    """Answers readers' own queries over one build."""

    def __init__(self, folder: Path, build_id: str) -> None:
        """Take the folder of a build's store; each query's process opens it anew, read only."""
        self._folder = folder
        self._build_id = build_id

    @property
    def build_id(self) -> str:
        """The identifier of the build that answers."""
        return self._build_id

    @cached_property
    def _graphs(self) -> frozenset[str]:
        return named_graphs(self._folder)

    def query(self, query: str) -> Answer:
        """Answer a query; RefusedError where it is refused or goes past a limit, else QueryError."""
        question = guard.admit(query, self._graphs, _limits())
        form = "json" if question.form in ("SELECT", "ASK") else "nt"
        arguments = ("query", "--location", str(self._folder), "--results-format", form)
        return _read(question.form, _run(oxigraph_command.command(*arguments), question))


class GuardedEndpoint:
    """Answers readers' own queries by an endpoint, through its store."""

    def __init__(self, store: Store) -> None:
        """Take the store; it stays its owner's."""
        self._store = store

    @property
    def build_id(self) -> str:
        """What the store says of its build."""
        return self._store.build_id

    @cached_property
    def _graphs(self) -> frozenset[str]:
        query = resources.read_text(resources.project() / "queries" / "service" / "graphs.rq")
        return frozenset(text(term) for term in table(self._store.query(query)).values("graph"))

    def query(self, query: str) -> Answer:
        """Answer a query; RefusedError where it is refused, else as the endpoint's store does."""
        question = guard.read(query, _limits())
        if question.graphs:
            guard.refuse_graphs(question.graphs, self._graphs)
        return self._store.query(question.text)


def named_graphs(folder: Path) -> frozenset[str]:
    """Return the named graphs of a store on disk."""
    store = ox.Store.read_only(str(folder))
    return frozenset(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))


def _limits() -> guard.Limits:
    return replace(guard.limits(), rows=settings.current().query_rows + _MORE)


def _run(command: Sequence[str], question: guard.Question) -> bytes:
    """Return what the engine's process writes; it is killed where it goes past a limit."""
    known = settings.current()
    process = subprocess.Popen(  # noqa: S603 - the engine; the query is not in its command line
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    oxigraph_command.limit_memory(process.pid, known.query_megabytes)
    overdue = threading.Event()
    timer = threading.Timer(known.query_seconds, _end, (process, overdue))
    timer.start()
    try:
        with process:
            body, said = _exchanged(process, question.text.encode(), known.query_bytes)
    finally:
        timer.cancel()
    if overdue.is_set():
        raise past_time()
    if len(body) > known.query_bytes:
        raise past_bytes()
    if process.returncode:
        raise _failed(question.placed(said), process.returncode)
    return body


def _exchanged(process: subprocess.Popen[bytes], query: bytes, most: int) -> tuple[bytes, str]:
    """Give the query; return the answer, cut off one byte past the limit, and what was said of errors."""
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise AssertionError  # all three are pipes
    with suppress(BrokenPipeError), process.stdin:
        process.stdin.write(query)
    body = process.stdout.read(most + 1)
    if len(body) > most:
        process.kill()
    return body, process.stderr.read().decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes], overdue: threading.Event) -> None:
    overdue.set()
    process.kill()


def past_time() -> RefusedError:
    """Return the error of a query that was ended because of its time."""
    seconds = settings.current().query_seconds
    message = f"the query took longer than {seconds:g} s and was ended"
    return RefusedError(message, code="time", allowed=f"{seconds:g} s; ask for less", status=504)


def past_bytes() -> RefusedError:
    """Return the error of a query whose answer is too large."""
    most = settings.current().query_bytes
    message = f"the answer has more than {most:,} bytes"
    return RefusedError(
        message, code="bytes", allowed=f"{most:,} bytes; ask for less, or add LIMIT", status=413
    )


def past_memory() -> RefusedError:
    """Return the error of a query at which the engine ended: mostly because it asked for too much memory."""
    most = settings.current().query_megabytes
    message = "the engine ended at the query, as it does when one needs too much memory"
    return RefusedError(message, code="memory", allowed=f"{most:,} MB; ask for less", status=507)


def _failed(message: str, code: int) -> QueryError:
    if code < 0 or "memory allocation" in message or "overflowed its stack" in message:
        return past_memory()
    told = message.partition("Stack backtrace")[0].removeprefix("Error: ").strip()
    return QueryError(f"the query could not be answered: {told or f'exit code {code}'}")


def _read(form: str, body: bytes) -> Answer:
    if form not in ("SELECT", "ASK"):
        triples = [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
        return Triples(triples)
    answer = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    most = settings.current().query_rows
    columns = tuple(variable.value for variable in answer.variables)
    rows = [tuple(solution) for solution in answer]
    return Table(columns, rows[:most], truncated=len(rows) > most)
