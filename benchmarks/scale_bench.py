"""How builds and queries grow with the data.

Builds are measured on the project as `tools.multiply_data` writes it. For queries, a hundred times the data
would take long to build, so the quads of a build, the derived ones included, are multiplied by renaming: each
copy has things and criteria of its own under the same States and vocabularies. Time is processor time, which
hardly depends on what else the machine does.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from itertools import product
from math import log
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from benchmarks import build_bench, engine_side
from benchmarks.report import Figure, Section, shown
from lanzarote_atlas import catalogue, resources, store, terms
from lanzarote_atlas.store.embedded import UNLIMITED, EmbeddedStore
from tools import multiply_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lanzarote_atlas.builds import Build
    from lanzarote_atlas.catalogue import NamedQuery

BUILD_TIMES = (1, 4)
BUILD_ROUNDS = 3
GROWTH = 1
"""Power of its quads with which the build's processor time may grow."""
SLOWER = 3
"""Times that a query for one comparison takes as long."""
ONE_THING = ("criterion", "provision", "recommendation")
"""A query that is given one of these asks about a thing of which each copy has its own."""
_SECONDS = 0.3
"""After how long a query is not run again."""
_RUNS = 9
_AT_ONCE = 5
"""Copies that are loaded in one call, which holds them in memory."""
_MARK = "\x01"
"""Where the number of a copy stands in an address: a character that none has."""
_SHARED = ("id/state/", "id/rule/", "id/dataset/")
_COPIED = ("id/", "vocabulary/criterion/", "graph/data/")


@dataclass(frozen=True)
class Grown:
    """One query, before and after: milliseconds of processor time and rows."""

    name: str
    example: str
    before: float
    after: float
    rows_before: int
    rows_after: int
    one_thing: bool

    @property
    def ratio(self) -> float:
        """How many times as long the query takes."""
        return self.after / self.before

    @property
    def judged(self) -> bool:
        """Whether the limit holds for it: it asks about one thing, and its answer is as long as before."""
        return self.one_thing and self.rows_before == self.rows_after

    def cells(self) -> tuple[str, ...]:
        """Return the query as a row of the table."""
        rows = (f"{self.rows_before:,}", f"{self.rows_after:,}")
        held = "" if not self.judged else "held" if self.ratio <= SLOWER else "MISSED"
        return (
            self.name,
            self.example,
            *rows,
            shown(self.before),
            shown(self.after),
            shown(self.ratio),
            held,
        )


@dataclass(frozen=True)
class Built:
    """A build, and how many seconds of processor time the engine alone takes for a store of its quads."""

    run: build_bench.Run
    engine: float


