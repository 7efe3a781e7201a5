"""Rules: CONSTRUCT queries that derive what was not read, each into a named graph of its own.

They run in the order of their file names, so that a rule may rest on an earlier one. Each is described in the
graph as a `lz:Rule`, to which derived things point by `prov:wasGeneratedBy`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import catalogue, resources, terms
from lanzarote_atlas.compile import days
from lanzarote_atlas.errors import AtlasError, QueryError
from lanzarote_atlas.store import sparql_text
from lanzarote_atlas.store.embedded import unite

if TYPE_CHECKING:
    from pathlib import Path

_DERIVED = "derived/"


def paths() -> list[Path]:
    """Return the rule files in the order in which they run: `10-provision-tree.rq` before `20-….rq`."""
    return sorted((resources.project() / "queries" / "rules").glob("*.rq"))


def name_of(path: Path) -> str:
    """Return the name of a rule: its file's stem without the number that orders it."""
    return path.stem.partition("-")[2] or path.stem


def derive(store: ox.Store, as_at: str) -> list[ox.Quad]:
    """Run every rule over the default graph of a store; return the derived quads.

    The default graph has to be the union of all graphs (`unite`); the derived triples are added to it.
    `as_at` is the ISO date at which the derived cells hold: `$asAt` in a rule.
    """
    derived: list[ox.Quad] = []
    date = ox.Literal(as_at, datatype=ox.NamedNode(terms.XSD + "date"))
    for path in paths():
        quads = _run(store, path, date)
        unite(store, quads)
        derived += quads
    return derived


def _run(store: ox.Store, path: Path, as_at: ox.Literal) -> list[ox.Quad]:
    header, text = catalogue.read_header(path, "title", "summary")
    name = name_of(path)
    graph = ox.NamedNode(terms.graph(_DERIVED + name))
    try:
        triples = _constructed(store, sparql_text.bind(text, {"asAt": as_at}))
    except (QueryError, SyntaxError) as error:
        message = f"queries/rules/{path.name}: {error}"
        raise AtlasError(message) from error
    made = [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]
    return made + _description(name, header, graph)


def _constructed(store: ox.Store, query: str) -> list[ox.Triple]:
    sparql_text.refuse_unsafe(query)
    if sparql_text.form(query) != "CONSTRUCT":
        message = "a rule is a CONSTRUCT query"
        raise QueryError(message)
    if {"GRAPH", "FROM"} & sparql_text.words(query):
        message = "a rule reads the union of all graphs, so it names none: leave GRAPH or FROM out"
        raise QueryError(message)
    answer = store.query(query, prefixes=terms.prefixes(), custom_functions=days.FUNCTIONS)
    return list(answer) if isinstance(answer, ox.QueryTriples) else []


def _description(name: str, header: dict[str, str], graph: ox.NamedNode) -> list[ox.Quad]:
    rule = ox.NamedNode(terms.thing("rule", name))
    said = {
        terms.FIXED_PREFIXES["dcterms"] + "title": header["title"],
        terms.term("summary"): header["summary"],
    }
    quads = [
        ox.Quad(rule, ox.NamedNode(key), ox.Literal(text, language="en"), graph) for key, text in said.items()
    ]
    return [ox.Quad(rule, ox.NamedNode(terms.RDF_TYPE), ox.NamedNode(terms.term("Rule")), graph), *quads]
