"""One suite for every store: the embedded one, and a real Oxigraph server behind the remote one."""

import urllib.request

import pyoxigraph as ox
import pytest

from lanzarote_atlas import settings, store, terms
from lanzarote_atlas.errors import QueryError
from lanzarote_atlas.store.embedded import EmbeddedStore
from lanzarote_atlas.store.remote import RemoteStore
from tests import engines, small_project

DATA = """
@prefix ex: <http://x/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:one {
  ex:a ex:name "Denmark"@en, "Danmark"@da ; ex:age 15 ; ex:on "2013-07-01"^^xsd:date ; ex:part _:b .
  _:b ex:text "line\\nbreak \\"quoted\\" \\\\ é 日本" .
  ex:c ex:half 0.5e0 ; ex:true true ; ex:month "2013-07"^^xsd:gYearMonth ; ex:empty "" .
}
ex:two { ex:a ex:age 15 ; ex:only "here" . }
"""
QUADS = list(ox.parse(DATA, format=ox.RdfFormat.TRIG))


@pytest.fixture(scope="module")
def server():
    """The query address of an Oxigraph server that holds the data, its default graph their union."""
    with engines.oxigraph() as engine:
        body = EmbeddedStore.of_quads(QUADS)._store.dump(format=ox.RdfFormat.N_QUADS)
        headers = {"Content-Type": "application/n-quads"}
        request = urllib.request.Request(engine.graph_store, data=body, headers=headers, method="POST")
        urllib.request.urlopen(request, timeout=20).close()
        yield engine.endpoint


@pytest.fixture(scope="module", params=["embedded", "remote"])
def answering(request):
    """Each store in turn, over the same quads."""
    small_project.forget()
    if request.param == "embedded":
        return EmbeddedStore.of_quads(QUADS)
    return RemoteStore(request.getfixturevalue("server"))


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch):
    for setting in settings.SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    small_project.forget()
    yield
    small_project.forget()


def rows(answering, query):
    return list(store.table(answering.query("PREFIX ex: <http://x/>\n" + query)).rows)


def test_columns_stand_in_the_order_of_the_query(answering):
    table = store.table(answering.query("SELECT ?z ?a ?m { BIND (1 AS ?a) BIND (2 AS ?m) BIND (3 AS ?z) }"))
    assert table.columns == ("z", "a", "m")
    assert [row[0].value for row in table.rows] == ["3"]


def test_terms_keep_language_datatype_and_characters(answering):
    xsd = terms.XSD
    assert rows(answering, "SELECT ?n { ex:a ex:name ?n } ORDER BY LANG(?n)") == [
        (ox.Literal("Danmark", language="da"),),
        (ox.Literal("Denmark", language="en"),),
    ]
    assert rows(answering, "SELECT ?v { ex:a ex:on ?v }") == [
        (ox.Literal("2013-07-01", datatype=ox.NamedNode(xsd + "date")),)
    ]
    assert rows(answering, "SELECT ?v { ex:c ex:month ?v }") == [
        (ox.Literal("2013-07", datatype=ox.NamedNode(xsd + "gYearMonth")),)
    ]
    assert rows(answering, "SELECT ?v { ?b ex:text ?v }") == [(ox.Literal('line\nbreak "quoted" \\ é 日本'),)]
    assert rows(answering, "SELECT ?v { ex:c ex:true ?v }") == [
        (ox.Literal("true", datatype=ox.NamedNode(xsd + "boolean")),)
    ]
    assert rows(answering, "SELECT ?v { ex:c ex:empty ?v }") == [(ox.Literal(""),)]


def test_what_is_not_bound_is_none(answering):
    assert rows(answering, "SELECT ?a ?b { BIND (1 AS ?a) OPTIONAL { ex:nothing ex:p ?b } }") == [
        (ox.Literal("1", datatype=ox.NamedNode(terms.XSD + "integer")), None)
    ]


def test_a_blank_node_is_a_blank_node(answering):
    ((node,),) = rows(answering, "SELECT ?b { ex:a ex:part ?b }")
    assert isinstance(node, ox.BlankNode)


