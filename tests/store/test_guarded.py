"""Readers' own queries over a build: refused, answered, or ended in the engine."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pyoxigraph as ox
import pytest

from lanzarote_atlas import settings, terms
from lanzarote_atlas.errors import QueryError, RefusedError, StoreError
from lanzarote_atlas.store import Table, Triples, oxigraph_command
from lanzarote_atlas.store.embedded import EmbeddedStore, fill
from lanzarote_atlas.store.guarded import GuardedEndpoint, GuardedStore
from tests.store.test_guard import HOSTILE

GRAPH = terms.graph("ontology")
ENDLESS = {
    "a cartesian product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "a sorted cartesian product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "a long path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:a>)* ?b . ?c (!<x:b>)* ?d . ?e (!<x:c>)* ?f }",
    "a text that doubles": "SELECT (STRLEN(?x60) AS ?n) { BIND('aaaaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(60))
    + " }",
    "a sum as deep as the engine's stack": f"SELECT (1{'+1' * 20000} AS ?x) {{}}",
    "an expression on every triple of rows": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    "FILTER(REGEX(STR(?c), CONCAT('(x+x+)+', STR(?f), STR(?i)))) }",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A store of 300 triples: too many to join three times without a condition."""
    place = tmp_path_factory.mktemp("guarded") / "store"
    store = ox.Store(str(place))
    graph = ox.NamedNode(GRAPH)
    node = ox.NamedNode
    fill(store, [ox.Quad(node(f"x:{n}"), node("x:p"), node(f"x:{(n * 7) % 300}"), graph) for n in range(300)])
    store.flush()
    del store
    return place


@pytest.fixture
def limited(monkeypatch):
    """Set limits for one test."""

    def limit(**limits):
        for name, value in limits.items():
            monkeypatch.setenv(f"LANZAROTE_{name.upper()}", str(value))
        settings.current.cache_clear()

    yield limit
    monkeypatch.undo()
    settings.current.cache_clear()


def processes():
    """Return the processes of the engine that this one has started and not yet buried, by their numbers."""
    command = ["ps", "--ppid", str(os.getpid()), "-o", "pid=,comm="]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return {line.split()[0] for line in listed.stdout.splitlines() if line.split()[1] == "oxigraph"}


def refused(store, query):
    with pytest.raises(RefusedError) as caught:
        store.query(query)
    return caught.value


def test_it_answers_as_the_embedded_store_does(folder):
    embedded, guarded = EmbeddedStore.open(folder, "b"), GuardedStore(folder, "b")
    for query in ("SELECT * { ?s ?p ?o } ORDER BY ?s", "ASK { <x:1> ?p ?o }", "ASK { <x:no> ?p ?o }"):
        assert guarded.query(query) == embedded.query(query)
    answer = guarded.query("CONSTRUCT { ?s a ?o } WHERE { ?s ?p ?o } ORDER BY ?s")
    assert isinstance(answer, Triples)
    assert len(answer.triples) == 300
    assert guarded.build_id == "b"


def test_graphs_of_the_dataset_may_be_named_and_no_other(folder):
    store = GuardedStore(folder, "")
    assert store.query(f"ASK FROM <{GRAPH}> {{ <x:1> ?p ?o }}") is True
    assert store.query(f"ASK FROM NAMED <{GRAPH}> {{ <x:1> ?p ?o }}") is False
    assert refused(store, "ASK FROM <x:other> {}").code == "graph"


@pytest.mark.parametrize("what", ENDLESS)
def test_a_query_that_would_not_end_is_ended_and_leaves_no_process(folder, limited, what):
    limited(query_seconds=1.5, query_megabytes=600)
    before = processes()  # servers that other tests hold open
    start = time.monotonic()
    assert refused(GuardedStore(folder, ""), ENDLESS[what]).code in ("time", "memory")
    assert time.monotonic() - start < 10
    assert processes() <= before


def test_an_answer_of_too_many_bytes_is_ended(folder, limited):
    limited(query_bytes=1000)
    assert refused(GuardedStore(folder, ""), "SELECT * { ?s ?p ?o }").code == "bytes"


def test_an_answer_of_too_many_rows_is_cut_off_and_says_so(folder, limited):
    limited(query_rows=10)
    answer = GuardedStore(folder, "").query("SELECT * { ?s ?p ?o }")
    assert isinstance(answer, Table)
    assert (len(answer.rows), answer.truncated) == (10, True)
    assert GuardedStore(folder, "").query("SELECT * { ?s ?p ?o } LIMIT 10").truncated is False


def test_a_fault_that_only_the_engine_sees_is_told_at_the_reader_s_place(folder):
    with pytest.raises(QueryError, match=r"could not be answered: error at line 1, column \d\d?: ") as caught:
        GuardedStore(folder, "").query("SELECT ?x (SUM(?y) AS ?z) { ?a skos:note ?y }")
    assert "backtrace" not in str(caught.value)


def test_the_store_on_disk_is_not_changed(folder):
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    GuardedStore(folder, "").query("ASK {}")
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_no_hostile_query_calls_the_canary_or_reads_its_file(folder, tmp_path, canary):
    file = tmp_path / "canary.ttl"
    file.write_text("<x:canary> <x:was> <x:read> .")
    before = file.stat().st_atime_ns
    os.utime(file, ns=(before - 10**15, before - 10**15))
    store = GuardedStore(folder, "")
    for entry in HOSTILE:
        query = entry["query"].replace("CANARYFILE", str(file)).replace("CANARY", canary.address)
        with pytest.raises(QueryError):
            store.query(query)
    assert canary.calls == []
    assert file.stat().st_atime_ns == before - 10**15


def test_the_canary_hears_a_call(canary):
    """A canary that is deaf would prove nothing: the bare engine does call it."""
    with pytest.raises((OSError, RuntimeError)):
        list(ox.Store().query(f"SELECT * {{ SERVICE <{canary.address}> {{ ?s ?p ?o }} }}"))
    assert canary.calls


@pytest.fixture
def canary():
    """A server on this machine that notes every call."""
    calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_error(500)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *_arguments):
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.calls, server.address = calls, f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_endpoint_s_queries_pass_the_same_guard(folder):
    store = GuardedEndpoint(EmbeddedStore.open(folder, "b"))
    assert store.build_id == "b"
    assert store.query(f"ASK FROM <{GRAPH}> {{ <x:1> ?p ?o }}") is True
    assert refused(store, "ASK FROM <x:other> {}").code == "graph"
    assert refused(store, "DROP ALL").code == "update"


def test_without_the_program_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(oxigraph_command.sysconfig, "get_path", lambda _name: "/nowhere")
    monkeypatch.setattr(oxigraph_command.shutil, "which", lambda _name: None)
    with pytest.raises(StoreError, match="install the package again"):
        oxigraph_command.command("query")
