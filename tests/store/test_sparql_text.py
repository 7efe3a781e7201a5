"""The guard and the binding of parameters: what may reach an engine, and in what form.

Most of the hostile queries open a connection in the embedded engine, which reads `.SERVICE:x` and
`1<2)SERVICE#>` as calls; the others would in an engine that resolves Unicode escapes before it parses.
"""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.errors import QueryError
from lanzarote_atlas.store import sparql_text

CALL = "SERVICE <http://x/> { ?s ?p ?o }"
HOSTILE = [
    f"SELECT * {{ {CALL} }}",
    f"SELECT * {{ {CALL.lower()} }}",
    f"SELECT * {{ {CALL.replace('SERVICE', 'SeRvIcE')} }}",
    "SELECT * {SERVICE<http://x/>{}}",
    "SELECT * { SERVICE SILENT <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERVICE silent<http://x/>{ ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://x/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE\n\t<http://x/>\n{ ?s ?p ?o } }",
    "SELECT * { SERVICE # a comment\n <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERVICE # a comment\r<http://x/># another\n{ ?s ?p ?o } }",
    "SELECT * { SERVICE#>\n<http://x/> { ?s ?p ?o } }",
    "SELECT * { BIND(<http://x/> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { BIND(<http://x/> AS ?e) SERVICE?e{ ?s ?p ?o } }",
    "SELECT * { VALUES ?e { <http://x/> } SERVICE $e { ?s ?p ?o } }",
    "PREFIX x: <http://x/> SELECT * { SERVICE x:y { ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { SERVICE : { ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { SERVICE:y { ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { SERVICE:y{ ?s ?p ?o } }",
    "PREFIX x: <http://x/> SELECT * { SERVICEx:y { ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { ?a ?b ?c.SERVICE:y { ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { ?a ?b ?c.SERVICE<http://x/>{ ?s ?p ?o } }",
    f"SELECT * {{ ?a ?b true{CALL} }}",
    f"SELECT * {{ ?a ?b 1{CALL} }}",
    f"SELECT * {{ ?a ?b 1.5{CALL} }}",
    f"SELECT * {{ ?a ?b 1e5{CALL} }}",
    f"SELECT * {{ ?a ?b 'text'{CALL} }}",
    f"SELECT * {{ FILTER(1<2){CALL} }}",
    "SELECT * { FILTER(1<2)SERVICE#>\n <http://x/> { ?s ?p ?o } }",
    "SELECT * { FILTER(1<2)#>'''\nSERVICE <http://x/> { ?s ?p ?o }\n#'''\n }",
    "SELECT * { FILTER(1<'>')SERVICE <http://x/> { ?s ?p ?o } FILTER(1<2||'a'='b') }",
    "PREFIX a: <http://x/> SELECT * { FILTER(1<a:b#>'''\n)SERVICE <http://x/> { ?s ?p ?o }\n#'''\n }",
    f"SELECT * {{ ?a ?b '\\u0022' . {CALL} ?a ?b '\\u0022' }}",
    f'SELECT * {{ ?a ?b "\\u0022" . {CALL} ?a ?b "\\u0022" }}',
    f"SELECT * {{ # \\u000A {CALL}\n }}",
    "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERV\\u0049CE <http://x/> { ?s ?p ?o } }",
    f"SELECT * {{ OPTIONAL {{ {CALL} }} }}",
    f"SELECT * {{ {{ ?s ?p ?o }} UNION {{ {CALL} }} }}",
    f"SELECT * {{ GRAPH ?g {{ {CALL} }} }}",
    f"SELECT * {{ FILTER EXISTS {{ {CALL} }} }}",
    f"SELECT * {{ FILTER(?x = 1 || NOT EXISTS {{ {CALL} }}) }}",
    f"SELECT * {{ {{ SELECT * {{ {CALL} }} }} }}",
    f"SELECT * {{ MINUS {{ {CALL} }} }}",
    f"ASK {{ {CALL} }}",
    f"ASK{{{CALL}}}",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {CALL} }}",
    f"CONSTRUCT WHERE {{ {CALL} }}",
    f"DESCRIBE ?s {{ {CALL} }}",
    f"BASE <http://b/> PREFIX a: <http://a/> SELECT * {{ {CALL} }}",
]
UPDATES = [
    "LOAD <http://x/>",
    "LOAD <file:///etc/passwd> INTO GRAPH <http://g/>",
    "LOAD SILENT<http://x/>",
    "INSERT DATA { <http://a> <http://b> 1 }",
    "insert{ ?s ?p ?o } where { ?s ?p ?o }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE DATA { <http://a> <http://b> 1 }",
    "CLEAR ALL",
    "DROP DEFAULT",
    "CREATE GRAPH <http://g>",
    "COPY DEFAULT TO <http://g>",
    "MOVE DEFAULT TO <http://g>",
    "ADD DEFAULT TO <http://g>",
    "WITH <http://g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "PREFIX a: <http://a/> DROP ALL",
    "# SELECT\nDROP ALL",
    "BASE <http://SELECT/> CLEAR ALL",
    "PREFIX SELECT: <http://x/> LOAD SELECT:y",
    "\\u0044ROP ALL",
    "DEFINE get:soft 'replace' SELECT * { ?s ?p ?o }",
]
HARMLESS = [
    "SELECT * { ?s ?p ?o }",
    "select * { ?s ?p ?o }",
    "SELECT*{?s ?p ?o}",
    "ASK{}",
    "ASK { ?s ?p ?o }",
    "DESCRIBE <http://x/>",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "# SERVICE\nSELECT * { ?s ?p ?o }",
    "#SERVICE <http://x/>\nSELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } # SERVICE",
    "SELECT ?service { ?service ?p ?o }",
    "SELECT $service { $service ?p ?o }",
    "SELECT ?SERVICE { ?s ?p ?SERVICE . { ?SERVICE ?p ?o } }",
    "SELECT ?services { ?services ?p ?o . { ?s ?p ?services } }",
    "PREFIX service: <http://x/> SELECT * { service:x ?p ?o }",
    "PREFIX SERVICE: <http://x/> SELECT * { SERVICE:x ?p ?o }",
    "PREFIX ex: <http://x/> SELECT * { ?s ex:service ?o }",
    "PREFIX ex: <http://x/> SELECT * { ?s ex:service <http://x/> . { ?s ?p ?o } }",
    "PREFIX ex: <http://x/> SELECT * { GRAPH ex:service { ?s ?p ?o } }",
    "PREFIX ex: <http://x/> SELECT * { GRAPH ex:publicservices { ?s ?p ?o } }",
    "SELECT * { GRAPH <http://x/SERVICE> { ?s ?p ?o } }",
    "SELECT * { GRAPH <http://x/services> { ?s ?p ?o } }",
    "SELECT * { ?s <http://x/SERVICE> ?o }",
    "SELECT * { <http://x/#SERVICE> ?p ?o }",
    'SELECT * { ?s ?p "SERVICE" }',
    "SELECT * { ?s ?p 'SERVICE' }",
    'SELECT * { ?s ?p """SERVICE\n"the" social service""" }',
    "SELECT * { ?s ?p '''the service's duty''' }",
    'SELECT * { ?s ?p "SERVICE <http://x/>" }',
    'SELECT * { ?s ?p "a \\" SERVICE" }',
    'SELECT * { ?s ?p "service"@en }',
    'SELECT * { ?s ?p ?o FILTER(CONTAINS(?o, "service")) }',
    'SELECT * { ?s ?p ?o FILTER(REGEX(?o, "^service (")) }',
    "SELECT * { ?s ?p ?o FILTER(?o < 5 && ?o > 2) }",
    "SELECT * { _:service ?p ?o }",
    "SELECT (COUNT(*) AS ?services) { ?s ?p ?o }",
    'SELECT * { ?s ?p "INSERT DATA" }',
    "SELECT ?load ?drop { ?load ?drop ?o } # CLEAR ALL",
    "SELECT * { ?s ?p ?o } ORDER BY ?insert LIMIT 5",
    "PREFIX delete: <http://x/> SELECT * { delete:add delete:copy ?o }",
    "SELECT * FROM <http://x/load> { ?s ?p ?o }",
    "BASE <http://x/> PREFIX a: <service#> SELECT * { a:b ?p ?o }",
    "PREFIX a:<http://x/>SELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p '\\u0053ERVICE' }",
    "SELECT * { { SELECT ?s { ?s ?p ?o } } }",
    "SELECT * { VALUES ?word { 'SERVICE' 'service' } }",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_that_calls_another_endpoint_is_refused(query):
    with pytest.raises(QueryError, match="SERVICE is refused"):
        sparql_text.refuse_unsafe(query)


@pytest.mark.parametrize("query", UPDATES)
def test_what_is_no_query_is_refused(query):
    with pytest.raises(QueryError, match="the atlas is read only; use SELECT, ASK, CONSTRUCT, DESCRIBE"):
        sparql_text.refuse_unsafe(query)


@pytest.mark.parametrize("query", HARMLESS)
def test_a_harmless_query_passes_and_parses(query):
    """The embedded engine reads each, so that the list holds no query that nobody could ask."""
    sparql_text.refuse_unsafe(query)
    ox.Store().query(query)


@pytest.mark.parametrize("query", ["", "   ", "# SELECT", "'SELECT'", "<http://x/>", "?select"])
def test_a_text_without_words_is_no_query(query):
    with pytest.raises(QueryError, match="has no words"):
        sparql_text.refuse_unsafe(query)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("PREFIX ask: <http://x/> # ASK\n select * {}", "SELECT"),
        ("BASE <http://ask/> DESCRIBE <x>", "DESCRIBE"),
        ("construct{}where{}", "CONSTRUCT"),
    ],
)
def test_the_form_of_a_query_is_its_first_word_after_the_prefixes(query, form):
    assert sparql_text.form(query) == form


