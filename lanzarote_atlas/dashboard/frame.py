"""What stands around every page: its title, the State of reference, which build answers, and the licence.

Here a reader's or installer's slip becomes one plain message; no page shows a traceback for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas.dashboard import address, parts, store
from lanzarote_atlas.dashboard.text import date, plain
from lanzarote_atlas.errors import AtlasError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.navigation.page import Page

NAME = "Lanzarote Atlas"
_BUILD = "build"
_STATE = "state"
_SHOWN = 12


def show(page: Page, pages: Mapping[str, Page]) -> None:
    """Draw the frame and, within it, the page that the reader chose."""
    st.set_page_config(page_title=f"{page.title} · {NAME}", page_icon="⚖️", layout="wide")
    st.session_state[parts.PAGES] = pages
    try:
        source = store.origin()
        _carry_state(page.title)
        with st.sidebar:
            _sidebar(source)
        _tell_of_new_build(source)
        with st.container(width=1080):
            _warn_of_state()
            page.run()
    except AtlasError as error:
        st.error(plain(str(error)))


def state() -> tuple[str, str]:
    """Return code and name of the State of reference that the address names, Denmark where it names none."""
    states = _states()
    code, _ = address.checked("State", address.given().get(address.COMMON), states)
    chosen = code or _home(states)
    return chosen, states.get(chosen, "no State")


def _states() -> dict[str, str]:
    return {row["code"]: row["label"] for row in store.ask("states").rows}


def _home(states: Mapping[str, str]) -> str:
    return parts.HOME_STATE if parts.HOME_STATE in states else next(iter(states), "")


def _carry_state(page: str) -> None:
    """Take another State than Denmark along from page to page; the navigation drops it from the address."""
    before = st.session_state.get(_STATE, {"page": page, "state": None})
    now = address.given().get(address.COMMON)
    if now is None and before["page"] != page and before["state"]:
        now = before["state"]
        address.write(address.COMMON, now)
    st.session_state[_STATE] = {"page": page, "state": now}


def _warn_of_state() -> None:
    _, message = address.checked("State", address.given().get(address.COMMON), _states())
    if message:
        st.warning(message)


def _sidebar(source: store.Origin) -> None:
    states = _states()
    address.select(
        "State of reference",
        address.COMMON,
        states,
        default=_home(states),
        explain=parts.meaning("", "State") + "\n\nEvery page speaks of this State.",
    )
    st.divider()
    st.caption(_build(source))
    st.caption(
        "Every fact is cited to its source; the wording is the atlas's own. Data: "
        "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)."
    )


def _build(source: store.Origin) -> str:
    if not source.build_id:
        return f"Answers come from the endpoint {plain(source.place)}."
    return (
        f"Data as at **{date(source.as_at)}**  \nBuilt on {date(source.built_at[:10])}  \n"
        f"Build `{source.build_id[:_SHOWN]}`"
    )


def _tell_of_new_build(source: store.Origin) -> None:
    before = st.session_state.get(_BUILD, source.build_id)
    if before != source.build_id:
        st.info(
            "The atlas was built anew while this page was open: it now shows build "
            f"{source.build_id[:_SHOWN]}, before it showed {before[:_SHOWN]}."
        )
    st.session_state[_BUILD] = source.build_id
