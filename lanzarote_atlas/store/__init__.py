"""One way to ask, two ways to serve: the embedded store and a remote SPARQL 1.1 endpoint.

Whoever asks gets the same answer types from both; terms are pyoxigraph's, so that nothing above this layer
knows which engine answered. The default graph of a query is the union of all named graphs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row: TypeAlias = "tuple[Term | None, ...]"


@dataclass(frozen=True)
class Table:
    """Rows of a SELECT query: column names without `?`, terms or None in the order of the columns."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    truncated: bool = field(default=False)
    """Whether the limit on rows cut the answer off."""

    def values(self, column: str) -> Iterator[Term | None]:
        """Yield the terms of one column, top to bottom."""
        place = self.columns.index(column)
        return (row[place] for row in self.rows)

    def dicts(self) -> list[dict[str, str]]:
        """Return the rows as plain texts by column name; unbound is an empty text."""
        return [{name: text(term) for name, term in zip(self.columns, row, strict=True)} for row in self.rows]


@dataclass(frozen=True)
class Triples:
    """Triples of a CONSTRUCT or DESCRIBE query."""

    triples: Sequence[ox.Triple]


Answer: TypeAlias = Table | Triples | bool


class Store(Protocol):
    """What answers SPARQL queries over one build of the atlas."""

    @property
    def build_id(self) -> str:
        """The identifier of the build that answers; empty where the engine does not say."""

    def query(self, query: str) -> Answer:
        """Answer a SPARQL 1.1 query; QueryError where it does not parse, StoreError where no answer comes."""


def text(term: Term | None) -> str:
    """Return the lexical text of a term: an address, a literal's value, or an empty text for None."""
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def table(answer: Answer) -> Table:
    """Return the answer of a SELECT query; raise TypeError where the query was of another form."""
    if not isinstance(answer, Table):
        message = f"expected rows, got {type(answer).__name__}"
        raise TypeError(message)
    return answer
