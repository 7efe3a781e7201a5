"""Permanent addresses: a thing, a comparison or a scenario as one build has it.

`id/KIND/LOCAL/build/BUILD` names what a build said of a thing. A comparison and a scenario are not stored;
their addresses hold all that is needed to make them again:

    id/comparison/2026-11-22/DNK,SWE/jurisdiction.passive-personality[/OFFENCE]
    id/scenario/date=2018-01-15;offence=csam-distribution;place-of-act=DNK
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas import terms
from lanzarote_atlas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERY = "all"
"""In place of a chapter: every criterion."""
CRITERION_OR_THEME = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")
DIGITS = 16
"""How many digits of a build's identifier stand in an address, a folder's name or a message."""
BUILD = re.compile(rf"[0-9a-f]{{{DIGITS},64}}")
_IN_BUILD = re.compile(rf"(?P<thing>.+)/build/(?P<build>{BUILD.pattern})")
_STATES = re.compile(r"[A-Z]{3}(,[A-Z]{3})*")
_FACT = re.compile(r"[a-z]+(-[a-z]+)*=[A-Za-z0-9.,:-]+")


@dataclass(frozen=True)
class Comparison:
    """States side by side on a criterion, or on the criteria of a chapter, as at a day."""

    day: str
    """ISO 8601."""
    states: tuple[str, ...]
    """Their codes; the State of reference first."""
    asked: str
    """Name of a criterion or of a chapter, or `all`."""
    offence: str = ""
    """Name of the offence for which they are compared; empty: positions in general."""

    @property
    def criterion(self) -> str:
        """The criterion, where one is compared; else an empty text."""
        return self.asked if "." in self.asked else ""

    @property
    def theme(self) -> str:
        """The chapter, where one is compared; else an empty text."""
        return "" if self.criterion or self.asked == EVERY else self.asked

    @property
    def address(self) -> str:
        """Its address, without a build."""
        parts = (self.day, ",".join(self.states), self.asked, self.offence)
        return _area("comparison") + "/".join(filter(None, parts))


def short(build_id: str) -> str:
    """Return the digits by which addresses and messages name a build; empty where none is known."""
    return build_id[:DIGITS]


def in_build(thing: str, build_id: str) -> str:
    """Return the permanent address of a thing as a build has it; its own where no build is known."""
    return f"{thing}/build/{short(build_id)}" if build_id else thing


def split(address: str) -> tuple[str, str]:
    """Return the address of the thing, and the build that an address names; empty where it names none."""
    found = _IN_BUILD.fullmatch(address)
    return (found["thing"], found["build"]) if found else (address, "")


def comparison(address: str) -> Comparison:
    """Return the comparison that an address without a build names; UsageError saying how one is written."""
    parts = address.removeprefix(_area("comparison")).split("/")
    day, states, asked, offence, *more = [*parts, "", "", ""][: max(4, len(parts))]
    written = _is_day(day) and _STATES.fullmatch(states) and CRITERION_OR_THEME.fullmatch(asked)
    if more or not written or (offence and not CRITERION_OR_THEME.fullmatch(offence)):
        message = (
            f"{address} is no comparison; one is written id/comparison/DAY/STATES/CRITERION-OR-CHAPTER, "
            "like id/comparison/2026-11-22/DNK,SWE/law.grooming"
        )
        raise UsageError(message)
    return Comparison(day, tuple(dict.fromkeys(states.split(","))), asked, offence)


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def of_scenario(texts: Mapping[str, str]) -> str:
    """Return the address, without a build, of the scenario that facts tell, each by the name of its field."""
    return _area("scenario") + ";".join(f"{name}={told}" for name, told in sorted(texts.items()))


def scenario(address: str) -> dict[str, str]:
    """Return the facts of the scenario that an address without a build names, as the texts of its fields.

    Raises UsageError saying how one is written.
    """
    facts = address.removeprefix(_area("scenario")).split(";")
    if not all(_FACT.fullmatch(fact) for fact in facts):
        message = (
            f"{address} is no scenario; one is written id/scenario/FIELD=VALUE;FIELD=VALUE, "
            "like id/scenario/date=2026-01-01;offence=grooming;place-of-act=DNK"
        )
        raise UsageError(message)
    return dict(fact.split("=", 1) for fact in facts)


def _area(kind: str) -> str:
    return f"{terms.prefixes()['id']}{kind}/"
