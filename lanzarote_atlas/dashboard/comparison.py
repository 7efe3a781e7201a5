"""A comparison put together from its named query: positions by criterion and State, and where they differ.

Positions are clear or not as docs/model.md has it: what is silent, conflicting or told in words only is never
counted as a difference, nor as a likeness.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import marks, store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DIFFERS, SAME, UNKNOWN = "differs", "same", "unknown"
THIS_OFFENCE, OTHERS_ONLY = "this offence", "other offences only"
"""How far a position of `compare-states-for-one-offence` reaches, where not to all offences."""


class Place(NamedTuple):
    """Where a cell stands: in the column of a State, in the row of a criterion."""

    state: str
    criterion: str


@dataclass(frozen=True)
class Answer:
    """One cell of a position: general, or confined to a principle."""

    principle: str
    value: str
    """The position by its name, or an age in years; empty where there is none."""
    sign: str
    word: str
    conditions: tuple[str, ...]
    grade: str
    others: str
    """Positions that other sources give instead."""
    reach: str
    """Where one offence is compared: whether the answer speaks of it, of all offences or of others only."""
    clear: bool
    """Whether the answer can be compared."""
    status: str


@dataclass
class Row:
    """A criterion with the answers of the States compared."""

    criterion: str
    label: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)

    def verdict(self, states: Iterable[str]) -> str:
        """Return whether the clear positions of these States differ, are the same, or cannot be compared."""
        clear = [
            frozenset((answer.principle, answer.word, answer.conditions) for answer in self.answers[state])
            for state in states
            if state in self.answers and all(answer.clear for answer in self.answers[state])
        ]
        if len(clear) < 2:  # noqa: PLR2004 - two make a comparison
            return UNKNOWN
        return SAME if len(set(clear)) == 1 else DIFFERS


def shade(answers: Iterable[Answer]) -> str:
    """Return the one value of a position that can be compared, by which it is shaded; empty where none is."""
    values = {answer.value for answer in answers if answer.clear}
    return values.pop() if len(values) == 1 else ""


def place(cell: str) -> Place:
    """Return State and criterion of the address of a cell or position."""
    state, criterion = terms.local_name(cell).split("/")[:2]
    return Place(state, criterion)


def special() -> set[Place]:
    """Return where special rules for named offences stand."""
    rules = store.ask("special-rules").rows
    return {Place(row["code"], terms.local_name(row["criterion"])) for row in rules}


def rows(answered: Iterable[Mapping[str, str]], wanted: Mapping[str, str]) -> list[Row]:
    """Return a row for each wanted criterion (name -> label) of a comparison's rows, in the wanted order."""
    found = {criterion: Row(criterion, label) for criterion, label in wanted.items()}
    values = _names("position")
    statuses = _names("cell-status")
    for row in answered:
        state, criterion = place(row["cell"])
        if criterion in found:
            answer = _answer(row, values, statuses)
            found[criterion].answers.setdefault(state, []).append(answer)
    return [row for row in found.values() if row.answers]


def grouped(compared: Sequence[Row], states: Sequence[str]) -> dict[str, list[Row]]:
    """Return the rows by verdict: those that differ first, then the same, then those nobody can compare."""
    groups: dict[str, list[Row]] = {DIFFERS: [], SAME: [], UNKNOWN: []}
    for row in compared:
        groups[row.verdict(states)].append(row)
    return {verdict: members for verdict, members in groups.items() if members}


def _names(scheme: str) -> dict[str, str]:
    return {word.label: name for (of, name), word in store.words().items() if of == scheme}


def _answer(row: Mapping[str, str], values: Mapping[str, str], statuses: Mapping[str, str]) -> Answer:
    status = statuses.get(row["status"], row["status"])
    value = values.get(row["value"], row["value"])
    sign, word = marks.signed(status, value, row["value"])
    reach = row.get("reach", "")
    return Answer(
        principle=row["principle"],
        value=value,
        sign=sign,
        word=word + (" years" if value.isdigit() else ""),
        conditions=tuple(filter(None, row["conditions"].split("; "))),
        grade=row["grade"],
        others=row.get("otherPositions", ""),
        reach=reach,
        clear=status == "resolved" and value != "described" and reach != OTHERS_ONLY,
        status=status,
    )
