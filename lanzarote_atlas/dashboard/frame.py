"""What stands around every page: the way to the others, State, date and names, the build and the licence.

Here a reader's or installer's slip becomes one plain message; no page shows a traceback for it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import exports, terms
from lanzarote_atlas.dashboard import address, navigation, parts, store, text
from lanzarote_atlas.dashboard.text import date, plain
from lanzarote_atlas.errors import AtlasError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.navigation.page import Page

    from lanzarote_atlas.dashboard.navigation import Entry

NAME = "Lanzarote Atlas"
LANGUAGES = {"en": "English", "da": "Dansk", "fr": "Français"}
"""The languages in which States can be named, each by its own name."""
_BUILD = "build"
_SHOWN = 12
_STYLE = Path(__file__).with_name("style.css")


def show(table: Sequence[Entry]) -> None:
    """Draw the frame and, within it, the page of the table that the reader chose."""
    pages, page = navigation.chosen(table)
    st.set_page_config(page_title=f"{page.title} · {NAME}", page_icon="⚖️", layout="wide")
    st.session_state[parts.PAGES] = pages
    st.session_state[parts.DRAWN] = Counter()
    st.html(_STYLE)
    with st.container(width=1080):
        try:
            source = store.begin()
        except AtlasError as error:
            st.title(NAME, anchor=False)
            parts.failed(str(error))
            if address.build():
                _way_to_now(_key(pages, page), None)
            return
        try:
            with st.sidebar:
                _sidebar(source, table)
            _tell_of_new_build(source)
            _tell_of_build(source, _key(pages, page))
            _tell_of_slips()
            _tell_of_date()
            page.run()
        except AtlasError as error:
            parts.failed(str(error))


def state() -> tuple[str, str]:
    """Return code and name of the State of reference that the address names, Denmark where it names none."""
    names = state_names()
    code, _ = address.checked("State", address.given().get(address.STATE), names)
    chosen = code or _home()
    return chosen, names.get(chosen, "no State")


def as_at() -> str:
    """Return the date at which every page shows the atlas, in ISO 8601: the address's, else today's."""
    return address.as_at()


def language() -> str:
    """Return the language of the States' names: `en`, `da` or `fr`."""
    return address.checked("language", address.given().get(address.NAMES), LANGUAGES)[0] or "en"


def state_names() -> dict[str, str]:
    """Return name by code of all States compared, in the reader's language and its alphabet."""
    spoken = language()
    names = store.state_names()
    if spoken != "en":
        names = {code: text.state_name(code, spoken) for code in names}
    return dict(sorted(names.items(), key=lambda pair: text.alphabetical(pair[1], spoken)))


def state_name(state: str) -> str:
    """Return what a State, given by its code or address, is called in the reader's language.

    English names are those of the graph, so that page and export agree; the others come from the CLDR.
    """
    code = terms.local_name(state)
    spoken = language()
    return store.state_names().get(code, code) if spoken == "en" else text.state_name(code, spoken)


def in_language(label: str) -> str:
    """Return a State's English name in the reader's language; any other label stays as it is."""
    if language() == "en":
        return label
    code = next((code for code, name in store.state_names().items() if name == label), "")
    return state_name(code) if code else label


def _home() -> str:
    codes = store.state_names()
    return parts.HOME_STATE if parts.HOME_STATE in codes else next(iter(codes), "")


def _sidebar(source: store.Origin, table: Sequence[Entry]) -> None:
    navigation.draw(NAME, table)
    with st.container(gap="xsmall"):
        address.select(
            "State of reference",
            address.STATE,
            state_names(),
            default=_home(),
            explain=parts.meaning("", "State") + "\n\nEvery page speaks of this State.",
        )
        address.day(
            "As at",
            address.AT,
            explain="The law, recommendations and answers as they stood on this day, on every page.",
        )
        address.tabs("State names in", address.NAMES, LANGUAGES, labelled=True)
    st.caption(_build(source))
    st.caption(
        "Every fact is cited to its source; the wording is the atlas's own. Data: "
        f"[CC BY 4.0]({exports.LICENCE})."
    )


def _build(source: store.Origin) -> str:
    if not source.build_id:
        return f"Answers come from the endpoint {plain(source.place)}."
    return (
        f"Data as at **{date(source.as_at)}**  \nBuilt on {date(source.built_at[:10])}  \n"
        f"Build `{source.build_id[:_SHOWN]}`"
    )


def _tell_of_slips() -> None:
    """Warn of common parameters that are not what they should be; the sidebar may be out of sight."""
    given = address.given()
    for _, message in (
        address.checked("State", given.get(address.STATE), state_names()),
        address.checked_date(given.get(address.AT)),
        address.checked_build(given.get(address.BUILD)),
        address.checked("language", given.get(address.NAMES), LANGUAGES),
    ):
        if message:
            st.warning(plain(message))


def _tell_of_date() -> None:
    """Say that another day than today is shown, with the way back."""
    shown = as_at()
    if shown == address.today():
        return
    with st.container(horizontal=True, vertical_alignment="center", key="as-at"):
        st.markdown(f":material/event: Shown as at **{date(shown)}**, not as at today.", width="content")
        st.button("Show today", on_click=address.write, args=(address.AT, None), type="tertiary")


def _key(pages: Mapping[str, Page], page: Page) -> str:
    return next(key for key, one in pages.items() if one is page)


def _tell_of_build(source: store.Origin, page: str) -> None:
    """Say that the address names a build and whether a later one took its place; lead to the present."""
    if not address.build():
        return
    if source.is_endpoint:
        st.warning("An endpoint answers here, which keeps no builds; the page shows what it says now.")
        return
    which = f"build `{source.build_id[:_SHOWN]}` of {date(source.built_at[:10])}"
    if not source.later:
        with st.container(key="build-current"):
            parts.small(
                f"This address names {which}, the current one: it will say the same after a later build."
            )
        return
    with st.container(border=True, key="build-superseded"):
        st.markdown(
            f":material/history: **Superseded.** What you see is what the atlas said in {which}; the current "
            f"build is `{source.later[:_SHOWN]}`. Links from here stay in the build you see."
        )
        _way_to_now(page, source)


def _way_to_now(page: str, source: store.Origin | None) -> None:
    """Link to the page as the current build has it; a day before that of the data was chosen, and stays."""
    given = address.given()
    day = given.get(address.AT, "")
    chosen = day if source and day < source.as_at else None
    onward: dict[str, str | None] = {**given, address.BUILD: None, address.AT: chosen}
    with st.container(horizontal=True, gap="small"):
        parts.link("What it says now", page, onward, icon=":material/update:")
        if source:
            compared = {"from": source.kept, address.BUILD: None, address.AT: None}
            parts.link("What changed since", "changes", compared, icon=":material/difference:")


def _tell_of_new_build(source: store.Origin) -> None:
    if address.build():
        return
    before = st.session_state.get(_BUILD, source.build_id)
    if before != source.build_id:
        st.info(
            "The atlas was built anew while this page was open: it now shows build "
            f"{source.build_id[:_SHOWN]}, before it showed {before[:_SHOWN]}."
        )
    st.session_state[_BUILD] = source.build_id
