"""A document handed in, its drafts read beside it one by one, and the reader's word on each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import settings
from lanzarote_atlas.dashboard import (
    address,
    desk,
    document_view,
    draft_form,
    draft_list,
    draft_view,
    parts,
    rebuilding,
    reviewers,
)
from lanzarote_atlas.dashboard.html import facts
from lanzarote_atlas.dashboard.text import plain
from lanzarote_atlas.errors import AtlasError
from lanzarote_atlas.ingest.pieces import Kind
from lanzarote_atlas.ingest.review import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lanzarote_atlas.dashboard.desk import Item
    from lanzarote_atlas.dashboard.reviewers import Reviewer
    from lanzarote_atlas.ingest.drafts import Drafts

_KINDS = {
    "": "Told by what it says",
    Kind.FACTSHEET: "Factsheet of the Committee",
    Kind.GLOBAL_ALLIANCE: "Reporting form of the Global Alliance",
}
_SLIP = "review.slip"


def render() -> None:
    """Draw the page."""
    address.opened("review", (*draft_list.CHOICES, document_view.VIEW, document_view.LINES))
    parts.heading(
        "Review a document",
        "A factsheet of the Committee or a reporting form of the Global Alliance becomes records of your "
        "own: what it says is drafted, and you accept, correct or reject each draft. What stands is never "
        "overwritten.",
    )
    reviewer = reviewers.present()
    if not reviewer.allowed:
        _closed(reviewer)
        return
    if desk.handed_in() is None:
        _begin()
    else:
        _review(desk.made(), reviewer)
    rebuilding.draw()


# --- closed


def _closed(reviewer: Reviewer) -> None:
    """Draw why review is closed to this reader, and what opens it."""
    with st.container(border=True, gap="small"):
        st.markdown(f":material/lock: **Review is closed here.** {plain(reviewer.why)}")
        st.markdown(reviewer.remedy)
        for provider in reviewer.providers:
            title = f"Sign in with {plain(provider)}" if provider else "Sign in"
            st.button(
                title, icon=":material/login:", on_click=_sign_in, args=(provider,), key=f"in.{provider}"
            )
        if reviewer.signed_in:
            st.button("Sign out", icon=":material/logout:", on_click=st.logout)
        if slip := st.session_state.pop(_SLIP, ""):
            parts.failed(f"Signing in does not work here: {slip}")
        parts.small(
            "Without this page, `lanzarote ingest DOCUMENT --state ISO3` makes the drafts; everything else "
            "of the atlas is open."
        )


def _sign_in(provider: str | None) -> None:
    try:
        st.login(provider)
    except st.errors.Error as error:
        st.session_state[_SLIP] = str(error)


# --- a document to begin with


def _begin() -> None:
    st.header("Hand in a document", anchor=False)
    most = settings.current().document_megabytes
    with st.form("review.hand-in"):
        given = st.file_uploader(
            f"Document: PDF, DOCX, HTML, Markdown or text, in English, at most {most:,.0f} MB",
            max_upload_size=max(1, math.ceil(most)),
            help="Told apart by what is in it, not by its name. It stays on the machine that runs the atlas.",
        )
        state, kind, source = _about()
        asked = st.form_submit_button("Read the document", type="primary", icon=":material/description:")
    if not asked:
        return
    if given is None or state is None:
        lacking = ["a document"] * (given is None) + ["the State that it is about"] * (state is None)
        st.warning(f"Choose {' and '.join(lacking)} first.")
        return
    _hand_in(given.getvalue(), given.name, state, Kind(kind) if kind else None, source)


def _about() -> tuple[str | None, str, str]:
    """Draw the choice of State, kind and source record and return what was chosen."""
    names = desk.states()
    left, right = st.columns(2)
    with left:
        state = st.selectbox(
            "State that it is about",
            list(names),
            index=None,
            format_func=lambda code: names[code],
            placeholder="Choose a State",
        )
    with right:
        kind = st.selectbox("Kind of document", list(_KINDS), format_func=lambda one: _KINDS[one])
    source = st.selectbox(
        "Its source record",
        ["", *desk.link_options("source", "Source")],
        format_func=lambda one: one or "A new one, named for kind, State and date",
        help="Where the atlas has a source record of this very document, choose it.",
    )
    return state, str(kind), str(source)


def _hand_in(content: bytes, name: str, state: str, kind: Kind | None, source: str) -> None:
    try:
        with parts.loading("Reading the document"):
            desk.hand_in(content, name, state, kind, source)
    except AtlasError as error:
        st.error(
            f"**This document was not taken in.** {plain(str(error))}.  \n"
            "Nothing was written. Put that right and hand it in again, or choose another State or kind.",
            icon=":material/error:",
        )
        return
    st.query_params.from_dict(address.carried())
    st.rerun()


# --- its drafts


def _review(found: Drafts, reviewer: Reviewer) -> None:
    items = desk.items(found)
    _document(found, items)
    _who(reviewer)
    shown = draft_list.filtered(items)
    if not shown:
        parts.empty("No draft matches these choices.", "Choose another kind, standing or decision.")
        document_view.draw(found, None)
        return
    item = draft_list.chosen(shown, items)
    st.divider()
    left, right = st.columns([6, 5], gap="medium")
    with left:
        draft_view.draw(item, draft_list.following(item, shown))
    with right, st.container(key="review-document"):
        st.subheader("The document", anchor=False)
        document_view.draw(found, item.draft)


def _document(found: Drafts, items: Sequence[Item]) -> None:
    """Draw what is on the desk: the document, what came of it, its source record."""
    name = desk.states().get(found.state, found.state)
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            told = {"Document": found.document.name, "Kind": _KINDS[found.kind], "State": name}
            st.html(facts(told), width="content")
            st.button("Take another document", on_click=_put_away, icon=":material/undo:")
        st.html(draft_list.counts(items))
        with st.expander(f"Its source record: {plain(found.source.id)}"):
            draft_form.draw(found.source)


def _put_away() -> None:
    desk.clear()
    st.query_params.from_dict(address.carried())


def _who(reviewer: Reviewer) -> None:
    """Draw under which name decisions are taken."""
    if reviewer.name:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"You review as **{plain(reviewer.name)}**.", width="content")
            st.button("Sign out", on_click=st.logout, type="tertiary")
        return
    key = f"{draft_view.NAME}.box"
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(draft_view.NAME, "")
    st.text_input(
        "Your name or address",
        key=key,
        max_chars=LONGEST_NAME,
        help="It is noted with every decision.",
        on_change=lambda: st.session_state.update({draft_view.NAME: st.session_state[key]}),
        width=420,
    )
