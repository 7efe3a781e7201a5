"""Pieces of a document to draft records in the atlas's own keys, for a reader to review.

A draft says what the document says in terms of the model, how sure each part is, and on which lines it rests.
The document's own words are its `quotation`. It is no record yet: nothing enters a build before a reader
accepts it, and links to criteria and provisions are proposed, never made.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import yaml

from lanzarote_atlas.errors import ReviewError
from lanzarote_atlas.ingest import proposals
from lanzarote_atlas.ingest.atlas import as_list
from lanzarote_atlas.ingest.pieces import (
    AnswerPiece,
    GoalPiece,
    Kind,
    ObservationPiece,
    PracticePiece,
    RecommendationPiece,
    TargetPiece,
    Use,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lanzarote_atlas.ingest.atlas import Atlas
    from lanzarote_atlas.ingest.pieces import LineUse, Piece, Place, Recognised
    from lanzarote_atlas.ingest.proposals import Proposal
    from lanzarote_atlas.ingest.reading import Document
    from lanzarote_atlas.records.yaml_text import Value

_KEY_LENGTH = 16
_NOT_YET = "quoted, not yet put in words of our own."
_WIDTH = 110
_SOURCES = {
    Kind.FACTSHEET: (
        "Lanzarote Committee: factsheet on the implementation report",
        "Lanzarote Committee Secretariat",
    ),
    Kind.GLOBAL_ALLIANCE: (
        "Global Alliance against Child Sexual Abuse Online: reporting form",
        "Report of the State to the Global Alliance against Child Sexual Abuse Online",
    ),
}
_FIXED_KEYS = frozenset({"type"})


@dataclass(frozen=True)
class Draft:
    """A draft record.

    `key` names it for good: the same document gives the same keys. `record` holds the atlas's keys,
    `confidence` says of each how sure it is (high, medium, low), `parts` are the words of a recommendation's
    sub-items.
    """

    key: str
    record: dict[str, Value]
    quotation: str
    lines: tuple[int, ...]
    confidence: dict[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    proposed: tuple[Proposal, ...] = ()
    corrected: tuple[str, ...] = ()
    """Keys that the reader has changed."""

    @property
    def type(self) -> str:
        """The record's type."""
        return str(self.record["type"])

    @property
    def id(self) -> str:
        """The record's id, as it would stand."""
        return str(self.record["id"])


@dataclass(frozen=True)
class Drafts:
    """All that one document gave: its source's draft, the others in the order of the document, every line."""

    document: Document
    kind: Kind
    state: str
    source: Draft
    drafts: tuple[Draft, ...]
    lines: tuple[LineUse, ...]

    @property
    def unplaced(self) -> list[LineUse]:
        """The lines that became nothing."""
        return [line for line in self.lines if line.use is Use.UNPLACED]


def draft(document: Document, recognised: Recognised, state: str, atlas: Atlas, source: str = "") -> Drafts:
    """Make the drafts of a document.

    `source` is the id of its source, by default made from kind, State and date.
    """
    first = _source(document, recognised, state, source, atlas)
    writer = _Writer(recognised, state, first.id, atlas)
    drafts = [made for piece in recognised.pieces for made in writer.of(piece)]
    return Drafts(
        document,
        recognised.kind,
        state,
        first,
        tuple(proposals.of(drafts, recognised.pieces, atlas)),
        tuple(recognised.account.of_every_line()),
    )


def corrected(draft: Draft, changes: Mapping[str, Value]) -> Draft:
    """Return a draft with keys changed as the reader says; None takes a key away.

    Raises ReviewError where a change would make another draft of it: its type cannot change, nor its id
    vanish.
    """
    if fixed := _FIXED_KEYS & changes.keys() | ({"id"} if changes.get("id", "-") in {None, ""} else set()):
        message = f"{draft.id}: {', '.join(sorted(fixed))} cannot be changed so; reject the draft instead"
        raise ReviewError(message)
    record: dict[str, Value] = {
        key: value for key, value in (draft.record | dict(changes)).items() if value is not None
    }
    sure = {key: "high" for key in changes if key in record}
    kept = {key: value for key, value in draft.confidence.items() if key in record or key not in draft.record}
    every = tuple(dict.fromkeys([*draft.corrected, *changes]))
    return replace(draft, record=record, confidence=kept | sure, corrected=every)


def _source(document: Document, found: Recognised, state: str, given: str, atlas: Atlas) -> Draft:
    title, publisher = _SOURCES[found.kind]
    name = atlas.words(state).names[0]
    record: dict[str, Value] = {
        "type": "Source",
        "id": given or "-".join(filter(None, [found.kind.value, state, found.dated or document.sha256[:8]])),
        "title": f"{title}, {name}",
        "publisher": publisher,
        "evidenceGrade": "official",
        "extentRead": "full",
        "language": "en",
        "note": f"Read in by the reader from {document.name}, SHA-256 {document.sha256}.",
    }
    if found.dated:
        record["issued"] = found.dated
    confidence = {"title": "medium", "publisher": "medium", "issued": "high"}
    return Draft(
        _key(record, ""), record, "", (), {key: value for key, value in confidence.items() if key in record}
    )


