"""`lanzarote publish`: loads a build into a remote engine graph by graph, and lets readers see it when whole.

The graphs are named after the build, whose name is a hash of its content; so what an interrupted run has sent
can be told by counting, and is not sent again. Nothing that readers see is touched before the new build is
there and counted. The build before stays, for those who are still reading it; older ones are removed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph as ox

from lanzarote_atlas import publication, settings, store
from lanzarote_atlas.errors import StoreError, UsageError
from lanzarote_atlas.publication import BEGUN, Publication
from lanzarote_atlas.store.embedded import UNLIMITED, EmbeddedStore
from lanzarote_atlas.store.graph_store import GraphStore
from lanzarote_atlas.store.remote import OWN_WORK, Dataset, RemoteStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lanzarote_atlas.builds import Build

STEPS = ("looking what is there", "sending graphs", "counting", "switching", "removing old builds")
CHUNK = 5000
"""Triples in one request: about one megabyte."""
_VOID = "http://rdfs.org/ns/void#"
_LISTED = 5
_KEPT = 2
"""Builds that stay in the engine: the one that readers see, and the one that some may still be reading."""


@dataclass(frozen=True)
class Outcome:
    """What a publication came to."""

    publication: Publication
    triples: int
    graphs: int
    sent: int
    """Graphs that had to be sent."""
    removed: int
    """Graphs of older builds that were removed."""


@dataclass(frozen=True)
class Engine:
    """Where a build is published to: the address that is asked, and the one that is written."""

    endpoint: str
    store: GraphStore
    counting: RemoteStore

    @classmethod
    def at(cls, endpoint: str, graph_store: str = "") -> Engine:
        """Return the engine at the addresses; UsageError where none of its graph store is known."""
        address = graph_store or graph_store_of(endpoint)
        return cls(endpoint, GraphStore(address), RemoteStore(endpoint, limits=OWN_WORK))


@dataclass
class _Content:
    """A build as it goes into the engine."""

    build: Build
    target: Publication
    counts: Mapping[str, int] = field(init=False)
    """Graph as named in the engine -> triples."""
    triples: int = field(init=False)
    """Triples of the union, in which none stands twice."""

    def __post_init__(self) -> None:
        made = EmbeddedStore.open(self.build.store, self.build.manifest.build_id, most=UNLIMITED)
        self.counts = {self.stored(name): count for name, count in _counts(made, publication.shown()).items()}
        self.triples = _size(made)

    def stored(self, address: str) -> str:
        """Return the address that a graph of the atlas has in the engine; others stay as they are."""
        begins = publication.shown()
        return self.target.graphs + address.removeprefix(begins) if address.startswith(begins) else address

    def graphs(self) -> Iterator[tuple[str, list[str]]]:
        """Yield graph and N-Triples of each graph, named as in the engine."""
        blank = self._blank()
        quads = ox.parse(path=str(self.build.trig), format=ox.RdfFormat.TRIG)
        for name, group in groupby(quads, key=lambda quad: quad.graph_name.value):
            plain = [quad for quad in group if not _has_blank(quad)]
            yield self.stored(name), [self._line(quad) for quad in (*plain, *blank.get(name, ()))]

    def _line(self, quad: ox.Quad) -> str:
        return " ".join(self._term(term) for term in (quad.subject, quad.predicate, quad.object)) + " .\n"

    def _term(self, term: Any) -> str:  # noqa: ANN401 - a triple may stand in a triple; none does here
        if isinstance(term, ox.BlankNode):
            # In a request of its own it would be another node: RDF 1.1, section 3.5.
            return f"<{self.target.address}/genid/{term.value}>"
        return f"<{self.stored(term.value)}>" if isinstance(term, ox.NamedNode) else str(term)

    def _blank(self) -> dict[str, list[ox.Quad]]:
        """Return the quads with blank nodes by graph, their nodes named the same at every run."""
        quads = ox.parse(path=str(self.build.trig), format=ox.RdfFormat.TRIG)
        found = ox.Dataset(quad for quad in quads if _has_blank(quad))
        found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        ordered = sorted(found, key=lambda quad: quad.graph_name.value)
        return {name: list(group) for name, group in groupby(ordered, key=lambda quad: quad.graph_name.value)}

    def described(self) -> list[str]:
        """Return what the manifest graph says: the build's graphs and how many triples each has."""
        build, integer = f"<{self.target.address}>", "<http://www.w3.org/2001/XMLSchema#integer>"
        lines = [f'{build} <{_VOID}triples> "{self.triples}"^^{integer} .\n']
        for graph, count in self.counts.items():
            lines.append(f"{build} <{_VOID}subset> <{graph}> .\n")
            lines.append(f'<{graph}> <{_VOID}triples> "{count}"^^{integer} .\n')
        return lines


