"""The reasoning of a scenario step by step, each with its sign and word, its fact and source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import frame, marks, parts, scenarios, store
from lanzarote_atlas.dashboard.principle import CONDITION
from lanzarote_atlas.dashboard.text import href, linked, listed, page_of, plain, sentence, short
from lanzarote_atlas.scenario import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lanzarote_atlas.scenario import Law, Outcome
    from lanzarote_atlas.scenario.judgment import AgeResult, Ground, PrincipleResult, StateResult
    from lanzarote_atlas.scenario.law import Position
    from lanzarote_atlas.scenario.trace import Step

_CODE = re.compile(r"\b[A-Z]{3}\b")
_JURISDICTION = "jurisdiction"
_WHAT = {"assessment": "assessment", "state": "State", "provision": "provision"}
_QUESTIONS = {
    "under-which-conditions-does-a-principle-apply": "Conditions of {principle}",
    "which-states-apply-a-principle": "Which States apply {principle}",
}
"""Named queries to which each principle leads on."""


def draw(outcome: Outcome, law: Law) -> None:
    """Draw the whole reasoning for the State of reference."""
    code, name = frame.state()
    one = outcome.state(code)
    if one is None:
        parts.empty("The State of reference is not among those judged.")
        return
    st.header(f"{plain(name)}, step by step", anchor=False)
    words = {Truth.MET: "may prosecute", Truth.UNMET: "may not prosecute, on these facts"}
    st.markdown(marks.truth(one.result, words.get(one.result, "unknown")))
    asked = one.open_questions()
    if asked:
        st.markdown(f"What would settle it:\n{listed(plain(text) for text in asked)}")
    rows = [_row(principle, outcome, law) for principle in one.principles]
    parts.grid(rows, f"{name}: result on each principle")
    for principle in one.principles:
        _principle(principle, code, outcome, law)
    for age in one.ages:
        _age(age, outcome, law)


def _row(one: PrincipleResult, outcome: Outcome, law: Law) -> dict[str, str]:
    return {
        "Principle": plain(sentence(one.principle.label)),
        "Result": marks.truth(one.result),
        "Provision": _provisions(one.grounds, outcome, law) or "no source here tells",
    }


def _provisions(grounds: Iterable[Ground], outcome: Outcome, law: Law) -> str:
    found = dict.fromkeys(iri for ground in grounds for iri in ground.provisions)
    return "; ".join(_linked(law.cited([iri]), iri, outcome) for iri in found)


def _principle(one: PrincipleResult, code: str, outcome: Outcome, law: Law) -> None:
    name = terms.local_name(one.principle.iri)
    with st.container(border=True):
        st.subheader(plain(sentence(one.principle.label)), anchor=False)
        st.markdown(steps(one.step, outcome, law))
        with st.container(horizontal=True, gap="small"):
            asked = {"criterion": name, "state": code} | scenarios.day_of(outcome.scenario)
            parts.link(f"{plain(sentence(one.principle.label))} on Jurisdiction", _JURISDICTION, asked)
            parts.link(
                f"Compare States on {plain(one.principle.label)}",
                "compare",
                {"criterion": name} | scenarios.day_of(outcome.scenario),
            )
            for query, label in _QUESTIONS.items():
                state = {"state": code} if query.startswith("under") else {}
                day = scenarios.day_of(outcome.scenario)
                called = label.format(principle=plain(one.principle.label))
                parts.link(called, "query", {"query": query, "criterion": name} | state | day)
        _who_has_none(one, scenarios.day_of(outcome.scenario))


def _who_has_none(one: PrincipleResult, day: Mapping[str, str]) -> None:
    """Lead from each kind of condition of a principle to who has it, and who has none."""
    kinds = {
        terms.local_name(condition.kind): None
        for ground in one.grounds
        for position in ground.positions
        for condition in position.conditions
    }
    if not kinds:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Who has none of this kind:**", width="content")
        for kind in kinds:
            asked = {"principle": terms.local_name(one.principle.iri), CONDITION: kind}
            label = sentence(store.word("condition-kind", kind).label)
            parts.link(f"{plain(label)}, who has none", _JURISDICTION, {**asked, **day})


def _age(one: AgeResult, outcome: Outcome, law: Law) -> None:
    with st.container(border=True):
        st.subheader(plain(sentence(one.criterion.label)), anchor=False)
        years = " or ".join(map(str, one.ages)) or "no source here"
        bars = "Below it the State prosecutes on no principle." if one.necessary else ""
        st.markdown(f"Set at: {years}. {bars}")
        st.markdown(steps(one.step, outcome, law))


# --- steps


def steps(step: Step, outcome: Outcome, law: Law) -> str:
    """Return a step and all below it as a nested Markdown list."""
    known = {position.iri: position for position in law.positions if position.iri in _rested_on(step)}
    return "\n".join(_lines(step, 0, None, _Reader(outcome, law, known)))


def _rested_on(step: Step) -> set[str]:
    return {step.fact.partition("#")[0]}.union(*(_rested_on(part) for part in step.parts))


class _Reader:
    """What the lines of a trace are written with."""

    def __init__(self, outcome: Outcome, law: Law, positions: dict[str, Position]) -> None:
        self.outcome = outcome
        self.law = law
        self.positions = positions


def _lines(step: Step, depth: int, above: Position | None, reader: _Reader) -> Iterator[str]:
    indent = "    " * depth
    position = reader.positions.get(step.fact.partition("#")[0], above)
    said = [f"**{plain(step.asked)}**"]
    if step.because:
        said.append(plain(named(step.because)))
    said += [f"*Given, {plain(one.label)}:* {plain(named(one.value))}" for one in step.inputs]
    if step.settled_by and step.result is Truth.UNKNOWN:
        said.append(f"*Settled by:* {plain(named(step.settled_by))}")
    said.append(f":small[{_rests_on(step, position, reader)}]")
    yield f"{indent}- {marks.truth(step.result)} " + f"  \n{indent}  ".join(said)
    for part in step.parts:
        yield from _lines(part, depth + 1, position, reader)


def _rests_on(step: Step, position: Position | None, reader: _Reader) -> str:
    """Return the fact that a step asks, with the provision, assessment and source on which it rests."""
    fact = _fact(step.fact, reader.outcome)
    if position is None:
        return f"Fact: {fact}"
    provisions = "; ".join(
        _linked(reader.law.cited([iri]), iri, reader.outcome) for iri in position.all("provision")
    )
    told = reader.law.sources.get(position.iri, ())
    sources = "; ".join(linked(short(title), iri) for iri, title in told)
    own = step.fact.partition("#")[0] == position.iri
    assessment = "" if own else f"Assessment: {_linked('assessment', position.iri, reader.outcome)}"
    return parts.joined(
        f"Fact: {fact}",
        assessment,
        f"Provision: {provisions}" if provisions else "",
        f"Source: {sources}" if sources else "",
    )


def _fact(iri: str, outcome: Outcome) -> str:
    """Return the address of a fact as a link to its page; where it has none, the address itself."""
    local = terms.compact(iri)
    kind = local.split("/")[1] if "/" in local else local
    label = "condition" if "#condition" in iri else _WHAT.get(kind, kind.replace("-", " "))
    return _linked(label, iri, outcome) if page_of(iri) else f"{plain(label)} {plain(terms.local_name(iri))}"


def _linked(label: str, iri: str, outcome: Outcome) -> str:
    """Return a link to the page of a thing as it stood on the scenario's day."""
    target = page_of(iri)
    if target is None:
        return plain(label)
    return f"[{plain(label)}]({href(target[0], target[1] | scenarios.day_of(outcome.scenario))})"


