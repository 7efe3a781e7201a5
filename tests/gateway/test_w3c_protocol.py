"""The protocol tests of the W3C: those of queries pass, and every update in them is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF
from rdflib.collection import Collection

from tests.gateway.conftest import serving

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "w3c" / "sparql11-protocol"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
RDFS = rdflib.RDFS
MISSING = "http://kasei.us/2009/09/sparql/data/data0.rdf"
"""A graph that the tests name and give no data for."""
TYPES = {
    "boolean": "application/sparql-results+json",
    "tabular": "application/sparql-results+json",
    "RDF": "text/turtle",
}
UPDATES = "update="


@cache
def manifest() -> rdflib.Graph:
    return rdflib.Graph().parse(FOLDER / "manifest.ttl")


def names(prefixes: tuple[str, ...]) -> list[str]:
    """Return the names of the manifest's tests that begin so."""
    if not FOLDER.is_dir():
        return []
    tests = manifest().subjects(RDF.type, MF.ProtocolTest)
    return sorted(name for test in tests if (name := str(test).rpartition("#")[2]).startswith(prefixes))


def requests(name: str) -> list[rdflib.term.Node]:
    """Return the requests of a test, in order."""
    graph = manifest()
    test = next(t for t in graph.subjects(RDF.type, MF.ProtocolTest) if str(t).endswith(f"#{name}"))
    connection = graph.value(test, MF.action)
    return list(Collection(graph, graph.value(connection, HT.requests)))


def send(service, request):
    """Send one request of the manifest to the service, its path /sparql/ as it stands."""
    graph = manifest()
    headers = {}
    listed = graph.value(request, HT.headers)
    for header in Collection(graph, listed) if listed else []:
        name = str(graph.value(header, HT.fieldName)).replace("-", "_")
        headers[name.title()] = str(graph.value(header, HT.fieldValue))
    body = graph.value(request, HT.body)
    content = None
    if body is not None:
        content = str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding)))
    return service.request(
        str(graph.value(request, HT.methodName)),
        str(graph.value(request, HT.absolutePath)),
        content,
        **headers,
    )


def expected(request):
    """Return the classes of status allowed, the truth value and the kind of result, where they are given."""
    graph = manifest()
    response = graph.value(request, HT.resp)
    statuses = {str(status)[-3] for status in graph.objects(response, MF.expectedStatus)}
    truth = graph.value(response, MF.expectedBoolean)
    kind = graph.value(response, MF.expectedFormat)
    return statuses, None if truth is None else truth.toPython(), None if kind is None else str(kind)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The service over the manifest's data, each file in the graph that its label names."""
    if not FOLDER.is_dir():
        pytest.skip(f"the W3C's tests are not beside the project: no folder shared/{FOLDER.name}")
    work = tmp_path_factory.mktemp("w3c")
    store = ox.Store(str(work / "store"))
    graph = manifest()
    for data in set(graph.objects(None, UT.graphData)):
        file, label = graph.value(data, UT.graph), graph.value(data, RDFS.label)
        content = (FOLDER / str(file).rpartition("/")[2]).read_bytes()
        store.load(content, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(str(label)))
    store.add_graph(ox.NamedNode(MISSING))
    store.flush()
    del store
    with serving(work / "store", work / "log") as running:
        yield running


def test_the_manifest_has_tests_of_both_kinds():
    if not FOLDER.is_dir():
        pytest.skip("the W3C's tests are not beside the project")
    assert len(names(("query", "bad_query", "bad_multiple_queries"))) == 20
    assert len(names(("update", "bad_update", "bad_multiple_updates"))) == 14


@pytest.mark.parametrize("name", names(("query", "bad_query", "bad_multiple_queries")))
def test_a_test_of_queries_passes(name, served):
    for request in requests(name):
        statuses, truth, kind = expected(request)
        reply = send(served, request)
        assert str(reply.status)[0] in statuses, reply.body
        if truth is not None:
            assert reply.json()["boolean"] is truth
        if kind:
            assert reply.headers["content-type"].startswith(TYPES[kind])


@pytest.mark.parametrize("name", names(("update", "bad_update", "bad_multiple_updates")))
def test_every_update_is_refused_and_changes_nothing(name, served):
    count = served.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", Cache_Control="no-cache").body
    update = requests(name)[0]
    reply = send(served, update)
    assert 400 <= reply.status < 500
    assert reply.json()["allowed"]
    after = served.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", Cache_Control="no-cache").body
    assert after == count
