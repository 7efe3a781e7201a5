"""How a scenario is judged: for each State and principle, which ground of its law is met, unmet or unknown.

A principle is met where one of its grounds is. A ground is one rule of the State's law: the positions that
rest on the same provisions. It is met where its connecting factor is present, what the principle presupposes
holds and every condition is met. Special rules go before the general ones over which they prevail. What a
source does not say stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lanzarote_atlas import terms
from lanzarote_atlas.scenario import comparison
from lanzarote_atlas.scenario.comparison import Comparison
from lanzarote_atlas.scenario.logic import Truth, agreed, every, some
from lanzarote_atlas.scenario.trace import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lanzarote_atlas.scenario.facts import Scenario
    from lanzarote_atlas.scenario.law import Condition, Law, Position, State, Term

_SETTLES_BOTH = "either-way"
_SILENT = "not-reported"


@dataclass(frozen=True)
class Ground:
    """One rule of a State's law on which a principle may rest, and how the scenario stands to it."""

    positions: tuple[Position, ...]
    provisions: tuple[str, ...]
    """Addresses."""
    step: Step
    link: Step
    """Whether its connecting factor is present."""
    general: bool
    """Whether a special rule that covers the offence prevails over it."""

    @property
    def result(self) -> Truth:
        """Whether the ground is met."""
        return self.step.result


@dataclass(frozen=True)
class PrincipleResult:
    """A principle in one State: its result, the grounds tried, and the whole reasoning."""

    principle: Term
    result: Truth
    links: tuple[Step, ...]
    """Whether a connecting factor is present, one for each ground."""
    grounds: tuple[Ground, ...]
    step: Step

    @property
    def link(self) -> Truth:
        """Whether a connecting factor is present, under any ground."""
        return some(link.result for link in self.links)

    @property
    def touched(self) -> bool:
        """Whether a connecting factor is present, or a fact points to one that laws treat differently."""
        return self.link is Truth.MET or any(leaf.points for link in self.links for leaf in link.leaves())


@dataclass(frozen=True)
class AgeResult:
    """An age that the State's law sets, held against the scenario."""

    criterion: Term
    necessary: bool
    """Whether the State prosecutes on no principle where the test fails."""
    ages: tuple[int, ...]
    """Ages that sources give; several where they differ."""
    step: Step


@dataclass(frozen=True)
class StateResult:
    """Whether a State may prosecute, on which principles, and what it turns on."""

    state: State
    result: Truth
    party: bool
    """Whether the Convention is in force for it on the scenario's day."""
    principles: tuple[PrincipleResult, ...]
    ages: tuple[AgeResult, ...]

    @property
    def linked(self) -> bool:
        """Whether some principle that is not excluded has its connecting factor present or pointed to."""
        return any(one.touched and one.result is not Truth.UNMET for one in self.principles)

    def of(self, result: Truth) -> tuple[PrincipleResult, ...]:
        """Return the principles with one result."""
        return tuple(one for one in self.principles if one.result is result)

    def open_questions(self) -> tuple[str, ...]:
        """Return what would settle the State's result, each once; empty where it is known."""
        if self.result is not Truth.UNKNOWN:
            return ()
        steps = [one.step for one in self.principles] + [age.step for age in self.ages if age.necessary]
        return tuple(dict.fromkeys(text for step in steps for text in step.open_questions()))


def of_state(law: Law, scenario: Scenario, state: State) -> StateResult:
    """Judge a scenario by the law of one State."""
    return _Judge(law, scenario, state).result()