def named(text: str) -> str:
    """Return a text of the reasoning with the States' names in place of their codes."""
    return _CODE.sub(lambda code: scenarios.state_name(code[0]), text).replace(".; ", "; ")


# --- at a glance


def at_a_glance(one: StateResult, outcome: Outcome, law: Law, principle: str | None) -> str:
    """Return what a State's result turns on: principles with their provisions, conditions, what is open."""
    lines = []
    for of in _shown(one, principle):
        lines += list(_summed_up(of, one, outcome, law))
    asked = one.open_questions()
    if asked:
        lines.append(f"\nSettled by:\n{listed(plain(named(text)) for text in asked)}")
    return "\n".join(lines)


def _shown(one: StateResult, principle: str | None) -> list[PrincipleResult]:
    """Return the principles that tell: the one chosen, or those that have a link and are not excluded."""
    return [
        of
        for of in one.principles
        if (terms.local_name(of.principle.iri) == principle)
        or (not principle and of.result is not Truth.UNMET and (of.touched or of.result is Truth.MET))
    ]


def _summed_up(of: PrincipleResult, one: StateResult, outcome: Outcome, law: Law) -> Iterator[str]:
    page = href(
        _JURISDICTION,
        {"state": one.state.iso3, "criterion": terms.local_name(of.principle.iri)}
        | scenarios.day_of(outcome.scenario),
    )
    yield f"- {marks.truth(of.result)} [{plain(sentence(of.principle.label))}]({page})"
    telling = [ground for ground in of.grounds if ground.result is of.result] or list(of.grounds)
    if of.result not in {ground.result for ground in telling}:
        because = plain(named(of.step.because)) or "no source here tells the law"
        yield f"    - {marks.truth(of.result)} {because}"
    for ground in telling:
        provisions = _provisions([ground], outcome, law) or "no provision named"
        yield f"    - {marks.truth(ground.result)} {provisions}"
        for line in dict.fromkeys(_condition(leaf) for leaf in _conditions(ground)):
            yield f"        - {line}"
        yield f"        - :small[Source: {_sources(ground, law)}]"


