"""The guard against two corpora: what it refuses and why, and what it must let through unharmed."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas import catalogue, terms
from lanzarote_atlas.errors import QueryError, RefusedError
from lanzarote_atlas.store import guard, sparql_text

CORPUS = Path(__file__).with_name("corpus")
HOSTILE = yaml.safe_load((CORPUS / "hostile.yaml").read_text(encoding="utf-8"))
HARMLESS = yaml.safe_load((CORPUS / "harmless.yaml").read_text(encoding="utf-8"))
GRAPHS = frozenset({terms.graph("ontology")})
LIMITS = guard.Limits(characters=50_000, nesting=64, rows=100)


def admit(query, limits=LIMITS):
    return guard.admit(query, GRAPHS, limits)


def refused(query, limits=LIMITS):
    with pytest.raises(RefusedError) as caught:
        admit(query, limits)
    return caught.value


def parses(query):
    """Tell whether the engine takes a query: a function it does not know is found only in the asking."""
    try:
        ox.Store().query(query)
    except SyntaxError:
        return False
    except RuntimeError:
        return True
    return True


def test_each_corpus_holds_two_hundred_different_queries():
    assert len({entry["query"] for entry in HOSTILE}) == len(HOSTILE) >= 200
    assert len(set(HARMLESS)) == len(HARMLESS) >= 200


@pytest.mark.parametrize("entry", HOSTILE, ids=lambda entry: f"{entry['code']}-{entry['query'][:40]!r}")
def test_a_hostile_query_is_refused_for_its_own_reason(entry):
    error = refused(entry["query"])
    assert error.code == entry["code"], entry["why"]
    assert 400 <= error.status < 500
    assert error.allowed


@pytest.mark.parametrize("query", HARMLESS, ids=lambda query: repr(query[:40]))
def test_a_harmless_query_passes_and_the_engine_takes_what_is_made_of_it(query):
    assert parses(admit(query).text)


@pytest.mark.parametrize("name", catalogue.queries())
def test_every_named_query_passes(name):
    named = catalogue.find(name)
    assert parses(admit(named.bound(named.example)).text)


@pytest.mark.parametrize("name", catalogue.queries())
def test_the_engine_gives_the_same_answer_to_what_the_guard_makes_of_a_query(name, atlas):
    named = catalogue.find(name)
    text = named.bound(named.example)
    answer = atlas.query(text)
    assert atlas.query(admit(text, guard.Limits(50_000, 64, 50_000)).text) == answer


@pytest.mark.parametrize(
    ("query", "place", "found"),
    [
        ("SELECT * { ?s ?p }", (1, 18), "found '}'"),
        ("SELECT *\nWHERE {\n  ?s ?p ?o ;;; .\n  FILTER (\n}", (5, 1), "found '}'"),
        ("ASK {\n ?s ?p ?o", (2, 10), "it ends too early"),
        ("ASK { ?s ?p ?o }\n ASK {}", (2, 2), "found 'ASK'"),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(query, place, found):
    error = refused(query)
    assert (error.code, error.status, error.place) == ("syntax", 400, place)
    assert f"line {place[0]}, column {place[1]}: {found}" in error.message
    assert error.allowed.startswith("here: ")


def test_a_refusal_is_a_query_error_that_says_what_is_allowed():
    error = refused("DROP ALL")
    assert isinstance(error, QueryError)
    assert str(error) == (
        "a query that begins with 'DROP' is refused: the atlas is read only; "
        "allowed: one query of the form SELECT, ASK, CONSTRUCT or DESCRIBE"
    )


def test_a_call_is_refused_at_its_place():
    assert refused("ASK {\n  SERVICE <http://x/> {} }").place == (2, 3)


@pytest.mark.parametrize(
    ("limits", "code", "status"),
    [
        (guard.Limits(10, 64, 1), "length", 413),
        (guard.Limits(50_000, 1, 1), "nesting", 400),
    ],
)
def test_a_query_past_a_limit_is_refused(limits, code, status):
    error = refused("ASK { { ?s ?p ?o } }", limits)
    assert (error.code, error.status) == (code, status)


@pytest.mark.parametrize(
    ("query", "limit", "limited"),
    [
        ("SELECT * { ?s ?p ?o }", "LIMIT 100", True),
        ("SELECT * { ?s ?p ?o } LIMIT 101", "LIMIT 100", True),
        ("SELECT * { ?s ?p ?o } LIMIT 7", "LIMIT 7", False),
        ("SELECT * { ?s ?p ?o } OFFSET 2 LIMIT 007", "LIMIT 007", False),
        ("SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999 OFFSET 2", "LIMIT 100 OFFSET 2", True),
        ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 7 } }", "} LIMIT 100", True),
        ("SELECT * { ?s ?p ?o } VALUES ?s { 1 }", "LIMIT 100 VALUES", True),
        ("SELECT * { VALUES ?s { 1 } } ORDER BY ?s", "ORDER BY ?s LIMIT 100", True),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "} LIMIT 100", True),
    ],
)
def test_rows_are_limited_by_the_query_itself(query, limit, limited):
    question = admit(query)
    assert limit in " ".join(question.text.split())
    assert question.limited is limited
    assert parses(question.text)


def test_an_answer_has_no_more_rows_than_the_limit():
    store = ox.Store()
    store.extend(ox.Quad(*[ox.NamedNode(f"x:{part}")] * 2, ox.Literal(part)) for part in range(150))
    assert len(list(store.query(admit("SELECT * { ?s ?p ?o }").text))) == 100


@pytest.mark.parametrize("call", ["RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()", "bnode('a')"])
def test_what_changes_from_one_answer_to_the_next_is_known(call):
    assert not admit(f"SELECT ({call} AS ?x) {{}}").repeatable
    assert admit("SELECT ('RAND()' AS ?now) {}").repeatable


def test_the_graphs_of_a_query_are_told_in_full():
    named = admit("PREFIX g: <https://w3id.org/lanzarote-atlas/graph/> ASK FROM g:ontology {}")
    assert named.graphs == GRAPHS
    assert f"FROM <{terms.graph('ontology')}>" in " ".join(named.text.split())


def test_comments_are_gone_and_escapes_resolved_in_what_the_engine_gets():
    text = admit("ASK { ?s <x:\\u0061> 'a\\u0022b' # SERVICE\n }").text
    assert "SERVICE" not in text
    assert "\\u" not in text
    assert "<x:a>" in text
    assert r'"a\"b"' in text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "error at 2:9: expected one of LANGMATCHES, The SELECT contains a variable that is unbound, [_]",
            "error at 2:9: The SELECT contains a variable that is unbound",
        ),
        (
            "error at 2:9: expected one of SELECT * is not authorized with GROUP BY, ['0'..='9']",
            "error at 2:9: SELECT * is not authorized with GROUP BY",
        ),
        ("error at 2:9: expected one of IRI parsing failed, OPTIONAL", "error at 2:9: IRI parsing failed"),
        ("error at 2:9: expected one of OPTIONAL, [_]", "error at 2:9: expected one of OPTIONAL, [_]"),
        ("disk gone", "disk gone"),
    ],
)
def test_a_reason_among_what_the_engine_expected_is_told_alone(said, told):
    assert guard.read("ASK {}", LIMITS).placed(said) == told


def test_an_error_of_the_engine_stands_on_the_line_where_the_reader_wrote_it():
    lines = admit("SELECT ?s\n# comment\n{ ?s ?p\n\n'a' }").text.split("\n")
    assert [line.strip() for line in lines] == ["SELECT ?s", "", "{ ?s ?p", "", '"a" } LIMIT 100']


PIECES = st.sampled_from(
    [
        *("SERVICE", "service", "SILENT", "<http://127.0.0.1/>", "?e", "lz:x", ":", "{", "}", "(", ")", "."),
        *(";", ",", "#", "\n", " ", "'", '"', '"""', "'''", "\\", "\\u0053", "\\u0022", "<", ">", "FILTER"),
        *(
            "SELECT",
            "ASK",
            "*",
            "?s ?p ?o",
            "FROM",
            "NAMED",
            "GRAPH",
            "LOAD",
            "OPTIONAL",
            "a",
            "1",
            "1.",
            "@",
        ),
        *(
            "BIND(1 AS ?x)",
            "VALUES ?x { 1 }",
            "PREFIX service: <x:>",
            "service:x",
            "_:b",
            "||",
            "=",
            "[",
            "]",
        ),
    ]
)


