"""Where States fall short, or the atlas lacks an answer: a list to narrow down, and one gap's whole story."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import briefing, terms
from lanzarote_atlas.dashboard import address, borrowing, facets, frame, marks, parts, store
from lanzarote_atlas.dashboard.citations import gather
from lanzarote_atlas.dashboard.facets import Bundle
from lanzarote_atlas.dashboard.text import (
    date,
    linked_all,
    listed,
    number,
    plain,
    sentence,
    titled,
)
from lanzarote_atlas.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lanzarote_atlas.dashboard.citations import Cited
    from lanzarote_atlas.dashboard.store import Answered

GAP, OF, EVERY = "gap", "of", "all"
"""The parameters that name one gap, and the State whose gaps are listed; and the word for all States."""
FACETS = ("level", "theme", "article", "kind", "severity", "status")
_SCHEMES = {"kind": "gap-kind", "severity": "severity", "status": "gap-status", "theme": "theme"}
_LEVELS = ("obligation-level", "strength")
_WHY = {
    "open": "nothing on record answers it",
    "answer-reported": "law, a measure or a practice on record answers it; whether that suffices is for the "
    "Committee to say",
    "closed": "the Committee's own later word closes it",
}
_PAPERS = {
    "DOCX": ("word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "PDF": ("pdf", "application/pdf"),
}


def render() -> None:
    """Draw the list, or the one gap that the address names."""
    address.opened("gaps", (GAP, OF, *FACETS, address.PAGE))
    subjects = {row["about"]: row for row in store.ask("gap-subjects").rows}
    gap = _gap_of_address()
    if gap:
        _story(gap, subjects)
    else:
        _list(subjects)


def _gap_of_address() -> Answered | None:
    """Return the gap that the address names; warn where the atlas knows none of that name."""
    named = address.given().get(GAP)
    if not named:
        return None
    answer = store.ask("gap", gap=named)
    if answer.rows:
        return answer
    of_state = named.partition("/")[0]
    known = store.ask("gaps", state=of_state).rows if of_state in frame.state_names() else []
    hint = did_you_mean(named, [terms.local_name(row["gap"]) for row in known])
    st.warning(plain(f"“{named}” is not known as gap; {hint or 'choose one below.'}"))
    return None


# --- the list --------------------------------------------------------------------------------------


def _list(subjects: Mapping[str, dict[str, str]]) -> None:
    code, name = frame.state()
    labels = _labels(subjects)
    of, _ = address.checked("State", address.given().get(OF), {*frame.state_names(), EVERY})
    of = of or code
    whose = "all States" if of == EVERY else frame.state_names().get(of, name)
    parts.heading(
        f"Gaps: {whose}",
        "Where what is expected of a State and what the sources show differ, or where no source was found. "
        "An open gap says that nothing on record answers it, not that nothing was done.",
    )
    given = address.given()
    chosen = {facet: address.checked(facet, given.get(facet), labels[facet])[0] for facet in FACETS}
    counts = store.ask("gap-counts", state=None if of == EVERY else of)
    bundles = _bundles(counts.rows, subjects)
    _facets(labels, facets.counted(bundles, chosen), chosen, of)
    count = facets.left(bundles, chosen)
    answer = store.ask("gaps", state=None if of == EVERY else of, **_terms(chosen))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(_counted(count, any(chosen.values())), width="content")
        parts.cite_view(f"Gaps: {whose}", answer)
        _briefing(None if of == EVERY else of, _terms(chosen))
    if not count:
        parts.empty("No gap matches these choices on this day.", "Take one away to see more.")
    _entries(answer.rows, subjects, None if of == code else of, chosen)
    parts.behind(answer, "list")


def _briefing(of: str | None, chosen: Mapping[str, str | None]) -> None:
    """Draw the buttons that make a briefing of what is listed; it is made when one is pressed."""
    if not of and not chosen["theme"]:
        st.markdown(":small[For a briefing to print, choose a State or a chapter.]", width="content")
        return
    choices = {name: value for name, value in chosen.items() if value and name != "theme"}
    scope = briefing.Scope(of, chosen["theme"], frame.as_at(), choices)
    name = "_".join(
        filter(None, ("briefing", of, chosen["theme"], scope.as_at, store.origin().build_id[:12]))
    )
    for form, (write, media) in _PAPERS.items():
        st.download_button(
            f"Briefing, {form}",
            data=partial(_written, scope, write),
            file_name=f"{name}.{form.lower()}",
            mime=media,
            icon=":material/print:",
            on_click="ignore",
            key=f"briefing.{form}",
            help=f"What is listed, to print: asked, answered, done elsewhere, numbered sources; as {form}",
        )


def _written(scope: briefing.Scope, write: str) -> bytes:
    # The two libraries are slow to import, and only a briefing needs them.
    module = import_module(f"lanzarote_atlas.briefing.{write}")
    made = briefing.compose(store.data(), scope, store.stand(), address.today())
    return bytes(module.written(made))


def _counted(count: int, narrowed: bool) -> str:  # noqa: FBT001 - whether the sentence says so
    return f"**{number(str(count))} {'gap' if count == 1 else 'gaps'}**" + (
        " with these choices." if narrowed else "."
    )


def _labels(subjects: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return for each facet every name that a gap can have, with its label."""
    labels = {facet: parts.options(scheme) for facet, scheme in _SCHEMES.items()}
    labels["level"] = {name: label for scheme in _LEVELS for name, label in parts.options(scheme).items()}
    articles = {article for row in subjects.values() for article in row["articles"].splitlines()}
    numbered = sorted(articles, key=lambda article: int(article.rpartition("art-")[2]))
    labels["article"] = {terms.local_name(iri): f"Article {iri.rpartition('art-')[2]}" for iri in numbered}
    return labels


