"""Full-text search over everything with a label or a summary: an SQLite FTS5 index written with the build.

All words must match, each by its beginning; what is called exactly so comes first, then BM25 ranks, with
labels above texts. A word that nothing begins with is read as the nearest words that the index knows, so
that a slip of the keyboard still finds its thing; words that never stand together are looked for apart.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from bisect import bisect_left
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from lanzarote_atlas import resources, store
from lanzarote_atlas.catalogue import read_header
from lanzarote_atlas.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_MOST = 50
_WORD = re.compile(r"\w+")
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Private letters around a matched word; no text of the atlas has them."""
_MARKS = {"open": _OPEN, "close": _CLOSE}
_MARKED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_LETTERS_A_SLIP = 4
"""A word may be misspelt once for so many of its letters."""
_NEAREST = 3
"""How many known words a misspelt one is read as."""
_TABLES = """
CREATE VIRTUAL TABLE words USING fts5(iri UNINDEXED, kind UNINDEXED, label, names, body,
    tokenize="unicode61 remove_diacritics 2", prefix='2 3');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row);
"""
_HITS = """
SELECT iri, kind, highlight(words, 2, :open, :close),
    snippet(words, 3, :open, :close, '…', 24), snippet(words, 4, :open, :close, '…', 24)
FROM words
WHERE words MATCH :asked AND (:kind = '' OR kind = :kind)
ORDER BY label = :text COLLATE NOCASE DESC, bm25(words, 0, 0, 10, 8, 1), iri LIMIT :most OFFSET :skip
"""
_KINDS = "SELECT kind, count(*) FROM words WHERE words MATCH :asked GROUP BY kind ORDER BY 2 DESC, 1"


@dataclass(frozen=True)
class Piece:
    """A run of letters of a found text, and whether it is what was looked for."""

    text: str
    matched: bool


@dataclass(frozen=True)
class Hit:
    """One thing found: its address, the class it belongs to, its label and the text around the match."""

    iri: str
    kind: str
    named: tuple[Piece, ...]
    around: tuple[Piece, ...]

    @property
    def label(self) -> str:
        """What it is called."""
        return "".join(piece.text for piece in self.named)

    @property
    def snippet(self) -> str:
        """The text around the match."""
        return "".join(piece.text for piece in self.around)


@dataclass(frozen=True)
class Found:
    """What a search found."""

    hits: tuple[Hit, ...]
    kinds: dict[str, int]
    """Class -> how many of it match, most first, whatever class was chosen."""
    read_as: str
    """What was looked for instead, where nothing has the words as they were written; else empty."""


NOTHING = Found((), {}, "")


def write_index(data: store.Store, path: Path) -> None:
    """Write the index of a store to a new SQLite file; its rows come from queries/index/searchable.rq."""
    _, query = read_header(resources.project() / "queries" / "index" / "searchable.rq")
    rows = store.table(data.query(query)).dicts()
    with closing(sqlite3.connect(path)) as index, index:
        index.executescript(_TABLES)
        index.executemany("INSERT INTO words VALUES (:thing, :kind, :label, :names, :body)", rows)


def find(path: Path, text: str, *, kind: str = "", most: int = _MOST, skip: int = 0) -> Found:
    """Return what matches all words of `text`, best first: `most` hits after `skip`, of one class if given.

    Raises StoreError where the index at `path` cannot be read.
    """
    words = [folded(word) for word in _WORD.findall(text)]
    if not any(words):
        return NOTHING
    try:
        with closing(_opened(path)) as index:
            for asked, read_as in _readings(path, words):
                kinds = dict(index.execute(_KINDS, {"asked": asked}).fetchall())
                if kinds:
                    given = {"asked": asked, "text": read_as or text.strip(), "kind": kind}
                    hits = index.execute(_HITS, {**given, **_MARKS, "most": most, "skip": skip}).fetchall()
                    return Found(tuple(_hit(*row) for row in hits), kinds, read_as)
            return NOTHING
    except sqlite3.Error as error:
        message = f"the search index {path} cannot be read: {error}; run `lanzarote build`"
        raise StoreError(message) from error


def folded(word: str) -> str:
    """Return a word as the index keeps it: small letters without accents."""
    letters = unicodedata.normalize("NFD", word.lower())
    return "".join(sign for sign in letters if not unicodedata.combining(sign))


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)


def _readings(path: Path, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the ways to read the words, to be tried in turn; each with what is read instead of them."""
    yield " AND ".join(map(_beginning, words)), ""
    known = _vocabulary(path)
    near = [[word] if _begins(known, word) else _nearest(known, word) for word in words]
    groups = [f"({_any(group)})" for group in near if group]
    if groups and near != [[word] for word in words]:
        yield " AND ".join(groups), " ".join("/".join(group) for group in near if group)
    if len(groups) > 1:
        yield " OR ".join(groups), " or ".join("/".join(group) for group in near if group)


def _beginning(word: str) -> str:
    """Return what matches a word by its beginning, and counts the whole word for more."""
    return f'("{word}" OR "{word}"*)'


def _any(words: Sequence[str]) -> str:
    return " OR ".join(map(_beginning, words))


@lru_cache(maxsize=2)
def _vocabulary(path: Path) -> tuple[str, ...]:
    """Return the words of an index in order; a build's index never changes, so they are read once."""
    with closing(_opened(path)) as index:
        return tuple(word for (word,) in index.execute("SELECT term FROM vocabulary ORDER BY term"))


def _begins(known: Sequence[str], word: str) -> bool:
    """Return whether a known word begins with `word`."""
    place = bisect_left(known, word)
    return place < len(known) and known[place].startswith(word)


def _nearest(known: Sequence[str], word: str) -> list[str]:
    """Return the known words fewest slips away: a letter wrong, too many, missing, or two swapped."""
    most = len(word) // _LETTERS_A_SLIP
    if most == 0 or not word.isalpha():
        return []
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=_NEAREST)
    fewest = min((slips for _, slips, _ in found), default=0)
    return sorted(other for other, slips, _ in found if slips == fewest)


def _hit(iri: str, kind: str, label: str, names: str, body: str) -> Hit:
    """Return a hit; around its match stands its text, or, where the match is in another name, that name."""
    elsewhere = _OPEN in names and _OPEN not in label + body
    return Hit(iri, kind, _pieces(label), _pieces(names if elsewhere else body))


def _pieces(marked: str) -> tuple[Piece, ...]:
    """Return a text taken apart at its marks; every second piece is a match."""
    runs = enumerate(_MARKED.split(marked))
    return tuple(Piece(text, place % 2 == 1) for place, text in runs if text)
