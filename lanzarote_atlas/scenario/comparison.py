"""The tests of `vocabulary/condition-test`: how a fact of a scenario is held against a State or a threshold.

A test is found by the name of its concept. A blank gives unknown; so does a test that has no name here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas.scenario import facts
from lanzarote_atlas.scenario.logic import Truth, negated, some, truth_of
from lanzarote_atlas.scenario.trace import Input

if TYPE_CHECKING:
    from collections.abc import Callable

    from lanzarote_atlas.scenario.facts import Scenario
    from lanzarote_atlas.scenario.law import Law


@dataclass(frozen=True)
class Comparison:
    """A test to be carried out: fields of a scenario against a State, States that are listed, or a number."""

    test: str
    """Name of the test: `is-state`."""
    fields: tuple[str, ...]
    """Names of the fields."""
    state: str
    """Code of the State in question."""
    listed: tuple[str, ...] = ()
    """Codes of the States that a condition lists in place of the State in question."""
    threshold: float | None = None
    offences: tuple[str, ...] = ()
    """Names of the offences to which the condition or the position is confined."""


def carried_out(comparison: Comparison, scenario: Scenario) -> Truth:
    """Return the result of a test on a scenario."""
    test = _TESTS.get(comparison.test)
    return test(comparison, scenario) if test and comparison.fields else Truth.UNKNOWN


def inputs(comparison: Comparison, scenario: Scenario, law: Law) -> tuple[Input, ...]:
    """Return what the scenario says in the fields that a test looks at."""
    found = []
    for name in comparison.fields:
        entry = law.fields[name]
        fact = scenario.facts.get(name)
        if isinstance(fact, dict):
            years = fact.get(comparison.state)
            value = "not known" if years is None else f"{comparison.state}: {years:g} years"
            found.append(Input(name, entry.label, value, years is not None))
        else:
            found.append(Input(name, entry.label, facts.written(fact, entry), fact is not None))
    return tuple(found)


def _any_state(comparison: Comparison, scenario: Scenario, *, elsewhere: bool = False) -> Truth:
    sought = comparison.listed or (comparison.state,)
    found = []
    for name in comparison.fields:
        states = scenario.states(name)
        if states is None:
            found.append(Truth.UNKNOWN)
        elif elsewhere:
            found.append(truth_of(not states or any(code not in sought for code in states)))
        else:
            found.append(truth_of(any(code in sought for code in states)))
    return some(found)


def _is_state(comparison: Comparison, scenario: Scenario) -> Truth:
    return _any_state(comparison, scenario)


def _is_not_state(comparison: Comparison, scenario: Scenario) -> Truth:
    return negated(_any_state(comparison, scenario))


def _is_elsewhere(comparison: Comparison, scenario: Scenario) -> Truth:
    return _any_state(comparison, scenario, elsewhere=True)


def _is_none(comparison: Comparison, scenario: Scenario) -> Truth:
    states = scenario.states(comparison.fields[0])
    return truth_of(None if states is None else not states)


def _is_true(comparison: Comparison, scenario: Scenario) -> Truth:
    return truth_of(scenario.truth(comparison.fields[0]))


def _is_false(comparison: Comparison, scenario: Scenario) -> Truth:
    return negated(_is_true(comparison, scenario))


def _in_offence_scope(comparison: Comparison, scenario: Scenario) -> Truth:
    given = scenario.facts.get(comparison.fields[0])
    return truth_of(given in comparison.offences if given and comparison.offences else None)


def _number(holds: Callable[[float, float], bool]) -> Callable[[Comparison, Scenario], Truth]:
    def compare(comparison: Comparison, scenario: Scenario) -> Truth:
        given = scenario.number(comparison.fields[0], comparison.state)
        if given is None or comparison.threshold is None:
            return Truth.UNKNOWN
        return truth_of(holds(given, comparison.threshold))

    return compare


_TESTS: dict[str, Callable[[Comparison, Scenario], Truth]] = {
    "is-state": _is_state,
    "is-not-state": _is_not_state,
    "is-elsewhere": _is_elsewhere,
    "is-none": _is_none,
    "is-true": _is_true,
    "is-false": _is_false,
    "at-least": _number(lambda given, threshold: given >= threshold),
    "more-than": _number(lambda given, threshold: given > threshold),
    "less-than": _number(lambda given, threshold: given < threshold),
    "in-offence-scope": _in_offence_scope,
    "by-reading": lambda _comparison, _scenario: Truth.UNKNOWN,
}
TESTS = frozenset(_TESTS)
"""Names of the tests that can be carried out; the vocabulary has the same."""
