"""Facts of a scenario as the texts of an address: `place-of-act=DNK`, `penalty-maximum=DNK:6`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanzarote_atlas import permanent_addresses
from lanzarote_atlas.errors import FaultsFoundError, UsageError
from lanzarote_atlas.scenario.facts import TEXTS, of_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lanzarote_atlas.records.yaml_text import Value
    from lanzarote_atlas.scenario.facts import Fact, Scenario
    from lanzarote_atlas.scenario.law import Law

NONE = "none"
"""How an address says that there is none: no ship, a stateless person."""
_DIGITS_OF_AGE = 4
"""What is longer stays a text and is refused as no age: very long numbers cannot be read at all."""


def as_texts(facts: Mapping[str, Fact]) -> dict[str, str]:
    """Return facts as an address holds them."""
    return {name: _as_text(fact) for name, fact in facts.items()}


def values(texts: Mapping[str, str], law: Law) -> dict[str, Value]:
    """Return the texts of an address as the values of a scenario file; what cannot be read stays a text."""
    return {name: of_text(told, law.fields[name].type) for name, told in texts.items()}


def of_texts(texts: Mapping[str, str], law: Law) -> Scenario:
    """Return the scenario that texts tell; raise FaultsFoundError with every fault."""
    known = {name: told for name, told in texts.items() if name in law.fields}
    return of_values({**texts, **values(known, law)}, law)


def of_address(address: str, law: Law) -> Scenario:
    """Return the scenario that a permanent address without a build names; UsageError with every fault."""
    texts = permanent_addresses.scenario(address)
    if remarks := [name for name in texts if name in TEXTS]:
        said = ", ".join(remarks)
        message = f"{address}: {said}: an address tells facts alone; write it into a scenario file"
        raise UsageError(message)
    try:
        return of_texts(texts, law)
    except FaultsFoundError as error:
        message = "; ".join(f"{one.record}: {one.problem}; {one.remedy}" for one in error.faults)
        raise UsageError(message) from error


def of_text(told: str, kind: str) -> Value:
    """Return the text of an address as the value of a scenario file; what cannot be read stays a text."""
    if kind == "states":
        return [] if told == NONE else [code.strip() for code in told.split(",")]
    if kind == "age":
        return int(told) if told.isdecimal() and len(told) <= _DIGITS_OF_AGE else told
    if kind == "years":
        return {} if told == NONE else _years(told)
    return told


def _as_text(fact: Fact) -> str:
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, tuple):
        return ",".join(fact) or NONE
    if isinstance(fact, dict):
        return ",".join(f"{code}:{years:g}" for code, years in fact.items()) or NONE
    return str(fact)


def _years(told: str) -> Value:
    found: dict[str, Value] = {}
    for pair in told.split(","):
        code, _, years = pair.replace(":", " ").strip().partition(" ")
        try:
            found[code.strip()] = float(years)
        except ValueError:
            return told
    return found
