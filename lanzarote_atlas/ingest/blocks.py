"""Lines to paragraphs, bullets and footnotes, whatever pages and line breaks came between.

In a factsheet a sentence is cut by the end of a page, the page's footnotes and a running head, and goes on
after them. Here footnotes and page furniture are taken out and what was cut is joined again. Each block knows
the lines it came from, so that nothing is dropped in silence. No word of any one document is known here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from lanzarote_atlas.ingest import markup
from lanzarote_atlas.ingest.reading import Line, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

_BULLET = re.compile(r"(?P<sign>[-–—•▪◦·‣■□➢*●○]|o(?=\s)|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\)|[a-z]\.)\s+(?=\S)")
_WORDS_BULLETS = re.compile(r"[-–—]")
_PAGE_NUMBER = re.compile(r"[-–—|\s]*(?:page\s*)?\d{1,4}\s*(?:(?:/|of)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:;][\"”’'»)\]]*$")
_ITEM_END = re.compile(r"(?:,|\b(?:and|or))$", re.IGNORECASE)
_OPEN_WORD = re.compile(
    r"\b(?:an?|and|any|are|as|at|be|been|by|for|from|has|have|in|into|is|its|it|of|on|or|that|the|their|these|this|"
    r"those|to|was|were|which|who|with|without)$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"^(?:Paras?|Paragraphs?|Recommendations?)\b\W*[\w\s,;–‑-]*\d\W*$", re.IGNORECASE)
_NOTE_START = re.compile(
    r"(?:Paras?\b|Paragraphs?\b|Recommendations?\b|See\b|Ibid|<?https?:|www\.)", re.IGNORECASE
)
_PLAIN_NOTE = re.compile(r"^[\[(]?(\d{1,3})[\])]?\.?\s+(\S.*)$")
_PLAIN_MARK = re.compile(
    r"(?:(?<=[a-z”\"’').,;:])[\[(]?\d{1,3}[\])]?(?:,?\s\d{1,3})?|\s?\[\d{1,3}\])(?=$|\s|[.,;:)])"
)
_EDGE = 2
_LONGEST_HEADING = 45
"""Words; what is longer and ends without a stop is a sentence that goes on."""
_REPEATED = 3
_MOST_SKIPPED = 2


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or bullet: its plain text, and where each line's share of the text begins."""

    text: str
    starts: tuple[tuple[int, int], ...]
    """(Offset in the text, line number), in order."""
    bullet: bool = False
    heading: bool = False
    page: int | None = None

    @property
    def lines(self) -> tuple[int, ...]:
        """The numbers of all its lines."""
        return tuple(line for _, line in self.starts)

    def lines_of(self, start: int, end: int) -> tuple[int, ...]:
        """Return the lines on which a stretch of the text stands."""
        if len({offset for offset, _ in self.starts}) == 1:
            return self.lines
        ends = [offset for offset, _ in self.starts[1:]] + [len(self.text) + 1]
        return tuple(
            line
            for (offset, line), stop in zip(self.starts, ends, strict=True)
            if offset < end and stop > start
        )


@dataclass
class Note:
    """A footnote: its text without the mark, and its lines."""

    text: str
    lines: list[int]


@dataclass
class Layout:
    """A document's blocks in order, its footnotes by number, and what is furniture: line -> why."""

    blocks: list[Block] = field(default_factory=list)
    notes: dict[int, Note] = field(default_factory=dict)
    repeated_notes: list[Note] = field(default_factory=list)
    furniture: dict[int, str] = field(default_factory=dict)


def lay_out(lines: Sequence[Line], is_heading: Callable[[str], bool] = lambda _text: False) -> Layout:
    """Join lines to blocks; `is_heading` tells the headings that begin a block without an empty line."""
    layout = Layout()
    edges = _edges(lines)
    for line in lines:
        why = _furniture_by_itself(lines, line)
        if why:
            layout.furniture[line.number] = why
    layout.furniture |= _page_numbers(edges)
    free = {line.number for line in lines if is_heading(line.text)} | layout.furniture.keys()
    layout.furniture |= _repeated(edges, free)
    kept = [replace(line, text="") if line.number in layout.furniture else line for line in lines]
    _Joiner(layout, is_heading, with_raised_marks(kept)).run()
    return layout


def _furniture_by_itself(lines: Sequence[Line], line: Line) -> str:
    if not line.text:
        return "empty"
    if line.role is Role.MARGIN:
        return "header or footer"
    if line.page is not None or not _PAGE_NUMBER.fullmatch(line.text):
        return ""
    place = line.number - 1
    alone = all(not 0 <= near < len(lines) or not lines[near].text for near in (place - 1, place + 1))
    following = next((later.text for later in lines[place + 1 :] if later.text), "")
    return "page number" if alone and not _NOTE_START.match(following) else ""


