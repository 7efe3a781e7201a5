"""Which States may prosecute a cross-border case: the facts, the answer, one State step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import citation, permanent_addresses, scenario, terms
from lanzarote_atlas.dashboard import address, facts_form, frame, marks, parts, reasoning, scenarios, store
from lanzarote_atlas.dashboard.text import date, href, linked, listed, page_of, plain, sentence
from lanzarote_atlas.scenario import Law, Outcome, Scenario, Truth, report
from lanzarote_atlas.scenario.law import CONSULTATION
from lanzarote_atlas.scenario.logic import every
from lanzarote_atlas.scenario.outcome import ADVICE, UNDATED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lanzarote_atlas.scenario.judgment import StateResult
    from lanzarote_atlas.scenario.outcome import Custody

_CHOICES = (scenarios.WORKED, "view", "result", "principle")
_RESULTS = {"all": "All", "may": "May prosecute", "unknown": "Unknown", "may-not": "May not"}
_REMOTE = "remote"
_HOW_MANY = {"may": "may prosecute", "unknown": "might, on what is not known", "may-not": "may not"}


def render() -> None:
    """Draw the page."""
    with parts.loading("Reading the law of every State"):
        law = store.law()
    address.opened("scenario", (*_CHOICES, *law.fields))
    parts.heading(
        "Scenario: who may prosecute?",
        "Tell the facts of a cross-border case: for each State the atlas says on which principle it may "
        "prosecute, under which provision, and which condition is met, unmet or unknown.",
    )
    st.info(ADVICE, icon=":material/info:")
    found, worked, faults = scenarios.read(law)
    for fault in faults:
        st.warning(plain(fault))
    _begin(found, worked, law)
    _facts(found, law)
    with parts.loading("Judging the scenario"):
        outcome = scenarios.judged(found)
    views = {"states": "All States", "trace": f"{frame.state()[1]}, step by step"}
    shown = address.tabs("View", "view", views)
    if shown == "trace":
        reasoning.draw(outcome, law)
    else:
        _answer(outcome, law)
    _take_home(outcome, law)


# --- the facts


def _begin(found: Scenario, worked: str, law: Law) -> None:
    """Draw the choice of a worked scenario to begin from, and what was compared with by hand."""
    titles = {name: heading.title for name, heading in scenario.headings().items()}
    texts = scenario.as_texts(found.facts)
    address.box(
        "Begin with",
        scenarios.WORKED,
        titles,
        worked or None,
        lambda taken: facts_form.write_out(texts, law.fields, taken),
        nothing="Facts of your own",
        explain="A worked scenario, whose outcome was checked by hand; any fact of it can be changed.",
    )
    if found.summary:
        st.markdown(plain(found.summary), width=760)
    if found.about:
        page = page_of(terms.prefixes()["id"] + found.about.removeprefix("id/"))
        if page:
            parts.link("The case that it is about", page[0], page[1], icon=":material/folder_open:")


def _facts(found: Scenario, law: Law) -> None:
    st.header("The facts", anchor=False, help="A fact left out is not known, which is never a no.")
    st.markdown(listed(facts_form.told(found, law)))
    with st.container(gap="xsmall"):
        facts_form.draw(found, law)
    st.caption(f"The day of the scenario is {date(found.day.isoformat())}. {UNDATED}")
    if found.checked:
        with st.expander("How the outcome was checked by hand"):
            st.markdown(plain(found.checked))


# --- the answer for all States


def _answer(outcome: Outcome, law: Law) -> None:
    labels = {terms.local_name(one.iri): sentence(one.label) for one in law.principles}
    st.header("The answer", anchor=False)
    principle = address.select(
        "On which principle",
        "principle",
        labels,
        every="On any",
        explain="Shows each State's result on one principle of jurisdiction alone.",
    )
    groups = _groups(outcome, principle)
    st.markdown(f"Of {len(outcome.states)} States, {_counts(groups)}.")
    wanted = address.tabs("Which States", "result", _RESULTS)
    for name, members in groups.items():
        if wanted == "all" or wanted == {_REMOTE: "unknown"}.get(name, name):
            _GROUPS[name](members, outcome, law, principle)
    _meeting(outcome)
    _custody(outcome, law)


def _groups(outcome: Outcome, principle: str | None) -> dict[str, list[StateResult]]:
    """Return the States by result; with no known link, none excluded, is a group of its own."""
    found: dict[str, list[StateResult]] = {"may": [], "unknown": [], _REMOTE: [], "may-not": []}
    for one in outcome.states:
        result, linked_to = _result(one, principle)
        unknown = "unknown" if linked_to else _REMOTE
        found[{Truth.MET: "may", Truth.UNMET: "may-not"}.get(result, unknown)].append(one)
    return {name: sorted(states, key=_name) for name, states in found.items()}


def _result(one: StateResult, principle: str | None) -> tuple[Truth, bool]:
    """Return the result of a State, on one principle or on any, and whether a link is known."""
    chosen = [of for of in one.principles if terms.local_name(of.principle.iri) == principle]
    if not chosen:
        return one.result, one.linked
    barring = [age.step.result for age in one.ages if age.necessary]
    return every([chosen[0].result, *barring]), chosen[0].touched


def _counts(groups: Mapping[str, Sequence[StateResult]]) -> str:
    words = {**_HOW_MANY, _REMOTE: "have no known link, and none is excluded"}
    counted = [f"**{len(members)}** {words[name]}" for name, members in groups.items()]
    return "; ".join(counted)


def _name(one: StateResult) -> str:
    return frame.state_name(one.state.iri)


def _to_trace(one: StateResult) -> str:
    """Return a State's name as a link to its reasoning on the same facts."""
    return f"[{plain(_name(one))}]({href('scenario', _onward(one))})"


