"""`lanzarote ingest`: a document to drafts, or one clear reason why not.

What was asked for is checked before anything is drafted: English, of a kind that is known, and about the
State that was named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lanzarote_atlas.errors import DocumentError
from lanzarote_atlas.ingest import drafts, factsheet, form, reading
from lanzarote_atlas.ingest.pieces import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lanzarote_atlas.ingest.atlas import Atlas
    from lanzarote_atlas.ingest.drafts import Drafts
    from lanzarote_atlas.ingest.pieces import Recognised, Words
    from lanzarote_atlas.ingest.reading import Document

_ENGLISH = frozenset(
    [
        *("the", "of", "and", "to", "in", "that", "is", "for", "with", "are", "by", "or", "be", "on"),
        *("as", "was", "not", "this", "which", "have", "from"),
    ]
)
_LEAST_ENGLISH = 0.15
_FEWEST_WORDS = 40
_FRONT = 25
_SIGNS = {
    Kind.FACTSHEET: (
        re.compile(r"\bfact\s?sheet\b", re.IGNORECASE),
        re.compile(r"\bLanzarote\b"),
        re.compile(r"\bCommittee\b[^.:]{0,60}?\b(?:requires|requests|invites)\b", re.IGNORECASE),
        re.compile(
            r"\b(?:recommendations?|observations?)\b[^.\n]{0,60}\bof the (?:Lanzarote )?Committee\b",
            re.IGNORECASE,
        ),
        re.compile(r"\bRecommendations?\s+[IVX]+\s?[-–‑]\s?\d"),
    ),
    Kind.GLOBAL_ALLIANCE: (
        re.compile(r"\bGlobal\s+Alliance\b"),
        re.compile(r"\bReporting\s+Form\b", re.IGNORECASE),
        re.compile(r"^\W*Policy\s+Target\b", re.IGNORECASE | re.MULTILINE),
        re.compile(r"^\W*Operational\s+Goal", re.IGNORECASE | re.MULTILINE),
        re.compile(r"^\W*[ABC]\s?[).]\s+Please\b", re.MULTILINE),
    ),
}
_FEWEST_SIGNS = 3
_TITLE = re.compile(r"^\W*FACT\s?SHEET\s*[–—:-]+\s*(.+)$", re.IGNORECASE)


def take_in(path: Path, state: str, atlas: Atlas, kind: Kind | None = None, source: str = "") -> Drafts:
    """Read a document about a State and return its drafts.

    Raises DocumentError where it cannot be read, is of no known kind or not about the State, and UsageError
    where the atlas has no such State. Nothing is written.
    """
    words = atlas.words(state)
    return drafts_of(reading.read(path), words, atlas, kind, source)


def drafts_of(
    document: Document, words: Words, atlas: Atlas, kind: Kind | None = None, source: str = ""
) -> Drafts:
    """Return the drafts of a document that was read; `words` are those of its State (`atlas.words`)."""
    found = recognise(document, words, kind)
    return drafts.draft(document, found, words.state, atlas, source)


def recognise(document: Document, words: Words, kind: Kind | None = None) -> Recognised:
    """Tell what a document is and take it apart; raise DocumentError, as `take_in`, where it is not that."""
    _refuse_other_language(document)
    known = _kind(document, kind)
    _refuse_other_state(document, words, known)
    found = factsheet.recognise(document, words) if known is Kind.FACTSHEET else form.recognise(document)
    if not found.pieces:
        message = (
            f"{document.name}: looks like a {known.value}, but nothing in it was recognised; is it complete?"
        )
        raise DocumentError(message)
    return found


def _text(document: Document) -> str:
    return "\n".join(line.text for line in document.lines)


def _refuse_other_language(document: Document) -> None:
    said = re.findall(r"[^\W\d_]+", _text(document).lower())
    share = sum(word in _ENGLISH for word in said) / max(len(said), 1)
    if len(said) >= _FEWEST_WORDS and share < _LEAST_ENGLISH:
        message = f"{document.name}: does not read as English, the one language known here"
        raise DocumentError(message)


def _kind(document: Document, asked: Kind | None) -> Kind:
    text = _text(document)
    signs = {kind: sum(bool(sign.search(text)) for sign in known) for kind, known in _SIGNS.items()}
    likely = max(signs, key=lambda kind: signs[kind])
    if signs[asked or likely] < _FEWEST_SIGNS:
        what = (
            f"no {asked.value}"
            if asked
            else "neither a factsheet nor a reporting form of the Global Alliance"
        )
        hint = f"; it looks like a {likely.value}" if asked and signs[likely] >= _FEWEST_SIGNS else ""
        message = f"{document.name}: {what}: too little of what each of them has was found{hint}"
        raise DocumentError(message)
    return asked or likely


def _refuse_other_state(document: Document, words: Words, kind: Kind) -> None:
    front = [line.text for line in document.lines if line.text][:_FRONT]
    titles = [found[1] for line in front if (found := _TITLE.match(line))]
    said = (
        titles
        if kind is Kind.FACTSHEET and titles
        else front
        if kind is Kind.GLOBAL_ALLIANCE
        else [_text(document)]
    )
    if not _names_one(said, words.names):
        about = f" (its title says {titles[0]!r})" if titles else ""
        message = (
            f"{document.name}: does not speak of {words.names[0]}{about}; name the State that it is about"
        )
        raise DocumentError(message)


def _names_one(texts: Sequence[str], names: Sequence[str]) -> bool:
    patterns = [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE) for name in names]
    return any(pattern.search(text) for pattern in patterns for text in texts)
