"""The choices of a page, kept in its address, so that every view can be shared, cited and come back to.

The address is the only truth: a widget is set from it before it is drawn and writes to it when it is changed.
What stands in an address is checked against what is known; a slip becomes a plain message that says what is
allowed, and the page goes on with its default.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from lanzarote_atlas import permanent_addresses
from lanzarote_atlas.catalogue import today as today  # noqa: PLC0414 - pages take it from here
from lanzarote_atlas.dashboard.markdown import plain
from lanzarote_atlas.errors import did_you_mean
from lanzarote_atlas.page_addresses import AT as AT  # noqa: PLC0414 - as above
from lanzarote_atlas.page_addresses import BUILD as BUILD  # noqa: PLC0414 - as above

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

STATE, NAMES = "state", "names"
"""The State of reference, and the language of the States' names; `AT` is the date at which the atlas is
shown, `BUILD` the kept build that is shown instead of the current one."""
COMMON = (STATE, AT, NAMES, BUILD)
"""The parameters that every page takes and that go along from page to page."""
FIRST_DAY, LAST_DAY = dt.date(1945, 1, 1), dt.date(2099, 12, 31)
"""Between these lies every date that the atlas can be shown at: no treaty here is older."""
PAGE = "page"
"""The parameter that says which page of a long list is shown; any other choice begins the list anew."""
_SHOWN = 8
_MEMORY = "address"


def unknown_names(given: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Return one plain message for each parameter name that a page does not take."""
    allowed = ", ".join(sorted(known))
    return [
        f"This page takes no parameter “{name}”; {did_you_mean(name, known) or f'it takes: {allowed}.'}"
        for name in given
        if name not in known
    ]


def checked(name: str, value: str | None, allowed: Collection[str]) -> tuple[str | None, str]:
    """Return the value if it is allowed, else None and a plain message; no value is no fault."""
    if not value or value in allowed:
        return value or None, ""
    some = ", ".join(list(allowed)[:_SHOWN]) + (", …" if len(allowed) > _SHOWN else "")
    hint = did_you_mean(value, allowed) or f"allowed: {some or 'nothing yet'}."
    return None, f"“{value}” is not known as {name}; {hint} The page shows what it shows without it."


def given() -> dict[str, str]:
    """Return the parameters of the address; of a name that stands twice, the last value."""
    return st.query_params.to_dict()


def carried() -> dict[str, str]:
    """Return what goes along to the next page: the common parameters, as the address gives them."""
    return {name: value for name, value in given().items() if name in COMMON and value}


def checked_date(value: str | None) -> tuple[str | None, str]:
    """Return a date in ISO 8601 where the value is one, else None and a plain message; none is no fault."""
    if not value:
        return None, ""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return None, f"“{value}” is no date like {today()}; the page shows the law as at today."
    if not FIRST_DAY <= day <= LAST_DAY:
        return None, (
            f"The atlas can be shown between {FIRST_DAY} and {LAST_DAY}, not as at {day}; "
            "the page shows the law as at today."
        )
    return day.isoformat(), ""


def checked_build(value: str | None) -> tuple[str | None, str]:
    """Return a build's identifier where the value has its form, else None and a plain message."""
    if not value or permanent_addresses.BUILD.fullmatch(value):
        return value or None, ""
    return None, (
        f"“{value}” is no identifier of a build, which has at least {permanent_addresses.DIGITS} digits of "
        "0-9 and a-f; the page shows the current build."
    )


def build() -> str | None:
    """Return the kept build that the address names, to be shown instead of the current one; mostly none."""
    return checked_build(given().get(BUILD))[0]


def as_at() -> str:
    """Return the date at which the page shows the atlas, in ISO 8601: the address's, else today's."""
    return checked_date(given().get(AT))[0] or today()


def opened(page: str, names: Collection[str]) -> None:
    """Begin a page: say which parameter names it does not take, and keep the browser's address in step."""
    now = given()
    before = st.session_state.get(_MEMORY, {"page": page, "given": now, "left": {}})
    left = before["left"] if before["page"] == page else _left_over(now, before["given"], names)
    for message in unknown_names(
        {key: now[key] for key in now if left.get(key) != now[key]}, {*names, *COMMON}
    ):
        st.warning(plain(message))
    if now and before["page"] == page and before["given"] != now:
        # A link to other parameters of the same page changes them here, not in the browser's address line.
        st.query_params.from_dict(now)
    st.session_state[_MEMORY] = {"page": page, "given": now, "left": left}


def _left_over(now: dict[str, str], before: dict[str, str], names: Collection[str]) -> dict[str, str]:
    """Return what the page before left here: the browser's way back to a bare address brings it along."""
    return {key: value for key, value in now.items() if key not in names and before.get(key) == value}


def value(name: str, allowed: Collection[str], default: str | None = None) -> str | None:
    """Return what the address says of `name`, checked; warn and return the default where it is not allowed.

    The frame warns of the common parameters: what it draws beside the page may be out of sight.
    """
    found, message = checked(name, given().get(name), allowed)
    if message and name not in COMMON:
        st.warning(plain(message))
    return found or default


