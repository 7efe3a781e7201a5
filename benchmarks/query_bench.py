"""Every named query with its example: the embedded store against rdflib, on the same data in the same run.

The store is opened as the dashboard opens it. Both engines get the same bound text and both read their whole
answer; that they answer alike is checked, since a fast wrong answer is worth nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import geometric_mean, median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypedDict

import pyoxigraph as ox

from benchmarks.rdflib_side import Job, Rdflib, Row
from benchmarks.report import Figure, Section, shown
from lanzarote_atlas import catalogue, store, terms
from lanzarote_atlas.store import sparql_text
from lanzarote_atlas.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lanzarote_atlas.builds import Build

P95_MILLISECONDS = 50
TIMES_FASTER = 30
_NUMERIC = {terms.XSD + name for name in ("integer", "decimal", "double", "float")}


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    runs: int
    warm_ups: int
    rdflib_queries: int | None
    """How many queries rdflib is asked; None: all."""
    rdflib_runs: int
    rdflib_seconds: float
    """After how long a query of rdflib is ended; it then counts with this time."""


FULL = Effort(runs=30, warm_ups=3, rdflib_queries=None, rdflib_runs=5, rdflib_seconds=20)
QUICK = Effort(runs=3, warm_ups=1, rdflib_queries=3, rdflib_runs=1, rdflib_seconds=1)


@dataclass(frozen=True)
class Timing:
    """One query: milliseconds in both engines, and whether they answered alike."""

    name: str
    rows: int
    p50: float
    p95: float
    rdflib: float | None = None
    """Median with parsing; the limit where it overran; None where it was not asked or failed."""
    rdflib_evaluation: float | None = None
    overran: bool = False
    failure: str = ""
    """How rdflib failed, or an empty text."""
    difference: str = ""
    """How rdflib's answer differs, or an empty text."""
    reordered: bool = False
    """Whether the answers differ in nothing but the order inside joined lists, which SPARQL leaves open."""

    @property
    def finding(self) -> str:
        """What a reader must know of the comparison, or an empty text."""
        if self.failure:
            return f"rdflib fails with {self.failure}"
        return "the same rows, with joined lists in another order" if self.reordered else self.difference

    @property
    def ratio(self) -> float | None:
        """How many times faster the embedded store answers."""
        return self.rdflib / self.p50 if self.rdflib else None

    def cells(self) -> tuple[str, ...]:
        """Return the timing as a row of the table."""
        mark = "≥ " if self.overran else ""
        compared = mark + shown(self.rdflib) if self.rdflib else "-"
        ratio = mark + shown(self.ratio) if self.ratio else "-"
        return (self.name, f"{self.rows:,}", shown(self.p50), shown(self.p95), compared, ratio)


def measure(build: Build, effort: Effort, note: Callable[[str], None] = lambda _name: None) -> Section:
    """Time every named query of the catalogue over a build; `note` is told each name."""
    embedded = EmbeddedStore.open(build.store, build.manifest.build_id)
    timings = []
    with _rdflib_over(build) as rdflib:
        for place, (name, query) in enumerate(catalogue.queries().items()):
            note(name)
            text = query.bound(query.example)
            asked = effort.rdflib_queries is None or place < effort.rdflib_queries
            timings.append(_timing(name, text, embedded, rdflib if asked else None, effort))
    return _section(timings, effort)


def _rdflib_over(build: Build) -> closing[_Dumped]:
    return closing(_Dumped(build.store))