def _key(record: Mapping[str, Value], quotation: str) -> str:
    said = "\0".join([str(record["type"]), str(record["id"]), quotation])
    return hashlib.sha256(said.encode()).hexdigest()[:_KEY_LENGTH]


class _Writer:
    """Writes the drafts of one document, with ids that are free within it."""

    def __init__(self, found: Recognised, state: str, source: str, atlas: Atlas) -> None:
        self._found = found
        self._state = state
        self._source = source
        self._atlas = atlas
        self._name = atlas.words(state).names[0]
        self._ids: Counter[tuple[str, str]] = Counter()

    def of(self, piece: Piece) -> Iterator[Draft]:
        """Yield the draft of a piece."""
        if isinstance(piece, RecommendationPiece):
            yield self._recommendation(piece)
        elif isinstance(piece, ObservationPiece):
            yield self._observation(piece)
        elif isinstance(piece, PracticePiece):
            yield self._practice(piece)
        elif isinstance(piece, TargetPiece):
            yield self._target(piece)
        elif isinstance(piece, GoalPiece):
            yield self._goal(piece)
        else:
            yield self._answer(piece)

    def _recommendation(self, piece: RecommendationPiece) -> Draft:
        first = piece.numbers[0] if piece.numbers else f"{piece.place.chapter or 'I'}-unnumbered"
        said = (
            f"recommendation {', '.join(piece.numbers)}"
            if piece.numbers
            else "recommendation without a number"
        )
        record: dict[str, Value] = {
            "type": "Recommendation",
            "id": self._free("Recommendation", self._own(first, piece)),
            "number": _one_or_list(piece.numbers),
            "obligationLevel": piece.level,
            "addressee": piece.addressee,
            "namesState": self._state if piece.names_state else None,
            "theme": piece.place.theme,
            "monitoringRound": self._found.monitoring_round,
            "summary": f"{said[0].upper()}{said[1:]}, level {piece.level}; {_NOT_YET}",
            "part": [
                {"order": place, "summary": f"Sub-item {place}; {_NOT_YET}"}
                for place in range(1, len(piece.parts) + 1)
            ]
            or None,
            "citation": self._citation(piece.place),
        }
        confidence = {**piece.confidence, "summary": "low", "monitoringRound": "medium"}
        return _draft(record, piece.text, piece.place.lines, confidence, piece.parts)

    def _own(self, first: str, piece: RecommendationPiece) -> str:
        """Return the id of a text: its first number, after the State where another State has that id.

        The Committee asks several States the same thing under one number; each has it from a factsheet of its
        own.
        """
        standing = self._atlas.find("Recommendation", first)
        if standing is None:
            return first
        named = as_list(standing.body.get("namesState")) + as_list(standing.body.get("addressee"))
        particular = (
            piece.addressee in {self._state, "parties-not-yet-doing-so"} and piece.addressee is not None
        )
        alone = piece.addressee == self._state or piece.names_state
        return f"{self._state}/{first}" if particular and alone and self._state not in named else first

    def _observation(self, piece: ObservationPiece) -> Draft:
        chapter = (piece.place.chapter or "i").lower()
        at = f"footnote-{piece.place.footnotes[0]}" if piece.place.footnotes else "observation"
        whom = f"all-parties/{self._state}" if piece.of_all else self._state
        record: dict[str, Value] = {
            "type": "Observation",
            "id": self._free("Observation", f"{whom}/{chapter}-{at}"),
            "state": None if piece.of_all else self._state,
            "addressee": "all-parties" if piece.of_all else None,
            "theme": piece.place.theme,
            "topic": piece.topic or f"Observation in chapter {piece.place.chapter or 'I'}",
            "polarity": piece.polarity,
            "summary": f"Observation of the Committee; {_NOT_YET}",
            "citation": self._citation(piece.place, None if piece.place.footnotes else piece.topic),
        }
        confidence = {**piece.confidence, "topic": "high" if piece.topic else "low", "summary": "low"}
        return _draft(record, piece.text, piece.place.lines, confidence)

    def _practice(self, piece: PracticePiece) -> Draft:
        chapter = piece.place.chapter or "I"
        record: dict[str, Value] = {
            "type": "PromisingPractice",
            "id": self._free(
                "PromisingPractice", f"{self._state}/{chapter.lower()}-practice-{piece.paragraph}"
            ),
            "state": self._state,
            "theme": piece.place.theme,
            "title": f"Promising practice {piece.paragraph} of chapter {chapter}",
            "summary": f"Promising practice that the Committee presents; {_NOT_YET}",
            "citation": self._citation(piece.place, f"Promising practice box, paragraph {piece.paragraph}"),
        }
        sure = "high" if self._name.lower() in piece.text.lower() else "medium"
        confidence = {
            "state": sure,
            "theme": "high" if piece.place.theme else "low",
            "title": "low",
            "summary": "low",
        }
        return _draft(record, piece.text, piece.place.lines, confidence)

    def _target(self, piece: TargetPiece) -> Draft:
        record: dict[str, Value] = {
            "type": "PolicyTarget",
            "id": self._free("PolicyTarget", piece.number),
            "number": piece.number,
            "title": f"Policy target {piece.number}",
            "summary": f"Policy target of the Global Alliance; {_NOT_YET}",
            "citation": {"source": self._source, "section": f"Policy Target {piece.number}"},
        }
        return _draft(record, piece.text, piece.lines, {"number": "high", "title": "low", "summary": "low"})

    def _goal(self, piece: GoalPiece) -> Draft:
        number = f"{piece.target}.{piece.place}"
        record: dict[str, Value] = {
            "type": "OperationalGoal",
            "id": self._free("OperationalGoal", number),
            "number": number,
            "policyTarget": piece.target,
            "title": f"Operational goal {number}",
            "summary": f"Operational goal of the Global Alliance; {_NOT_YET}",
            "citation": {
                "source": self._source,
                "section": f"Policy Target {piece.target}, goal {piece.place}",
            },
        }
        confidence = {"number": "high", "policyTarget": "high", "title": "low", "summary": "low"}
        return _draft(record, piece.text, piece.lines, confidence)

    def _answer(self, piece: AnswerPiece) -> Draft:
        year = self._found.dated or "form"
        goal = f"{piece.target}.{piece.goal}"
        section = f"Policy Target {piece.target}, goal {piece.goal}, {piece.question.upper()}"
        record: dict[str, Value] = {
            "type": "FormAnswer",
            "id": self._free("FormAnswer", f"{self._state}/{year}/{goal}/{piece.question}"),
            "state": self._state,
            "operationalGoal": goal,
            "formQuestion": piece.question,
            "value": "described" if piece.text else "not-reported",
            "occurredOn": self._found.dated,
            "citation": {"source": self._source, "section": section},
        }
        confidence = dict.fromkeys(("operationalGoal", "formQuestion"), "high") | {"value": piece.confidence}
        return _draft(record, piece.text, piece.lines, confidence)

    def _citation(self, place: Place, locator: str | None = None) -> dict[str, Value]:
        said: dict[str, Value] = {
            "source": self._source,
            "section": place.chapter,
            "paragraph": list(place.paragraphs) or None,
            "footnote": list(place.footnotes) or None,
            "page": place.page,
            "locator": locator,
        }
        return {key: value for key, value in said.items() if value is not None}

    def _free(self, kind: str, wished: str) -> str:
        self._ids[kind, wished] += 1
        count = self._ids[kind, wished]
        return wished if count == 1 else f"{wished}-{count}"


