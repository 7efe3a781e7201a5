"""Where a fact was read: the citation line that stands under every fact.

A view gives one row for each citation of a thing; here the rows of a thing are put together again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas.citation import place
from lanzarote_atlas.dashboard.text import linked, plain, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Citation:
    """A place in a source, in the words of a page."""

    source: str
    title: str
    place: str

    def line(self) -> str:
        """Return the citation as Markdown: the source's short title as a link, then the place."""
        title = linked(short(self.title), self.source)
        return f"{title}, {plain(self.place)}" if self.place else title


@dataclass
class Cited:
    """The first row of a thing, and all its citations."""

    row: dict[str, str]
    citations: list[Citation]

    def __getitem__(self, column: str) -> str:
        """Return a column of the row; empty where the view has no such column."""
        return self.row.get(column, "")

    def line(self) -> str:
        """Return all citations as one line of Markdown; says so where there is none."""
        return "; ".join(citation.line() for citation in self.citations) or "no source of its own"


def gather(rows: Iterable[dict[str, str]], *keys: str) -> list[Cited]:
    """Put the rows of each thing together, in the order in which the things first appear."""
    found: dict[tuple[str, ...], Cited] = {}
    for row in rows:
        thing = found.setdefault(tuple(row[key] for key in keys), Cited(row, []))
        citation = read(row)
        if citation and citation not in thing.citations:
            thing.citations.append(citation)
    return list(found.values())


def read(row: Mapping[str, str]) -> Citation | None:
    """Return the citation of a row, or None where it has none."""
    if not row.get("source"):
        return None
    return Citation(row["source"], row["sourceTitle"], place(row))