class _Judge:
    """Holds one scenario against one State's law."""

    def __init__(self, law: Law, scenario: Scenario, state: State) -> None:
        self._law = law
        self._scenario = scenario
        self._state = state
        self._day = scenario.day
        (self._offence,) = (
            terms.concept("offence", str(scenario.facts[name]))
            for name, entry in law.fields.items()
            if entry.type == "offence"
        )

    def result(self) -> StateResult:
        principles = tuple(self._principle(principle) for principle in self._law.principles)
        ages = tuple(
            self._age(criterion)
            for criterion in self._law.ages
            if self._offence in (criterion.all("offenceScope") or (self._offence,))
        )
        barring = [age.step.result for age in ages if age.necessary]
        return StateResult(
            state=self._state,
            result=every([some(one.result for one in principles), *barring]),
            party=self._state.is_party_on(self._day),
            principles=principles,
            ages=ages,
        )

    # --- which positions count

    def _positions(self, criterion: Term) -> list[Position]:
        """Return what is law on the day, without what something later replaces."""
        known = self._law.by_cell.get((self._state.iri, criterion.iri), ())
        held = [position for position in known if position.holds_on(self._day)]
        replaced = {iri for position in held for iri in position.all("supersedes")}
        return [position for position in held if position.iri not in replaced]

    def _covering(self, positions: Iterable[Position]) -> list[Position]:
        """Return those that cover the offence; an emptiness gives way, and a report to the law itself."""
        found = self._on_offence(positions)
        found = [one for one in found if one.value != _SILENT] or found
        return [one for one in found if one.all("provision")] or found

    def _on_offence(self, positions: Iterable[Position]) -> list[Position]:
        return [one for one in positions if self._offence in (one.all("offenceScope") or (self._offence,))]

    # --- a principle

    def _principle(self, principle: Term) -> PrincipleResult:
        held = self._positions(principle)
        covering = self._covering(held)
        over = {iri for position in covering for iri in position.all("prevailsOver")}
        special = [position for position in covering if position.iri not in over]
        general = [position for position in covering if position.iri in over]
        grounds = (
            *(self._ground(principle, group, general=False) for group in _by_provision(special)),
            *(self._ground(principle, group, general=True) for group in _by_provision(general)),
        )
        links = tuple(ground.link for ground in grounds)
        steps = tuple(ground.step for ground in grounds)
        results = [_special_first(grounds)] if grounds else []
        because = _why_principle(grounds, results[0]) if grounds else ""
        if not any(_on_own_factors(ground, principle) for ground in grounds):
            link, silence = self._silence(principle, held)
            links, steps, results = (*links, link), (*steps, silence), [*results, silence.result]
            because = silence.because if some(results) is silence.result else because
        asked = f"{principle.label}: {principle.definition}"
        step = Step(asked, principle.iri, some(results), because, parts=steps)
        return PrincipleResult(principle, step.result, links, grounds, step)

    def _silence(self, principle: Term, held: Sequence[Position]) -> tuple[Step, Step]:
        """Allow for law that no source here tells: excluded where there is no link, else unknown."""
        link = self._link(principle, ())
        because = "the positions known are on other offences or links" if held else _NOT_ASSESSED
        silence = Step(
            asked="What does the State's law say?",
            fact=principle.iri,
            result=Truth.UNKNOWN,
            because=because,
            settled_by=f"a source on the law of {self._state.label}: {principle.label}",
        )
        asked = f"The law of {self._state.label} as far as no source here tells it"
        return link, _joined(asked, principle.iri, (link, *self._presupposed(principle), silence))

    def _ground(self, principle: Term, group: Sequence[Position], *, general: bool) -> Ground:
        link = self._link(principle, group)
        provisions = tuple(dict.fromkeys(iri for position in group for iri in position.all("provision")))
        parts = (
            link,
            *self._presupposed(principle),
            *(self._stated(position) for position in group if position.value not in {"yes", "conditional"}),
            *self._conditions(principle, group),
        )
        asked = self._law.cited(provisions) or group[0].summary
        step = _joined(asked, group[0].iri, _without_contradiction(parts, group))
        return Ground(tuple(group), provisions, step, link, general)

    def _stated(self, position: Position) -> Step:
        """Take a position other than yes: no excludes, anything else leaves open."""
        excluded = position.value == "no"
        return Step(
            asked="Does the State apply the principle?",
            fact=position.iri,
            result=Truth.UNMET if excluded else Truth.UNKNOWN,
            because=f"the position is {position.value}: {position.summary}",
            settled_by="" if excluded else f"the text of the law of {self._state.label}",
        )

    # --- the link

    def _link(self, principle: Term, group: Sequence[Position]) -> Step:
        """Ask for a connecting factor: the positions' own where they name any, else the principle's."""
        own = tuple(dict.fromkeys(iri for position in group for iri in position.all("connectingFactor")))
        fact = group[0].iri if own else principle.iri
        spoken = {name for position in group for one in position.conditions for name in _positive_fields(one)}
        parts = tuple(
            self._factor(self._law.terms[iri], spoken) for iri in own or principle.all("connectingFactor")
        )
        result = some(part.result for part in parts)
        because = "; ".join(part.because for part in parts if part.result is result)
        return Step("Is the offence connected with the State?", fact, result, because, parts=parts)

    def _factor(self, factor: Term, spoken: set[str]) -> Step:
        """Test a connecting factor; a field that it leaves open counts where a condition speaks of it."""
        opened = factor.all("leavesOpen")
        suffice = factor.all("examines") + tuple(iri for iri in opened if iri in spoken)
        tested = self._comparison(factor.one("test"), suffice)
        result = comparison.carried_out(tested, self._scenario)
        rest = self._comparison(factor.one("test"), [iri for iri in opened if iri not in spoken])
        hint = comparison.carried_out(rest, self._scenario) if rest.fields else Truth.UNMET
        if result is not Truth.UNMET or hint is Truth.UNMET:
            return self._step(factor.label, factor.iri, tested, result, factor.definition)
        step = self._step(factor.label, factor.iri, rest, Truth.UNKNOWN, _OPEN_FACTOR)
        return replace(step, points=hint is Truth.MET)

    def _presupposed(self, principle: Term) -> tuple[Step, ...]:
        return tuple(self._kind(self._law.terms[iri], principle.iri) for iri in principle.all("presupposes"))

    # --- conditions

    def _conditions(self, principle: Term, group: Sequence[Position]) -> tuple[Step, ...]:
        """Test the conditions of a ground; a kind that a criterion regulates is joined with its answer."""
        steps: dict[str, list[Step]] = {}
        for position, condition in _each_once(group):
            steps.setdefault(condition.kind, []).append(self._condition(condition, position))
        for criterion in self._law.regulators:
            if set(criterion.all("presupposes")) <= set(principle.all("presupposes")):
                kind = criterion.one("regulates")
                steps[kind] = [self._regulated(criterion, principle, steps.get(kind, []), group)]
        return tuple(step for found in steps.values() for step in found)

    def _condition(self, condition: Condition, position: Position) -> Step:
        kind = self._law.terms.get(condition.kind)
        said = {**(kind.links if kind else {}), **condition.links}
        scope = condition.links.get("offenceScope") or position.all("offenceScope")
        tested = replace(
            self._comparison(next(iter(said.get("test", ())), ""), said.get("examines", ())),
            listed=tuple(map(terms.local_name, said.get("listsState", ()))),
            threshold=condition.threshold,
            offences=tuple(map(terms.local_name, scope)),
        )
        passed = comparison.carried_out(tested, self._scenario)
        reach = terms.local_name(next(iter(said.get("settles", ())), _SETTLES_BOTH))
        label = kind.label if kind else terms.local_name(condition.kind)
        result = _reached(passed, reach)
        return self._step(label, condition.iri, tested, result, condition.note, passed=passed)

    def _kind(self, kind: Term, fact: str) -> Step:
        """Test a kind of condition that no position states."""
        tested = self._comparison(kind.one("test"), kind.all("examines"))
        result = comparison.carried_out(tested, self._scenario)
        return self._step(kind.label, fact, tested, result, kind.definition)

    # --- criteria that impose a condition or set it aside

    def _regulated(
        self, criterion: Term, principle: Term, own: Sequence[Step], group: Sequence[Position]
    ) -> Step:
        """Join the conditions of one kind with the answer of the criterion that regulates the kind.

        What the ground itself states goes first. Where it states none, a criterion that requires the
        condition imposes it; where the criterion is silent or answers in part, failing leaves it open,
        because silence is no waiver. A criterion that sets it aside frees from it, on its own conditions.
        """
        positions = self._ruling(criterion, principle)
        values = {position.value for position in positions}
        plain = not any(position.conditions for position in positions)
        special = any(position.all("prevailsOver") for position in group)
        imposed = values == {"required"} and plain and not special
        stated = tuple(own) or (self._imposed(criterion, positions, imposed=imposed),)
        base = every(step.result for step in stated)
        if values != {"not-required"}:
            because = _why_regulated(values, stated=bool(own))
            return Step(criterion.label, _fact(positions, criterion), base, because, parts=stated)
        waiver = self._waiver(criterion, positions, contradicted=bool(own))
        freed = waiver.result is Truth.MET
        because = "set aside by the State's law" if freed else _why_regulated(values, stated=False)
        result = some([base, waiver.result])
        return Step(criterion.label, waiver.fact, result, because, parts=(waiver, *stated))

    def _ruling(self, criterion: Term, principle: Term) -> list[Position]:
        """Return the positions on a regulating criterion that speak of the principle, special ones alone."""
        held = self._positions(criterion)
        named = [one for one in held if principle.iri in one.all("principleScope")]
        open_to_all = [one for one in held if not one.all("principleScope")]
        found = self._covering(named) or self._covering(open_to_all)
        over = {iri for position in found for iri in position.all("prevailsOver")}
        return [position for position in found if position.iri not in over and position.value != _SILENT]

    def _imposed(self, criterion: Term, positions: Sequence[Position], *, imposed: bool) -> Step:
        kind = self._law.terms[criterion.one("regulates")]
        step = self._kind(kind, _fact(positions, criterion))
        if step.result is not Truth.UNMET or imposed:
            return step
        settled = f"a source on the law of {self._state.label}: {criterion.label}"
        because = "the fact is not as the condition would ask, and no source settles whether it is asked"
        return replace(step, result=Truth.UNKNOWN, because=because, settled_by=settled)

    def _waiver(self, criterion: Term, positions: Sequence[Position], *, contradicted: bool) -> Step:
        """Test what a waiver depends on; a general one does not undo a condition that the ground states."""
        parts = tuple(self._condition(condition, position) for position, condition in _each_once(positions))
        result = every(part.result for part in parts)
        general = not any(position.all("offenceScope") for position in positions)
        asked = f"Is it set aside? {self._law.cited(positions[0].all('provision'))}".rstrip()
        if contradicted and general and result is Truth.MET:
            settled = f"the text of the law of {self._state.label}: {criterion.label}"
            because = "one source sets it aside, another states it as a condition"
            return Step(asked, positions[0].iri, Truth.UNKNOWN, because, settled_by=settled, parts=())
        return Step(asked, positions[0].iri, result, positions[0].summary, parts=parts)

    # --- ages

    def _age(self, criterion: Term) -> AgeResult:
        covering = self._on_offence(self._positions(criterion))
        # A source that gives no date tells the law as it found it; one that dates the age goes first.
        covering = [position for position in covering if position.begins or position.ends] or covering
        own = [position for position in covering if position.all("offenceScope")] or covering
        ages = tuple(sorted({int(position.value) for position in own if position.value.isdigit()}))
        tested = self._comparison(criterion.one("test"), criterion.all("examines"))
        results = [
            comparison.carried_out(replace(tested, threshold=float(age)), self._scenario) for age in ages
        ]
        result = agreed(results)
        bound = criterion.one("upperBound")
        if bound and result is Truth.UNKNOWN:
            highest = comparison.carried_out(replace(tested, threshold=float(bound)), self._scenario)
            result = Truth.MET if highest is Truth.MET else Truth.UNKNOWN
        shown = " or ".join(map(str, ages)) or "in no source here"
        step = self._step(criterion.label, _fact(own, criterion), tested, result, f"age set: {shown}")
        if result is Truth.UNKNOWN and all(one.known for one in step.inputs):
            step = replace(step, settled_by=f"a source on the law of {self._state.label}: {criterion.label}")
        return AgeResult(criterion, criterion.one("necessary") == "true", ages, step)

    # --- steps

    def _comparison(self, test: str, examines: Iterable[str]) -> Comparison:
        names = tuple(map(terms.local_name, examines))
        return Comparison(terms.local_name(test), names, self._state.iso3)

    def _step(  # noqa: PLR0913 - a step has this many parts
        self,
        asked: str,
        fact: str,
        tested: Comparison,
        result: Truth,
        because: str,
        *,
        passed: Truth = Truth.UNKNOWN,
    ) -> Step:
        given = comparison.inputs(tested, self._scenario, self._law)
        blanks = [one.label for one in given if not one.known]
        settled = ""
        if result is Truth.UNKNOWN:
            of_law = f" under the law of {self._state.label}" if _by_law(self._law, tested) else ""
            by_reader = not blanks or passed is not Truth.UNKNOWN
            settled = f"a reader of the law: {because}" if by_reader else f"{' or '.join(blanks)}{of_law}"
        return Step(asked, fact, result, because, given, settled)


