"""The inputs of a scenario, one for each field of the vocabulary, each kept in the address.

The fields, their words and kinds come from the graph; only under which heading a field stands is said here.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas.dashboard import address, frame, parts, scenarios
from lanzarote_atlas.dashboard.text import date, plain, sentence
from lanzarote_atlas.scenario import as_texts, facts
from lanzarote_atlas.scenario.texts import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lanzarote_atlas.scenario import Law, Scenario
    from lanzarote_atlas.scenario.facts import Fact
    from lanzarote_atlas.scenario.law import Field

_GROUPS = {"offender": "The offender", "victim": "The victim", "penalty": "Penalties"}
"""Heading by the beginning of a field's name."""
_ACT = "The act"
_PROCEEDINGS = "Suspect and proceedings"
_OF_THE_ACT = {"date", "offence", "place", "server", "ship", "material"}
_TRUTHS = {"yes": "Yes", "no": "No"}


def groups(law: Law) -> dict[str, list[Field]]:
    """Return the fields under their headings, each field under exactly one."""
    found: dict[str, list[Field]] = {_ACT: []}
    for name, entry in law.fields.items():
        begins = name.partition("-")[0]
        act = begins in _OF_THE_ACT or name == "offence-where-done"
        found.setdefault(_ACT if act else _GROUPS.get(begins, _PROCEEDINGS), []).append(entry)
    return found


def told(found: Scenario, law: Law) -> list[str]:
    """Return the facts as a line of Markdown for each heading: what is given, then what is not known."""
    lines = []
    for heading, entries in groups(law).items():
        given = [
            f"{plain(entry.label)}: **{plain(in_words(found.facts[entry.name], entry))}**"
            for entry in entries
            if entry.name in found.facts
        ]
        blank = [plain(entry.label) for entry in entries if entry.name not in found.facts]
        unknown = f"*not known:* {', '.join(blank)}" if blank else ""
        lines.append(f"**{heading}**  \n{'; '.join(filter(None, (*given, unknown)))}")
    return lines


def in_words(fact: Fact, entry: Field) -> str:
    """Return a fact as a reader says it: States by their names, the offence by its label."""
    if entry.type == "offence":
        return parts.options("offence").get(str(fact), str(fact))
    if entry.type == "date":
        return date(str(fact))
    if isinstance(fact, tuple):
        return ", ".join(map(scenarios.state_name, fact)) or "none"
    if isinstance(fact, dict):
        return (
            ", ".join(f"{scenarios.state_name(code)} {years:g} years" for code, years in fact.items())
            or "none"
        )
    return facts.written(fact, entry)


def draw(found: Scenario, law: Law) -> None:
    """Draw the inputs, folded under their headings; what is folded is drawn when a reader opens it."""
    for heading, entries in groups(law).items():
        folded = st.expander(
            f"Change: {heading[:1].lower()}{heading[1:]}", key=f"facts.{heading}", on_change="rerun"
        )
        if folded.open:
            with folded:
                columns = st.columns(2)
                for place, entry in enumerate(entries):
                    with columns[place % 2]:
                        _input(entry, as_texts(found.facts), law)


def _input(entry: Field, texts: Mapping[str, str], law: Law) -> None:
    """Draw one input, which opens on what the address says; another value makes it another widget."""
    key = f"fact.{entry.name}.{texts.get(entry.name, '')}"
    _KINDS[entry.type](entry, texts, key, law)


def _taken(entry: Field, texts: Mapping[str, str], text: str) -> None:
    """Write all facts into the address with a new one among them: they are the reader's own from here."""
    told = {name: value for name, value in {**texts, entry.name: text}.items() if value}
    others = {
        name: value
        for name, value in address.given().items()
        if name not in (scenarios.WORKED, entry.name) and name not in texts
    }
    st.query_params.from_dict(others | told)


