"""Queries that readers do not see: files in queries/service/, with parameters put in place as terms."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lanzarote_atlas import catalogue, resources
from lanzarote_atlas.store import Triples, sparql_text, table

if TYPE_CHECKING:
    from lanzarote_atlas.store import Store, Table, Term


def rows(store: Store, name: str, **parameters: Term) -> Table:
    """Return the rows of such a query."""
    return table(store.query(sparql_text.bind(_text(name), parameters)))


def triples(store: Store, name: str, **parameters: Term) -> Triples:
    """Return the triples of such a query; TypeError where it gives none."""
    answer = store.query(sparql_text.bind(_text(name), parameters))
    if not isinstance(answer, Triples):
        message = f"expected triples, got {type(answer).__name__}"
        raise TypeError(message)
    return answer


@cache
def _text(name: str) -> str:
    path = resources.project() / "queries" / "service" / f"{name}.rq"
    return catalogue.read_header(path, "title", "summary")[1]
