"""A reporting form of the Global Alliance against Child Sexual Abuse Online, taken apart.

The form has four policy targets, one or more operational goals under each, and three questions under each
goal: A, what came of the measures announced; B, the progress made; C, the action to follow. What is known
here is that printed form. Everything between two of its printed parts is the State's answer; where nothing
stands there, the State was asked and left a blank. A question that is not in the document is not a blank.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas.ingest import blocks, markup
from lanzarote_atlas.ingest.pieces import Account, AnswerPiece, GoalPiece, Kind, Recognised, TargetPiece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lanzarote_atlas.ingest.reading import Document, Line

_PARTS = re.compile(
    r"^[^\w\n]*(?:(?P<target>Policy\s+Target)\s*(?:No\.?|Number|#)?\s*(?P<number>\d{1,2})\b\s*[.:–-]?"
    r"|(?P<goal>Operational\s+Goal)s?\s*(?:No\.?\s*)?(?:\d[\d.]*)?\s*[.:–-]"
    r"|\(?(?P<letter>[ABC])\s?[).:]\s+(?=Please\b))",
    re.IGNORECASE | re.MULTILINE,
)
_YEAR = re.compile(r"\b(20\d\d)\s+Reporting\s+Form\b|\bReporting\s+Form\W{0,5}(20\d\d)\b", re.IGNORECASE)
_ENDS_OF_QUESTIONS = {
    "a": re.compile(r"\b20\d\d\s+report\b\s*[.:?]?", re.IGNORECASE),
    "b": re.compile(r"\bGlobal\s+Alliance\b\s*[.:?]?", re.IGNORECASE),
    "c": re.compile(r"\bfollow-?\s?up\b\s*[.:?]?", re.IGNORECASE),
}
_LONGEST_QUESTION = 320


@dataclass(frozen=True)
class _Part:
    """A printed part of the form: what it is, where its text begins, where the next part begins."""

    kind: str
    label: str
    begin: int
    start: int
    end: int


class _Text:
    """The document as one text that knows on which line each place stands."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.text = "\n".join(line.text for line in lines)
        self._offsets: list[int] = []
        self._lines = lines
        offset = 0
        for line in lines:
            self._offsets.append(offset)
            offset += len(line.text) + 1

    def lines(self, start: int, end: int) -> tuple[int, ...]:
        """Return the numbers of the lines with text between two places."""
        first = bisect_right(self._offsets, start) - 1
        last = bisect_right(self._offsets, max(start, end - 1)) - 1
        return tuple(line.number for line in self._lines[first : last + 1] if line.text)

    def said(self, start: int, end: int) -> str:
        """Return the words between two places as one paragraph a run of lines."""
        said = re.sub(r"(?<=\w)-\n+(?=\w)", "-", self.text[start:end])
        return " ".join(markup.without_marks(said).split())


def recognise(document: Document) -> Recognised:
    """Take a form apart; what stands before the first target is its title."""
    layout = blocks.lay_out(document.lines, lambda said: bool(_PARTS.match(said)))
    account = Account(document.lines)
    for number, why in layout.furniture.items():
        account.furnish([number], why)
    text = _Text([line for line in document.lines if line.number not in layout.furniture])
    parts = list(_parts(text.text))
    pieces = list(_pieces(text, parts))
    first = parts[0].begin if parts else len(text.text)
    account.use(text.lines(0, first) if first else (), "title of the source")
    for piece in pieces:
        account.use(piece.lines, _what(piece))
    return Recognised(Kind.GLOBAL_ALLIANCE, tuple(pieces), account, _year(text.text[:first]))


def _year(title: str) -> str | None:
    found = _YEAR.search(title)
    return (found[1] or found[2]) if found else None


def _parts(text: str) -> Iterator[_Part]:
    found = list(_PARTS.finditer(text))
    places = [*(match.start() for match in found), len(text)]
    for match, end in zip(found, places[1:], strict=True):
        kind = "target" if match["target"] else "goal" if match["goal"] else "question"
        yield _Part(kind, match["number"] or (match["letter"] or "").lower(), match.start(), match.end(), end)


def _pieces(text: _Text, parts: list[_Part]) -> Iterator[TargetPiece | GoalPiece | AnswerPiece]:
    target, goal = "", 0
    for part in parts:
        lines = text.lines(part.begin, part.end)
        if part.kind == "target":
            target, goal = part.label, 0
            yield TargetPiece(lines, target, text.said(part.start, part.end))
        elif part.kind == "goal" and target:
            goal += 1
            yield GoalPiece(lines, target, goal, text.said(part.start, part.end))
        elif goal:
            start, sure = _answer_start(text.text, part)
            said = _answer(text.said(start, part.end))
            yield AnswerPiece(lines, target, goal, part.label, said, "high" if sure else "low")


def _answer(said: str) -> str:
    """Return an answer; a dash or dots alone are a blank."""
    return said if re.search(r"\w", said) else ""


def _answer_start(text: str, part: _Part) -> tuple[int, bool]:
    """Return where the printed question ends; worded otherwise, its first line is taken for it."""
    found = _ENDS_OF_QUESTIONS[part.label].search(
        text, part.start, min(part.end, part.start + _LONGEST_QUESTION)
    )
    if found:
        return found.end(), True
    line_end = text.find("\n", part.start, part.end)
    return (line_end if line_end >= 0 else part.end), False


def _what(piece: TargetPiece | GoalPiece | AnswerPiece) -> str:
    if isinstance(piece, TargetPiece):
        return f"policy target {piece.number}"
    if isinstance(piece, GoalPiece):
        return f"operational goal {piece.target}.{piece.place}"
    return f"answer {piece.target}.{piece.goal}.{piece.question}"