@given(st.text(alphabet="abSERVIC:{}<>\"'\\#?$ \n.u005301(|&"))
def test_tokens_joined_are_the_query_again(query):
    assert "".join(token for _, token in sparql_text.tokens(query)) == query


@given(st.text())
def test_any_text_is_refused_or_passes(query):
    try:
        sparql_text.refuse_unsafe(query)
    except QueryError as refused:
        message = str(refused)
    else:
        message = "refused"
    assert "refused" in message


# --- binding


TEXTS = st.text() | st.text(alphabet="\"'\\\n\r\t }{.;#$?<>@^u0022DELETE\x00\u2028")
TEMPLATE = 'SELECT ?s ($given AS ?a) ("$given" AS ?b) (<http://x/$given> AS ?c) { ?s ?p $given } # $given'


def literal(text):
    try:
        return ox.Literal(text)
    except ValueError:
        return ox.Literal("half a surrogate pair is refused before")


@given(TEXTS)
def test_a_value_stays_one_term_whatever_stands_in_it(text):
    """The engine reads back exactly the value, and the query keeps its columns and its pattern."""
    value = literal(text)
    term = ox.NamedNode("http://s")
    store = ox.Store()
    store.add(ox.Quad(term, ox.NamedNode("http://p"), value))
    answer = store.query(sparql_text.bind(TEMPLATE, {"given": value}))
    assert [variable.value for variable in answer.variables] == ["s", "a", "b", "c"]
    assert [tuple(row) for row in answer] == [
        (term, value, ox.Literal("$given"), ox.NamedNode("http://x/$given"))
    ]