_TEXT = "the text of the law"
_NOT_ASSESSED = "no source here says whether the State applies the principle"
_OPEN_FACTOR = "the link is one on which laws differ, and the position does not settle it"


def _by_law(law: Law, tested: Comparison) -> bool:
    return any(law.fields[name].type == "years" for name in tested.fields)


def _joined(asked: str, fact: str, parts: tuple[Step, ...]) -> Step:
    result = every(part.result for part in parts)
    deciding = [part for part in parts if part.result is result]
    return Step(asked, fact, result, _decided(result, deciding), parts=parts)


def _decided(result: Truth, deciding: Sequence[Step]) -> str:
    if result is Truth.MET:
        return "every condition is met"
    names = "; ".join(dict.fromkeys(part.asked for part in deciding))
    return f"{result.value}: {names}"


def _without_contradiction(parts: tuple[Step, ...], group: Sequence[Position]) -> tuple[Step, ...]:
    """Where one source says no and another yes of the same rule, the no excludes nothing."""
    values = {position.value for position in group}
    if "no" not in values or values == {"no"}:
        return parts
    said_no = {position.iri for position in group if position.value == "no"}
    return tuple(
        replace(part, result=Truth.UNKNOWN, because=f"sources disagree; {part.because}", settled_by=_TEXT)
        if part.fact in said_no and not part.parts
        else part
        for part in parts
    )


