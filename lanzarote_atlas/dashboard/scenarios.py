"""A scenario kept in the address of its page: each fact a parameter, so that it can be shared and cited.

A fact that the address leaves out is not known; `none` says that there is none. An address that names
a worked scenario has its facts; those that stand beside it go first.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from lanzarote_atlas import scenario
from lanzarote_atlas.dashboard import address, frame, store, text
from lanzarote_atlas.errors import FaultsFoundError
from lanzarote_atlas.scenario import Law, Outcome, Scenario, as_texts
from lanzarote_atlas.scenario.texts import values as values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lanzarote_atlas.records.yaml_text import Value

WORKED = "scenario"
"""The parameter that names a worked scenario."""
UNKNOWN = "unknown"
"""How an address blanks a fact of the worked scenario that it names."""
_JUDGED = 16
_OFFENCE = "csam-distribution"
"""The offence of a scenario that names none: the one with which the worked scenarios begin."""


def read(law: Law) -> tuple[Scenario, str, list[str]]:
    """Return the scenario of the address, the name of the worked one it follows, and what is wrong with it.

    A bare address has the first worked scenario; a fact at fault is left out and told.
    """
    given = {name: told for name, told in address.given().items() if name in law.fields and told.strip()}
    named = address.given().get(WORKED, "")
    known = scenario.headings()
    worked, message = address.checked("worked scenario", named, known)
    faults = [message] if message else []
    if not given and not worked:
        worked = next(iter(known), None)
    base = _worked(law, worked) if worked else Scenario({})
    texts = as_texts(base.facts) | {name: told.strip() for name, told in given.items()}
    texts = {name: told for name, told in texts.items() if told != UNKNOWN}
    found, more = _made(texts, law)
    if worked and found.facts == base.facts:
        return base, worked, faults + more
    return found, "", faults + more


def judged(found: Scenario) -> Outcome:
    """Return what a scenario comes to; kept by facts and build until others crowd it out."""
    source = store.origin()
    texts = tuple(sorted(as_texts(found.facts).items()))
    return replace(_judged(source.place, source.build_id, store.period(source), texts), scenario=found)


@lru_cache(maxsize=_JUDGED)
def _judged(_place: str, _build_id: str, _period: int, texts: tuple[tuple[str, str], ...]) -> Outcome:
    law = store.law()
    return scenario.judge(scenario.of_texts(dict(texts), law), law)


def _worked(law: Law, name: str) -> Scenario:
    return scenario.read(scenario.worked()[name], law)


def _made(texts: Mapping[str, str], law: Law) -> tuple[Scenario, list[str]]:
    """Return the scenario that texts tell, without those at fault, and what is wrong with these."""
    values = values_of(texts, law)
    faults = _out_of_range(values, law)
    values |= {name: value for name, value in _defaults(law).items() if not values.get(name)}
    try:
        return scenario.of_values(values, law), faults
    except FaultsFoundError as error:
        faults += [f"{law.fields[one.record].label}: {one.problem}; {one.remedy}" for one in error.faults]
        wrong = {one.record for one in error.faults}
        return scenario.of_values(
            {name: value for name, value in values.items() if name not in wrong}
            | {name: value for name, value in _defaults(law).items() if name in wrong},
            law,
        ), faults


def _out_of_range(values: dict[str, Value], law: Law) -> list[str]:
    """Take out days that no calendar of the page reaches, and say so."""
    messages = []
    for name, entry in law.fields.items():
        if entry.type == "date" and name in values:
            day, message = address.checked_date(str(values[name]))
            values[name] = day
            messages += [message] if message else []
    return messages


def _defaults(law: Law) -> dict[str, Value]:
    """Return what a scenario must tell, since it chooses the law: the day and the offence."""
    chosen = {"date": address.as_at(), "offence": _OFFENCE}
    return {name: chosen[entry.type] for name, entry in law.fields.items() if entry.type in chosen}


def state_name(code: str) -> str:
    """Return what a State is called; a scenario may name States that the atlas does not compare."""
    if code in store.state_names():
        return frame.state_name(code)
    return text.state_name(code, frame.language())


def day_of(found: Scenario) -> dict[str, str]:
    """Return the parameter under which other pages show the law of the scenario's day; none for today."""
    day = found.day.isoformat()
    return {} if day == address.today() else {address.AT: day}
