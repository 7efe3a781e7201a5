"""`lanzarote build`: validate, derive, and write a build that replaces the last one whole or not at all."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import lanzarote_atlas
from lanzarote_atlas import builds, resources, settings
from lanzarote_atlas.errors import FaultsFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import pyoxigraph as ox

    from lanzarote_atlas.records.files import Record

STEPS = (
    "reading",
    "checking keys and references",
    "checking shapes",
    "checking quality",
    "deriving",
    "writing the search index",
    "writing the store",
)


@dataclass(frozen=True)
class Outcome:
    """What a build came to: the build, the seconds it took, and whether anything had to be made."""

    build: builds.Build
    seconds: float
    fresh: bool


def build(
    data: Path, out: Path, note: Callable[[str], None] = lambda _step: None, local: Path | None = None
) -> Outcome:
    """Build the atlas from `data` into `out`; do nothing where nothing changed since the current build.

    `local` is the folder of the reader's own reviewed records, joined where it is there. `note` is called
    with each step of STEPS as it begins. Raises FaultsFoundError with every fault of the data; the last good
    build then stays in place.
    """
    start = time.perf_counter()
    fingerprint = fingerprint_of(data, local)
    standing = builds.current(out)
    if standing and standing.manifest.fingerprint == fingerprint and builds.is_whole(standing):
        return Outcome(standing, time.perf_counter() - start, fresh=False)
    with _no_search_for_cycles():
        made = _make(data, out, fingerprint, note, local)
    return Outcome(made, time.perf_counter() - start, fresh=True)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Let no cyclic garbage be looked for: a build leaves next to none, and has millions of quads."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fingerprint_of(data: Path, local: Path | None = None) -> str:
    """Return the SHA-256 of everything a build is made from: data, ontology, rules, code and the base."""
    project = resources.project()
    parts = {
        **_contents(data, "*.y*ml"),
        **_contents(project / "ontology", "*.*"),
        **_contents(project / "queries" / "rules", "*.rq"),
        **_contents(project / "queries" / "quality", "*.rq"),
        **_contents(project / "queries" / "index", "*.rq"),
        **_contents(resources.PACKAGE, "*.py"),
        **(_contents(local, "*.y*ml", "local") if local and local.is_dir() else {}),
    }
    digest = hashlib.sha256(f"{lanzarote_atlas.__version__} {settings.current().base}".encode())
    for name, content in sorted(parts.items()):
        if not name.startswith("lanzarote_atlas/dashboard/"):
            digest.update(f"\0{name}\0{content}".encode())
    return digest.hexdigest()


def _contents(folder: Path, pattern: str, shown: str = "") -> dict[str, str]:
    """Return the SHA-256 of each file below a folder by its name from there; what cannot be read has none."""
    paths = [folder] if folder.is_file() else folder.rglob(pattern)
    return {f"{shown or folder.name}/{path.relative_to(folder).as_posix()}": _content(path) for path in paths}


def _content(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable: {type(error).__name__}"


def _make(
    data: Path, out: Path, fingerprint: str, note: Callable[[str], None], local: Path | None
) -> builds.Build:
    # Imported here, because a build with nothing to do answers without them.
    from lanzarote_atlas.compile import assemble  # noqa: PLC0415

    assembled = assemble.assemble(data, note, local=local)
    if assembled.faults:
        raise FaultsFoundError(assembled.faults)
    as_at, quads = data_date(assembled.records), assembled.quads
    del assembled  # The records and their places in the files: nothing needs them from here.
    with builds.making(out) as folder:
        written = _write(quads, as_at, folder, note)
        manifest = builds.Manifest(
            build_id=written.build_id,
            fingerprint=fingerprint,
            quads=written.quads,
            graphs=written.graphs,
            as_at=as_at,
            built_at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        )
        return builds.adopt(folder, manifest, out)


class _Written(NamedTuple):
    build_id: str
    quads: int
    graphs: int


def _write(quads: list[ox.Quad], as_at: str, folder: Path, note: Callable[[str], None]) -> _Written:
    import pyoxigraph as ox  # noqa: PLC0415

    from lanzarote_atlas import terms  # noqa: PLC0415
    from lanzarote_atlas.store import embedded  # noqa: PLC0415

    lines = by_line([*quads, *_derived(quads, as_at, folder / "search.sqlite", note)])
    note("writing the store")
    graphs = _by_graph(lines)
    written = _Written(build_id(lines), len(lines), len(graphs))
    del lines  # A long text for every quad, while the store is written.
    everything = [quad for graph in sorted(graphs) for quad in graphs[graph]]
    disk = ox.Store(str(folder / "store"))
    embedded.fill(disk, everything)
    disk.flush()
    disk.optimize()
    ox.serialize(everything, str(folder / "atlas.trig"), format=ox.RdfFormat.TRIG, prefixes=terms.prefixes())
    return written


def _derived(quads: list[ox.Quad], as_at: str, index: Path, note: Callable[[str], None]) -> list[ox.Quad]:
    """Return what the rules derive from quads; write the search index over both."""
    import pyoxigraph as ox  # noqa: PLC0415

    from lanzarote_atlas import search  # noqa: PLC0415
    from lanzarote_atlas.compile import rules  # noqa: PLC0415
    from lanzarote_atlas.store import embedded  # noqa: PLC0415

    note("deriving")
    store = ox.Store()
    embedded.unite(store, quads)
    derived = rules.derive(store, as_at)
    note("writing the search index")
    search.write_index(embedded.EmbeddedStore(store, most=embedded.UNLIMITED), index)
    return derived


def by_line(quads: Iterable[ox.Quad]) -> dict[str, ox.Quad]:
    """Return each quad once, under its N-Quads line without the dot and in the order of these.

    Plain strings are hashed and sorted: several times as fast as quads.
    """
    lines = {str(quad): quad for quad in quads}
    return {line: lines[line] for line in sorted(lines)}


def _by_graph(lines: Mapping[str, ox.Quad]) -> dict[str, list[ox.Quad]]:
    """Return the quads of each graph, by its name at the end of their lines, in the order of these."""
    graphs: dict[str, list[ox.Quad]] = {}
    for line, quad in lines.items():
        graphs.setdefault(line.rpartition(" ")[2], []).append(quad)
    return graphs


def build_id(lines: Mapping[str, ox.Quad]) -> str:
    """Return the SHA-256 of the canonical quads (RDFC-1.0, section 5), sorted as N-Quads lines.

    `lines` are as `by_line` returns them. The algorithm looks only at quads with blank nodes; the others are
    canonical as they stand.
    """
    import pyoxigraph as ox  # noqa: PLC0415

    plain: list[str] = []
    blank = ox.Dataset()
    for line, quad in lines.items():
        if "_:" in line and _has_blank_node(quad):
            blank.add(quad)
        else:
            plain.append(line)
    blank.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    digest = hashlib.sha256()
    for line in sorted([*plain, *map(str, blank)]):
        digest.update(f"{line} .\n".encode())
    return digest.hexdigest()


def _has_blank_node(quad: ox.Quad) -> bool:
    import pyoxigraph as ox  # noqa: PLC0415

    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


def data_date(records: Iterable[Record]) -> str:
    """Return the date of the data: `modified` of the dataset's record, else today.

    A month or a year alone stands for its first day, because what is derived holds at a day.
    """
    dates = [(str(record.body["modified"]) + "-01-01")[:10] for record in records if record.type == "Dataset"]
    return max(dates, default=dt.datetime.now(tz=dt.UTC).date().isoformat())