def _on_own_factors(ground: Ground, principle: Term) -> bool:
    """Tell whether a ground rests on the principle's factors, and not only on others that its law names."""
    return any(
        set(one.all("connectingFactor")) <= set(principle.all("connectingFactor")) for one in ground.positions
    )


def _special_first(grounds: Sequence[Ground]) -> Truth:
    """Return the result of the special grounds; unmet only where the general ones are unmet as well."""
    special = some(ground.result for ground in grounds if not ground.general)
    general = some(ground.result for ground in grounds if ground.general)
    if special is Truth.UNMET and general is not Truth.UNMET:
        return Truth.UNKNOWN
    return special


def _why_principle(grounds: Sequence[Ground], result: Truth) -> str:
    special = some(ground.result for ground in grounds if not ground.general)
    if special is not result:
        return "the special rule is not met, but the general rule over which it prevails is not excluded"
    of_result = [ground.step.asked for ground in grounds if ground.result is result and not ground.general]
    return f"{result.value} under {'; '.join(of_result)}"


def _why_regulated(values: set[str], *, stated: bool) -> str:
    if stated:
        return "the rule itself states the condition"
    answers = {
        frozenset({"required"}): "the State's law requires it",
        frozenset({"not-required"}): "the State's law sets it aside on conditions",
        frozenset(): "no source here says whether the State's law asks for it",
    }
    return answers.get(frozenset(values), "the State's law asks for it in part, or sources differ")


