"""Full-text search over everything with a label or a summary: an SQLite FTS5 index written with the build.

Words are matched by stem-free prefixes; what is called exactly so comes first, then BM25 ranks, with labels
above texts. Where no word matches, runs
of three letters do, so that a slip of the keyboard still finds its thing.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas import resources, store
from lanzarote_atlas.catalogue import read_header
from lanzarote_atlas.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_MOST = 50
_WORD = re.compile(r"\w+")
_TABLES = """
CREATE VIRTUAL TABLE words USING fts5(iri UNINDEXED, kind UNINDEXED, label, names, body,
    tokenize="unicode61 remove_diacritics 2", prefix='2 3');
CREATE VIRTUAL TABLE letters USING fts5(iri UNINDEXED, label, tokenize="trigram");
"""
_BY_WORDS = """
SELECT iri, kind, label, snippet(words, 4, '', '', '…', 24) FROM words
WHERE words MATCH :words
ORDER BY label = :text COLLATE NOCASE DESC, bm25(words, 0, 0, 8, 10, 1), iri LIMIT :most
"""
_BY_LETTERS = """
SELECT words.iri, kind, words.label, substr(body, 1, 200)
FROM letters JOIN words ON words.rowid = letters.rowid
WHERE letters MATCH ? ORDER BY bm25(letters), words.iri LIMIT ?
"""


@dataclass(frozen=True)
class Hit:
    """One thing found: its address, the class it belongs to, its label and the text around the match."""

    iri: str
    kind: str
    label: str
    snippet: str


def write_index(data: store.Store, path: Path) -> None:
    """Write the index of a store to a new SQLite file; its rows come from queries/index/searchable.rq."""
    _, query = read_header(resources.project() / "queries" / "index" / "searchable.rq")
    rows = store.table(data.query(query)).dicts()
    with closing(sqlite3.connect(path)) as index, index:
        index.executescript(_TABLES)
        index.executemany("INSERT INTO words VALUES (:thing, :kind, :label, :names, :body)", rows)
        index.execute(
            "INSERT INTO letters(rowid, iri, label) SELECT rowid, iri, label || ' ' || names FROM words"
        )


def find(path: Path, text: str, most: int = _MOST) -> list[Hit]:
    """Return what matches all words of `text` (as prefixes), best first; else what shares its letters."""
    words = _WORD.findall(text)
    if not words:
        return []
    try:
        with closing(sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)) as index:
            return [Hit(*row) for row in _rows(index, text.strip(), words, most)]
    except sqlite3.Error as error:
        message = f"the search index {path} cannot be read: {error}; run `lanzarote build`"
        raise StoreError(message) from error


def _rows(
    index: sqlite3.Connection, text: str, words: list[str], most: int
) -> list[tuple[str, str, str, str]]:
    by_words = " ".join(f'"{word}"*' for word in words)
    rows = index.execute(_BY_WORDS, {"words": by_words, "text": text, "most": most}).fetchall()
    pieces = [word[at : at + 3] for word in words for at in range(len(word) - 2)]
    if rows or not pieces:
        return rows
    by_letters = " OR ".join(f'"{piece}"' for piece in pieces)
    return index.execute(_BY_LETTERS, (by_letters, most)).fetchall()