def builds(times: Sequence[int] = BUILD_TIMES, rounds: int = BUILD_ROUNDS) -> Section:
    """Build the project as it is and multiplied, in turns; return processor time, memory and how they grow.

    Raises AtlasError with the command's own message where a build fails.
    """
    runs: dict[int, list[Built]] = {number: [] for number in times}
    with TemporaryDirectory(prefix="atlas-scale-") as work:
        projects = {number: _multiplied(Path(work) / str(number), number) for number in times}
        for _, number in product(range(rounds), times):
            # The smaller, the more often: what else the machine does then falls on all for as long.
            runs[number] += [_built(projects[number]) for _ in range(max(times) // number)]
    return _growth(runs)


def _growth(runs: dict[int, list[Built]]) -> Section:
    """Return the means of each size, and the power of the quads with which build and engine grow."""
    quads = {number: of_size[0].run.quads for number, of_size in runs.items()}
    processor = {number: mean(built.run.processor for built in of_size) for number, of_size in runs.items()}
    engine = {number: mean(built.engine for built in of_size) for number, of_size in runs.items()}
    megabytes = {number: median(built.run.megabytes for built in of_size) for number, of_size in runs.items()}
    smallest, largest = min(runs), max(runs)

    def power(seconds: Mapping[int, float]) -> float:
        return log(seconds[largest] / seconds[smallest]) / log(quads[largest] / quads[smallest])

    return Section(
        title="Growth of the build",
        how="`lanzarote build` from nothing in the project as `tools.multiply_data` multiplies it: mean of "
        "the processor time of the command and the processes that it starts, and the median of the largest "
        "one's peak of memory. The sizes take turns, each for as long as the other. After each build the "
        "engine alone writes a store from its dump: how that grows is the machine's memory and sorting.",
        columns=(
            "times the data",
            "builds",
            "quads",
            "processor time, s",
            "engine alone, s",
            "peak memory, MB",
        ),
        rows=[
            (
                str(number),
                str(len(of_size)),
                f"{quads[number]:,}",
                shown(processor[number]),
                shown(engine[number]),
                shown(megabytes[number]),
            )
            for number, of_size in runs.items()
        ],
        figures=[
            Figure("build: processor time grows with the power of the data", power(processor), "", GROWTH),
            Figure("engine alone: processor time grows with the power of the data", power(engine), ""),
            Figure("build: times the memory", megabytes[largest] / megabytes[smallest], ""),
        ],
        data=[
            {"times": number, **vars(built.run), "engine": built.engine}
            for number, of_size in runs.items()
            for built in of_size
        ],
    )


def _multiplied(project: Path, times: int) -> Path:
    multiply_data.multiply(resources.project(), times, project)
    return project


def _built(project: Path) -> Built:
    """Build a project from nothing, and let the engine alone load it; what both wrote is removed again."""
    with TemporaryDirectory(prefix="build-", dir=project) as folder:
        out = Path(folder, "build")
        run = build_bench.run(out, "built", project)
        (dump,) = out.glob("*/atlas.trig")
        command = [sys.executable, "-m", engine_side.__name__, str(dump), str(Path(folder, "engine"))]
        return Built(run, build_bench.ended_process(command, resources.project()).processor)


def queries(build: Build, times: int) -> Section:
    """Time the queries for one thing or one State over a build and over `times` as much data."""
    template = _template(build)
    with TemporaryDirectory(prefix="atlas-scale-") as work:
        start = time.perf_counter()
        single, multiple = (_load(template, number, Path(work) / str(number)) for number in (1, times))
        loading = time.perf_counter() - start
        grown = [_grown(query, single.store, multiple.store) for query in _chosen()]
    judged = [each for each in grown if each.judged]
    slowest = max(judged, key=lambda each: each.ratio)
    missed = sum(each.ratio > SLOWER for each in judged)
    return Section(
        title="Growth of the queries",
        how=f"Processor time in milliseconds over the build and over {times} times its quads "
        f"({single.quads:,} and {multiple.quads:,}; loaded in {loading:,.0f} s), median of up to {_RUNS} "
        "runs. A query that names one criterion, provision or recommendation, and whose answer is as long as "
        f"before, may take {SLOWER} times as long; one that names a State alone has {times} times as much to "
        "read.",
        columns=("query", "given", "rows", f"rows x{times}", "ms", f"ms x{times}", "times", ""),
        rows=[each.cells() for each in sorted(grown, key=lambda each: (not each.one_thing, -each.ratio))],
        figures=[
            Figure(
                f"slowed most of {len(judged)} queries for one thing ({slowest.name})", slowest.ratio, "times"
            ),
            Figure(f"queries for one thing that take over {SLOWER} times as long", missed, "", 0),
        ],
        data=[{**vars(each), "ratio": each.ratio, "judged": each.judged} for each in grown],
    )


class _Template(NamedTuple):
    """The quads of a build as text, with a mark where the number of a copy goes."""

    shared: tuple[bytes, bytes]
    """N-Quads and N-Triples (for the default graph) that all copies share."""
    copied: tuple[bytes, bytes]
    """As above, of each copy."""
    quads: tuple[int, int]


class _Loaded(NamedTuple):
    store: EmbeddedStore
    quads: int


def _template(build: Build) -> _Template:
    """Write out the quads of a build; those about a thing or criterion are copied, the others shared."""
    quads: tuple[list[str], list[str]] = ([], [])
    triples: tuple[set[str], set[str]] = (set(), set())
    for quad in ox.Store.read_only(str(build.store)):
        if isinstance(quad.graph_name, ox.DefaultGraph):
            continue
        copied = _is_copied(quad.subject)
        name = _marked if copied else str
        triple = f"{name(quad.subject)} {quad.predicate} {name(_numbered(quad) if copied else quad.object)}"
        quads[copied].append(f"{triple} {name(quad.graph_name)} .\n")
        triples[copied].add(f"{triple} .\n")
    shared, copied_text = (
        ("".join(quads[kind]).encode(), "".join(triples[kind]).encode()) for kind in (False, True)
    )
    return _Template(shared, copied_text, (len(quads[False]), len(quads[True])))


def _is_copied(node: object) -> bool:
    if not isinstance(node, ox.NamedNode):
        return False
    local = terms.compact(node.value)
    return local.startswith(_COPIED) and not local.startswith(_SHARED)


def _marked(node: object) -> str:
    """Return a node as N-Triples with the mark at the end of its address, before a part's fragment."""
    if not isinstance(node, ox.NamedNode) or not _is_copied(node):
        return str(node)
    address, hash_sign, part = node.value.partition("#")
    return f"<{address}{_MARK}{hash_sign}{part}>"


def _numbered(quad: ox.Quad) -> object:
    """Return the object of a quad; the number of a recommendation is marked, because it is an address too."""
    about = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
    is_number = quad.predicate.value == terms.term("number") and about.startswith(
        terms.thing("recommendation", "")
    )
    if is_number and isinstance(quad.object, ox.Literal):
        return f'"{quad.object.value}{_MARK}"'
    return quad.object


def _load(template: _Template, times: int, folder: Path) -> _Loaded:
    """Load the template and its copies into a store on disk: quads, then the union as the default graph."""
    disk = ox.Store(str(folder))
    forms = (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES)
    for form, shared, copied in zip(forms, template.shared, template.copied, strict=True):
        disk.bulk_load(shared, format=form)
        for first in range(1, times + 1, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, times + 1))
            disk.bulk_load(b"".join(_copy(copied, number) for number in numbers), format=form)
    disk.flush()
    disk.optimize()
    del disk  # which closes it
    once, each = template.quads
    return _Loaded(EmbeddedStore(ox.Store.read_only(str(folder)), most=UNLIMITED), once + times * each)


def _copy(text: bytes, number: int) -> bytes:
    """Return the text of a copy; the first is the build itself."""
    suffix = "" if number == 1 else multiply_data.suffixed("", number)
    return text.replace(_MARK.encode(), suffix.encode())


def _chosen() -> Iterator[NamedQuery]:
    """Yield the named queries whose example names one thing or a State."""
    for query in catalogue.queries().values():
        if {*ONE_THING, "state"} & query.example.keys():
            yield query


def _grown(query: NamedQuery, single: EmbeddedStore, multiple: EmbeddedStore) -> Grown:
    text = query.bound(query.example)
    (before, rows_before), (after, rows_after) = _timed(single, text), _timed(multiple, text)
    given = ", ".join(sorted(query.example))
    one_thing = bool(set(ONE_THING) & query.example.keys())
    return Grown(query.name, given, before, after, rows_before, rows_after, one_thing)


def _timed(embedded: EmbeddedStore, text: str) -> tuple[float, int]:
    """Return the median of processor time, in milliseconds, after a run to warm up, and the rows."""
    answer = embedded.query(text)
    milliseconds: list[float] = []
    begun = time.perf_counter()
    while len(milliseconds) < _RUNS and (not milliseconds or time.perf_counter() - begun < _SECONDS):
        start = time.thread_time()
        answer = embedded.query(text)
        milliseconds.append((time.thread_time() - start) * 1000)
    rows = answer.rows if isinstance(answer, store.Table) else []
    return median(milliseconds), len(rows)
