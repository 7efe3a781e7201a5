"""One draft: what it says, how it stands to the atlas, what was decided, and the reader's word on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import resources, terms
from lanzarote_atlas.dashboard import desk, draft_form, draft_list, marks, parts, reviewers, store
from lanzarote_atlas.dashboard.html import element, facts
from lanzarote_atlas.dashboard.text import date, listed, page_of, plain, sentence
from lanzarote_atlas.errors import AtlasError
from lanzarote_atlas.ingest.review import Action
from lanzarote_atlas.ingest.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lanzarote_atlas.dashboard.desk import Item
    from lanzarote_atlas.ingest.drafts import Draft
    from lanzarote_atlas.ingest.review import Decision
    from lanzarote_atlas.ingest.standing import Comparison, Difference
    from lanzarote_atlas.records.files import Record

NAME = "review.name"
"""Where the session keeps the name that the reader typed."""
_FAILED = "review.failed"
_KINDS = {
    "Recommendation": "recommendation",
    "Observation": "observation",
    "PromisingPractice": "practice",
    "FormAnswer": "form-answer",
}
"""What a type is called in addresses, where a page shows its records."""


def draw(item: Item, following: str | None) -> None:
    """Draw a draft; `following` is the next one to decide, once this one is."""
    found = desk.compared(desk.corrected(item.draft))
    _head(item, found)
    if item.decision and item.status == desk.ACCEPTED:
        _accepted(item.decision)
        _onward(following)
        return
    if found.differences:
        _differing(found.differences)
    elif found.records:
        _same(found.records)
    draft_form.draw(item.draft)
    draft_form.links(item.draft)
    _decide(item.draft, found)
    # What came of a decision stands below the buttons: above, it would move them, and the one that was
    # pressed would lose the focus.
    _failure(item.draft)
    if item.decision:
        _rejected(item.decision)
        _onward(following)


def _head(item: Item, found: Comparison) -> None:
    draft = item.draft
    st.subheader(f"{draft_list.kind(draft.type)} {plain(draft.id)}", anchor=False)
    signs = [draft_list.STATUSES[item.status]]
    if item.status == desk.TO_DECIDE:
        signs.append(draft_list.STANDINGS[found.standing])
    st.markdown(" ".join(marks.badge(*sign) for sign in signs))
    if draft.quotation:
        parts_said = [element("ul", *(element("li", one) for one in draft.parts))] if draft.parts else []
        st.html(element("blockquote", draft.quotation, *parts_said, class_="atlas-quotation"))


# --- what was decided


def _accepted(decision: Decision) -> None:
    corrected = decision.action is Action.CORRECTED
    st.success("Accepted as corrected." if corrected else "Accepted.", icon=":material/check:")
    file = (resources.local_data_folder() / decision.file).as_posix()
    st.html(facts({"By": decision.by, "On": when(decision), "Written to": file}))
    if store.origin().is_endpoint or not desk.is_built():
        st.markdown("It enters the atlas with the next build. To take it back, remove its file before that.")
        return
    _to_page("See it in the atlas", decision.type, decision.id)


def _rejected(decision: Decision) -> None:
    st.info("Rejected. It can be accepted still.", icon=":material/block:")
    st.html(facts({"By": decision.by, "On": when(decision), "Reason": decision.reason}))


def _onward(following: str | None) -> None:
    if following:
        st.button("Go on to the next to decide", type="primary", on_click=draft_list.go, args=(following,))
    else:
        st.markdown("Nothing more is to be decided in this list.")


def when(decision: Decision) -> str:
    """Return day and time of a decision."""
    return f"{date(decision.at[:10])}, {decision.at[11:16]} UTC"


# --- what stands


def _differing(differences: Sequence[Difference]) -> None:
    """Draw, key by key, what stands and what the document says."""
    told = {
        "What": [plain(draft_form.label(one.key)) for one in differences],
        "In the atlas": [
            f"{draft_form.said(one.key, one.standing)}  \n:small[{plain(_where(one))}]" for one in differences
        ],
        "In this document": [draft_form.said(one.key, one.drafted) for one in differences],
    }
    st.markdown("**Differs from what stands**")
    parts.columns(told, "Differences from what stands")
    for record in {one.record.id: one.record for one in differences}.values():
        _to_page(f"The record that stands: {plain(record.id)}", record.type, record.id)
    parts.small(
        "What stands is never overwritten. Correct the draft where it was read wrongly, reject it, or "
        "correct the record itself in its file."
    )


def _where(difference: Difference) -> str:
    return f"{difference.record.file}:{difference.record.line(difference.key)}"


def _same(records: Sequence[Record]) -> None:
    st.info("The atlas holds this already; there is nothing to accept.", icon=":material/check_circle:")
    for record in records:
        _to_page(f"The record that stands: {plain(record.id)}", record.type, record.id)


def _to_page(title: str, kind: str, identifier: str) -> None:
    """Draw a link to the page that shows a record in the current build; nothing where none does."""
    target = page_of(terms.thing(_KINDS[kind], identifier)) if kind in _KINDS else None
    if target:
        parts.link(title, target[0], {**target[1], "build": None}, icon=":material/arrow_forward:")


# --- the reader's word


def _decide(draft: Draft, found: Comparison) -> None:
    key = f"reason.{draft.key}"
    if key not in st.session_state:
        st.session_state[key] = desk.work(draft).reason
    st.button(
        "Accept",
        type="primary",
        icon=":material/check:",
        disabled=found.standing is not Standing.NEW,
        on_click=partial(_take, draft, accepts=True),
        key=f"accept.{draft.key}",
        help="Writes it as a record of your own, with the links that you made, your name and the day.",
    )
    if found.standing is not Standing.NEW:
        parts.small("Only what is new to the atlas can be accepted.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Reason, where you reject it",
            key=key,
            on_change=lambda: setattr(desk.work(draft), "reason", st.session_state[key]),
        )
        st.button(
            "Reject",
            icon=":material/close:",
            on_click=partial(_take, draft, accepts=False),
            key=f"reject.{draft.key}",
            help="Notes that it is not to become a record; nothing else is written.",
        )


def _take(draft: Draft, *, accepts: bool) -> None:
    """Take the reader's decision. Who may review is asked again: the page may be an old one."""
    reviewer = reviewers.present()
    if not reviewer.allowed:
        return
    by = reviewer.name or st.session_state.get(NAME, "")
    try:
        decision = desk.accept(draft, by) if accepts else desk.reject(draft, by)
    except AtlasError as error:
        what = "Not accepted." if accepts else "Not rejected."
        st.session_state[_FAILED] = (draft.key, what, str(error))
        return
    draft_list.go(decision.draft)


def _failure(draft: Draft) -> None:
    """Say why the last decision on this draft did not go through; nothing was written then."""
    key, what, why = st.session_state.get(_FAILED, ("", "", ""))
    if key != draft.key:
        return
    del st.session_state[_FAILED]
    first, *rest = (line.removeprefix(f"{draft.id}: ") for line in why.splitlines())
    more = f"\n\n{listed(map(plain, rest))}" if rest else ""
    st.error(f"**{what}** {plain(sentence(first))}{more}", icon=":material/error:")
