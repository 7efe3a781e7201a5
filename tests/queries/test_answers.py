"""The competency questions: every named answer is well described, portable, and answers what it did before.

tests/golden holds each answer to the example in the query's header. After a change of the data,
`pytest tests/queries --update-golden` rewrites them, and the diff is what the change did to the answers.
"""

from __future__ import annotations

import csv
import io
import random
import re

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from lanzarote_atlas import catalogue, resources, store, terms
from lanzarote_atlas.store import sparql_text
from lanzarote_atlas.store.embedded import EmbeddedStore

GOLDEN = resources.project() / "tests" / "golden"
ANSWERS = {name: query for name, query in catalogue.queries().items() if query.folder == "answers"}
PARAMETER_TYPE = re.compile(r"(id|vocabulary)/[a-z-]+|date|integer|text")

every_answer = pytest.mark.parametrize("query", ANSWERS.values(), ids=ANSWERS)


@pytest.fixture(scope="session", params=[1, 2], ids=["one order", "another order"])
def shuffled(request, built):
    """The build's quads, loaded in an order of chance."""
    quads = list(ox.parse(path=str(built.trig), format=ox.RdfFormat.TRIG))
    random.Random(request.param).shuffle(quads)  # noqa: S311 - no secret rests on it
    return EmbeddedStore.of_quads(quads)


def answered(atlas: store.Store, query: catalogue.NamedQuery) -> store.Table:
    return store.table(atlas.query(query.bound(query.example)))


def as_csv(table: store.Table) -> str:
    """Return an answer as CSV, with addresses in their short form."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow(
            terms.compact(term.value) if isinstance(term, ox.NamedNode) else store.text(term) for term in row
        )
    return text.getvalue()


def test_there_are_enough_questions():
    assert len(ANSWERS) >= 34


@every_answer
def test_header_is_whole(query):
    assert query.title.endswith("?")
    assert query.question.endswith("?")
    assert query.columns
    assert all(query.columns.values())
    for parameter in query.parameters:
        assert PARAMETER_TYPE.fullmatch(parameter.type), parameter.name
        assert parameter.help.endswith("."), parameter.name


@every_answer
def test_parameters_are_those_of_the_header(query):
    used = {token[1:] for kind, token in sparql_text.tokens(query.text) if kind == "parameter"}
    assert used == {parameter.name for parameter in query.parameters}


@every_answer
def test_query_is_plain_sparql_that_another_parser_reads(query):
    """A second parser, which is given no prefix, reads the query: it names all that it uses."""
    prepareQuery(query.bound(query.example))
    words = {token.upper() for kind, token in sparql_text.tokens(query.text) if kind == "word"}
    assert "SERVICE" not in words


@every_answer
def test_query_without_parameters_still_parses(query):
    """A parameter that is left out stays a variable, so it may stand only where a variable may."""
    prepareQuery(query.text)


@every_answer
def test_query_names_no_prefix_that_it_does_not_use(query):
    declared = set(re.findall(r"^PREFIX ([\w-]+):", query.text, re.MULTILINE))
    body = re.sub(r"^PREFIX .*$", "", query.text, flags=re.MULTILINE)
    used = {token.split(":")[0] for kind, token in sparql_text.tokens(body) if kind == "name"}
    assert used == declared


@every_answer
def test_example_is_answered_with_the_columns_declared(query, atlas):
    table = answered(atlas, query)
    assert list(table.columns) == list(query.columns)
    assert table.rows
    assert not table.truncated


@every_answer
def test_order_is_total(query, atlas, shuffled):
    """The same rows in the same order, whatever the order in which the data were loaded."""
    table = answered(atlas, query)
    assert len(set(table.rows)) == len(table.rows), "a row is repeated"
    assert as_csv(answered(shuffled, query)) == as_csv(table)


@every_answer
def test_answer_is_the_golden_one(query, atlas, request):
    path = GOLDEN / f"{query.name}.csv"
    found = as_csv(answered(atlas, query))
    if request.config.getoption("--update-golden"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.is_file(), "no golden answer: pytest tests/queries --update-golden"
    assert found.splitlines() == path.read_text(encoding="utf-8").splitlines()


def test_every_golden_answer_has_its_query():
    assert {path.stem for path in GOLDEN.glob("*")} == set(ANSWERS)
