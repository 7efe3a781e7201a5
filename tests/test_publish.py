"""Publishing: readers see the old build or the new one, an interrupted run resumes, counts are verified."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import replace

import pyoxigraph as ox
import pytest

from lanzarote_atlas import builds, publication, publish, settings, store, terms
from lanzarote_atlas.compile.statements import build_id
from lanzarote_atlas.errors import StoreError, UsageError
from lanzarote_atlas.store import embedded
from lanzarote_atlas.store.embedded import EmbeddedStore
from lanzarote_atlas.store.graph_store import GraphStore
from lanzarote_atlas.store.remote import RemoteStore
from tests import engines

GRAPHS = 30
THINGS = 60


def made(folder, version, graphs=GRAPHS):
    """A build in which every thing of every graph says which version it is of; two graphs share a triple."""
    quads = [
        ox.Quad(
            ox.NamedNode(terms.thing("thing", f"{graph}-{number}")),
            ox.NamedNode(terms.term("version")),
            ox.Literal(version),
            ox.NamedNode(terms.graph(f"data/{graph:03}")),
        )
        for graph in range(graphs)
        for number in range(THINGS)
    ]
    shared = (ox.NamedNode(terms.thing("thing", "shared")), ox.NamedNode(terms.term("version")))
    blank = ox.BlankNode(f"in{version}")
    quads += [
        ox.Quad(*shared, ox.Literal(version), ox.NamedNode(terms.graph(f"data/{n:03}"))) for n in (0, 1)
    ]
    quads.append(ox.Quad(shared[0], ox.NamedNode(terms.term("part")), blank, quads[0].graph_name))
    quads.append(ox.Quad(blank, ox.NamedNode(terms.term("part")), ox.Literal('é "\\\n'), quads[0].graph_name))
    quads.sort(key=lambda quad: str(quad.graph_name))
    folder.mkdir(parents=True)
    disk = ox.Store(str(folder / "store"))
    embedded.fill(disk, quads)
    disk.flush()
    ox.serialize(quads, str(folder / "atlas.trig"), format=ox.RdfFormat.TRIG)
    manifest = builds.Manifest(
        build_id(str(quad).encode() for quad in quads),
        version,
        len(quads),
        graphs,
        "2026-11-21",
        "2026-11-22T00:00:00Z",
    )
    (folder / "search.sqlite").touch()
    return builds.adopt(folder, manifest, folder.parent)


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    return made(tmp_path_factory.mktemp("old") / "made", "old")


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    return made(tmp_path_factory.mktemp("new") / "made", "new")


@pytest.fixture(scope="module")
def emptied(tmp_path_factory):
    """A Virtuoso server for this module, which takes its time to start."""
    with engines.virtuoso(tmp_path_factory.mktemp("virtuoso")) as running:
        yield running


@pytest.fixture(params=["oxigraph", "virtuoso"])
def engine(request):
    """An empty engine: one with a default graph of its own, one whose default graph is all its graphs."""
    if request.param == "oxigraph":
        with engines.oxigraph() as running:
            yield running
        return
    running = request.getfixturevalue("emptied")
    yield running
    with running.credentials():
        for graph in publish._counts(RemoteStore(running.endpoint), publication.folder()):
            GraphStore(running.graph_store).remove(graph)


@pytest.fixture(autouse=True)
def fresh_settings():
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()


VERSIONS = "SELECT DISTINCT ?version { ?thing lz:version ?version } ORDER BY ?version"
IN_GRAPHS = "SELECT DISTINCT ?version { GRAPH ?g { ?thing lz:version ?version } } ORDER BY ?version"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def texts(answering, query):
    return [store.text(row[0]) for row in store.table(answering.query(query)).rows]


def test_a_build_is_there_whole_with_each_triple_once(engine, old):
    outcome = engine.publish(old)
    assert (outcome.graphs, outcome.sent, outcome.triples) == (GRAPHS, GRAPHS, GRAPHS * THINGS + 3)
    reader = publication.opened(engine.endpoint)
    assert reader.build_id == old.manifest.build_id
    assert texts(reader, COUNT) == [str(GRAPHS * THINGS + 3)]
    own = EmbeddedStore.open(old.store, "")
    for query in (
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        "SELECT ?s ?v { ?s lz:version ?v } ORDER BY ?s ?v",
        "SELECT ?text { ?s lz:part ?b . ?b lz:part ?text }",
        "SELECT ?s ?v FROM graph:data\\/007 { ?s lz:version ?v } ORDER BY ?s",
    ):
        assert list(store.table(reader.query(query)).rows) == list(store.table(own.query(query)).rows)


def test_readers_see_the_old_build_or_the_new_one_and_never_a_mixture(engine, old, new):
    """Readers ask on while the new build is loaded, each for itself: over all graphs and by graph."""
    engine.publish(old)
    seen, done = [], threading.Event()

    def read(query):
        while not done.is_set():
            seen.append(tuple(texts(publication.opened(engine.endpoint), query)))

    readers = [threading.Thread(target=read, args=(query,)) for query in (VERSIONS, IN_GRAPHS)]
    for reader in readers:
        reader.start()
    try:
        engine.publish(new)
        time.sleep(0.3)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert len(seen) > 4
    assert set(seen) == {("old",), ("new",)}


def test_a_reader_of_the_build_before_can_finish(engine, old, new):
    engine.publish(old)
    reader = publication.opened(engine.endpoint)
    engine.publish(new)
    assert texts(reader, VERSIONS) == ["old"]
    assert texts(reader, IN_GRAPHS) == ["old"]


def test_builds_before_the_last_are_removed_and_an_earlier_one_can_come_back(
    engine, old, new, tmp_path_factory
):
    third = made(tmp_path_factory.mktemp("third") / "made", "third", graphs=2)
    for build in (old, new, third):
        engine.publish(build)
    assert texts(publication.opened(engine.endpoint), VERSIONS) == ["third"]
    kept = {third.manifest.build_id[:16], new.manifest.build_id[:16]}
    with engine.credentials():
        there = publish._counts(RemoteStore(engine.endpoint), publication.folder())
    begins = publication.folder()
    assert {graph.removeprefix(begins).split("/")[0] for graph in there} == kept | {"publications"}
    assert engine.publish(old).publication.position == 4
    assert texts(publication.opened(engine.endpoint), VERSIONS) == ["old"]


def test_publishing_again_sends_nothing(engine, old, monkeypatch):
    engine.publish(old)
    monkeypatch.setattr(GraphStore, "_send", lambda *_: pytest.fail("something was sent"))
    assert engine.publish(old).sent == 0


def test_an_interrupted_publication_is_resumed_and_readers_see_nothing_of_it(engine, old, new, tmp_path):
    """The command is killed half way; run again, it sends only what is not there."""
    engine.publish(old)
    values = {"LANZAROTE_ENDPOINT_USER": engine.user, "LANZAROTE_ENDPOINT_PASSWORD": engine.password}
    code = (
        "import sys, time\n"
        "from lanzarote_atlas import cli\n"
        "from lanzarote_atlas.store import graph_store\n"
        "send = graph_store.GraphStore._send\n"
        "def slow(*given):\n"
        "    print('sent', flush=True)\n"
        "    time.sleep(0.05)\n"
        "    send(*given)\n"
        "graph_store.GraphStore._send = slow\n"
        "cli.main()\n"
    )
    arguments = ["publish", "--endpoint", engine.endpoint, "--graph-store", engine.graph_store]
    environment = {**os.environ, **values, "LANZAROTE_STORE": str(new.folder.parent)}
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )
    for _ in range(GRAPHS // 2):
        assert process.stdout.readline() == "sent\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert texts(publication.opened(engine.endpoint), VERSIONS) == ["old"]
    outcome = engine.publish(new)
    assert 0 < outcome.sent < GRAPHS
    assert texts(publication.opened(engine.endpoint), VERSIONS) == ["new"]


def test_a_first_publication_that_is_not_whole_is_not_shown(engine, old, monkeypatch):
    monkeypatch.setattr(publish, "_verify", lambda *_: (_ for _ in ()).throw(StoreError("lost")))
    with pytest.raises(StoreError, match="lost"):
        engine.publish(old)
    with pytest.raises(StoreError, match="no whole build yet"):
        publication.opened(engine.endpoint)


def test_a_graph_that_does_not_arrive_whole_is_named_and_the_switch_not_made(engine, old, new, monkeypatch):
    engine.publish(old)
    send = GraphStore.add

    def lose(self, graph, triples):
        lines = triples.splitlines(keepends=True)
        send(self, graph, b"".join(lines[1:]) if graph.endswith("data/005") else triples)

    monkeypatch.setattr(GraphStore, "add", lose)
    with pytest.raises(
        StoreError, match=r"readers still see the one before(.|\n)*data/005: 59 triples, expected 60"
    ):
        engine.publish(new)
    assert texts(publication.opened(engine.endpoint), VERSIONS) == ["old"]
    monkeypatch.undo()
    assert engine.publish(new).sent == 1


def test_what_does_not_belong_into_a_graph_is_put_right(engine, old):
    engine.publish(old)
    graph = replace_graph(old, "data/003")
    with engine.credentials():
        GraphStore(engine.graph_store).add(graph, b"<http://x/s> <http://x/p> <http://x/o> .\n")
    assert engine.publish(old).sent == 1
    assert texts(publication.opened(engine.endpoint), "SELECT ?o { GRAPH ?g { <http://x/s> ?p ?o } }") == []


def replace_graph(build, name):
    manifest = build.manifest
    target = publication.Publication(manifest.build_id, 0, manifest.as_at, manifest.built_at)
    return f"{target.graphs}{name}"


def test_an_engine_with_a_default_graph_of_its_own_shows_it_whole_to_everyone(old, new):
    """Other clients ask Oxigraph without naming a graph; that graph changes in one request."""
    with engines.oxigraph() as engine:
        engine.publish(old)
        seen, done = [], threading.Event()

        def ask():
            query = f"SELECT ?v (COUNT(*) AS ?n) {{ ?s <{terms.term('version')}> ?v }} GROUP BY ?v"
            address = f"{engine.endpoint}?{urllib.parse.urlencode({'query': query})}"
            request = urllib.request.Request(address, headers={"Accept": "application/sparql-results+json"})
            while not done.is_set():
                with urllib.request.urlopen(request, timeout=20) as response:
                    rows = json.load(response)["results"]["bindings"]
                seen.append(tuple((row["v"]["value"], int(row["n"]["value"])) for row in rows))

        reader = threading.Thread(target=ask)
        reader.start()
        try:
            engine.publish(new)
            time.sleep(0.2)
        finally:
            done.set()
            reader.join()
        whole = GRAPHS * THINGS + 1
        assert set(seen) == {(("old", whole),), (("new", whole),)}


def test_an_engine_that_shows_more_than_the_graphs_named_is_refused(old):
    """Oxigraph can be told to; it could not hide a build that is being loaded."""
    with (
        engines.oxigraph("--union-default-graph") as engine,
        pytest.raises(StoreError, match="without --union-default-graph"),
    ):
        engine.publish(old)


def test_a_password_that_is_wrong_is_told_plainly(old, emptied):
    with pytest.raises(StoreError) as raised:
        replace(emptied, password="not the one").publish(old)  # noqa: S106 - wrong on purpose
    assert "refuses to be written" in str(raised.value)
    assert "not the one" not in str(raised.value)


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("http://h:7878/query", "http://h:7878/store"),
        ("https://h/ds/query", "https://h/ds/store"),
        ("http://h:8890/sparql", "http://h:8890/sparql-graph-crud"),
    ],
)
def test_the_graph_store_follows_from_a_known_endpoint(endpoint, expected, monkeypatch):
    monkeypatch.delenv("LANZAROTE_ENDPOINT_USER", raising=False)
    assert publish.graph_store_of(endpoint) == expected


def test_an_endpoint_of_another_form_needs_the_graph_store_named():
    with pytest.raises(UsageError, match="--graph-store"):
        publish.graph_store_of("http://h/repositories/atlas")