def _onward(one: StateResult) -> dict[str, str]:
    """Return the parameters that show a State's reasoning on the same facts."""
    kept = {name: text for name, text in address.given().items() if name not in ("view", "result")}
    return kept | {address.STATE: one.state.iso3, "view": "trace"}


def _may(members: Sequence[StateResult], outcome: Outcome, law: Law, principle: str | None) -> None:
    st.subheader(f"May prosecute ({len(members)})", anchor=False)
    _cards(members, outcome, law, principle)


def _unknown(members: Sequence[StateResult], outcome: Outcome, law: Law, principle: str | None) -> None:
    st.subheader(f"Might, on what is not known ({len(members)})", anchor=False)
    _cards(members, outcome, law, principle)


def _cards(members: Sequence[StateResult], outcome: Outcome, law: Law, principle: str | None) -> None:
    if not members:
        parts.empty("No State, on these facts.")
    for one in members:
        words = {"met": "may prosecute"}
        sign = marks.truth(_result(one, principle)[0], words.get(_result(one, principle)[0], ""))
        party = "Party" if one.party else "not a Party"
        body = reasoning.at_a_glance(one, outcome, law, principle)
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"{sign} **{plain(_name(one))}** ({party})\n\n{body}")
            parts.link(f"{plain(_name(one))}, step by step", "scenario", _onward(one))


def _remote(members: Sequence[StateResult], _outcome: Outcome, _law: Law, principle: str | None) -> None:
    if not members:
        return
    st.subheader(f"No link known, none excluded ({len(members)})", anchor=False)
    rows = [
        {
            "State": _to_trace(one),
            "Result": marks.truth("unknown"),
            "What would settle it": plain("; ".join(reasoning.missing(one, principle)))
            or "the text of its law",
        }
        for one in members
    ]
    parts.grid(rows, "States with no known link")


def _may_not(members: Sequence[StateResult], _outcome: Outcome, _law: Law, principle: str | None) -> None:
    st.subheader(f"May not, on these facts ({len(members)})", anchor=False)
    rows = [
        {
            "State": _to_trace(one),
            "Result": marks.truth("unmet", "may not"),
            "Why": plain(reasoning.why_not(one, principle)),
        }
        for one in members
    ]
    if rows:
        parts.grid(rows, "States that may not")
    else:
        parts.empty("No State is excluded on these facts.")


