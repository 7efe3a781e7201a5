"""Every named query gives the same rows on every engine: embedded, Oxigraph server and OpenLink Virtuoso.

SPARQL leaves open in which order GROUP_CONCAT joins its parts (1.1, section 18.5.1.7), and Virtuoso has its
own; so the parts of a cell that a query has joined are compared whatever their order. Everything else is
compared term by term and row by row. docs/scaling.md tells readers of both.
"""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from lanzarote_atlas import catalogue, publication, settings, store, terms

QUERIES = catalogue.queries()
ENGINES = ("oxigraph", "virtuoso")

_SEPARATORS = re.compile(r"; |, |\n")
_STRING = ox.NamedNode(terms.XSD + "string")

every_query = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    """The name of each engine in turn, and its store held to the published build."""
    running = request.getfixturevalue(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANZAROTE_QUERY_SECONDS", "120")  # a machine with other work is slow; rows matter here
        settings.current.cache_clear()
        yield request.param, publication.opened(running.endpoint)
    settings.current.cache_clear()


def joined(term):
    """Return a cell, and where a query may have joined it of parts, these in one order."""
    if isinstance(term, ox.Literal) and term.datatype == _STRING:
        return tuple(sorted(_SEPARATORS.split(term.value)))
    return term


def answered(answering, query):
    table = store.table(answering.query(query.bound(query.example)))
    assert not table.truncated
    return table


def compared(table):
    """Return the rows of an answer as they are compared."""
    return [tuple(map(joined, row)) for row in table.rows]


@every_query
def test_a_named_query_gives_the_same_rows(query, engine, atlas):
    _, remote = engine
    expected, found = answered(atlas, query), answered(remote, query)
    assert found.columns == expected.columns
    assert compared(found) == compared(expected)


def test_the_build_is_named_and_its_graphs_are_shown_as_in_the_atlas(engine, atlas):
    _, remote = engine
    assert remote.build_id == atlas.build_id
    asked = "SELECT DISTINCT ?g { GRAPH ?g { id:state\\/DNK ?p ?o } } ORDER BY ?g"
    assert list(store.table(remote.query(asked)).rows) == list(store.table(atlas.query(asked)).rows)
    named = "ASK { GRAPH graph:data\\/states\\/DNK { id:state\\/DNK a lz:State } }"
    assert remote.query(named) is atlas.query(named) is True


def test_a_plain_query_sees_the_build_and_nothing_else(engine, atlas):
    """Virtuoso has graphs of its own; earlier builds may be there too."""
    _, remote = engine
    counted = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert store.table(remote.query(counted)).rows == store.table(atlas.query(counted)).rows
