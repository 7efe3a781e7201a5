"""Links that a draft might have, for the reader to make or leave: criteria, provisions, recommendations.

Nothing here decides. A proposal says where it comes from: the atlas links the same number so already, the
text names the article, it draws the recommendation from the observation, or its words are like those of a
criterion.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lanzarote_atlas.ingest.atlas import as_list
from lanzarote_atlas.ingest.pieces import ObservationPiece, RecommendationPiece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lanzarote_atlas.ingest.atlas import Atlas
    from lanzarote_atlas.ingest.drafts import Draft
    from lanzarote_atlas.ingest.pieces import Piece

_ARTICLE = re.compile(r"\bArt(?:icle|\.)s?\s*(\d{1,2})((?:\s?\(\w{1,3}\))*)", re.IGNORECASE)
_CRITERION_KEYS = {"Recommendation": "asksFor", "Observation": "criterion", "PromisingPractice": "criterion"}
_PROVISION_KEYS = {"Recommendation": "basis", "Observation": "provision"}
_MOST = 3
_LEAST = 0.12
_SHORTEST_WORD = 4
_CONVENTION = "cets-201"


@dataclass(frozen=True)
class Proposal:
    """A link that might be made: key and value of the record, and why it is proposed."""

    key: str
    value: str
    because: str

    def as_dict(self) -> dict[str, str]:
        """Return it for YAML."""
        return {"key": self.key, "value": self.value, "because": self.because}


def of(drafts: Sequence[Draft], pieces: Sequence[Piece], atlas: Atlas) -> list[Draft]:
    """Return the drafts with their proposals."""
    likeness = _Likeness(atlas)
    provisions = {record.id for record in atlas.of_type("Provision")}
    led = _recommendations_drawn(drafts, pieces)
    made = []
    for draft in drafts:
        found = [*_as_before(draft, atlas), *led.get(draft.key, ()), *_articles(draft, provisions)]
        found += _criteria(draft, likeness)
        found += _themes(draft, found, likeness)
        unique = {(one.key, one.value): one for one in reversed(found)}
        made.append(replace(draft, proposed=tuple(reversed(unique.values()))))
    return made


def _as_before(draft: Draft, atlas: Atlas) -> Iterator[Proposal]:
    """Yield the links that the atlas already gives the recommendation of the same number."""
    numbers = set(map(str, as_list(draft.record.get("number"))))
    if draft.type != "Recommendation" or not numbers:
        return
    for record in atlas.of_type("Recommendation"):
        same = numbers & set(map(str, as_list(record.body.get("number"))))
        for key in ("basis", "basisKind", "asksFor") if same else ():
            for value in as_list(record.body.get(key)):
                yield Proposal(key, str(value), f"so linked in the atlas: {record.id}")


def _recommendations_drawn(drafts: Sequence[Draft], pieces: Sequence[Piece]) -> dict[str, list[Proposal]]:
    """Return draft key -> the recommendation that the text draws from it ("Therefore, …")."""
    led: dict[str, list[Proposal]] = {}
    before: list[Draft] = []
    topic: str | None = None
    for draft, piece in zip(drafts, pieces, strict=True):
        if isinstance(piece, ObservationPiece):
            if piece.topic != topic:
                before, topic = [], piece.topic
            before.append(draft)
        elif isinstance(piece, RecommendationPiece):
            for one in before if piece.follows else ():
                led.setdefault(one.key, []).append(
                    Proposal("recommendation", draft.id, "the text goes on to it by “therefore”")
                )
            before = []
    return led


def _articles(draft: Draft, provisions: set[str]) -> Iterator[Proposal]:
    key = _PROVISION_KEYS.get(draft.type)
    for found in _ARTICLE.finditer(f"{draft.record.get('topic', '')} {draft.quotation}") if key else ():
        parts = re.findall(r"\w+", found[2])
        ids = [
            "/".join([_CONVENTION, f"art-{found[1]}", *parts[:depth]]) for depth in range(len(parts), -1, -1)
        ]
        known = next((one for one in ids if one in provisions), None)
        if known and key:
            yield Proposal(key, known, f"the text names {found[0].strip()}")


def _criteria(draft: Draft, likeness: _Likeness) -> Iterator[Proposal]:
    key = _CRITERION_KEYS.get(draft.type)
    if key:
        theme = str(draft.record.get("theme", ""))
        for name, score in likeness.nearest(f"{draft.record.get('topic', '')} {draft.quotation}", theme):
            yield Proposal(key, name, f"its words are like the criterion's ({score:.2f})")


def _themes(draft: Draft, found: Sequence[Proposal], likeness: _Likeness) -> Iterator[Proposal]:
    """Yield the chapters of the criteria proposed, for a draft that stands in none (the key findings)."""
    if "theme" not in draft.record:
        for one in found:
            if one.key == _CRITERION_KEYS.get(draft.type) and likeness.theme(one.value):
                yield Proposal("theme", likeness.theme(one.value), f"the chapter of {one.value}")


class _Likeness:
    """Compares a text with the criteria by the words that they share, rare words counting more."""

    def __init__(self, atlas: Atlas) -> None:
        self._words = {one.id: set(_words(one.words)) for one in atlas.criteria}
        self._themes = {one.id: one.theme for one in atlas.criteria}
        frequency = Counter(word for words in self._words.values() for word in words)
        count = max(len(self._words), 1)
        self._weight = {word: math.log(1 + count / seen) for word, seen in frequency.items()}
        self._sums = {name: self._sum(words) for name, words in self._words.items()}

    def nearest(self, text: str, theme: str) -> list[tuple[str, float]]:
        """Return the ids of the criteria most like a text, those of its chapter first among equals."""
        said = set(_words(text))
        scored = [
            (self._score(said, name) * (1 if self._themes[name] == theme else 0.5), name)
            for name in self._words
        ]
        best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:_MOST]
        return [(name, score) for score, name in best if score >= _LEAST]

    def theme(self, name: str) -> str:
        """Return the chapter of a criterion."""
        return self._themes.get(name, "")

    def _score(self, said: set[str], name: str) -> float:
        words = self._words[name]
        shared = self._sum(words & said)
        whole = math.sqrt(self._sums[name] * max(self._sum(said), 1e-9))
        return shared / whole if whole else 0.0

    def _sum(self, words: Iterable[str]) -> float:
        return sum(self._weight.get(word, 0.0) for word in words)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]+", text.lower()) if len(word) >= _SHORTEST_WORD]