def _one_or_list(values: tuple[str, ...]) -> Value:
    return None if not values else values[0] if len(values) == 1 else list(values)


def _draft(
    record: dict[str, Value],
    quotation: str,
    lines: tuple[int, ...],
    confidence: dict[str, str],
    parts: tuple[str, ...] = (),
) -> Draft:
    kept: dict[str, Value] = {key: value for key, value in record.items() if value is not None}
    return Draft(_key(kept, quotation), kept, quotation, lines, confidence, parts)


# --- as YAML


def as_yaml(drafts: Drafts) -> str:
    """Return the drafts as a YAML document: the account of lines, the drafts, and what was not placed."""
    uses = Counter(line.use for line in drafts.lines)
    document = {
        "document": {
            "name": drafts.document.name,
            "format": drafts.document.format.value,
            "sha256": drafts.document.sha256,
            "kind": drafts.kind.value,
            "state": drafts.state,
        },
        "account": {"lines": len(drafts.lines)} | {use.value: uses[use] for use in Use},
        "drafts": [_plain(one) for one in (drafts.source, *drafts.drafts)],
        "unplaced": [
            {"line": one.line.number, "page": one.line.page, "why": one.what, "text": one.line.text}
            if one.line.page
            else {"line": one.line.number, "why": one.what, "text": one.line.text}
            for one in drafts.unplaced
        ],
        "lines": list(_runs(drafts.lines)),
    }
    head = "# Drafts for review, with the document's own words: keep them out of the project's data.\n"
    return head + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=_WIDTH)


def _plain(draft: Draft) -> dict[str, object]:
    said: dict[str, object] = {"status": "draft", "key": draft.key, **draft.record}
    said |= {"quotation": draft.quotation, "partQuotation": list(draft.parts)}
    said["confidenceOf"] = draft.confidence
    said["proposed"] = [one.as_dict() for one in draft.proposed]
    said["lines"] = list(draft.lines)
    return {key: value for key, value in said.items() if value not in ("", [], {})}


def _runs(lines: Iterable[LineUse]) -> Iterator[dict[str, object]]:
    """Yield the account of every line, neighbours of which the same is said together."""
    run: list[LineUse] = []
    for one in lines:
        if run and (one.use, one.what) != (run[0].use, run[0].what):
            yield _run(run)
            run = []
        run.append(one)
    if run:
        yield _run(run)


def _run(run: list[LineUse]) -> dict[str, object]:
    first, last = run[0].line.number, run[-1].line.number
    where = f"{first}" if first == last else f"{first}-{last}"
    return {"lines": where, "use": run[0].use.value, "what": run[0].what}