def _edges(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """Return page -> its first and last lines, where the format has pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        if line.page is not None and line.text:
            pages.setdefault(line.page, []).append(line)
    return {page: list(dict.fromkeys([*found[:_EDGE], *found[-_EDGE:]])) for page, found in pages.items()}


def _page_numbers(edges: dict[int, list[Line]]) -> dict[int, str]:
    """Return the numbers at the edge of a page that count the pages: as far from the page's place on each."""
    found = [line for page in edges.values() for line in page if _PAGE_NUMBER.fullmatch(line.text)]
    ahead = {line.number: int(re.findall(r"\d+", line.text)[0]) - (line.page or 0) for line in found}
    usual = Counter(ahead.values())
    return {line: "page number" for line, offset in ahead.items() if offset == 0 or usual[offset] > 1}


def _repeated(edges: dict[int, list[Line]], free: AbstractSet[int]) -> dict[int, str]:
    """Return the running heads and feet: what stands at the edge of several pages, numbers aside.

    The lines in `free` are none: they were placed before, or are headings that every such document repeats.
    """
    seen = Counter(_without_digits(line.text) for page in edges.values() for line in page)
    least = max(_REPEATED, len(edges) // 2)
    return {
        line.number: "running head or foot"
        for page in edges.values()
        for line in page
        if line.number not in free and seen[_without_digits(line.text)] >= least
    }


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def with_raised_marks(lines: Sequence[Line]) -> list[Line]:
    """Raise footnote marks that lost their form (`material.2`, `[2] Para. 43.`), where none is raised.

    A number counts as a footnote's only in sequence: footnotes rise by one, and a mark must have its note.
    """
    if any(markup.leading_mark(line.text) for line in lines):
        return list(lines)
    notes = _plain_notes(lines)
    known = set(notes.values())
    last = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal last
        numbers = [int(digits) for digits in re.findall(r"\d+", found[0])]
        for before, number in pairwise([last, *numbers]):
            if number not in known or not before < number <= before + 1 + _MOST_SKIPPED:
                return found[0]
        last = numbers[-1]
        return markup.raised(found[0])

    raised = []
    for line in lines:
        if line.number in notes:
            rest = _PLAIN_NOTE.sub(r"\2", line.text)
            raised.append(replace(line, text=f"{markup.raised(str(notes[line.number]))} {rest}"))
        else:
            raised.append(replace(line, text=_PLAIN_MARK.sub(mark, line.text)))
    return raised


def _plain_notes(lines: Sequence[Line]) -> dict[int, int]:
    """Return line -> number of the footnotes that begin with plain digits."""
    notes: dict[int, int] = {}
    last = 0
    for line in lines:
        found = _PLAIN_NOTE.match(line.text)
        if not found:
            continue
        number, known = int(found[1]), bool(_NOTE_START.match(found[2]))
        if (number == last + 1 and (known or (last > 0 and found[2][0].isupper()))) or (
            known and last < number <= last + 1 + _MOST_SKIPPED
        ):
            notes[line.number] = last = number
    return notes


class _Joiner:
    """Walks the lines once, with one block of the text and one footnote open at a time."""

    def __init__(self, layout: Layout, is_heading: Callable[[str], bool], lines: list[Line]) -> None:
        self._layout = layout
        self._is_heading = is_heading
        self._lines = lines
        self._open: list[Line] = []
        self._sign = ""
        self._note: Note | None = None
        self._gap = False

    def run(self) -> None:
        """Take every line."""
        for place, line in enumerate(self._lines):
            if not line.text:
                self._gap = True
            elif (found := self._leading_mark(line.text, place)) is not None:
                self._begin_note(*found, line.number)
            elif self._note is not None and self._goes_on(self._note, line, place):
                self._note.text = _joined(self._note.text, line.text)
                self._note.lines.append(line.number)
                self._gap = False
            else:
                self._take(line)
        self._end_block()

    def _leading_mark(self, text: str, place: int) -> tuple[int, str] | None:
        """Return number and rest of a footnote's first line; a bare number alone on it is one in sequence."""
        if text.isdecimal() and self._layout.notes and int(text) == max(self._layout.notes) + 1:
            following = next((later.text for later in self._lines[place + 1 :] if later.text), "")
            return (int(text), "") if _NOTE_START.match(following) else None
        return markup.leading_mark(text)

    def _begin_note(self, number: int, text: str, line: int) -> None:
        note = Note(text, [line])
        if number in self._layout.notes:
            self._layout.repeated_notes.append(note)
        else:
            self._layout.notes[number] = note
        self._note, self._gap = note, False

    def _goes_on(self, note: Note, line: Line, place: int) -> bool:
        """Tell whether a line goes on with the footnote before it rather than with the text."""
        said = markup.plain(note.text).rstrip(">")
        if self._is_heading(line.text) or _REFERENCE.match(said):
            return False
        if not said or not self._gap or said.endswith("-"):
            return True
        if _ENDS.search(note.text) or note.text.endswith(">"):
            return False
        following = next((later.text for later in self._lines[place + 1 :] if later.text), "")
        whole = not self._open or bool(_ENDS.search(markup.without_marks(self._open[-1].text)))
        return line.text[:1] == line.text[:1].lower() and (
            whole or markup.leading_mark(following) is not None
        )

    def _take(self, line: Line) -> None:
        interrupted = self._gap or self._note is not None
        self._note = None
        if not self._open or self._begins(line, interrupted=interrupted):
            self._end_block()
            bullet = _BULLET.match(line.text)
            self._sign = bullet["sign"] if bullet else ""
        self._open.append(line)
        self._gap = False

    def _begins(self, line: Line, *, interrupted: bool) -> bool:
        """Tell whether a line begins a block of its own."""
        before = self._open[-1]
        if self._is_heading(line.text) or line.role is not before.role:
            return True
        interrupted = interrupted or (self._is_heading(_all_text(self._open)) and not _is_cut(before.text))
        bullet = _BULLET.match(line.text)
        if bullet:
            return self._is_bullet(bullet["sign"], before.text, interrupted=interrupted)
        if self._is_heading(_all_text(self._open)) and line.text[:1].isupper() and not _is_cut(before.text):
            return True
        return interrupted and not _continues(_all_text(self._open), line.text)

    def _is_bullet(self, sign: str, before: str, *, interrupted: bool) -> bool:
        """Tell a bullet from a dash or a letter within a sentence that was broken there."""
        said = markup.without_marks(before)
        if interrupted or sign == self._sign or _ENDS.search(said):
            return True
        if sign.endswith(")") and self._sign.endswith(")"):
            return bool(_ITEM_END.search(said))
        return not _WORDS_BULLETS.fullmatch(sign) and sign[-1] not in ").o"

    def _end_block(self) -> None:
        if self._open:
            self._layout.blocks.append(_block(self._open, bullet=bool(self._sign)))
        self._open, self._sign = [], ""


def _all_text(lines: list[Line]) -> str:
    return " ".join(line.text for line in lines)


def _is_cut(text: str) -> bool:
    said = markup.without_marks(text)
    return said.endswith(("-", ",", "/", "(")) or bool(_OPEN_WORD.search(said))


def _continues(before: str, after: str) -> bool:
    """Tell whether a line goes on with a sentence that stood before a gap."""
    said = markup.without_marks(before)
    if _is_cut(before):
        return True
    if _ENDS.search(said):
        return False
    if len(said.split()) > _LONGEST_HEADING:
        return True
    return after[:1].islower() or after[:1] in "(,;.)”“" or (after[:1].isdigit() and not before[:1].isdigit())


def _joined(before: str, after: str) -> str:
    if before.endswith("/") or (before.endswith("-") and not before.endswith(" -")):
        return before + after
    return f"{before} {after}" if before else after


def _block(lines: list[Line], *, bullet: bool) -> Block:
    texts = [line.text for line in lines]
    if bullet:
        texts[0] = _BULLET.sub("", texts[0], count=1)
    text, starts = "", []
    for line, said in zip(lines, texts, strict=True):
        whole = _joined(text, said)
        starts.append((len(whole) - len(said), line.number))
        text = whole
    plain = markup.plain(text)
    if plain != text:
        starts = [(0, line.number) for line in lines]
    return Block(plain, tuple(starts), bullet, lines[0].role is Role.HEADING, lines[0].page)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence; the marks after its full stop belong to it."""
    start = 0
    for found in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[: found.start() + 1]):
            yield start, found.end("mark")
            start = found.end()
    if text[start:].strip():
        yield start, len(text)


_SENTENCE_END = re.compile(
    rf"[.!?](?P<mark>[\"”’')]*(?:\s?[{markup.SUPERSCRIPTS}]+)*[\"”’')]*)\s+(?=[\"“‘(]?[A-Z])"
)
_ABBREVIATION = re.compile(
    r"\b(?:Art|Arts|No|Nos|e\.g|i\.e|cf|Mr|Ms|Dr|St|vs|para|paras|[A-Z])\.$", re.IGNORECASE
)