def _reached(passed: Truth, reach: str) -> Truth:
    """Return what a test settles: failed, nothing where only passing settles; and the other way about."""
    unsettled = {"when-passed": Truth.UNMET, "when-failed": Truth.MET}.get(reach)
    return Truth.UNKNOWN if passed is unsettled else passed


def _positive_fields(condition: Condition) -> tuple[str, ...]:
    """Return the fields of which a condition says that they must name the State in question."""
    tests = condition.links.get("test", ())
    positive = any(terms.local_name(test) == "is-state" for test in tests)
    return condition.links.get("examines", ()) if positive and not condition.links.get("listsState") else ()


def _each_once(group: Iterable[Position]) -> list[tuple[Position, Condition]]:
    """Return the conditions of positions that say the same thing once."""
    found: dict[tuple[str, str, float | None], tuple[Position, Condition]] = {}
    for position in group:
        for condition in position.conditions:
            found.setdefault((condition.kind, condition.note, condition.threshold), (position, condition))
    return list(found.values())


def _fact(positions: Sequence[Position], criterion: Term) -> str:
    return positions[0].iri if positions else criterion.iri


def _by_provision(positions: Iterable[Position]) -> list[list[Position]]:
    """Group positions that rest on the same provision or a part of it; those without any stand together."""
    groups: list[list[Position]] = []
    for position in positions:
        near = [group for group in groups if any(_share(position, other) for other in group)]
        merged = [*(other for group in near for other in group), position]
        groups = [group for group in groups if group not in near] + [merged]
    return groups


def _share(one: Position, other: Position) -> bool:
    own, others = one.all("provision"), other.all("provision")
    if not own or not others:
        return not own and not others
    return any(a == b or a.startswith(f"{b}/") or b.startswith(f"{a}/") for a in own for b in others)