@given(TEXTS)
def test_a_value_stays_one_term_for_an_engine_that_resolves_escapes_first(text):
    value = literal(text)
    bound = sparql_text.bind("SELECT ($given AS ?a) {}", {"given": value})
    resolved = sparql_text._ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), bound)
    assert [tuple(row) for row in ox.Store().query(resolved)] == [(value,)]


@pytest.mark.parametrize(
    "text",
    [
        'x" } DELETE WHERE { ?s ?p ?o } #',
        "x' . SERVICE <http://x/> {} '",
        'line\nbreak"',
        "\\",
        '\\"',
        "\\u0022 } #",
        "\\U00000022",
        '"""',
        "$given",
        "?s ?p ?o",
        "\u0000",
        "\u2028",
    ],
)
def test_an_attempt_to_break_out_stays_text(text):
    bound = sparql_text.bind("SELECT ?a { VALUES ?a { $given } }", {"given": ox.Literal(text)})
    assert [row[0].value for row in ox.Store().query(bound)] == [text]


@pytest.mark.parametrize(
    "term",
    [
        ox.NamedNode("http://x/a-b_(c)'d"),
        ox.Literal("hej", language="da"),
        ox.Literal("5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ox.Literal("2026-11-21", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
        ox.Literal("plain"),
    ],
)
def test_a_term_of_any_kind_comes_back_as_it_was(term):
    bound = sparql_text.bind("SELECT ($given AS ?a) {}", {"given": term})
    assert [row[0] for row in ox.Store().query(bound)] == [term]


def test_a_parameter_that_is_not_given_stays_a_variable():
    assert sparql_text.bind("SELECT $a $b {}", {"a": ox.Literal("x")}) == 'SELECT "x" $b {}'


def test_a_longer_name_is_another_parameter():
    assert sparql_text.bind("SELECT $state $states", {"state": ox.Literal("x")}) == 'SELECT "x" $states'


def test_a_name_in_strings_addresses_and_comments_is_left_alone():
    query = "SELECT * { <http://x/$a> ?p '$a', \"$a\", '''$a''', \"\"\"$a\"\"\" } # $a"
    assert sparql_text.bind(query, {"a": ox.Literal("x")}) == query


def test_a_value_that_names_a_parameter_is_not_bound_again():
    bound = sparql_text.bind("$a $b", {"a": ox.Literal("$b"), "b": ox.Literal("x")})
    assert bound == '"$b" "x"'


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?s { ?s ?p ?o }", "SELECT ?s |{ ?s ?p ?o }"),
        ("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1", "SELECT ?s |WHERE { ?s ?p ?o } LIMIT 1"),
        ("SELECT (EXISTS { ?s ?p 1 } AS ?x) { ?s ?p ?o }", "SELECT (EXISTS { ?s ?p 1 } AS ?x) |{ ?s ?p ?o }"),
        ("# where {\nASK { ?s ?p ?o }", "# where {\nASK |{ ?s ?p ?o }"),
        (
            "CONSTRUCT { ?s a ?o } WHERE { ?s ?p ?o }",
            "CONSTRUCT { ?s a ?o } |WHERE { ?s ?p ?o }",
        ),
        ("CONSTRUCT { ?s a ?o } { ?s ?p ?o }", "CONSTRUCT { ?s a ?o } |{ ?s ?p ?o }"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT |WHERE { ?s ?p ?o }"),
        ("DESCRIBE <http://x/where> LIMIT 1", "DESCRIBE <http://x/where> |LIMIT 1"),
        ("DESCRIBE <http://x/a>", "DESCRIBE <http://x/a>|"),
        (
            "PREFIX select: <http://x/{> SELECT ?s { ?s ?p ?o }",
            "PREFIX select: <http://x/{> SELECT ?s |{ ?s ?p ?o }",
        ),
    ],
)
def test_a_dataset_is_named_before_the_pattern(query, expected):
    before, _, after = expected.partition("|")
    clauses = "FROM <http://x/all> FROM NAMED <http://x/one>"
    named = sparql_text.with_dataset(query, "http://x/all", ["http://x/one"])
    assert named == f"{before}\n{clauses}\n{after}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            r"PREFIX id: <http://x/> ASK { id:state\/DNK a id:b }",
            "PREFIX id: <http://x/> ASK { <http://x/state/DNK> a id:b }",
        ),
        (
            r"PREFIX a:<http://x/> PREFIX b: <http://y/> ASK { b:c\/d a a:e }",
            "PREFIX a:<http://x/> PREFIX b: <http://y/> ASK { <http://y/c/d> a a:e }",
        ),
        (
            r'ASK { ?s ?p "id:state\\/DNK" } # id:state\/DNK',
            r'ASK { ?s ?p "id:state\\/DNK" } # id:state\/DNK',
        ),
        (r"ASK { unknown:a\/b ?p ?o }", r"ASK { unknown:a\/b ?p ?o }"),
    ],
)
def test_a_name_with_an_escape_is_written_in_full(query, expected):
    assert sparql_text.with_full_names(query) == expected