def write_out(texts: Mapping[str, str], fields: Mapping[str, Field], worked: str | None) -> None:
    """Put a worked scenario into the address, or in place of one its facts, to be changed."""
    others = {
        name: value
        for name, value in address.given().items()
        if name not in fields and name != scenarios.WORKED
    }
    st.query_params.from_dict(others | ({scenarios.WORKED: worked} if worked else dict(texts)))


def _day(entry: Field, texts: Mapping[str, str], key: str, _law: Law) -> None:
    st.date_input(
        sentence(entry.label),
        dt.date.fromisoformat(texts[entry.name]),
        min_value=address.FIRST_DAY,
        max_value=address.LAST_DAY,
        format="YYYY-MM-DD",
        key=key,
        help=plain(entry.definition),
        on_change=lambda: _taken(entry, texts, str(st.session_state[key] or address.today())),
    )


def _choice(entry: Field, texts: Mapping[str, str], key: str, options: Mapping[str, str]) -> None:
    offered = list(options)
    st.selectbox(
        sentence(entry.label),
        offered,
        index=offered.index(texts.get(entry.name, "")),
        format_func=lambda option: options[option],
        key=key,
        help=plain(entry.definition),
        on_change=lambda: _taken(entry, texts, st.session_state[key]),
    )


def _offence(entry: Field, texts: Mapping[str, str], key: str, law: Law) -> None:
    labels = parts.options("offence")
    _choice(entry, texts, key, {name: labels.get(name, name) for name in facts.offences(law)})


def _truth(entry: Field, texts: Mapping[str, str], key: str, _law: Law) -> None:
    _choice(entry, texts, key, {"": "Not known"} | _TRUTHS)


def _states(entry: Field, texts: Mapping[str, str], key: str, law: Law) -> None:
    text = texts.get(entry.name, "")
    names = _state_names(tuple(state.iso3 for state in law.states), frame.language())
    st.multiselect(
        sentence(entry.label),
        list(names),
        default=text.split(",") if text else [],
        format_func=lambda code: names[code],
        key=key,
        placeholder="Not known",
        help=plain(entry.definition),
        on_change=lambda: _taken(entry, texts, _of_codes(st.session_state[key], before=text)),
    )


def _of_codes(chosen: list[str], before: str) -> str:
    """Return codes as an address holds them: *none* unsays the States, and they unsay it."""
    if NONE in chosen and before != NONE:
        return NONE
    named = [code for code in chosen if code != NONE]
    return ",".join(named) or ",".join(chosen)


@cache
def _state_names(compared: tuple[str, ...], _language: str) -> dict[str, str]:
    """Return what a field of States offers: that there is none, the States compared, then all others."""
    names = sorted((scenarios.state_name(code), code) for code in compared)
    others = sorted((scenarios.state_name(code), code) for code in facts.countries() - set(compared))
    return {NONE: "None: there is none"} | {code: name for name, code in (*names, *others)}


def _age(entry: Field, texts: Mapping[str, str], key: str, _law: Law) -> None:
    text = texts.get(entry.name, "")
    st.number_input(
        f"{sentence(entry.label)} (years)",
        min_value=0,
        max_value=facts.OLDEST,
        value=int(text) if text else None,
        placeholder="Not known",
        key=key,
        help=plain(entry.definition),
        on_change=lambda: _taken(entry, texts, _number(st.session_state[key])),
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _years(entry: Field, texts: Mapping[str, str], key: str, _law: Law) -> None:
    st.text_input(
        f"{sentence(entry.label)} (years)",
        texts.get(entry.name, ""),
        placeholder="Not known; written like DNK:6, SWE:8",
        key=key,
        help=f"{plain(entry.definition)} Write the code of each State with its years; 100 for life.",
        on_change=lambda: _taken(entry, texts, st.session_state[key].strip()),
    )


_KINDS = {
    "date": _day,
    "offence": _offence,
    "states": _states,
    "age": _age,
    "truth": _truth,
    "years": _years,
}