class _Dumped:
    """rdflib over a dump of the store that lasts as long as this does."""

    def __init__(self, folder: Path) -> None:
        self._folder = TemporaryDirectory(prefix="atlas-bench-")
        triples, quads = (Path(self._folder.name) / name for name in ("atlas.nt", "atlas.nq"))
        disk = ox.Store.read_only(str(folder))
        disk.dump(str(triples), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        named = (quad for quad in disk if not isinstance(quad.graph_name, ox.DefaultGraph))
        ox.serialize(named, str(quads), format=ox.RdfFormat.N_QUADS)
        self.rdflib = Rdflib(triples, quads)

    def close(self) -> None:
        """End rdflib and remove the dump."""
        self.rdflib.close()
        self._folder.cleanup()


def _timing(name: str, text: str, embedded: EmbeddedStore, dumped: _Dumped | None, effort: Effort) -> Timing:
    answer, milliseconds = _embedded(embedded, text, effort)
    rows = list(_rows(answer))
    p50, p95 = median(milliseconds), percentile(milliseconds, 0.95)
    if dumped is None:
        return Timing(name, len(rows), p50, p95)
    reply = dumped.rdflib.ask(Job(text, _names_graphs(text), effort.rdflib_runs, effort.rdflib_seconds))
    limit = effort.rdflib_seconds if reply.overran else None
    return Timing(
        name,
        len(rows),
        p50,
        p95,
        rdflib=_milliseconds(reply.seconds, limit),
        rdflib_evaluation=_milliseconds(reply.evaluation, limit),
        overran=reply.overran,
        failure=reply.error,
        **_compared(rows, reply.rows),
    )


def _embedded(embedded: EmbeddedStore, text: str, effort: Effort) -> tuple[store.Answer, list[float]]:
    milliseconds = []
    for _ in range(effort.warm_ups + effort.runs):
        start = time.perf_counter()
        answer = embedded.query(text)
        milliseconds.append((time.perf_counter() - start) * 1000)
    return answer, milliseconds[effort.warm_ups :]


def percentile(values: list[float], part: float) -> float:
    """Return the value that `part` of the values do not exceed (nearest rank)."""
    return sorted(values)[ceil(part * len(values)) - 1]


def _milliseconds(seconds: list[float], limit: float | None) -> float | None:
    if limit is not None:
        return limit * 1000
    return median(seconds) * 1000 if seconds else None


def _names_graphs(text: str) -> bool:
    return any(kind == "word" and token.upper() == "GRAPH" for kind, token in sparql_text.tokens(text))


def _rows(answer: store.Answer) -> Iterator[Row]:
    if isinstance(answer, bool):
        yield (("true" if answer else "false", ""),)
    elif isinstance(answer, store.Triples):
        yield from ((_lexical(t.subject), _lexical(t.predicate), _lexical(t.object)) for t in answer.triples)
    else:
        yield from (tuple(_lexical(term) for term in row) for row in answer.rows)


def _lexical(term: object) -> tuple[str, str]:
    if isinstance(term, ox.Literal):
        return (term.value, term.datatype.value)
    return (store.text(term) if isinstance(term, ox.NamedNode | ox.BlankNode) else "", "")


class _Compared(TypedDict, total=False):
    difference: str
    reordered: bool


def _compared(ours: list[Row], theirs: list[Row] | None) -> _Compared:
    """Return how rdflib's rows differ; nothing where they do not, or where none came."""
    if theirs is None:
        return {}
    here, there = (Counter(_comparable(row) for row in answer) for answer in (ours, theirs))
    if here == there:
        return {}
    if _without_order(here) == _without_order(there):
        return {"reordered": True}
    only_here, only_there = (here - there).total(), (there - here).total()
    return {
        "difference": f"answers differ: {len(ours):,} rows here, {len(theirs):,} in rdflib; "
        f"{only_here:,} only here, {only_there:,} only there"
    }


def _comparable(row: Row) -> tuple[str, ...]:
    """Return the texts of a row; each engine writes a computed number its own way, so numbers go by value."""
    return tuple(f"{float(text):.9g}" if datatype in _NUMERIC else text for text, datatype in row)


def _without_order(rows: Counter[tuple[str, ...]]) -> Counter[tuple[str, ...]]:
    """Return the rows with the characters of each text sorted: GROUP_CONCAT joins in no fixed order."""
    return Counter(tuple("".join(sorted(text)) for text in row) for row in rows.elements())


def _section(timings: list[Timing], effort: Effort) -> Section:
    return Section(
        title="Queries",
        how="Milliseconds of every named query with its example binding. p50 and p95: the store on disk, "
        f"opened as the dashboard opens it, {effort.runs} runs after {effort.warm_ups} to warm up. rdflib: "
        f"the same text on the same triples in memory, median of up to {effort.rdflib_runs} runs, ended "
        f"after {effort.rdflib_seconds:g} s (then marked ≥ and counted with that time).",
        columns=("query", "rows", "p50", "p95", "rdflib", "times faster"),
        rows=[timing.cells() for timing in timings],
        figures=_figures(timings),
        findings=[f"{timing.name}: {timing.finding}" for timing in timings if timing.finding],
        data=[{**vars(timing), "ratio": timing.ratio} for timing in timings],
    )


def _figures(timings: list[Timing]) -> list[Figure]:
    slowest = max(timings, key=lambda timing: timing.p95)
    compared = [timing for timing in timings if timing.rdflib and timing.rdflib_evaluation]
    figures = [Figure(f"slowest query, p95 ({slowest.name})", slowest.p95, "ms", P95_MILLISECONDS)]
    if compared:
        whole = geometric_mean([timing.ratio or 1 for timing in compared])
        evaluation = geometric_mean([(timing.rdflib_evaluation or 1) / timing.p50 for timing in compared])
        figures += [
            Figure(
                f"faster than rdflib, geometric mean of {len(compared)} queries",
                whole,
                "times",
                TIMES_FASTER,
                at_least=True,
            ),
            Figure("the same, rdflib's parsing not counted", evaluation, "times"),
            Figure("queries that rdflib did not end in time", sum(t.overran for t in compared), ""),
            Figure("queries that rdflib cannot answer", sum(bool(t.failure) for t in timings), ""),
            Figure("queries that rdflib answers otherwise", sum(bool(t.difference) for t in timings), ""),
        ]
    return figures
