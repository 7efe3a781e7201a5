"""A factsheet of the Lanzarote Committee's secretariat, taken apart.

Such a factsheet has a table of contents, an introduction, and one chapter a theme: what the Committee
observed of the State, what it recommends (in boxes, at three levels, to the State or to all Parties), and
boxes of promising practices. Footnotes give the report's paragraphs and the numbers of the recommendations.
What is known here is that form and the English in which it is written; no State, number or sentence of any
one factsheet.

A number is only ever copied from the text. What is not made out is left unplaced and said to be so.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from lanzarote_atlas.ingest import blocks as layouts
from lanzarote_atlas.ingest import markup
from lanzarote_atlas.ingest.pieces import (
    Account,
    Kind,
    ObservationPiece,
    Place,
    PracticePiece,
    Recognised,
    RecommendationPiece,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lanzarote_atlas.ingest.blocks import Block, Layout
    from lanzarote_atlas.ingest.pieces import Piece, Theme, Words
    from lanzarote_atlas.ingest.reading import Document

_CHAPTER = re.compile(r"^(?:Chapter\s+)?(?P<number>[IVXL]{1,6}|\d{1,2})\s?[.:)–-]?\s+(?P<title>\S.*)$")
_CONTENTS = re.compile(r"^(?:Table of )?Contents?$", re.IGNORECASE)
_CONTENTS_ENTRY = re.compile(r"(?:\.{3,}|…|\s)\s*\d{1,3}$")
_INTRODUCTION = re.compile(r"^(?:(?:I|1)\s?[.:)–-]?\s+)?Introduction$", re.IGNORECASE)
_KEY_FINDINGS = re.compile(r"^Key findings\b[^.]*$", re.IGNORECASE)
_OBSERVATIONS = re.compile(
    r"^(?:Specific )?(?:Observations?|Recommendations?)(?: and recommendations?)?\s"
    r"(?:of the (?:Lanzarote )?Committee|specific to)\b[^.]*$",
    re.IGNORECASE,
)
_GENERIC = re.compile(r"^(?:Generic|General) (?:observations?|recommendations?)\b[^.]*$", re.IGNORECASE)
_PRACTICES = re.compile(
    r"^(?:Examples? of )?promising practices?(?: (?:of|in|from) [\w\s]{1,40})?:?$", re.IGNORECASE
)
_UPDATED = re.compile(r"\b(?:Last update|Updated|Date)\b\D{0,6}(.+)$", re.IGNORECASE)
_ROUND = re.compile(r"\b(first|second|third|fourth|fifth)\s+(?:thematic\s+)?monitoring round", re.IGNORECASE)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")

_ADVERBS = (
    r"(?:,?\s*(?:also|therefore|further|furthermore|moreover|thus|strongly|accordingly|again|however)\b,?)*"
)
_VERB = r"(?P<verb>re-?\s?quire|re-?\s?quest|in-?\s?vite)"
_LEAD = re.compile(
    rf"\bCommittee{_ADVERBS}\s+{_VERB}s\s+(?P<rest>(?!that\b)\S.*)$", re.IGNORECASE | re.DOTALL
)
_PASSIVE = (
    r"^(?:Therefore,?\s+)?"
    r"(?P<who>(?:all |those |the )?(?:state |states )?part(?:y|ies)\b[^.:;]{{0,90}}?|{names})"
    rf"\s+(?:is|are){_ADVERBS}\s+{_VERB}e?d\s+(?P<rest>to\b.*)$"
)
_ADDRESSEE_END = re.compile(r"\bto\b|:")
_ASK = re.compile(r"\bto\s+\w[^:]*")
_NOT_YET = re.compile(
    r"\bnot\s+(?:already|yet)\s+doing\s+so\b|\bhave\s+not\s+(?:yet\s+)?done\s+so\b", re.IGNORECASE
)
_PARTIES = re.compile(r"\b(?:state |states )?parties\b", re.IGNORECASE)
_INFINITIVE = re.compile(r"^to\s", re.IGNORECASE)

_NUMBER = re.compile(r"(?<![\w-])([IVX]{1,5})\s?[-–‑−]\s?(\d{1,3})(?![\d-])")
_OF_RECOMMENDATION = re.compile(r"\brecomm?end?ations?\b", re.IGNORECASE)
_INLINE_NUMBERS = re.compile(r"\(\s*(Recommendations?\b[^()]{0,120})\)", re.IGNORECASE)
_PARAGRAPHS = re.compile(
    r"\bpara(?:graph)?s?\b\.?:?\s*(\d{1,4}(?:\s*(?:,|;|and|to|&|-|–)+\s*\d{1,4})*)", re.IGNORECASE
)
_RANGE = re.compile(r"\d\s*[-–]\s*\d")
_MOST_WORDS_OF_A_HEADING = 45
_LIKE = 0.6

_POLARITIES = (
    (
        "not-reported",
        re.compile(
            r"\bdid not (?:provide|submit|report|reply|give|indicate|respond)|\bno information"
            r"|information is lacking",
            re.IGNORECASE,
        ),
    ),
    (
        "shortcoming",
        re.compile(
            r"\bdoes not have\b|\bhas no\b|\binsufficient|\blacks?\b|\bnot in line\b|\bregrets?\b|\bconcern",
            re.IGNORECASE,
        ),
    ),
    (
        "in-line",
        re.compile(
            r"\balready in line\b|\bcommends?\b|\bwelcomes?\b|\bamong the (?:minority|few)"
            r"|\bone of the (?:very )?few\b",
            re.IGNORECASE,
        ),
    ),
)


class _Section(Enum):
    FRONT = auto()
    CONTENTS = auto()
    INTRODUCTION = auto()
    KEY_FINDINGS = auto()
    CHAPTER = auto()
    OBSERVATIONS = auto()
    GENERIC = auto()
    PRACTICES = auto()


@dataclass
class _Lead:
    """The sentence that opens a recommendation, and the bullets under it."""

    block: Block
    start: int
    end: int
    level: str
    addressee: str | None
    names_state: bool
    asks: bool
    """It says itself what is asked ("to ensure that:"); the bullets are then parts of one text."""
    follows: bool
    items: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The sentence with its marks."""
        return self.block.text[self.start : self.end].strip()

    @property
    def open(self) -> bool:
        """Bullets are to follow."""
        return markup.without_marks(self.text).endswith(":")

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines on which the sentence stands."""
        return self.block.lines_of(self.start, self.end)


def is_heading(text: str, themes: Iterable[Theme]) -> bool:
    """Tell whether a line is one of the headings that every factsheet has."""
    fixed = (_CONTENTS, _INTRODUCTION, _KEY_FINDINGS, _OBSERVATIONS, _GENERIC, _PRACTICES)
    return any(pattern.match(text) for pattern in fixed) or chapter_of(text, themes) is not None


def chapter_of(text: str, themes: Iterable[Theme]) -> Theme | None:
    """Return the chapter that a heading opens: by its number and its title, or by its whole title."""
    if text.endswith((".", ";", ":", ",")):
        return None
    found = _CHAPTER.match(text)
    title = found["title"] if found else text
    for theme in themes:
        numbered = found is not None and found["number"] == theme.notation
        if numbered and _likeness(title, theme.label) >= _LIKE:
            return theme
        if title[:1].isupper() and _plain_words(title) == _plain_words(theme.label):
            return theme
    return None


def _likeness(title: str, label: str) -> float:
    words, known = _plain_words(title), _plain_words(label)
    return len(set(words) & set(known)) / max(len(set(known)), 1)


def _plain_words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def recognise(document: Document, words: Words) -> Recognised:
    """Take a factsheet apart; what is not made out stays in the account as unplaced."""
    layout = layouts.lay_out(document.lines, lambda text: is_heading(text, words.themes))
    walk = _Walk(layout, words, Account(document.lines))
    for number, why in layout.furniture.items():
        walk.account.furnish([number], why)
    for block in layout.blocks:
        walk.take(block)
    walk.end()
    return Recognised(Kind.FACTSHEET, tuple(walk.pieces), walk.account, walk.dated, _round(walk, document))


def _round(walk: _Walk, document: Document) -> str | None:
    for line in document.lines:
        if found := _ROUND.search(line.text):
            walk.account.use([line.number], "monitoring round")
            return str(_ORDINALS.index(found[1].lower()) + 1)
    return None


class _Walk:
    """Takes the blocks in order and knows in which chapter and section it is."""

    def __init__(self, layout: Layout, words: Words, account: Account) -> None:
        self.pieces: list[Piece] = []
        self.account = account
        self.dated: str | None = None
        self._notes = layout.notes
        self._repeated = layout.repeated_notes
        self._words = words
        self._section = _Section.FRONT
        self._theme: Theme | None = None
        self._topic: str | None = None
        self._lead: _Lead | None = None
        self._above: Block | None = None
        self._box = self._paragraph = 0
        self._called: set[int] = set()
        names = "|".join(re.escape(name) for name in words.names) or r"(?!)"
        self._passive = re.compile(_PASSIVE.format(names=names), re.IGNORECASE | re.DOTALL)
        self._names = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)

    # --- the order of things

    def take(self, block: Block) -> None:
        """Take the next block."""
        if self._takes_heading(block):
            return
        if self._section in {_Section.FRONT, _Section.CONTENTS, _Section.INTRODUCTION}:
            self._take_front(block)
        elif leads := self._leads_of(block):
            self._open(leads)
        elif self._lead and block.bullet and self._lead.open:
            self._lead.items.append(block)
        elif self._section is _Section.PRACTICES:
            self._take_practice(block)
        else:
            self._close()
            self._take_observation(block)

    def end(self) -> None:
        """Close what is open, and account for the footnotes that no piece calls."""
        self._close()
        for number, note in self._notes.items():
            if number not in self._called:
                self.account.leave(note.lines, f"footnote {number} is called by nothing recognised")
        for note in self._repeated:
            self.account.leave(note.lines, "its number is that of an earlier footnote")

    def _takes_heading(self, block: Block) -> bool:
        text = markup.without_marks(block.text)
        theme = (
            None
            if self._section is _Section.CONTENTS and _CONTENTS_ENTRY.search(text)
            else (chapter_of(text, self._words.themes))
        )
        section = _Section.CHAPTER if theme else _section_of(text)
        if section is None or (block.bullet and section is not _Section.PRACTICES):
            return False
        self._close()
        self._topic = text if section is _Section.KEY_FINDINGS else None
        self._above = None
        self._section = section
        if theme:
            self._theme = theme
        if section is _Section.PRACTICES:
            self._box, self._paragraph = self._box + 1, 0
        what = f"heading of chapter {self._theme.notation}" if theme and self._theme else "heading"
        if section is _Section.CONTENTS:
            self.account.furnish(block.lines, "table of contents")
        else:
            self.account.use(block.lines, what)
        return True

    def _take_front(self, block: Block) -> None:
        if self._section is _Section.CONTENTS and _CONTENTS_ENTRY.search(block.text):
            self.account.furnish(block.lines, "table of contents")
        elif self._section is _Section.INTRODUCTION:
            self.account.leave(block.lines, "introduction: no record is drafted from it")
        elif found := _UPDATED.search(block.text):
            self.dated = _date(found[1]) or self.dated
            self.account.use(block.lines, "date of the source")
        else:
            self.account.use(block.lines, "title of the source")

    # --- recommendations

    def _leads_of(self, block: Block) -> list[_Lead]:
        """Return the recommendations that begin in a block; each goes on to the next or to the end."""
        found = [
            lead for start, end in layouts.sentences(block.text) if (lead := self._lead_of(block, start, end))
        ]
        ends = [*(later.start for later in found[1:]), len(block.text)]
        return [replace(lead, end=end) for lead, end in zip(found, ends, strict=False)]

    def _lead_of(self, block: Block, start: int, end: int) -> _Lead | None:
        sentence = block.text[start:end].strip()
        found = _LEAD.search(sentence)
        whom = _addressee_text(found["rest"]) if found else ""
        if found is None:
            found = self._passive.match(sentence)
            whom = found["who"] if found else ""
        if found is None:
            return None
        named = bool(self._names.search(whom))
        addressee = _addressee(whom, self._words.state if named else None)
        return _Lead(
            block=block,
            start=start,
            end=end,
            level=re.sub(r"[\s-]", "", found["verb"].lower()),
            addressee=addressee,
            names_state=named and addressee != self._words.state,
            asks=bool(_ASK.search(found["rest"].partition(":")[0])),
            follows=bool(re.match(r"\W*therefore\b", sentence, re.IGNORECASE)),
        )

    def _open(self, leads: list[_Lead]) -> None:
        self._close()
        if self._section is _Section.PRACTICES:
            self._section = _Section.OBSERVATIONS
        block, start = leads[0].block, leads[0].start
        if start:
            self._observe(block, 0, start)
        self._above = None
        for lead in leads:
            self._close()
            self._lead = lead

    def _close(self) -> None:
        lead, self._lead = self._lead, None
        if lead is None:
            return
        if not lead.items:
            self._recommend(lead, [], lead.text, [], [])
            return
        groups = self._groups(lead)
        for place, group in enumerate(groups):
            self._recommend_group(lead, group, first=place == 0)

    def _groups(self, lead: _Lead) -> list[list[Block]]:
        """Group the bullets of a lead into texts: a text ends with the bullet that bears a number."""
        if lead.asks and sum(bool(self._numbers(item.text)) for item in lead.items) <= 1:
            return [lead.items]
        groups: list[list[Block]] = [[]]
        for item in lead.items:
            above = groups[-1]
            own = bool(_INFINITIVE.match(item.text))
            if own and above and (len(above) > 1 or not _ends_open(above[0])):
                groups.append([])
            groups[-1].append(item)
            if self._numbers(item.text):
                groups.append([])
        return [group for group in groups if group]

    def _recommend_group(self, lead: _Lead, group: list[Block], *, first: bool) -> None:
        head = lead.text if lead.asks else group[0].text
        parts = group if lead.asks and len(group) > 1 else group[1:]
        if lead.asks and len(group) == 1:
            head = f"{lead.text} {group[0].text}"
        marks = [lead.text] if first else []
        self._recommend(lead, group, head, parts, [*marks, *(item.text for item in group)])

    def _recommend(
        self, lead: _Lead, blocks: list[Block], head: str, parts: list[Block], marked: list[str]
    ) -> None:
        text = " ".join(marked) if marked else head
        numbers = self._numbers(text)
        own = [
            theme for theme in self._words.themes if numbers and theme.notation == numbers[0].split("-")[0]
        ]
        lines = [*lead.lines, *(line for block in blocks for line in block.lines)]
        place = self._place(text, lines, lead.block.page)
        agrees = not numbers or self._theme is None or own == [self._theme]
        if own:
            place = replace(place, chapter=own[0].notation, theme=own[0].id)
        seen = {
            number
            for piece in self.pieces
            if isinstance(piece, RecommendationPiece)
            for number in piece.numbers
        }
        confidence = {
            "number": "high" if numbers and not seen & set(numbers) else "medium" if not numbers else "low",
            "obligationLevel": "high",
            "addressee": "high" if lead.addressee else "low",
            "theme": "high" if own and agrees else "medium" if agrees and place.theme else "low",
        } | ({"part": "high" if lead.asks else "medium"} if parts else {})
        piece = RecommendationPiece(
            place=place,
            text=_quoted([head, *(part.text for part in parts)]),
            numbers=numbers,
            level=lead.level,
            addressee=lead.addressee,
            names_state=lead.names_state,
            parts=tuple(markup.without_marks(part.text) for part in parts),
            follows=lead.follows,
            confidence=confidence,
        )
        self._add(piece, place, "recommendation " + (", ".join(numbers) or "without a number"))

    # --- observations and practices

    def _take_observation(self, block: Block) -> None:
        if self._is_topic(block):
            self._topic, self._above = markup.without_marks(block.text), None
            self.account.use(block.lines, "heading")
            return
        if not block.bullet:
            self._above = block if _ends_open(block) else None
        if self._above is block:
            self._mark_lead_in(block)
            return
        self._observe(block, 0, len(block.text))

    def _mark_lead_in(self, block: Block) -> None:
        """Keep a sentence that ends with a colon for the bullets that it opens."""
        self.account.use(block.lines, "opening of observations")

    def _is_topic(self, block: Block) -> bool:
        text = markup.without_marks(block.text)
        if block.heading:
            return True
        if block.bullet or len(text.split()) > _MOST_WORDS_OF_A_HEADING or not text[:1].isupper():
            return False
        cited = any(self._paragraphs(number) for number in markup.marks(block.text))
        return not cited and not re.search(r"[.!:;][”\"’']?$", text) and "the Committee " not in text

    def _observe(self, block: Block, start: int, end: int) -> None:
        """Draft an observation for each run of sentences up to the one that cites the report."""
        begin = start
        for first, last in layouts.sentences(block.text[start:end]):
            cites = any(
                self._paragraphs(number) for number in markup.marks(block.text[start + first : start + last])
            )
            if cites or start + last >= end:
                self._observation(block, begin, start + last)
                begin = start + last
        if block.text[begin:end].strip():
            self._observation(block, begin, end)

    def _observation(self, block: Block, start: int, end: int) -> None:
        said = block.text[start:end]
        above = self._above if block.bullet else None
        lines = [*(above.lines if above else ()), *block.lines_of(start, end)]
        place = self._place(said, lines, block.page)
        general = self._section in {_Section.KEY_FINDINGS, _Section.CHAPTER, _Section.GENERIC}
        of_all = general and not place.paragraphs and not self._names.search(said)
        text = _quoted([above.text, said] if above else [said])
        polarity, sure = _polarity(text)
        confidence = {
            "polarity": "medium" if sure else "low",
            "paragraph": "high" if place.paragraphs and not self._has_range(place.footnotes) else "medium",
            "theme": "high" if place.theme else "low",
        }
        piece = ObservationPiece(place, text, polarity, self._topic, of_all, confidence)
        self._add(piece, place, "observation")

    def _take_practice(self, block: Block) -> None:
        self._paragraph += 1
        place = self._place(block.text, block.lines, block.page)
        piece = PracticePiece(place, _quoted([block.text]), self._box, self._paragraph)
        self._add(piece, place, f"promising practice {self._box}.{self._paragraph}")

    def _add(self, piece: Piece, place: Place, what: str) -> None:
        self.pieces.append(piece)
        self.account.use(place.lines, what)

    # --- footnotes

    def _place(self, text: str, lines: Iterable[int], page: int | None) -> Place:
        called = [number for number in dict.fromkeys(markup.marks(text)) if number in self._notes]
        self._called.update(called)
        of_notes = [line for number in called for line in self._notes[number].lines]
        paragraphs = dict.fromkeys(one for number in called for one in self._paragraphs(number))
        return Place(
            lines=tuple(dict.fromkeys([*lines, *of_notes])),
            chapter=self._theme.notation if self._theme else None,
            theme=self._theme.id if self._theme else None,
            footnotes=tuple(called),
            paragraphs=tuple(paragraphs),
            page=page,
        )

    def _paragraphs(self, number: int) -> list[int]:
        note = self._notes.get(number)
        found = _PARAGRAPHS.findall(note.text) if note and not _OF_RECOMMENDATION.search(note.text) else []
        return [int(one) for run in found for one in re.findall(r"\d+", run)]

    def _has_range(self, numbers: Iterable[int]) -> bool:
        """Tell whether a footnote names a range of paragraphs, of which only the ends are kept."""
        return any(_RANGE.search(self._notes[number].text) for number in numbers)

    def _numbers(self, text: str) -> tuple[str, ...]:
        """Return the recommendation numbers that a text's footnotes, or brackets in it, give as printed."""
        notes = [self._notes[number].text for number in markup.marks(text) if number in self._notes]
        said = [note for note in notes if _OF_RECOMMENDATION.search(note)] + _INLINE_NUMBERS.findall(text)
        found = [f"{roman}-{digits}" for one in said for roman, digits in _NUMBER.findall(one)]
        return tuple(dict.fromkeys(found))


