"""The service over HTTP: protocol, formats, caching, limits, linked data, and engines that die."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib

from lanzarote_atlas import terms
from lanzarote_atlas.gateway import formats
from tests.gateway.conftest import serving
from tests.store.test_guard import HARMLESS, HOSTILE
from tests.store.test_guarded import ENDLESS, canary  # noqa: F401 - a fixture

STATES = "SELECT ?state ?label { ?state a lz:State ; skos:prefLabel ?label } ORDER BY ?state ?label"
TRIPLES = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c FILTER(?c = lz:State) } ORDER BY ?s"
BASE = "https://w3id.org/lanzarote-atlas/"
SECONDS = 60


# --- formats


@pytest.mark.parametrize("media_type", formats.TABLES)
@pytest.mark.parametrize("query", [STATES, "ASK { ?s a lz:State }"])
def test_rows_and_truth_values_come_in_every_format(service, query, media_type):
    reply = service.query(query, Accept=media_type)
    assert reply.status == 200
    assert reply.headers["content-type"].partition(";")[0] == media_type
    if media_type.startswith("text/"):
        assert reply.body.decode().startswith(("?state\t", "state,", "true"))
    else:
        read = ox.parse_query_results(reply.body, format=ox.QueryResultsFormat.from_media_type(media_type))
        assert bool(read) is True if isinstance(read, ox.QueryBoolean) else len(list(read)) > 51


@pytest.mark.parametrize("media_type", formats.GRAPHS)
def test_triples_come_in_every_format(service, media_type):
    reply = service.query(TRIPLES, Accept=media_type)
    assert reply.headers["content-type"].partition(";")[0] == media_type
    read = ox.parse(reply.body, format=ox.RdfFormat.from_media_type(media_type))
    assert ox.NamedNode(terms.thing("state", "DNK")) in {quad.subject for quad in read}


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", "application/sparql-results+xml"),
        ("text/*", "text/csv"),
        ("text/*;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
        ("application/json", "application/json"),
        ("application/x-unknown, */*;q=0.1", "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
    ],
)
def test_the_format_preferred_is_chosen_by_its_quality(service, accept, chosen):
    assert service.query(STATES, Accept=accept).headers["content-type"].partition(";")[0] == chosen


def test_a_format_that_is_not_offered_is_406_with_the_list(service):
    reply = service.query(STATES, Accept="image/png, text/csv;q=0")
    assert reply.status == 406
    assert all(media_type in reply.json()["allowed"] for media_type in formats.TABLES)


# --- protocol


def test_the_three_forms_of_a_request_have_the_same_answer(service):
    get = service.query(STATES)
    form = service.query(STATES, method="POST")
    direct = service.request("POST", "/sparql", STATES.encode(), Content_Type="application/sparql-query")
    assert get.status == form.status == direct.status == 200
    assert get.body == form.body == direct.body


def test_the_dataset_of_the_protocol_stands_in_place_of_that_of_the_query(service):
    query = "SELECT (COUNT(*) AS ?n) { ?s a owl:Class }"
    ontology, other = terms.graph("ontology"), terms.graph("vocabulary/theme")

    def count(text, *fields):
        return int(service.query(text, *fields).json()["results"]["bindings"][0]["n"]["value"])

    assert count(query, ("default-graph-uri", ontology)) > 10
    assert count(query, ("default-graph-uri", other)) == 0
    named = query.replace(" {", f" FROM <{ontology}> {{", 1)
    assert count(named) > 10
    assert count(named, ("default-graph-uri", other)) == 0
    assert service.query(query, ("default-graph-uri", "http://127.0.0.1:1/")).status == 403
    assert service.query(query, ("named-graph-uri", "file:///etc/passwd")).json()["code"] == "graph"


def test_head_has_the_headers_of_get_and_no_body(service):
    get, head = service.query(STATES), service.query(STATES, method="HEAD")
    assert head.body == b""
    for name in ("etag", "content-type", "content-length"):
        assert head.headers[name] == get.headers[name]


def test_options_says_what_is_taken_and_any_origin_may_ask(service):
    reply = service.request("OPTIONS", "/sparql")
    assert (reply.status, reply.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    preflight = service.request(
        "OPTIONS",
        "/sparql",
        Origin="https://example.org",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="content-type",
    )
    assert preflight.status == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert service.query("ASK {}", Origin="https://example.org").headers["access-control-allow-origin"] == "*"


def test_other_methods_are_refused(service):
    reply = service.request("PUT", "/sparql", b"ASK {}", Content_Type="application/sparql-query")
    assert (reply.status, reply.json()["code"]) == (405, "method-not-allowed")


def test_the_bare_address_describes_the_service(service):
    graph = rdflib.Graph().parse(data=service.request("GET", "/sparql").body, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    [described] = graph.subjects(rdflib.RDF.type, sd.Service)
    assert graph.value(described, sd.endpoint) == rdflib.URIRef(f"{service.address}/sparql")
    named = {str(name) for name in graph.objects(None, sd.name)}
    assert terms.graph("ontology") in named
    page = service.request("GET", "/", Accept="text/html")
    assert b"<form" in page.body


# --- caching


def test_a_request_that_has_the_answer_costs_no_engine(service):
    first = service.query(STATES)
    tag = first.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{40}"', tag)
    again = service.query(STATES, If_None_Match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert service.query(STATES, If_None_Match='"other"').status == 200


def test_formats_codings_and_queries_have_tags_of_their_own(service):
    tags = {
        service.query(STATES).headers["etag"],
        service.query(STATES, Accept="text/csv").headers["etag"],
        service.query(STATES, Accept_Encoding="gzip").headers["etag"],
        service.query(STATES.replace("?label", "?name")).headers["etag"],
        service.query(STATES, ("default-graph-uri", terms.graph("ontology"))).headers["etag"],
    }
    assert len(tags) == 5


def test_a_query_that_differs_in_comments_alone_has_the_same_tag(service):
    assert service.query(f"{STATES} # again").headers["etag"] == service.query(STATES).headers["etag"]


def test_what_changes_each_time_has_no_tag_and_is_not_kept(service):
    first, second = (service.query("SELECT (UUID() AS ?x) {}") for _ in range(2))
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"
    assert first.body != second.body


def test_an_answer_is_compressed_where_that_is_taken(service):
    plain = service.query(STATES)
    packed = service.query(STATES, Accept_Encoding="br, gzip;q=0.8")
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 3
    assert gzip.decompress(packed.body) == plain.body
    assert "content-encoding" not in service.query(STATES, Accept_Encoding="gzip;q=0").headers
    assert "Accept-Encoding" in plain.headers["vary"]


def test_a_large_answer_is_streamed_whole_and_compressed(service):
    query = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 20000"
    plain = service.query(query)
    assert plain.headers["transfer-encoding"] == "chunked"
    assert len(plain.json()["results"]["bindings"]) == 20000
    assert gzip.decompress(service.query(query, Accept_Encoding="gzip").body) == plain.body


# --- errors, identifiers, log


def test_an_error_has_one_shape(service):
    reply = service.query("SELECT * {\n ?s ?p }", X_Request_Id="test-1")
    assert reply.status == 400
    assert reply.headers["content-type"] == "application/json"
    assert list(reply.json()) == ["status", "code", "message", "allowed", "line", "column", "request"]
    assert (reply.json()["line"], reply.json()["column"], reply.json()["request"]) == (2, 8, "test-1")
    for bad in (
        service.request("GET", "/nothing"),
        service.request("POST", "/sparql", b"x", Content_Type="text/plain"),
        service.request("GET", "/sparql?query=ASK{}&query=ASK{}"),
        service.request("GET", "/sparql?query=%ff"),
        service.request("GET", "/id/state/NOWHERE"),
        service.query("SELECT ?x (SUM(?y) AS ?z) { ?a skos:note ?y }"),
    ):
        assert 400 <= bad.status < 500
        assert list(bad.json()) == ["status", "code", "message", "allowed", "request"]
        assert bad.json()["status"] == bad.status


def test_a_request_is_known_by_its_identifier_in_answer_and_log(service):
    given = service.query("ASK {}", X_Request_Id="abc.123")
    assert given.headers["x-request-id"] == "abc.123"
    forged = service.query("ASK {}", X_Request_Id='x"},{"y')
    assert re.fullmatch(r"[0-9a-f]{32}", forged.headers["x-request-id"])
    [line] = [line for line in service.log() if line.get("request") == "abc.123"]
    assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "GET", "/sparql", 200)
    assert line["bytes"] == len(given.body)


# --- the guard


def test_every_hostile_query_is_refused_and_the_canary_is_never_called(service, canary, tmp_path):  # noqa: F811
    file = tmp_path / "canary.ttl"
    file.write_text("<x:canary> <x:was> <x:read> .")
    os.utime(file, ns=(10**18, 10**18))
    statuses = set()
    for entry in HOSTILE:
        query = entry["query"].replace("CANARYFILE", str(file)).replace("CANARY", canary.address)
        reply = service.query(query)
        assert reply.json()["code"] == entry["code"], query
        statuses.add(reply.status)
    assert statuses <= {400, 403, 413}
    assert canary.calls == []
    assert file.stat().st_atime_ns == 10**18


def test_every_harmless_query_is_answered(few_triples):
    """But for those that ask for a function that no engine has."""
    failed = {}
    for query in HARMLESS:
        reply = few_triples.query(query)
        if reply.status != 200:
            failed[query] = reply.json()["message"]
    assert all("not supported" in why for why in failed.values()), failed
    assert len(failed) < 5


@pytest.fixture
def few_triples(tmp_path):
    """The service over a bare store with one triple, so that nothing takes long."""
    store = ox.Store(str(tmp_path / "store"))
    triple = [ox.NamedNode(f"x:{part}") for part in "spo"]
    store.extend([ox.Quad(*triple), ox.Quad(*triple, ox.NamedNode(terms.graph("ontology")))])
    store.flush()
    del store
    with serving(tmp_path / "store", tmp_path / "log") as running:
        yield running


def test_a_row_limit_is_told(service):
    assert service.query("SELECT * { ?s a lz:State }").headers["x-row-limit"] == "50000"
    assert "x-row-limit" not in service.query("SELECT * { ?s a lz:State } LIMIT 5").headers


@pytest.fixture(scope="module")
def strict(built, tmp_path_factory):
    """The service with limits that a test can reach."""
    limits = {"query_seconds": "3", "query_megabytes": "700", "query_bytes": "3000000", "query_rows": "9000"}
    log = tmp_path_factory.mktemp("strict") / "log"
    with serving(built.folder.parent, log, concurrency="2", queue="2", rate="1000", **limits) as running:
        yield running


def wait_for(service, count):
    end = time.monotonic() + SECONDS
    while len(service.engines()) != count and time.monotonic() < end:
        time.sleep(0.05)
    assert len(service.engines()) == count


@pytest.mark.parametrize("what", ENDLESS)
def test_a_query_past_its_limits_is_ended_in_the_engine_and_the_service_goes_on(strict, what):
    wait_for(strict, 2)
    before = set(strict.engines())
    start = time.monotonic()
    reply = strict.query(ENDLESS[what])
    assert time.monotonic() - start < 20
    assert (reply.status, reply.json()["code"]) in {(504, "time"), (507, "memory")}
    after = strict.query("ASK { ?s a lz:State }", Cache_Control="no-cache").json()
    assert after.get("boolean") is True, after
    end = time.monotonic() + SECONDS
    while before <= set(strict.engines()) and time.monotonic() < end:
        time.sleep(0.05)  # one that was killed is listed until it is buried
    assert len(before - set(strict.engines())) in (1, 2)  # one that is lost early is asked for once more
    wait_for(strict, 2)


def test_an_answer_that_grows_too_large_breaks_off_and_does_not_look_whole(strict):
    wait_for(strict, 2)
    with pytest.raises((http.client.IncompleteRead, OSError)):
        strict.query("SELECT * { ?s ?p ?o . ?s ?q ?r }", X_Request_Id="too-large")
    [line] = [line for line in strict.log() if line.get("request") == "too-large"]
    assert (line["whole"], line["refused"]) == (False, "bytes")
    assert "Traceback" not in strict.log_file.read_text()


def test_more_queries_than_may_wait_are_turned_away_and_told_when_to_come_back(strict):
    wait_for(strict, 2)
    slow = ENDLESS["a cartesian product"]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda n: strict.query(f"{slow} # {n}", Cache_Control="no-cache"), range(8)))
    turned = [reply for reply in replies if reply.status == 503]
    assert turned
    assert {reply.json()["code"] for reply in turned} == {"busy"}
    assert turned[0].headers["retry-after"] == "1"


def test_an_engine_that_dies_is_replaced_and_nobody_notices(strict):
    wait_for(strict, 2)
    victim = strict.engines()[0]
    os.kill(victim, signal.SIGKILL)
    for number in range(6):
        assert strict.query(f"ASK {{ ?s a lz:State }} # {number}", Cache_Control="no-cache").status == 200
    wait_for(strict, 2)
    assert victim not in strict.engines()
    assert any(line["event"] == "engine-ended" for line in strict.log())


def test_a_client_that_asks_too_often_is_held_back(built, tmp_path):
    with serving(built.folder.parent, tmp_path / "log", rate="0.2", concurrency="1") as service:
        assert service.query("ASK { ?s ?p 1 }").status == 200
        assert service.query("ASK { ?s ?p 2 }").status == 200
        reply = service.query("ASK { ?s ?p 3 }")
        assert (reply.status, reply.json()["code"]) == (429, "rate")
        assert service.query("ASK { ?s ?p 1 }").status == 200  # kept: costs no engine


def test_a_new_build_is_served_without_a_restart_and_changes_every_tag(built, tmp_path):
    from lanzarote_atlas import builds
    from tests import small_project

    out = tmp_path / "builds"
    out.mkdir()
    (out / built.folder.name).symlink_to(built.folder)
    (out / "current").write_text(built.folder.name)
    with serving(out, tmp_path / "log", concurrency="1", query_seconds="1") as service:
        old = service.query("ASK {}")
        assert old.headers["x-build"] == built.manifest.build_id[:16]
        with small_project.using(tmp_path / "small") as project:
            made = project.build().build
        made.folder.rename(out / made.folder.name)
        (out / "current").write_text(made.folder.name)
        fresh = builds.current(out).manifest.build_id[:16]
        end = time.monotonic() + 30
        while service.query("ASK {}").headers["x-build"] != fresh and time.monotonic() < end:
            time.sleep(0.2)
        new = service.query("ASK {}", If_None_Match=old.headers["etag"])
        assert (new.status, new.headers["x-build"]) == (200, fresh)
        wait_for(service, 1)


def test_a_remote_engine_is_served_through_the_same_guard(service, tmp_path):
    with serving(tmp_path, tmp_path / "log", "--endpoint", f"{service.address}/sparql") as remote:
        assert remote.query(STATES).json() == service.query(STATES).json()
        assert "etag" not in remote.query(STATES).headers
        assert remote.query("ASK { SERVICE <http://127.0.0.1:1/> {} }").json()["code"] == "service"
        assert remote.query("ASK FROM <http://127.0.0.1:1/> {}").json()["code"] == "graph"
        assert remote.query(f"ASK FROM <{terms.graph('ontology')}> {{ lz:State a owl:Class }}").json()[
            "boolean"
        ]
        assert remote.engines() == []


# --- linked data


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("/id/state/DNK", "text/html", "http://127.0.0.1:8501/state?state=DNK"),
        ("/id/recommendation/II-3", "text/html", "http://127.0.0.1:8501/recommendations?recommendation=II-3"),
        ("/id/state/DNK", "text/turtle", "/data/id/state/DNK.ttl"),
        ("/id/state/DNK", "application/ld+json, text/html;q=0.9", "/data/id/state/DNK.jsonld"),
        ("/id/provision/cets-201/art-25/2", "*/*", "/data/id/provision/cets-201/art-25/2.ttl"),
        ("/vocabulary/position/yes", "text/html", "/ontology.html#vocabulary/position/yes"),
        ("/vocabulary/position/yes", "application/rdf+xml", "/data/vocabulary/position/yes.rdf"),
        ("/vocabulary/criterion/jurisdiction.passive-personality", "text/turtle", None),
        ("/ontology", "text/html", "/ontology.html"),
        ("/ontology", "text/turtle", "/ontology.ttl"),
        ("/ontology", "*/*", "/ontology.ttl"),
    ],
)
def test_an_address_leads_to_its_page_or_its_data(service, path, accept, target):
    reply = service.request("GET", path, Accept=accept)
    assert reply.status == 303
    assert reply.headers["location"] == (target or f"/data{path}.ttl")
    if reply.headers["location"].startswith("/"):
        assert service.request("GET", reply.headers["location"].partition("#")[0]).status == 200


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdf", "trig", "nq"])
def test_a_thing_as_data_says_what_the_atlas_says(service, ending):
    reply = service.request("GET", f"/data/id/state/DNK.{ending}")
    quads = ox.parse(reply.body, format=ox.RdfFormat.from_extension(ending))
    said = {(quad.predicate.value, quad.object.value) for quad in quads if "DNK" in quad.subject.value}
    assert (terms.term("iso3"), "DNK") in said


@pytest.mark.parametrize(
    "path",
    [
        "/id/state/XXX",
        "/id/<script>",
        "/id/%3Cscript%3E",
        "/data/id/state/DNK",
        "/data/id/state/XXX.ttl",
        "/id/",
    ],
)
def test_an_address_that_nothing_has_is_404(service, path):
    assert service.request("GET", path.replace("<", "%3C").replace(">", "%3E")).status == 404


def test_the_page_of_the_ontology_shows_every_class_and_concept(service):
    page = service.request("GET", "/ontology.html").body.decode()
    for anchor in ("State", "Assessment", "vocabulary/position/yes", "vocabulary/gap-kind/conflicting"):
        assert f'id="{anchor}"' in page
    assert "<script" not in page


def test_the_ontology_as_data_has_its_classes(service):
    graph = rdflib.Graph().parse(data=service.request("GET", "/ontology.ttl").body, format="turtle")
    assert (rdflib.URIRef(terms.term("State")), rdflib.RDF.type, rdflib.OWL.Class) in graph


def test_a_page_escapes_what_the_data_say(tmp_path):
    hostile = "<script>alert(1)</script>"
    store = ox.Store(str(tmp_path / "store"))
    thing, graph = ox.NamedNode(terms.thing("state", "X")), ox.NamedNode(terms.graph("x"))
    label = ox.NamedNode(terms.FIXED_PREFIXES["skos"] + "prefLabel")
    for said in (ox.Literal(hostile), ox.NamedNode("javascript:alert(1)")):
        store.add(ox.Quad(thing, label, said, graph))
        store.add(ox.Quad(thing, label, said))
    store.flush()
    del store
    with serving(tmp_path / "store", tmp_path / "log", concurrency="1") as service:
        page = service.request("GET", "/data/id/state/X.html").body.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert hostile not in page
        assert 'href="javascript' not in page
        assert service.request("GET", "/dumps/atlas.nq.gz").status == 404


def test_the_dataset_is_described(service, built):
    graph = rdflib.Graph().parse(data=service.request("GET", "/.well-known/void").body, format="turtle")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    dataset = rdflib.URIRef(terms.thing("dataset", "atlas"))
    assert (dataset, rdflib.RDF.type, rdflib.DCAT.Dataset) in graph
    assert graph.value(dataset, void.sparqlEndpoint) == rdflib.URIRef(f"{service.address}/sparql")
    assert int(graph.value(dataset, void.triples)) > 10_000
    assert len(list(graph.objects(dataset, rdflib.DCAT.distribution))) == 3
    assert str(graph.value(dataset, rdflib.DCTERMS.identifier)) == built.manifest.build_id


def test_the_dumps_hold_the_dataset_and_their_checksums_are_right(service, built):
    sums = service.request("GET", "/dumps/SHA256SUMS").body.decode()
    read = {}
    for line in sums.splitlines():
        expected, name = line.split("  ")
        body = service.request("GET", f"/dumps/{name}").body
        assert hashlib.sha256(body).hexdigest() == expected
        read[name] = gzip.decompress(body) if name.endswith(".gz") else body
    quads = sum(1 for _ in ox.parse(path=str(built.trig), format=ox.RdfFormat.TRIG))
    assert sum(1 for _ in ox.parse(read["atlas.nq.gz"], format=ox.RdfFormat.N_QUADS)) == quads
    assert sum(1 for _ in ox.parse(read["atlas.trig.gz"], format=ox.RdfFormat.TRIG)) == quads
    assert sum(1 for _ in ox.parse(read["atlas.jsonld"], format=ox.RdfFormat.JSON_LD)) == quads
    assert service.request("GET", "/dumps/passwd").status == 404
    assert service.request("GET", "/dumps/..%2f..%2fetc%2fpasswd").status == 404


def test_the_sitemap_lists_pages_of_the_dashboard(service):
    root = ET.fromstring(service.request("GET", "/sitemap.xml").body)  # noqa: S314 - our own document
    addresses = [element.text for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert "http://127.0.0.1:8501/state?state=DNK" in addresses
    assert len(addresses) == len(set(addresses)) > 100
    assert b"/sitemap.xml" in service.request("GET", "/robots.txt").body


def test_health_names_the_build(service, built):
    body = service.request("GET", "/health").json()
    assert (body["status"], body["build"]) == ("ok", built.manifest.build_id)


def test_the_head_of_the_home_page_describes_the_dataset(service):
    page = service.request("GET", "/", Accept="text/html").body.decode()
    [described] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told = json.loads(described)
    assert told["@type"] == "Dataset"
    for dump in told["distribution"]:
        address = dump["contentUrl"]
        assert service.request("HEAD", "/" + address.split("/", 3)[3]).status == 200
