"""The service in front of an engine with published builds: it serves the newest as if from a folder."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from lanzarote_atlas import catalogue, publication, store, terms
from lanzarote_atlas.gateway import engines as gateway_engines
from lanzarote_atlas.store.remote import Dataset
from tests import engines
from tests.gateway.conftest import serving
from tests.test_publish import made

ROWS = "application/sparql-results+json"
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { id:state\\/DNK ?p ?o } } ORDER BY ?g"
ONTOLOGY = terms.graph("ontology")


@pytest.fixture(scope="module")
def published(oxigraph, tmp_path_factory):
    """The service over an engine with the build of the real data, named by the setting alone."""
    folder = tmp_path_factory.mktemp("published")
    with serving(folder, folder / "log", "--host", "127.0.0.1", endpoint=oxigraph.endpoint) as running:
        yield running


def values(reply, name):
    """Return one column of an answer in JSON."""
    assert reply.status == 200, reply.body
    return [row[name]["value"] for row in reply.json()["results"]["bindings"]]


def test_a_plain_query_sees_the_build_each_triple_once(published, atlas):
    counted = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert values(published.query(counted), "n") == [store.text(store.table(atlas.query(counted)).rows[0][0])]


def test_a_named_query_gives_the_same_rows(published, atlas):
    query = catalogue.find("which-states-apply-a-principle")
    text = query.bound(query.example)
    reply = published.query(text, Accept="text/csv")
    assert len(reply.body.decode().splitlines()) == 1 + len(store.table(atlas.query(text)).rows)


@pytest.mark.parametrize(
    "accept", [ROWS, "text/csv", "application/sparql-results+xml", "text/tab-separated-values"]
)
def test_graphs_have_the_addresses_of_the_atlas_in_every_format(published, atlas, accept):
    reply = published.query(GRAPHS, Accept=accept)
    for row in store.table(atlas.query(GRAPHS)).rows:
        assert store.text(row[0]) in reply.body.decode()
    assert publication.folder() not in reply.body.decode()


def test_a_query_may_name_graphs_by_address_prefix_or_text(published):
    for pattern in (
        "GRAPH <https://w3id.org/lanzarote-atlas/graph/data/states/DNK> { id:state\\/DNK a lz:State }",
        "GRAPH graph:data\\/states\\/DNK { id:state\\/DNK a lz:State }",
        "GRAPH ?g { id:state\\/DNK a lz:State } FILTER (?g = graph:data\\/states\\/DNK)",
        "GRAPH ?g { id:state\\/DNK a lz:State } FILTER (STRSTARTS(STR(?g), 'https://w3id.org/lanzarote-atlas/graph/data/'))",
    ):
        assert published.query(f"ASK {{ {pattern} }}").json() == {"head": {}, "boolean": True}, pattern


def test_the_dataset_of_the_query_is_that_of_the_build(published):
    classes = "SELECT ?c {} {{ ?c a owl:Class }} ORDER BY ?c"
    everywhere = values(published.query(classes.format("")), "c")
    assert values(published.query(classes.format(f"FROM <{ONTOLOGY}>")), "c") == everywhere != []
    assert values(published.query(classes.format(f"FROM NAMED <{ONTOLOGY}>")), "c") == []
    elsewhere = published.query(classes.format("FROM <https://w3id.org/lanzarote-atlas/build/publications>"))
    assert (elsewhere.status, elsewhere.json()["code"]) == (403, "graph")


def test_the_dataset_of_the_protocol_stands_in_place_of_that_of_the_query(published):
    states = "SELECT ?s FROM graph:ontology { ?s a lz:State }"
    assert values(published.query(states), "s") == []
    one = ("default-graph-uri", terms.graph("data/states/DNK"))
    assert values(published.query(states, one), "s") == [terms.thing("state", "DNK")]
    named = ("named-graph-uri", terms.graph("data/states/DNK"))
    assert values(published.query("SELECT ?g { GRAPH ?g { ?s a lz:State } }", named), "g") == [named[1]]
    assert published.query("ASK {}", ("default-graph-uri", "https://elsewhere.example/")).status == 403


def test_a_graph_that_a_query_leaves_unnamed_is_one_of_the_build(published, atlas):
    asked = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert values(published.query(asked), "n") == [store.text(store.table(atlas.query(asked)).rows[0][0])]


def test_triples_come_in_formats_of_rdf(published):
    for accept in ("text/turtle", "application/n-triples", "application/ld+json", "application/trig"):
        reply = published.query("DESCRIBE id:state\\/DNK", Accept=accept)
        assert (reply.status, reply.headers["content-type"].split(";")[0]) == (200, accept)
        assert "Danmark" in reply.body.decode()


def test_the_service_is_described_with_the_graphs_of_the_build(published):
    described = published.request("GET", "/sparql", Accept="application/n-triples").body.decode()
    assert f"<{ONTOLOGY}>" in described
    assert publication.folder() not in described


def test_answers_have_the_tag_of_the_build(published, built):
    first = published.query("SELECT ?s { ?s a lz:State } ORDER BY ?s")
    assert first.headers["x-build"] == built.manifest.build_id[:16]
    again = published.query("SELECT ?s { ?s a lz:State } ORDER BY ?s", If_None_Match=first.headers["etag"])
    assert again.status == 304


def test_a_thing_has_its_data_and_the_dataset_its_description(published, built):
    led = published.request("GET", "/id/state/DNK", Accept="text/turtle")
    assert (led.status, led.headers["location"]) == (303, "/data/id/state/DNK.ttl")
    assert "Danmark" in published.request("GET", "/data/id/state/DNK.ttl").body.decode()
    assert published.request("GET", "/ontology.ttl").status == 200
    assert built.manifest.build_id in published.request("GET", "/.well-known/void").body.decode()
    assert published.request("GET", "/health").json()["build"] == built.manifest.build_id


def test_no_dump_is_promised_where_there_is_none(published):
    assert published.request("GET", "/dumps/atlas.nq.gz").status == 404
    assert "dumps/" not in published.request("GET", "/.well-known/void").body.decode()


def test_what_is_published_next_is_served_without_a_restart_and_changes_every_tag(tmp_path):
    asked = "SELECT DISTINCT ?v { ?s lz:version ?v }"
    with engines.oxigraph() as engine:
        engine.publish(made(tmp_path / "old" / "made", "old"))
        with serving(tmp_path, tmp_path / "log", "--endpoint", engine.endpoint) as service:
            old = service.query(asked)
            assert values(old, "v") == ["old"]
            new_build = made(tmp_path / "new" / "made", "new")
            engine.publish(new_build)
            fresh = new_build.manifest.build_id[:16]
            end = time.monotonic() + 30
            while service.query(asked).headers["x-build"] != fresh and time.monotonic() < end:
                time.sleep(0.2)
            new = service.query(asked, If_None_Match=old.headers["etag"])
            assert (new.status, new.headers["x-build"]) == (200, fresh)
            assert values(new, "v") == ["new"]
            assert {"event": "build-served", "build": new_build.manifest.build_id}.items() <= next(
                line for line in service.log() if line.get("event") == "build-served"
            ).items()


def test_an_address_that_is_cut_in_two_is_still_renamed():
    dataset = Dataset("https://x/build/1", (), "https://x/graph/", "https://x/build/1/graph/")
    body = json.dumps(["https://x/build/1/graph/a", "æ", "https://x/build/1/graph/b"] * 3).encode()

    async def pieces(size):
        for start in range(0, len(body), size):
            yield body[start : start + size]

    async def whole(size):
        return b"".join([chunk async for chunk in gateway_engines._shown(pieces(size), dataset)])

    for size in (1, 2, 7, 24, 1000):
        assert asyncio.run(whole(size)) == body.replace(b"/build/1/graph/", b"/graph/")