def _section_of(text: str) -> _Section | None:
    for pattern, section in (
        (_CONTENTS, _Section.CONTENTS),
        (_INTRODUCTION, _Section.INTRODUCTION),
        (_KEY_FINDINGS, _Section.KEY_FINDINGS),
        (_PRACTICES, _Section.PRACTICES),
        (_GENERIC, _Section.GENERIC),
        (_OBSERVATIONS, _Section.OBSERVATIONS),
    ):
        if pattern.match(text):
            return section
    return None


def _addressee_text(rest: str) -> str:
    end = _ADDRESSEE_END.search(rest)
    return rest[: end.start()] if end else rest[:120]


def _addressee(whom: str, state: str | None) -> str | None:
    """Return whom a recommendation is addressed to, in the atlas's words; None where it is not made out."""
    if _NOT_YET.search(whom):
        return "parties-not-yet-doing-so"
    if _PARTIES.search(whom):
        return "all-parties"
    return state


def _ends_open(block: Block) -> bool:
    return markup.without_marks(block.text).endswith(":")


def _polarity(text: str) -> tuple[str, bool]:
    for name, pattern in _POLARITIES:
        if pattern.search(text):
            return name, True
    return "neutral", False


def _quoted(texts: Iterable[str]) -> str:
    return "\n".join(markup.without_marks(text) for text in texts)


def _date(text: str) -> str | None:
    """Return an ISO date from `25.05.2023`, `25 May 2023` or `2023-05-25`; None where it is none."""
    said = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text.strip().rstrip("."))
    for form in ("%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%B %d, %Y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(said, form).replace(tzinfo=dt.UTC).date().isoformat()
        except ValueError:
            continue
    return None