def text(name: str) -> str:
    """Return a free text of the address, without blanks around it."""
    return given().get(name, "").strip()


def write(name: str, chosen: str | None) -> None:
    """Put one choice into the address; None or an empty text takes it out."""
    if chosen:
        st.query_params[name] = chosen
    elif name in st.query_params:
        del st.query_params[name]


def select(  # noqa: PLR0913 - a widget's parts, all named
    label: str,
    name: str,
    options: Mapping[str, str],
    *,
    default: str | None = None,
    every: str = "All",
    explain: str | None = None,
) -> str | None:
    """Draw a select box bound to the address and return the chosen key; without a default, maybe none."""
    chosen = value(name, options, default)
    box(
        label,
        name,
        options,
        chosen,
        lambda taken: take_over(name, taken, default),
        nothing=None if default else every,
        explain=explain,
    )
    return chosen


def box(  # noqa: PLR0913 - as select
    label: str,
    name: str,
    options: Mapping[str, str],
    chosen: str | None,
    take: Callable[[str | None], None],
    *,
    nothing: str | None = None,
    explain: str | None = None,
) -> None:
    """Draw a select box that opens on `chosen`; `take` is given what the reader chooses instead.

    With `nothing`, the label of no choice, that is the first option and is taken as None.
    """
    # The box is another one for each choice and opens on it. One box whose value is set from here opens on
    # its first option when a page changes fast, and the browser then reports that as the reader's choice.
    key = f"choice.{name}.{chosen or ''}"
    offered: list[str | None] = [*options] if nothing is None else [None, *options]
    st.selectbox(
        label,
        offered,
        index=offered.index(chosen) if chosen in offered else 0,
        format_func=lambda option: options.get(option, option) if option else nothing or "",
        key=key,
        help=explain,
        on_change=partial(choose, key, chosen, take),
    )


def choose(key: str, before: object, take: Callable[[Any], None]) -> None:
    """Give `take` what a box with this key was changed to, unless that is what it opened on.

    The browser may report once more a box that is gone, on what it opened on: that is nobody's choice.
    """
    chosen = st.session_state.get(key, before)
    if chosen != before:
        take(chosen)


def day(label: str, name: str, *, explain: str | None = None) -> str:
    """Draw a date box bound to the address and return the chosen date in ISO 8601; the default is today."""
    shown = checked_date(given().get(name))[0] or today()
    key = f"choice.{name}.{shown}"
    opened_on = dt.date.fromisoformat(shown)
    st.date_input(
        label,
        opened_on,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY-MM-DD",
        key=key,
        help=explain,
        on_change=partial(
            choose, key, opened_on, lambda taken: take_over(name, str(taken or today()), today())
        ),
    )
    return shown


def tabs(label: str, name: str, options: Mapping[str, str], *, labelled: bool = False) -> str:
    """Draw a row of choices bound to the address and return the chosen key; the first is the default."""
    default = next(iter(options))
    chosen = value(name, options, default) or default
    key = f"choice.{name}"
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen
    st.segmented_control(
        label,
        list(options),
        format_func=lambda option: options[option],
        key=key,
        required=True,
        on_change=lambda: take_over(name, st.session_state[key], default),
        label_visibility="visible" if labelled else "collapsed",
    )
    return chosen


def search_box(label: str, name: str, *, explain: str | None = None) -> str:
    """Draw a text box bound to the address and return its text."""
    written = text(name)
    key = f"choice.{name}"
    if st.session_state.get(key) != written:
        st.session_state[key] = written
    st.text_input(
        label, key=key, help=explain, on_change=lambda: take_over(name, st.session_state[key], None)
    )
    return written


def several(name: str, allowed: Collection[str]) -> list[str]:
    """Return the values of a list in the address, in its order; warn of those that are not allowed."""
    found = []
    for part in dict.fromkeys(filter(None, given().get(name, "").split(","))):
        known, message = checked(name, part, allowed)
        if message:
            st.warning(plain(message))
        if known:
            found.append(known)
    return found


def choices(
    label: str,
    name: str,
    options: Mapping[str, str],
    chosen: Collection[str],
    take: Callable[[list[str]], None],
) -> None:
    """Draw a box of several choices that opens on `chosen`; `take` is given what is chosen instead."""
    key = f"choice.{name}"
    if st.session_state.get(key) != list(chosen):
        st.session_state[key] = list(chosen)
    st.multiselect(
        label,
        list(options),
        format_func=lambda option: options.get(option, option),
        key=key,
        on_change=lambda: take(st.session_state[key]),
    )


def take_over(name: str, chosen: str | None, default: str | None = None) -> None:
    """Put a reader's new choice into the address, where the default need not stand; a list begins anew."""
    if name not in (PAGE, *COMMON):
        write(PAGE, None)
    write(name, None if chosen == default else chosen)
