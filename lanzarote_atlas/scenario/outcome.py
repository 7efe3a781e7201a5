"""The outcome of a scenario over all States: who may prosecute, whose claims meet, who must extradite or prosecute.

The last two follow Article 25(8) and (7) of the Convention, as far as the data says: a State's law on extradition
is described, not decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas import terms
from lanzarote_atlas.scenario.judgment import StateResult, of_state
from lanzarote_atlas.scenario.logic import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lanzarote_atlas.scenario.facts import Scenario
    from lanzarote_atlas.scenario.judgment import PrincipleResult
    from lanzarote_atlas.scenario.law import Law, Position, Term

ADVICE = (
    "This informs and is no legal advice. It follows the facts given and the sources in the atlas; a State's "
    "courts and authorities decide. Unknown is not no."
)
_WHEREABOUTS = "suspect-location"


@dataclass(frozen=True)
class Concurrence:
    """States whose claims meet, with the Convention's rule for them."""

    claiming: tuple[StateResult, ...]
    """States that may prosecute."""
    possible: tuple[StateResult, ...]
    """States with a link whose claim turns on what is not known."""
    parties: tuple[StateResult, ...]
    """Those of both that the Convention binds on the day."""
    provision: str
    """How the provision on consultation is cited."""

    @property
    def conflicts(self) -> Truth:
        """Whether several States claim jurisdiction."""
        if len(self.claiming) > 1:
            return Truth.MET
        return Truth.UNKNOWN if len(self.claiming) + len(self.possible) > 1 else Truth.UNMET


@dataclass(frozen=True)
class Custody:
    """The State in which the suspect is: what the data says of extraditing or prosecuting."""

    holder: StateResult
    may_prosecute: Truth
    presence: tuple[PrincipleResult, ...]
    """The principles that rest on the suspect's being there."""
    extradition: tuple[Position, ...]
    """What the sources describe of its law on extradition, in force on the day."""
    claimants: tuple[StateResult, ...]
    """Other States that may, or may be able to, prosecute."""


@dataclass(frozen=True)
class Outcome:
    """What a scenario comes to."""

    scenario: Scenario
    build_id: str
    states: tuple[StateResult, ...]
    """Every State of the atlas, by its code."""
    concurrence: Concurrence
    custody: tuple[Custody, ...]
    """One for each State of the atlas in which the suspect is; empty where that is not known."""

    def of(self, result: Truth) -> tuple[StateResult, ...]:
        """Return the States with one result."""
        return tuple(one for one in self.states if one.result is result)

    def state(self, iso3: str) -> StateResult | None:
        """Return the result of a State by its code; None where the atlas has none of it."""
        return next((one for one in self.states if one.state.iso3 == iso3), None)


def judge(scenario: Scenario, law: Law) -> Outcome:
    """Judge a scenario by the law of every State of the atlas."""
    states = tuple(of_state(law, scenario, state) for state in law.states)
    return Outcome(scenario, law.build_id, states, _concurrence(states, law), _custody(states, scenario, law))


def _concurrence(states: Iterable[StateResult], law: Law) -> Concurrence:
    claiming = tuple(one for one in states if one.result is Truth.MET)
    possible = tuple(one for one in states if one.result is Truth.UNKNOWN and one.linked)
    parties = tuple(one for one in (*claiming, *possible) if one.party)
    return Concurrence(claiming, possible, parties, law.consultation)


def _custody(states: tuple[StateResult, ...], scenario: Scenario, law: Law) -> tuple[Custody, ...]:
    held = scenario.states(_WHEREABOUTS) or ()
    return tuple(_held_by(one, states, scenario, law) for one in states if one.state.iso3 in held)


def _held_by(holder: StateResult, states: Iterable[StateResult], scenario: Scenario, law: Law) -> Custody:
    resting = {term.iri for term in law.principles if _rests_on_presence(term, law)}
    standards = {iri for term in law.principles if term.iri in resting for iri in term.all("standard")}
    described = [
        term.iri for term in law.terms.values() if term.iri not in resting and standards & set(term.all("standard"))
    ]
    extradition = tuple(
        position
        for criterion in described
        for position in law.by_cell.get((holder.state.iri, criterion), ())
        if position.holds_on(scenario.day)
    )
    others = tuple(
        one
        for one in states
        if one is not holder and (one.result is Truth.MET or (one.result is Truth.UNKNOWN and one.linked))
    )
    presence = tuple(one for one in holder.principles if one.principle.iri in resting)
    return Custody(holder, holder.result, presence, extradition, others)


def _rests_on_presence(principle: Term, law: Law) -> bool:
    looked_at = {
        terms.local_name(field)
        for factor in principle.all("connectingFactor")
        for field in law.terms[factor].all("examines")
    }
    return looked_at == {_WHEREABOUTS}
