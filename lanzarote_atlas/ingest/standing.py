"""How a draft stands to what the atlas holds: new, already there, or there and different.

Only facts are compared: numbers, level, addressee, chapter, place, answer. Summaries are each curator's own
words. A factsheet names its own State among "all Parties"; that each names another is no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lanzarote_atlas.ingest.atlas import as_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lanzarote_atlas.ingest.atlas import Atlas
    from lanzarote_atlas.ingest.drafts import Draft
    from lanzarote_atlas.records.files import Record
    from lanzarote_atlas.records.yaml_text import Value

_FACTS = {
    "Recommendation": ("number", "obligationLevel", "addressee", "namesState", "theme"),
    "Observation": ("polarity",),
    "PromisingPractice": ("state", "theme"),
    "FormAnswer": ("state", "operationalGoal", "formQuestion", "value"),
    "PolicyTarget": ("number",),
    "OperationalGoal": ("number", "policyTarget"),
}


class Standing(StrEnum):
    """How a draft stands to the atlas."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Difference:
    """One key in which a record of the atlas and a draft differ; None: the key is absent."""

    record: Record
    key: str
    standing: Value
    drafted: Value

    def __str__(self) -> str:
        """Say it in a line, with the file where the record stands."""
        where = f"{self.record.file}:{self.record.line(self.key)}"
        return f"{where}: {self.record.id}: {self.key} is {self.standing!r}, drafted {self.drafted!r}"


@dataclass(frozen=True)
class Comparison:
    """A draft beside the records that say the same: its standing, those records, and where they differ."""

    standing: Standing
    records: tuple[Record, ...] = ()
    differences: tuple[Difference, ...] = ()


def compare(draft: Draft, atlas: Atlas) -> Comparison:
    """Compare a draft with the atlas."""
    records = tuple(_counterparts(draft, atlas))
    if not records:
        return Comparison(Standing.NEW)
    differences = tuple(_differences(draft, records))
    return Comparison(Standing.DIFFERS if differences else Standing.SAME, records, differences)


def _counterparts(draft: Draft, atlas: Atlas) -> Iterator[Record]:
    """Yield the records that tell of the same thing as a draft: by id, else by number or by place."""
    own = atlas.find(draft.type, draft.id)
    if own is not None:
        yield own
    elif draft.type == "Recommendation":
        yield from _by_number(draft, atlas)
    elif draft.type in {"Observation", "PromisingPractice"}:
        yield from (record for record in atlas.of_type(draft.type) if _same_place(draft, record))


def _by_number(draft: Draft, atlas: Atlas) -> Iterator[Record]:
    numbers = set(map(str, as_list(draft.record.get("number"))))
    of_one_state = "/" in draft.id
    for record in atlas.of_type("Recommendation"):
        if not of_one_state and numbers & set(map(str, as_list(record.body.get("number")))):
            yield record


def _same_place(draft: Draft, record: Record) -> bool:
    mine, theirs = draft.record, record.body
    whom = ("state", "addressee")
    if any(mine.get(key) != theirs.get(key) for key in whom):
        return False
    if mine.get("theme") not in as_list(theirs.get("theme")):
        return False
    if mine.get("addressee") == "all-parties":
        return True
    here = _places(mine)
    return bool(here) and bool(here & _places(theirs))


def _places(record: dict[str, Value]) -> set[tuple[str, str]]:
    """Return the places that a record cites: its footnotes, else its locators.

    A report paragraph is none: two footnotes of one factsheet may rest on the same paragraph for different
    points.
    """
    citations = [one for one in as_list(record.get("citation")) if isinstance(one, dict)]
    for key in (
        ("locator", "footnote") if record.get("type") == "PromisingPractice" else ("footnote", "locator")
    ):
        found = {(key, str(value)) for one in citations for value in as_list(one.get(key))}
        if found:
            return found
    return set()


def _differences(draft: Draft, records: tuple[Record, ...]) -> Iterator[Difference]:
    if draft.type == "Observation" and len(records) > 1:
        return  # one passage that a curator told in several records
    for record in records:
        for key in _FACTS.get(draft.type, ()):
            standing, drafted = record.body.get(key), draft.record.get(key)
            if not _is_said_of_all(draft, record, key) and _as_set(standing) != _as_set(drafted):
                yield Difference(record, key, standing, drafted)


def _is_said_of_all(draft: Draft, record: Record, key: str) -> bool:
    to_all = draft.record.get("addressee") == record.body.get("addressee") == "all-parties"
    return to_all and key in {"namesState", "polarity"}


def _as_set(value: Value) -> set[str]:
    return {str(one) for one in as_list(value)}
