"""The outcome of a scenario: who may prosecute, whose claims meet, who must extradite or prosecute.

The last two follow Article 25(8) and (7) of the Convention, as far as the data says: a State's law on
extradition is described, not decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas import terms
from lanzarote_atlas.scenario import comparison
from lanzarote_atlas.scenario.comparison import Comparison
from lanzarote_atlas.scenario.judgment import StateResult, of_state
from lanzarote_atlas.scenario.logic import Truth, every, truth_of
from lanzarote_atlas.scenario.trace import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lanzarote_atlas.scenario.facts import Scenario
    from lanzarote_atlas.scenario.judgment import PrincipleResult
    from lanzarote_atlas.scenario.law import Law, Position, Term

ADVICE = (
    "This informs and is no legal advice. It follows the facts given and the sources in the atlas; a State's "
    "courts and authorities decide. Unknown is not no."
)
UNDATED = (
    "Law is read as at the day given; a position whose source gives no date of beginning counts as law then."
)
_WHEREABOUTS, _HANDED_OVER, _NATIONALITY = "suspect-location", "extradited", "offender-nationality-now"


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
    duty: Step
    """Whether the Convention binds the State to be able to prosecute because it does not extradite."""
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
    others = [term for term in law.terms.values() if term.iri not in resting]
    described = [term.iri for term in others if standards & set(term.all("standard"))]
    extradition = tuple(
        position
        for criterion in described
        for position in law.by_cell.get((holder.state.iri, criterion), ())
        if position.holds_on(scenario.day)
    )
    claimants = tuple(
        one
        for one in states
        if one is not holder and (one.result is Truth.MET or (one.result is Truth.UNKNOWN and one.linked))
    )
    presence = tuple(one for one in holder.principles if one.principle.iri in resting)
    duty = _duty(holder, presence, scenario, law)
    return Custody(holder, duty, presence, extradition, claimants)


def _duty(holder: StateResult, presence: tuple[PrincipleResult, ...], scenario: Scenario, law: Law) -> Step:
    """Ask step by step whether the duty to extradite or prosecute reaches the State where the suspect is."""
    iso3, fact = holder.state.iso3, presence[0].principle.iri if presence else holder.state.iri
    standard = law.cited(iri for one in presence for iri in one.principle.all("standard"))
    since = f"since {holder.state.party_since}" if holder.party else "the Convention does not bind it then"
    party = Step("Is the State a Party on the day?", holder.state.iri, truth_of(holder.party), since)
    handed_over = Comparison("is-false", (_HANDED_OVER,), iso3)
    kept = _fact("Is the suspect not extradited?", fact, handed_over, scenario, law)
    nationality = Comparison("is-state", (_NATIONALITY,), iso3)
    national = _fact("Is the suspect its national?", fact, nationality, scenario, law)
    alone = Step(
        "Is nationality the only reason for not extraditing?",
        fact,
        Truth.UNKNOWN,
        "a scenario does not tell the reason",
        settled_by=f"the decision of {holder.state.label} on extradition",
    )
    parts = (party, kept, national, alone)
    result = every(part.result for part in parts)
    asked = f"Must it be able to prosecute? {standard}"
    return Step(asked, fact, result, "all of these are asked", parts=parts)


def _fact(asked: str, fact: str, tested: Comparison, scenario: Scenario, law: Law) -> Step:
    given = comparison.inputs(tested, scenario, law)
    blank = "" if all(one.known for one in given) else given[0].label
    return Step(asked, fact, comparison.carried_out(tested, scenario), "as the scenario tells", given, blank)


def _rests_on_presence(principle: Term, law: Law) -> bool:
    looked_at = {
        terms.local_name(field)
        for factor in principle.all("connectingFactor")
        for field in law.terms[factor].all("examines")
    }
    return looked_at == {_WHEREABOUTS}
