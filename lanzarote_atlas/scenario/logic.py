"""Three values: met, unmet, unknown (Kleene's strong logic).

Unknown is what a blank field, a silent source or a note that only a reader can judge leave behind. It never
becomes no: filling a blank can turn unknown into met or unmet, and nothing else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Truth(StrEnum):
    """Whether a condition, a ground or a principle is met."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


def truth_of(value: bool | None) -> Truth:  # noqa: FBT001 - the value is what is translated
    """Return the truth of a value that may be blank."""
    if value is None:
        return Truth.UNKNOWN
    return Truth.MET if value else Truth.UNMET


def every(values: Iterable[Truth]) -> Truth:
    """Return met where all are met, unmet where one is unmet, else unknown; of none: met."""
    given = set(values)
    if Truth.UNMET in given:
        return Truth.UNMET
    return Truth.UNKNOWN if Truth.UNKNOWN in given else Truth.MET


def some(values: Iterable[Truth]) -> Truth:
    """Return met where one is met, unmet where all are unmet, else unknown; of none: unmet."""
    return negated(every(negated(value) for value in values))


def negated(value: Truth) -> Truth:
    """Return unmet for met and met for unmet; unknown stays."""
    return {Truth.MET: Truth.UNMET, Truth.UNMET: Truth.MET}.get(value, Truth.UNKNOWN)


def agreed(values: Iterable[Truth]) -> Truth:
    """Return the value on which all agree, else unknown; of none: unknown."""
    given = set(values)
    return given.pop() if len(given) == 1 else Truth.UNKNOWN