_GROUPS: dict[str, Callable[[Sequence[StateResult], Outcome, Law, str | None], None]] = {
    "may": _may,
    "unknown": _unknown,
    _REMOTE: _remote,
    "may-not": _may_not,
}


def _meeting(outcome: Outcome) -> None:
    claims = outcome.concurrence
    st.header("Claims that meet", anchor=False)
    words = {"met": "several claim", "unmet": "none known", "unknown": "depends on what is not known"}
    st.markdown(marks.truth(claims.conflicts, words[claims.conflicts]))
    if claims.conflicts is Truth.UNMET:
        return
    st.markdown(_named((*claims.claiming, *claims.possible)))
    if len(claims.parties) > 1:
        provision = linked(claims.provision, terms.thing("provision", CONSULTATION))
        st.markdown(
            f"{provision} asks the Parties among them ({_named(claims.parties)}) to consult, where "
            "appropriate, on the most suitable one."
        )


def _named(states: Sequence[StateResult]) -> str:
    return ", ".join(_to_trace(one) for one in states)


def _custody(outcome: Outcome, law: Law) -> None:
    st.header("Extradite or prosecute", anchor=False)
    if not outcome.custody:
        parts.empty("Where the suspect is: not known, or in no State of the atlas.")
    for one in outcome.custody:
        with st.container(border=True):
            _held(one, outcome, law)


def _held(one: Custody, outcome: Outcome, law: Law) -> None:
    words = {"met": "may prosecute", "unmet": "may not prosecute"}.get(one.holder.result, "unknown")
    st.markdown(
        f"The suspect is in **{_to_trace(one.holder)}** {marks.truth(one.holder.result, words)}  \n"
        + (f"States to which it might extradite: {_named(one.claimants)}" if one.claimants else "")
    )
    st.markdown(reasoning.steps(one.duty, outcome, law))
    for position in one.extradition:
        cited = "; ".join(linked(law.cited([iri]), iri) for iri in position.all("provision"))
        sources = "; ".join(linked(title, iri) for iri, title in law.sources.get(position.iri, ()))
        parts.told(
            f"Extradition, {cited or 'no provision given'}: {plain(position.summary)}",
            f"Source: {sources or 'none given'}",
        )
    if not one.extradition:
        st.markdown("Extradition: no source here describes its law.")


# --- taking it home


def _take_home(outcome: Outcome, law: Law) -> None:
    st.header("Share, cite, take away", anchor=False)
    texts = scenario.as_texts(outcome.scenario.facts)
    here = parts.as_read(permanent_addresses.of_scenario(texts))
    parts.small(f"Permanent address of these facts and their outcome: `{here}`")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Facts as YAML",
            lambda: scenario.as_yaml(outcome.scenario),
            "scenario.yaml",
            "text/yaml",
            on_click="ignore",
            icon=":material/download:",
            help="For the command line: lanzarote scenario scenario.yaml",
        )
        st.download_button(
            "Outcome as JSON",
            lambda: report.as_json(outcome, law),
            "scenario.json",
            "application/json",
            on_click="ignore",
            icon=":material/download:",
            help="Every State with all steps of the reasoning",
        )
        _cite(outcome, texts, here)
    parts.behind_command(
        "lanzarote scenario scenario.yaml",
        lambda: report.rows(outcome, law),
        parts.taken(_title(outcome), "scenario", texts, here),
        f"scenario_{permanent_addresses.short(outcome.build_id)}",
    )
    parts.behind(store.ask("scenario-positions"), "positions judged")


@st.fragment
def _cite(outcome: Outcome, texts: Mapping[str, str], here: str) -> None:
    opened = st.popover(
        "Cite this scenario", icon=":material/format_quote:", key="cite.scenario", on_change="rerun"
    )
    if opened.open:
        with opened:
            parts.formats(
                citation.of_view(_title(outcome), here, ("scenario", texts), store.stand(), address.today())
            )


def _title(outcome: Outcome) -> str:
    return outcome.scenario.title or "Scenario: who may prosecute?"
