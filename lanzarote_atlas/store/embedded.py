"""The embedded store: pyoxigraph in this process, opened read only from a build on disk.

Several processes may read one build at the same time; none can change it.
"""

from __future__ import annotations

import re
import sys
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import settings, terms
from lanzarote_atlas.errors import QueryError, StoreError
from lanzarote_atlas.store import Answer, Table, Triples, sparql_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

UNLIMITED = sys.maxsize - 1
"""For the build's own queries, whose answers must not depend on a reader's settings."""
_PLACE = re.compile(r"error at (\d+):(\d+)")


class EmbeddedStore:
    """Answers queries from a pyoxigraph store; `build_id` names the build it holds."""

    def __init__(self, store: ox.Store, build_id: str = "", most: int | None = None) -> None:
        """Take an open store, which stays its owner's; answers have `most` rows, else as the settings say."""
        self._store = store
        self._build_id = build_id
        self._most = most
        self._prefixes = terms.prefixes()

    @classmethod
    def open(cls, folder: Path, build_id: str, most: int | None = None) -> EmbeddedStore:
        """Open the store of a build, read only; raise StoreError where there is none."""
        try:
            return cls(ox.Store.read_only(str(folder)), build_id, most)
        except OSError as error:
            message = f"no readable store at {folder}: {error}; run `lanzarote build`"
            raise StoreError(message) from error

    @classmethod
    def of_quads(cls, quads: Iterable[ox.Quad], build_id: str = "", most: int | None = None) -> EmbeddedStore:
        """Hold the quads in memory."""
        store = ox.Store()
        fill(store, quads)
        return cls(store, build_id, most)

    @property
    def build_id(self) -> str:
        """The identifier of the build that answers."""
        return self._build_id

    def query(self, query: str) -> Answer:
        """Answer a query over the union of all graphs; at most the rows that the settings allow."""
        sparql_text.refuse_unsafe(query)
        try:
            answer = self._store.query(query, prefixes=self._prefixes)
            return _read(answer, self._most or settings.current().query_rows)
        except SyntaxError as error:
            raise QueryError(_explain(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            message = f"the query could not be answered: {error}"
            raise QueryError(message) from error


def fill(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Load quads into a store, and every triple into its default graph too.

    The default graph is the union of the named graphs. The engine's own union repeats a triple that stands in
    two graphs, which would make counts wrong, so the union is stored, where a triple stands once.
    """
    quads = list(quads)
    store.bulk_extend(quads)
    # A call of its own: the loader holds all of one call in memory.
    unite(store, quads)


def unite(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Load the triples of quads into the default graph of a store, and nothing into a named graph.

    For queries that name no graph: in memory a triple that stands there alone is found in half the time.
    """
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)


def _read(answer: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean, most: int) -> Answer:
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    if isinstance(answer, ox.QueryTriples):
        return Triples(list(islice(answer, most)))
    columns = tuple(variable.value for variable in answer.variables)
    rows = [tuple(solution) for solution in islice(answer, most + 1)]
    return Table(columns, rows[:most], truncated=len(rows) > most)


def _explain(error: SyntaxError) -> str:
    text = str(error)
    place = _PLACE.search(text)
    if not place:
        return f"the query does not parse: {text}"
    return (
        f"the query does not parse at line {place[1]}, column {place[2]}: {text[place.end() :].lstrip(': ')}"
    )
