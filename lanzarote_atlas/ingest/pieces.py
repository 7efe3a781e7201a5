"""What was recognised in a document, before it becomes records: typed pieces and an account of every line.

A piece keeps the document's own words and the lines they stand on, and how sure each of its parts is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lanzarote_atlas.ingest.reading import Line


class Kind(StrEnum):
    """The documents that are recognised, as the command line names them."""

    FACTSHEET = "factsheet"
    GLOBAL_ALLIANCE = "global-alliance"


class Use(StrEnum):
    """What became of a line."""

    USED = "used"
    FURNITURE = "furniture"
    UNPLACED = "unplaced"


@dataclass(frozen=True)
class Words:
    """What recognition knows besides the document: the State's names and the atlas's chapters."""

    state: str
    """ISO 3166-1 alpha-3."""
    names: tuple[str, ...]
    """English names of the State."""
    themes: tuple[Theme, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A chapter of the Committee's report: id, Roman number and English label, from the vocabulary."""

    id: str
    notation: str
    label: str


@dataclass(frozen=True)
class Place:
    """Where a piece stands: chapter (Roman number) and theme, footnotes, report paragraphs, page, lines."""

    lines: tuple[int, ...]
    chapter: str | None = None
    theme: str | None = None
    footnotes: tuple[int, ...] = ()
    paragraphs: tuple[int, ...] = ()
    page: int | None = None


@dataclass(frozen=True)
class RecommendationPiece:
    """A recommendation: numbers as printed, level, addressee (None: not made out), words, sub-items."""

    place: Place
    text: str
    numbers: tuple[str, ...]
    level: str
    addressee: str | None
    names_state: bool = False
    parts: tuple[str, ...] = ()
    follows: bool = False
    """It is drawn from what stands before it ("Therefore, …")."""
    confidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ObservationPiece:
    """An observation of the State, or with `of_all` of all Parties."""

    place: Place
    text: str
    polarity: str
    topic: str | None = None
    of_all: bool = False
    confidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PracticePiece:
    """One paragraph of a box of promising practices; `box` counts the boxes, `paragraph` within the box."""

    place: Place
    text: str
    box: int
    paragraph: int


@dataclass(frozen=True)
class TargetPiece:
    """A policy target of the form."""

    lines: tuple[int, ...]
    number: str
    text: str


@dataclass(frozen=True)
class GoalPiece:
    """An operational goal; its number is the target's and its place under it."""

    lines: tuple[int, ...]
    target: str
    place: int
    text: str


@dataclass(frozen=True)
class AnswerPiece:
    """The answer to question a, b or c under a goal; an empty text is a blank."""

    lines: tuple[int, ...]
    target: str
    goal: int
    question: str
    text: str
    confidence: str = "high"


Piece: TypeAlias = (
    RecommendationPiece | ObservationPiece | PracticePiece | TargetPiece | GoalPiece | AnswerPiece
)


@dataclass(frozen=True)
class LineUse:
    """What became of one line, and why or by what."""

    line: Line
    use: Use
    what: str


@dataclass
class Account:
    """What became of each line. A line that nothing speaks for is unplaced; to be used outweighs all else."""

    lines: Sequence[Line]
    _said: dict[int, tuple[Use, str]] = field(default_factory=dict)

    def use(self, lines: Iterable[int], what: str) -> None:
        """Count lines as used."""
        for line in lines:
            use, before = self._said.get(line, (Use.UNPLACED, ""))
            several = use is Use.USED and what not in before.split(", ")
            self._said[line] = (
                Use.USED,
                f"{before}, {what}" if several else before if use is Use.USED else what,
            )

    def furnish(self, lines: Iterable[int], what: str) -> None:
        """Count lines as furniture, unless they are used."""
        for line in lines:
            self._said.setdefault(line, (Use.FURNITURE, what))

    def leave(self, lines: Iterable[int], why: str) -> None:
        """Say why lines are left unplaced, unless something was said of them."""
        for line in lines:
            self._said.setdefault(line, (Use.UNPLACED, why))

    def of_every_line(self) -> list[LineUse]:
        """Return what became of every line of the document, in order."""
        nothing = (Use.UNPLACED, "not recognised")
        return [LineUse(line, *self._said.get(line.number, nothing)) for line in self.lines]


@dataclass(frozen=True)
class Recognised:
    """A document taken apart: its kind and date, its pieces, and what became of each line."""

    kind: Kind
    pieces: tuple[Piece, ...]
    account: Account
    dated: str | None = None
    """ISO 8601: a day, or a year alone."""
    monitoring_round: str | None = None