def _bundles(rows: Sequence[dict[str, str]], subjects: Mapping[str, dict[str, str]]) -> list[Bundle]:
    return [
        Bundle(int(row["gaps"]), _of_subject(subjects[row["about"]]) | _of_row(row))
        for row in rows
        if row["about"] in subjects
    ]


def _of_subject(subject: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {
        "level": frozenset({subject["level"].rpartition("/")[2]}),
        "theme": frozenset(subject["theme"].splitlines()),
        "article": frozenset(terms.local_name(iri) for iri in subject["articles"].splitlines()),
    }


def _of_row(row: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {facet: frozenset({row[facet]}) for facet in ("kind", "severity", "status")}


def _terms(chosen: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the choices as the queries take them: the level's scheme goes before its name."""
    level = chosen["level"]
    scheme = next((of for of in _LEVELS if level in parts.options(of)), "")
    return dict(chosen) | {"level": f"vocabulary/{scheme}/{level}" if level else None}


def _facets(
    labels: Mapping[str, Mapping[str, str]],
    counts: Mapping[str, Mapping[str, int]],
    chosen: Mapping[str, str | None],
    of: str,
) -> None:
    code, _ = frame.state()
    by_state = {
        terms.local_name(row["state"]): int(row["gaps"])
        for row in store.ask("gaps-by-state", **_terms(chosen)).rows
    }
    states = {code: frame.state_name(code), EVERY: "All States"} | frame.state_names()
    with st.container(border=True):
        columns = st.columns(3) + st.columns(3)
        with columns[0]:
            address.select(
                "State",
                OF,
                facets.offered(states, by_state | {EVERY: sum(by_state.values())}, of),
                default=code,
                explain=parts.meaning("", "Gap"),
            )
        boxes = (
            ("Kind", "kind", parts.meanings("gap-kind", list(labels["kind"]))),
            ("Status", "status", parts.meanings("gap-status", list(labels["status"]))),
            ("Severity", "severity", parts.meaning("", "severity")),
            (
                "Level or strength",
                "level",
                "The level of a recommendation, or the strength of a criterion's standard.\n\n"
                + "\n\n".join(parts.meanings(scheme, list(parts.options(scheme))) for scheme in _LEVELS),
            ),
            ("Article of the Convention", "article", parts.meaning("", "basis")),
        )
        for column, (label, facet, explain) in zip(columns[1:], boxes, strict=True):
            with column:
                facets.box(label, facet, labels[facet], counts[facet], chosen[facet], explain)
        facets.box(
            "Chapter", "theme", labels["theme"], counts["theme"], chosen["theme"], parts.meaning("", "theme")
        )


def _entries(
    rows: Sequence[dict[str, str]],
    subjects: Mapping[str, dict[str, str]],
    of: str | None,
    chosen: Mapping[str, str | None],
) -> None:
    """Draw the gaps under headings by kind; `of` is what the address says of the State, and goes along."""
    met = {row["criterion"]: row for row in store.ask("criteria-met").rows}
    kind = ""
    for row in parts.paged(rows, "gaps"):
        if row["kindName"] != kind:
            kind = row["kindName"]
            known = store.word("gap-kind", kind)
            st.subheader(plain(sentence(known.label)), anchor=False, help=plain(known.definition))
        subject = subjects[row["about"]]
        _entry(row, subject, met.get(subject["criterion"]), {OF: of, **chosen})


def _entry(
    row: Mapping[str, str],
    subject: Mapping[str, str],
    met: Mapping[str, str] | None,
    choices: Mapping[str, str | None],
) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            whose = f"{plain(frame.state_name(row['stateAddress']))}: " if choices[OF] == EVERY else ""
            label = f"**{whose}{plain(called(subject))}**"
            parts.link(label, "gaps", choices, gap=terms.local_name(row["gap"]))
            st.markdown(f"{marks.status(row['statusName'])} {_asked_how(subject)}", width="content")
        parts.told(
            plain(subject["asked"]),
            parts.joined(
                f"Basis: {linked_all(subject['basis'])}",
                f"Severity: {plain(store.word('severity', row['severityName']).label)}",
                _answered(row["answers"]),
                _done_by(met),
            ),
        )


def called(subject: Mapping[str, str]) -> str:
    """Return what a gap is about in a word: the recommendation's numbers, or the criterion."""
    if not subject["level"].startswith("obligation-level"):
        return sentence(subject["label"])
    return "Recommendation without number" if subject["label"] == "no number" else subject["label"]


def _asked_how(subject: Mapping[str, str]) -> str:
    scheme, _, name = subject["level"].partition("/")
    return marks.level(name) if scheme == "obligation-level" else marks.strength(name)


def _answered(answers: str) -> str:
    return f"{answers} {'answer' if answers == '1' else 'answers'} on record" if answers != "0" else ""


def _done_by(met: Mapping[str, str] | None) -> str:
    if met is None:
        return ""
    under = f", {met['partly']} under conditions or in part" if met["partly"] != "0" else ""
    return f"Done by {met['met']} {'State' if met['met'] == '1' else 'States'}{under}"


# --- one gap ---------------------------------------------------------------------------------------


def _story(answer: Answered, subjects: Mapping[str, dict[str, str]]) -> None:
    gap = answer.parameters["gap"]
    told = gather(answer.rows, "about")[0]
    subject = subjects[told["about"]]
    state = frame.state_name(told["state"])
    kept = {name: value for name, value in address.given().items() if name in (OF, *FACETS)}
    parts.link("All gaps", "gaps", kept, icon=":material/arrow_back:")
    st.title(f"{state}: {called(subject)}", anchor=False)
    st.markdown(
        " ".join((marks.gap(told["kind"]), marks.status(told["status"]), marks.severity(told["severity"])))
    )
    _tell_of_days(told)
    st.header("What is asked", anchor=False)
    st.markdown(f"{_asked_how(subject)} {plain(subject['asked'])}" + parts.note(told["note"]))
    st.markdown(_facts(told, subject))
    _way_on(told, subject)
    parts.permanent(terms.thing("gap", gap))
    parts.behind(answer, "gap")
    _basis(gap)
    _known(gap, told)
    borrowing.draw(told["about"], told["state"], expected=bool(subject["expected"]))


def _tell_of_days(told: Cited) -> None:
    """Say that a gap is not there on the day that the page shows, and when it was."""
    if not told["from"] <= frame.as_at() < told["until"]:
        st.info(
            f"This gap is not there as at {date(frame.as_at())}: it is one {_span(told)}.",
            icon=":material/event:",
        )


def _span(told: Cited) -> str:
    start = "" if told["from"] == terms.NO_START else f"from {date(told['from'])}"
    end = "" if told["until"] == terms.NO_END else f"until the day before {date(told['until'])}"
    return " ".join(filter(None, (start, end))) or "without a known beginning or end"


def _facts(told: Cited, subject: Mapping[str, str]) -> str:
    kind = store.word("gap-kind", told["kind"])
    status = store.word("gap-status", told["status"])
    scheme, _, level = subject["level"].partition("/")
    chapters = [titled(parts.options("theme").get(name, name)) for name in subject["theme"].splitlines()]
    source = told.line() if told.citations else plain(told["originText"])
    return listed(
        (
            f"**Kind:** {plain(kind.label)}. {plain(kind.definition)}",
            (
                f"**Status:** {plain(status.label)}: {_WHY.get(told['status'], plain(status.definition))}. "
                "Only the Committee's own later word closes a gap."
            ),
            (
                f"**Severity:** {plain(store.word('severity', told['severity']).label)}, which follows from "
                f"the {'level' if scheme == 'obligation-level' else 'strength'}: "
                f"{plain(store.word(scheme, level).label)}."
            ),
            f"**On record as such:** {_span(told)}",
            f"**Chapter:** {plain('; '.join(chapters))}",
            f"**Expected:** {plain(subject['expected'])}"
            if subject["expected"]
            else "**Expected:** no one answer",
            f"**Source:** {source}",
            f"**Derived by rule:** {plain(told['rule'])}",
        )
    )


def _way_on(told: Cited, subject: Mapping[str, str]) -> None:
    code = terms.local_name(told["state"])
    if subject["level"].startswith("obligation-level"):
        parts.link(
            "The recommendation's whole story",
            "recommendations",
            icon=":material/arrow_forward:",
            recommendation=terms.local_name(told["about"]),
            state=code,
        )
    else:
        theme = subject["theme"].splitlines()[0]
        parts.link(
            "All positions of the State in this chapter",
            "state",
            icon=":material/arrow_forward:",
            state=code,
            part="positions",
            theme=theme,
        )


def _basis(gap: str) -> None:
    st.header("On which basis", anchor=False, help=parts.meaning("", "basis"))
    answer = store.ask("gap-basis", gap=gap)
    for cited in gather(answer.rows, "provision"):
        named = linked_all(f"{cited['citedAs']} <{cited['provision']}>")
        parts.entry(f"**{named}**", plain(cited["summary"]), f"Source: {cited.line()}")
    parts.behind(answer, "list")


_ROLES = {
    "decides": "What the State's position is",
    "other": "Also on record, not deciding",
    "answers": "What answers it",
    "closes": "The Committee's word that closes it",
    "asked": "What the Committee had noted",
    "bears": "What else bears on it",
    "searched": "Where a search found nothing more",
}


def _known(gap: str, told: Cited) -> None:
    st.header(f"What is known: {frame.state_name(told['state'])}", anchor=False)
    answer = store.ask("gap-evidence", gap=gap)
    found = gather(answer.rows, "role", "thing")
    for role, title in _ROLES.items():
        of_role = [cited for cited in found if cited["role"] == role]
        if of_role:
            st.subheader(title, anchor=False)
        for cited in of_role:
            _evidence(cited)
    if not found:
        st.markdown(
            f"{marks.cell('not-assessed')} No source here looked: an answer may exist. Empty is never a no."
        )
    parts.behind(answer, "list")


def _evidence(cited: Cited) -> None:
    foot = parts.joined(
        date(cited["from"]) if cited["from"] else "no date",
        linked_all(cited["provisions"]),
        f"Source: {cited.line()}",
    )
    head = f"{_evidence_sign(cited)} **{plain(cited['title'])}**" if cited["title"] else _evidence_sign(cited)
    parts.entry(head, plain(cited["summary"]), foot)


def _evidence_sign(cited: Cited) -> str:
    if cited["class"] == "Assessment":
        return marks.position(cited["value"], store.word("position", cited["value"]).label)
    if cited["class"] == "Observation":
        return marks.polarity(cited["value"])
    if cited["class"] == "EvidenceSearch":
        return marks.badge("∅", "searched, nothing found", "gray")
    word = store.word("follow-up-kind", cited["value"]).label if cited["value"] else "reported"
    stage = store.word("legal-stage", cited["stage"]).label if cited["stage"] else ""
    return marks.badge(
        "◌" if cited["value"] == "proposed" else "◐", ", ".join(filter(None, (word, stage))), "blue"
    )
