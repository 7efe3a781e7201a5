"""`lanzarote build`: validate, derive, and write a build that replaces the last one whole or not at all."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import lanzarote_atlas
from lanzarote_atlas import builds, resources, settings
from lanzarote_atlas.errors import FaultsFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyoxigraph as ox

    from lanzarote_atlas.compile.assemble import Assembled
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
    # Imported here, because a build with nothing to do answers without it.
    from lanzarote_atlas.compile import assemble  # noqa: PLC0415

    manifests: list[builds.Manifest] = []
    with builds.making(out) as folder:
        assembled = assemble.assemble(
            data,
            note,
            local=local,
            meanwhile=lambda found: manifests.append(_write(found, folder, fingerprint, note)),
        )
        if assembled.faults:
            raise FaultsFoundError(assembled.faults)
        return builds.adopt(folder, manifests[0], out)


def _write(found: Assembled, folder: Path, fingerprint: str, note: Callable[[str], None]) -> builds.Manifest:
    """Write search index, store and dump of what was assembled and of what the rules derive from it."""
    from lanzarote_atlas.compile import statements  # noqa: PLC0415

    as_at = data_date(found.records)
    derived = _derived(found.quads, as_at, folder / "search.sqlite", note)
    note("writing the store")
    graphs = statements.of_quads(found.quads)
    while derived:
        graph, document = derived.popitem()
        graphs[f"<{graph}>"] = statements.of_n_triples(document)
    number = len(graphs)
    with TemporaryDirectory(dir=folder) as work:
        n_quads, n_triples = Path(work, "quads.nq"), Path(work, "triples.nt")
        quads: list[bytes] = []
        with n_quads.open("wb") as of_graphs, n_triples.open("wb") as of_union:
            for graph in sorted(graphs):
                triples = graphs.pop(graph)
                document = statements.n_triples(triples, graph)
                quads += statements.of_n_quads(document)
                of_graphs.write(document)
                of_union.write(statements.n_triples(triples))
        build_id, count = statements.build_id(quads), len(quads)
        del quads  # A long text for each, while the store is written.
        _write_store(n_quads, n_triples, folder)
    return builds.Manifest(
        build_id=build_id,
        fingerprint=fingerprint,
        quads=count,
        graphs=number,
        as_at=as_at,
        built_at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
    )


def _derived(quads: list[ox.Quad], as_at: str, index: Path, note: Callable[[str], None]) -> dict[str, bytes]:
    """Return what the rules derive, as N-Triples by graph; write the search index over all quads."""
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


def _write_store(n_quads: Path, n_triples: Path, folder: Path) -> None:
    """Write the store and the dump from the quads and from the triples of their union."""
    import pyoxigraph as ox  # noqa: PLC0415

    from lanzarote_atlas import terms  # noqa: PLC0415

    disk = ox.Store(str(folder / "store"))
    for path in (n_quads, n_triples):
        # Parsed here, because the engine's own loader gives blank nodes other names in each document.
        disk.bulk_extend(ox.parse(path=str(path), lenient=True))
    disk.flush()
    disk.optimize()
    dump = ox.parse(path=str(n_quads), lenient=True)
    ox.serialize(dump, str(folder / "atlas.trig"), format=ox.RdfFormat.TRIG, prefixes=terms.prefixes())


def data_date(records: Iterable[Record]) -> str:
    """Return the date of the data: `modified` of the dataset's record, else today.

    A month or a year alone stands for its first day, because what is derived holds at a day.
    """
    dates = [(str(record.body["modified"]) + "-01-01")[:10] for record in records if record.type == "Dataset"]
    return max(dates, default=dt.datetime.now(tz=dt.UTC).date().isoformat())
