"""An outcome as text and as JSON, both of which say that it is no legal advice, and as rows for an export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lanzarote_atlas import permanent_addresses, terms
from lanzarote_atlas.errors import UsageError, did_you_mean
from lanzarote_atlas.scenario import facts
from lanzarote_atlas.scenario.logic import Truth
from lanzarote_atlas.scenario.outcome import ADVICE, UNDATED
from lanzarote_atlas.store import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lanzarote_atlas.scenario.judgment import AgeResult, Ground, PrincipleResult, StateResult
    from lanzarote_atlas.scenario.law import Law
    from lanzarote_atlas.scenario.outcome import Custody, Outcome
    from lanzarote_atlas.scenario.trace import Step
    from lanzarote_atlas.store import Row

_STEP = "  "


def as_text(outcome: Outcome, law: Law, iso3: str = "") -> str:
    """Return an outcome as text; with the code of a State, its whole reasoning in place of the overview.

    Raises UsageError where the atlas has no such State.
    """
    lines = [*_heading(outcome, law), ""]
    if iso3:
        lines += _reasoning(_chosen(outcome, iso3), law)
    else:
        lines += [*_overview(outcome, law), *_meeting(outcome), *_custody(outcome, law), *_ages(outcome)]
    return "\n".join([*lines, "", ADVICE, f"Build {permanent_addresses.short(outcome.build_id)}."])


def as_json(outcome: Outcome, law: Law, iso3: str = "") -> str:
    """Return an outcome as JSON, of one State where its code is given; UsageError as for `as_text`."""
    states = (_chosen(outcome, iso3),) if iso3 else outcome.states
    document = {
        "advice": ADVICE,
        "reading": UNDATED,
        "build": outcome.build_id,
        "title": outcome.scenario.title,
        "about": outcome.scenario.about,
        "facts": {name: _plain(fact) for name, fact in outcome.scenario.facts.items()},
        "states": [_state(one, law) for one in states],
        "concurrence": {
            "conflicts": outcome.concurrence.conflicts,
            "claiming": _codes(outcome.concurrence.claiming),
            "possible": _codes(outcome.concurrence.possible),
            "parties": _codes(outcome.concurrence.parties),
            "provision": outcome.concurrence.provision,
        },
        "custody": [_held(one, law) for one in outcome.custody],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


_COLUMNS = (
    *("state", "stateLabel", "party", "result", "settledBy"),
    *("principle", "principleLabel", "principleResult"),
    *("groundResult", "provision", "assessment", "source", "sourceTitle"),
)


def rows(outcome: Outcome, law: Law) -> Table:
    """Return an outcome as a table of terms, for an export: a row for each source of each ground.

    Its columns say of the State its name, whether it is a Party, its result and what would settle it; of the
    principle its name and result; of the ground its result, provisions, assessment, source and title. Where
    no source tells of a principle, what stands of the ground is unbound.
    """
    found: list[Row] = []
    for one in outcome.states:
        questions = "; ".join(one.open_questions())
        about = _terms(one.state.iri, one.state.label, "yes" if one.party else "no", one.result, questions)
        for principle in one.principles:
            judged = _terms(principle.principle.iri, principle.principle.label, principle.result)
            grounds = [ground for each in principle.grounds for ground in _grounds(each, law)]
            found += [(*about, *judged, *ground) for ground in grounds or [(None,) * 5]]
    return Table(_COLUMNS, tuple(found))


def _grounds(ground: Ground, law: Law) -> Iterator[Row]:
    cited = (ox.Literal(ground.result), ox.Literal(law.cited(ground.provisions)))
    for position in ground.positions:
        for iri, title in law.sources.get(position.iri, ()):
            yield (*cited, *_terms(position.iri), *_terms(iri, title))


def _terms(iri: str, *texts: str) -> Row:
    return (ox.NamedNode(iri), *map(ox.Literal, texts))


def _chosen(outcome: Outcome, iso3: str) -> StateResult:
    found = outcome.state(iso3)
    if found is None:
        hint = did_you_mean(iso3.upper(), [one.state.iso3 for one in outcome.states])
        message = f"no State {iso3!r} in the atlas; {hint or 'give its three-letter code, like DNK'}"
        raise UsageError(message)
    return found


# --- text


def _heading(outcome: Outcome, law: Law) -> Iterator[str]:
    scenario = outcome.scenario
    yield scenario.title or "Scenario"
    yield ""
    for name, fact in scenario.facts.items():
        entry = law.fields[name]
        yield f"{_STEP}{entry.label}: {facts.written(fact, entry)}"
    blanks = [entry.label for name, entry in law.fields.items() if name not in scenario.facts]
    if blanks:
        yield f"{_STEP}not known: {'; '.join(blanks)}"
    yield ""
    yield UNDATED


def _overview(outcome: Outcome, law: Law) -> Iterator[str]:
    claims = outcome.concurrence
    yield f"May prosecute ({len(claims.claiming)})"
    for one in claims.claiming:
        yield from _claim(one, Truth.MET, law)
    yield f"May be able to, on what is not known ({len(claims.possible)})"
    for one in claims.possible:
        yield from _claim(one, Truth.UNKNOWN, law)
    remote = [one for one in outcome.of(Truth.UNKNOWN) if not one.linked]
    if remote:
        questions = dict.fromkeys(text for one in remote for text in _missing_links(one))
        yield f"No link known, none excluded ({len(remote)}): {_listed(remote)}"
        yield f"{_STEP}settled by: {'; '.join(questions)}"
    excluded = outcome.of(Truth.UNMET)
    yield f"Excluded on these facts ({len(excluded)}): {_listed(excluded)}"


def _missing_links(one: StateResult) -> Iterator[str]:
    for principle in one.of(Truth.UNKNOWN):
        for leaf in principle.step.leaves():
            for given in leaf.inputs:
                if not given.known and leaf.result is Truth.UNKNOWN:
                    yield given.label


def _claim(one: StateResult, result: Truth, law: Law) -> Iterator[str]:
    party = "Party" if one.party else "not a Party"
    yield f"{_STEP}{one.state.iso3} {one.state.label} ({party})"
    for principle in one.of(Truth.MET) + one.of(Truth.UNKNOWN):
        if principle.touched or principle.result is result is Truth.MET:
            yield f"{_STEP * 2}{principle.result}: {principle.principle.label}{_where(principle, law)}"
            yield from _details(principle, result)
    for question in one.open_questions():
        yield f"{_STEP * 3}settled by: {question}"


def _where(principle: PrincipleResult, law: Law) -> str:
    deciding = [ground for ground in principle.grounds if ground.result is principle.result]
    open_ones = [ground for ground in principle.grounds if ground.result is not Truth.UNMET]
    cited = dict.fromkeys(_cited(ground, law) for ground in deciding or open_ones)
    return f": {' | '.join(cited)}" if cited else ": no source here tells"


def _cited(ground: Ground, law: Law) -> str:
    titles = dict.fromkeys(title for one in ground.positions for _iri, title in law.sources.get(one.iri, ()))
    provisions = law.cited(ground.provisions) or "no provision given"
    return f"{provisions} ({'; '.join(titles)})"


def _details(principle: PrincipleResult, result: Truth) -> Iterator[str]:
    for ground in principle.grounds:
        if ground.result is principle.result is result:
            link, *conditions = ground.step.parts
            shown = _given(leaf for leaf in link.leaves() if leaf.result is link.result)
            yield f"{_STEP * 3}{link.result}: {link.asked}{shown}"
            for leaf in (leaf for part in conditions for leaf in part.leaves()):
                yield f"{_STEP * 3}{leaf.result}: {leaf.asked}: {leaf.because}{_given([leaf])}"


def _given(leaves: Iterable[Step]) -> str:
    given = "; ".join(f"{one.label}: {one.value}" for leaf in leaves for one in leaf.inputs)
    return f" [{given}]" if given else ""


def _meeting(outcome: Outcome) -> Iterator[str]:
    claims = outcome.concurrence
    yield ""
    if claims.conflicts is Truth.UNMET:
        yield "Claims that meet: none known"
        return
    sure = "" if claims.conflicts is Truth.MET else ", if what is not known turns out so"
    yield f"Claims that meet{sure}: {_listed((*claims.claiming, *claims.possible))}"
    if len(claims.parties) > 1:
        yield (
            f"{_STEP}{claims.provision} asks the Parties among them ({_listed(claims.parties)}) to consult, "
            "where appropriate, on the most suitable one"
        )


def _custody(outcome: Outcome, law: Law) -> Iterator[str]:
    yield ""
    if not outcome.custody:
        yield "Where the suspect is: not known, or in no State of the atlas"
    for one in outcome.custody:
        yield f"Where the suspect is: {one.holder.state.label}; it may prosecute: {one.holder.result}"
        for principle in one.presence:
            yield f"{_STEP}{principle.result}: {principle.principle.label}{_where(principle, law)}"
        if one.claimants:
            yield f"{_STEP}States to which it might extradite: {_listed(one.claimants)}"
        yield from _extradition(one, law)


def _extradition(one: Custody, law: Law) -> Iterator[str]:
    for position in one.extradition:
        cited = law.cited(position.all("provision")) or "no provision given"
        yield f"{_STEP}extradition, {cited}: {position.summary}"
    if not one.extradition:
        yield f"{_STEP}extradition: no source here describes its law"
    yield from _traced(one.duty, 1)


def _ages(outcome: Outcome) -> Iterator[str]:
    claims = outcome.concurrence
    shown = (*claims.claiming, *claims.possible)
    if any(one.ages for one in shown):
        yield ""
        yield "Ages"
    for one in shown:
        for age in one.ages:
            set_at = " or ".join(map(str, age.ages)) or "no source here"
            given = "; ".join(entry.value for entry in age.step.inputs)
            yield f"{_STEP}{one.state.iso3} {age.criterion.label}: {set_at} [{given}: {_answer(age)}]"


def _answer(age: AgeResult) -> str:
    if age.necessary:
        words = {Truth.MET: "reached", Truth.UNMET: "not reached, no prosecution"}
    else:
        words = {Truth.MET: "below it", Truth.UNMET: "reached"}
    return words.get(age.step.result, "unknown")


def _reasoning(one: StateResult, law: Law) -> Iterator[str]:
    yield f"{one.state.label}: {one.result}"
    for principle in one.principles:
        yield ""
        yield from _traced(principle.step, 0)
        for ground in principle.grounds:
            yield f"{_STEP}source: {_cited(ground, law)}"
    for age in one.ages:
        yield ""
        yield from _traced(age.step, 0)
    for question in one.open_questions():
        yield f"settled by: {question}"


def _traced(step: Step, depth: int) -> Iterator[str]:
    indent = _STEP * depth
    yield f"{indent}{step.result}: {step.asked}"
    for given in step.inputs:
        yield f"{indent}{_STEP}given, {given.label}: {given.value}"
    yield f"{indent}{_STEP}fact: {terms.compact(step.fact)}"
    yield f"{indent}{_STEP}why: {step.because}"
    if step.settled_by:
        yield f"{indent}{_STEP}settled by: {step.settled_by}"
    for part in step.parts:
        yield from _traced(part, depth + 1)


def _listed(states: Iterable[StateResult]) -> str:
    return ", ".join(one.state.iso3 for one in states) or "none"


# --- JSON


def _codes(states: Iterable[StateResult]) -> list[str]:
    return [one.state.iso3 for one in states]


def _plain(fact: facts.Fact) -> Any:  # noqa: ANN401 - JSON
    if isinstance(fact, bool | int | str | dict):
        return fact
    return list(fact) if isinstance(fact, tuple) else fact.isoformat()


def _state(one: StateResult, law: Law) -> dict[str, Any]:
    return {
        "state": one.state.iri,
        "iso3": one.state.iso3,
        "result": one.result,
        "party": one.party,
        "settledBy": list(one.open_questions()),
        "principles": [_principle(principle, law) for principle in one.principles],
        "ages": [
            {"criterion": age.criterion.iri, "ages": list(age.ages), "necessary": age.necessary}
            | {"trace": _trace(age.step)}
            for age in one.ages
        ],
    }


def _principle(one: PrincipleResult, law: Law) -> dict[str, Any]:
    return {
        "principle": one.principle.iri,
        "result": one.result,
        "link": one.link,
        "grounds": [
            {
                "result": ground.result,
                "general": ground.general,
                "positions": [position.iri for position in ground.positions],
                "provisions": [{"iri": iri, "citedAs": law.cited([iri])} for iri in ground.provisions],
                "sources": _sources(ground, law),
            }
            for ground in one.grounds
        ],
        "trace": _trace(one.step),
    }


def _sources(ground: Ground, law: Law) -> list[dict[str, str]]:
    found = dict.fromkeys(source for one in ground.positions for source in law.sources.get(one.iri, ()))
    return [{"iri": iri, "title": title} for iri, title in found]


def _trace(step: Step) -> dict[str, Any]:
    return {
        "asked": step.asked,
        "fact": step.fact,
        "inputs": {given.field: given.value for given in step.inputs},
        "result": step.result,
        "because": step.because,
        "settledBy": step.settled_by,
        "steps": [_trace(part) for part in step.parts],
    }


def _held(one: Custody, law: Law) -> dict[str, Any]:
    return {
        "state": one.holder.state.iso3,
        "mayProsecute": one.holder.result,
        "duty": _trace(one.duty),
        "principles": {principle.principle.iri: principle.result for principle in one.presence},
        "claimants": _codes(one.claimants),
        "extradition": [
            {
                "position": position.iri,
                "provisions": law.cited(position.all("provision")),
                "summary": position.summary,
            }
            for position in one.extradition
        ],
    }
