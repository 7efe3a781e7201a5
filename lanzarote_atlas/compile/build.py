"""`lanzarote build`: validate, derive, and write a build that replaces the last one whole or not at all."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import lanzarote_atlas
from lanzarote_atlas import builds, resources, settings
from lanzarote_atlas.errors import FaultsFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from lanzarote_atlas.records.files import Record

STEPS = (
    "reading",
    "checking keys and references",
    "checking shapes",
    "checking quality",
    "deriving",
    "writing the store",
    "writing the search index",
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
    as_at = data_date(assembled.records)
    with builds.making(out) as folder:
        quads = _write(assembled.quads, as_at, folder, note)
        manifest = builds.Manifest(
            build_id=build_id(quads),
            fingerprint=fingerprint,
            quads=len(quads),
            graphs=len({quad.graph_name for quad in quads}),
            as_at=as_at,
            built_at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        )
        return builds.adopt(folder, manifest, out)


def _write(quads: list[ox.Quad], as_at: str, folder: Path, note: Callable[[str], None]) -> list[ox.Quad]:
    import pyoxigraph as ox  # noqa: PLC0415

    from lanzarote_atlas import search, terms  # noqa: PLC0415
    from lanzarote_atlas.compile import rules  # noqa: PLC0415
    from lanzarote_atlas.store import embedded  # noqa: PLC0415

    note("deriving")
    store = ox.Store()
    embedded.fill(store, quads)
    everything = in_order([*quads, *rules.derive(store, as_at)])
    note("writing the store")
    disk = ox.Store(str(folder / "store"))
    embedded.fill(disk, everything)
    disk.flush()
    disk.optimize()
    ox.serialize(everything, str(folder / "atlas.trig"), format=ox.RdfFormat.TRIG, prefixes=terms.prefixes())
    note("writing the search index")
    search.write_index(embedded.EmbeddedStore(store, most=embedded.UNLIMITED), folder / "search.sqlite")
    return everything


def in_order(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return each quad once, graph by graph, in the order of their N-Quads lines.

    Plain strings are hashed and sorted: several times as fast as quads and pairs.
    """
    lines = {str(quad): quad for quad in quads}
    graphs: dict[str, list[ox.Quad]] = {}
    for line in sorted(lines):
        graphs.setdefault(str(lines[line].graph_name), []).append(lines[line])
    return [quad for graph in sorted(graphs) for quad in graphs[graph]]


def build_id(quads: Iterable[ox.Quad]) -> str:
    """Return the SHA-256 of the canonical quads (RDFC-1.0, section 5), sorted as N-Quads lines.

    The algorithm looks only at quads with blank nodes; the others are canonical as they stand.
    """
    import pyoxigraph as ox  # noqa: PLC0415

    plain: list[str] = []
    blank = ox.Dataset()
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.BlankNode):
            plain.append(f"{quad} .\n")
        else:
            blank.add(quad)
    blank.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    digest = hashlib.sha256()
    for line in sorted([*plain, *(f"{quad} .\n" for quad in blank)]):
        digest.update(line.encode())
    return digest.hexdigest()


def data_date(records: Iterable[Record]) -> str:
    """Return the date of the data: `modified` of the dataset's record, else today.

    A month or a year alone stands for its first day, because what is derived holds at a day.
    """
    dates = [(str(record.body["modified"]) + "-01-01")[:10] for record in records if record.type == "Dataset"]
    return max(dates, default=dt.datetime.now(tz=dt.UTC).date().isoformat())