def _sources(ground: Ground, law: Law) -> str:
    told = dict.fromkeys(pair for one in ground.positions for pair in law.sources.get(one.iri, ()))
    return "; ".join(linked(short(title), iri) for iri, title in told) or "none given"


def _conditions(ground: Ground) -> Iterator[Step]:
    """Yield the link of a ground, then each of its conditions."""
    link, *conditions = ground.step.parts or (ground.step,)
    yield from (leaf for leaf in link.leaves() if leaf.result is link.result)
    for part in conditions:
        yield from part.leaves()


def _condition(leaf: Step) -> str:
    told = "; ".join(f"{plain(given.label)}: {plain(named(given.value))}" for given in leaf.inputs)
    return f"{marks.truth(leaf.result)} {plain(leaf.asked)}" + (f" ({told})" if told else "")


def missing(one: StateResult, principle: str | None) -> list[str]:
    """Return the facts that are not known and would show whether a State has a link."""
    found = [
        given.label
        for of in one.of(Truth.UNKNOWN)
        if principle in (None, terms.local_name(of.principle.iri))
        for leaf in of.step.leaves()
        if leaf.result is Truth.UNKNOWN
        for given in leaf.inputs
        if not given.known
    ]
    return list(dict.fromkeys(found))


def why_not(one: StateResult, principle: str | None) -> str:
    """Return why a State may not: below its age, or no principle with both link and conditions."""
    barring = [age for age in one.ages if age.necessary and age.step.result is Truth.UNMET]
    if barring:
        return "; ".join(f"below the {age.criterion.label}" for age in barring)
    failed = [
        f"{of.principle.label}: {of.step.because}"
        for of in one.principles
        if (principle in (None, terms.local_name(of.principle.iri))) and of.link is Truth.MET
    ]
    return "; ".join(failed) or "no link with the State, on any principle" if not principle else "no link"