def holds_a_call(text):
    """Look for the keyword in the bare text, without strings and addresses: not as the guard reads."""
    bare = "".join(token for kind, token in sparql_text.tokens(text) if kind not in ("string", "iri"))
    return re.search(r"(?<![?$:\w-])service(?![\w:.-])", bare, re.IGNORECASE) is not None


def test_the_other_reading_finds_a_call():
    assert holds_a_call("ASK { SERVICE <http://x/> {} }")
    assert not holds_a_call("ASK { ?service service:x 'SERVICE <http://x/> {}' }")


@given(st.lists(PIECES, max_size=25).map("".join) | st.lists(PIECES, max_size=25).map(" ".join) | st.text())
def test_whatever_is_admitted_holds_no_call(query):
    try:
        question = admit(query)
    except RefusedError:
        return
    assert not holds_a_call(question.text)


@given(st.sampled_from(HARMLESS), st.integers(0, 400), PIECES)
def test_a_harmless_query_with_something_put_in_is_refused_or_still_without_a_call(query, place, piece):
    try:
        question = admit(query[:place] + piece + query[place:])
    except RefusedError:
        return
    assert not holds_a_call(question.text)


@given(st.text(alphabet="\"'\\\n\tabu0022SERVICE {}#<>æ😀"))
def test_a_string_reaches_the_engine_as_it_was_meant(value):
    query = f"SELECT ({sparql_text.written(ox.Literal(value))} AS ?x) {{}}"
    assert [row[0].value for row in ox.Store().query(admit(query).text)] == [value]


def test_a_decision_is_remembered():
    query = "ASK { ?remembered ?p ?o }"
    assert guard.read(query, LIMITS) is guard.read(query, LIMITS)