def _has_blank(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


def publish(build: Build, engine: Engine, note: Callable[[str], None] = lambda _step: None) -> Outcome:
    """Load a build into an engine and let readers see it; resume where an earlier run was interrupted.

    `note` is called with each step of STEPS as it begins. Raise StoreError where the engine does not take a
    graph, or ends with another number of triples than the build has; readers then still see the build before.
    """
    note(STEPS[0])
    made = build.manifest
    content = _Content(build, Publication(made.build_id, BEGUN, made.as_at, made.built_at))
    whole = [done for done in publication.history(engine.counting) if done.position != BEGUN]
    is_current = bool(whole) and whole[0].build_id == made.build_id
    if not is_current:
        engine.store.add(publication.publications(), _told(content.target))
    _require_datasets(content, engine)
    note(STEPS[1])
    sent = _send(content, engine)
    note(STEPS[2])
    _verify(content, engine)
    note(STEPS[3])
    _fill_default_graph(content, engine, force=not is_current)
    if not is_current:
        whole.insert(0, replace(content.target, position=whole[0].position + 1 if whole else BEGUN + 1))
        engine.store.add(publication.publications(), _told(whole[0]))
    note(STEPS[4])
    kept = list(dict.fromkeys(done.address for done in whole))[:_KEPT]
    return Outcome(whole[0], content.triples, len(content.counts), sent, _remove_others(engine, kept))


def graph_store_of(endpoint: str) -> str:
    """Return the graph store's address where it follows from the endpoint's, else raise UsageError."""
    path = urlsplit(endpoint).path.rstrip("/")
    known = {"/query": "/store", "/sparql": "/sparql-graph-crud"}
    for tail, own in known.items():
        if path.endswith(tail):
            secured = "-auth" if tail == "/sparql" and settings.current().endpoint_user else ""
            return (
                urlsplit(endpoint)._replace(path=path.removesuffix(tail) + own + secured, query="").geturl()
            )
    message = f"which address of {endpoint} takes graphs is not known; name it with --graph-store"
    raise UsageError(message)


def _require_datasets(content: _Content, engine: Engine) -> None:
    """Raise StoreError where the engine shows more than the graphs that a query names."""
    nothing = Dataset(f"{content.target.address}/nothing", (), publication.shown(), content.target.graphs)
    if _size(RemoteStore(engine.endpoint, dataset=nothing, limits=OWN_WORK)):
        message = (
            f"{engine.endpoint} shows other graphs than those that a query names with FROM, so that readers "
            "would see several builds at once; start Oxigraph without --union-default-graph"
        )
        raise StoreError(message)


def _send(content: _Content, engine: Engine) -> int:
    """Send the graphs that are not there whole, each to its own graph and to the union."""
    there = _counts(engine.counting, content.target.address)
    shared = _in_union(content, engine, there)
    union = _Union(engine.store, content.target.address)
    sent = 0
    for graph, lines in content.graphs():
        expected = content.counts[graph]
        if there.get(graph, 0) != expected:
            _replace(graph, lines, engine.store, is_there=there.get(graph, 0) > expected)
            sent += 1
        if there.get(graph, 0) != expected or shared.get(graph, 0) != expected:
            union.add(lines)
    union.flush()
    described = content.described()
    if there.get(content.target.manifest, 0) != len(described):
        _replace(content.target.manifest, described, engine.store, is_there=True)
    return sent


def _in_union(content: _Content, engine: Engine, there: Mapping[str, int]) -> Mapping[str, int]:
    """Return how many triples of each graph the union holds; where it is empty or whole, that is known."""
    size = there.get(content.target.address, 0)
    if size in {0, content.triples}:
        return content.counts if size else {}
    given = {"beginning": content.target.graphs, "union": content.target.address}
    return _by_graph(publication.ask(engine.counting, "shared", **given))


def _replace(graph: str, lines: list[str], target: GraphStore, *, is_there: bool) -> None:
    if is_there:
        target.remove(graph)
    for start in range(0, len(lines), CHUNK):
        target.add(graph, "".join(lines[start : start + CHUNK]).encode())


class _Union:
    """Gathers the triples of many small graphs into few requests."""

    def __init__(self, target: GraphStore, graph: str) -> None:
        self._target = target
        self._graph = graph
        self._lines: list[str] = []

    def add(self, lines: Iterable[str]) -> None:
        self._lines.extend(lines)
        if len(self._lines) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        _replace(self._graph, self._lines, self._target, is_there=False)
        self._lines = []


def _verify(content: _Content, engine: Engine) -> None:
    """Raise StoreError where the engine does not count what the build has, graph by graph."""
    expected = {**content.counts, content.target.address: content.triples}
    there = _counts(engine.counting, content.target.address)
    wrong = [
        f"{graph}: {there.get(graph, 0):,} triples, expected {count:,}"
        for graph, count in sorted(expected.items())
        if there.get(graph, 0) != count
    ]
    if wrong:
        more = f"\n… and {len(wrong) - _LISTED} more" if len(wrong) > _LISTED else ""
        message = f"{engine.endpoint} does not hold the build; readers still see the one before:\n"
        raise StoreError(message + "\n".join(wrong[:_LISTED]) + more)


def _fill_default_graph(content: _Content, engine: Engine, *, force: bool) -> None:
    """Put the union into the engine's own default graph, where it has one, in one request.

    The atlas's own readers name their graphs; this is for everyone else's queries.
    """
    if publication.ask(engine.counting, "is-seen", build=content.target.address):
        return  # its default graph is the union of all graphs
    if force or _size(engine.counting) != content.triples:
        engine.store.replace_default(
            "".join(line for _, lines in content.graphs() for line in lines).encode()
        )
    if (found := _size(engine.counting)) != content.triples:
        message = f"{engine.endpoint}: the default graph has {found:,} triples, expected {content.triples:,}"
        raise StoreError(message)


def _remove_others(engine: Engine, kept: list[str]) -> int:
    """Remove the graphs of builds other than those, whole or left by an interrupted run."""
    begins = publication.folder()
    removed = 0
    for graph in _counts(engine.counting, begins):
        build = begins + graph.removeprefix(begins).split("/")[0]
        if build not in kept and build != publication.publications():
            engine.store.remove(graph)
            removed += 1
    return removed


def _told(target: Publication) -> bytes:
    """Return what the graph of publications says of a build; its position goes last, as it is the switch."""
    terms_of = {
        "http://purl.org/dc/terms/identifier": f'"{target.build_id}"',
        "http://purl.org/dc/terms/date": f'"{target.as_at}"',
        "http://purl.org/dc/terms/created": f'"{target.built_at}"',
        "https://schema.org/position": f'"{target.position}"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }
    return "".join(f"<{target.address}> <{name}> {value} .\n" for name, value in terms_of.items()).encode()


def _counts(engine: store.Store, beginning: str) -> dict[str, int]:
    return _by_graph(publication.ask(engine, "counts", beginning=beginning))


def _by_graph(answer: store.Answer) -> dict[str, int]:
    return {row["graph"]: int(row["triples"]) for row in store.table(answer).dicts()}


def _size(engine: store.Store) -> int:
    ((number,),) = store.table(publication.ask(engine, "size")).rows
    return int(store.text(number))