def test_no_match_is_a_table_without_rows(answering):
    table = store.table(answering.query("SELECT ?s ?o { ?s <http://x/nothing> ?o }"))
    assert (table.columns, list(table.rows), table.truncated) == (("s", "o"), [], False)


@pytest.mark.parametrize(("pattern", "answer"), [("ex:a ex:age 15", True), ("ex:a ex:age 16", False)])
def test_ask_answers_with_a_truth_value(answering, pattern, answer):
    assert answering.query(f"PREFIX ex: <http://x/> ASK {{ {pattern} }}") is answer


@pytest.mark.parametrize(
    "query",
    ["CONSTRUCT { ?s <http://x/is> ?n } WHERE { ?s ex:only ?n }", "CONSTRUCT WHERE { ?s ex:only ?n }"],
)
def test_construct_answers_with_triples(answering, query):
    (triple,) = answering.query("PREFIX ex: <http://x/> " + query).triples
    assert (triple.subject, triple.object) == (ox.NamedNode("http://x/a"), ox.Literal("here"))


def test_construct_without_a_match_answers_with_no_triple(answering):
    assert list(answering.query("CONSTRUCT WHERE { <http://x/nothing> ?p ?o }").triples) == []


def test_describe_answers_with_the_triples_of_a_thing(answering):
    assert len(answering.query("DESCRIBE <http://x/c>").triples) == 4


def test_a_triple_in_two_graphs_is_counted_once(answering):
    """The engine's own union of graphs repeats it, which would make counts wrong."""
    assert rows(answering, "SELECT (COUNT(*) AS ?n) { ex:a ex:age ?age }")[0][0].value == "1"
    assert rows(answering, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0][0].value == str(
        len({quad.triple for quad in QUADS})
    )


def test_a_graph_tells_which_file_a_triple_came_from(answering):
    assert rows(answering, "SELECT ?g { GRAPH ?g { ex:a ex:age 15 } } ORDER BY ?g") == [
        (ox.NamedNode("http://x/one"),),
        (ox.NamedNode("http://x/two"),),
    ]


def test_the_prefixes_of_the_atlas_are_there_and_a_query_may_set_its_own(answering):
    assert answering.query(
        "ASK { FILTER (STR(lz:State) = 'https://w3id.org/lanzarote-atlas/ontology#State') }"
    )
    assert answering.query("PREFIX lz: <http://own/> ASK { FILTER (STR(lz:State) = 'http://own/State') }")
    assert answering.query("BASE <http://own/> ASK { FILTER (STR(<a>) = 'http://own/a') }")


def test_an_answer_of_more_rows_than_allowed_is_cut_and_says_so(answering, monkeypatch):
    monkeypatch.setenv("LANZAROTE_QUERY_ROWS", "2")
    small_project.forget()
    query = "SELECT ?n {{ VALUES ?n {{ {} }} }}"
    exact = store.table(answering.query(query.format("1 2")))
    assert (len(exact.rows), exact.truncated) == (2, False)
    cut = store.table(answering.query(query.format("1 2 3")))
    assert (len(cut.rows), cut.truncated) == (2, True)


@pytest.mark.parametrize(
    "query", ["SELECT * {", "SELECT ?a {} GROUP BY", "SELECT * { ?s nope:x ?o }", "SELECT"]
)
def test_a_query_that_does_not_parse_is_a_query_error(answering, query):
    with pytest.raises(QueryError):
        answering.query(query)


@pytest.mark.parametrize("query", ["DROP ALL", "SELECT * { SERVICE <http://x/> {} }", "not a query"])
def test_what_is_refused_is_refused_alike(answering, query):
    with pytest.raises(QueryError, match="refused"):
        answering.query(query)


def test_a_comment_about_another_form_does_not_mislead(answering):
    """SPARQLWrapper takes the first such word for the form of the query, even in a comment."""
    query = "PREFIX a: <http://a/> # ASK or CONSTRUCT, then INSERT\nSELECT ?n { VALUES ?n { 1 } }"
    assert len(store.table(answering.query(query)).rows) == 1
