"""States side by side, criterion by criterion; each cell with its story; two States and why they differ."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import permanent_addresses, terms
from lanzarote_atlas.dashboard import address, comparison, frame, matrix, parts, positions, store, story
from lanzarote_atlas.dashboard.comparison import Place
from lanzarote_atlas.dashboard.text import number, plain, sentence, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lanzarote_atlas.dashboard.comparison import Row
    from lanzarote_atlas.dashboard.store import Answered

PARAMETERS = (
    "view",
    "with",
    "group",
    "theme",
    "criterion",
    "offence",
    "order",
    "other",
    "cell",
    address.PAGE,
)
_KEPT = ("view", "with", "group", "theme", "criterion", "other")
"""What stays chosen when a link opens a cell's story."""
GROUPS = {
    "nearest": "Nearest five",
    "nordic": "Nordic",
    "european-union": "European Union",
    "parties": "All Parties",
}
"""The groups of States that a reader can take at once."""
_OWN = "own"
_NEAREST = 5
_COLUMNS = 7
"""How many States stand beside the State of reference in a matrix; the others are on its further pages."""
_EVERY = "all"
_FIRST_THEME = "iv-jurisdiction-rules"
_VIEWS = {"matrix": "Side by side", "differ": "Why do these differ?"}
_ORDERS = {"differing": "Differing first", "chapters": "Order of chapters"}


def render() -> None:
    """Draw the page."""
    address.opened("compare", PARAMETERS)
    code, name = frame.state()
    parts.heading(
        f"Compare: {name}",
        f"{plain(sentence(within(name)))} beside other States, criterion by criterion. A position opens its "
        "full story: conditions, provision, sources, dates and what else is on record.",
    )
    _story()
    view = address.tabs("View", "view", _VIEWS)
    states = _states(code)
    theme, criteria = _criteria()
    if not states:
        parts.empty(
            f"No State stands beside {plain(within(name))}.", "Choose a group, or States of your own."
        )
    elif view == "differ":
        story.differences(code, _other(states), theme, criteria, partial(_open, address.given()))
    else:
        _matrix([code, *states], theme, criteria)


def _story() -> None:
    """Draw the story of the cell that the address names, where it names one."""
    given = address.given().get("cell")
    if not given:
        return
    state, _, criterion = given.partition("/")
    known = {terms.local_name(row["address"]) for row in store.ask("which-questions-does-the-atlas-ask").rows}
    if state not in store.state_names() or criterion not in known:
        st.warning(plain(f"“{given}” is not known as cell; a cell is one like DNK/law.grooming."))
        return
    with st.container(border=True, key="story"):
        story.cell(Place(state, criterion))
        st.button("Close the story", icon=":material/close:", on_click=address.write, args=("cell", None))


def _states(code: str) -> list[str]:
    """Draw the choice of States and return their codes, without the State of reference."""
    names = frame.state_names()
    own = address.several("with", names)
    offered = GROUPS | ({_OWN: "Own choice"} if own else {})
    group = _OWN if own else address.value("group", GROUPS, "nearest") or "nearest"
    _group_control(offered, group)
    members = [state for state in (own or _members(group, code)) if state != code]
    folded = st.expander(f"Choose States ({len(members)} chosen)", expanded=len(members) <= _COLUMNS)
    with folded:
        address.choices(
            "States", "with", {state: names[state] for state in names if state != code}, members, _take_own
        )
    return sorted(members, key=list(names).index) if group != "nearest" else members


def _group_control(offered: Mapping[str, str], group: str) -> None:
    key = "choice.group"
    if st.session_state.get(key) != group:
        st.session_state[key] = group
    st.segmented_control(
        "Beside it",
        list(offered),
        format_func=lambda option: offered[option],
        key=key,
        required=True,
        on_change=lambda: _take_group(st.session_state[key]),
    )


def _take_group(group: str) -> None:
    if group == _OWN:
        return
    for name in ("with", "other", address.PAGE):
        address.write(name, None)
    address.write("group", None if group == "nearest" else group)


def _take_own(states: Sequence[str]) -> None:
    for name in ("group", "other", address.PAGE):
        address.write(name, None)
    address.write("with", ",".join(states))


def _members(group: str, code: str) -> list[str]:
    if group == "nearest":
        nearest = store.ask("which-states-are-nearest", state=code).rows[:_NEAREST]
        return [terms.local_name(row["address"]) for row in nearest]
    return [row["code"] for row in store.ask("groups-of-states").rows if row["group"] == group]


def _criteria() -> tuple[str | None, dict[str, str]]:
    """Draw the choice of criteria and return the chapter and the criteria chosen, name to label, in order."""
    left, right = st.columns(2)
    with left:
        themes = parts.options("theme") | {_EVERY: "All chapters"}
        theme = address.select(
            "Chapter", "theme", themes, default=_FIRST_THEME, explain=parts.meaning("", "theme")
        )
    of_theme = None if theme == _EVERY else theme
    asked = store.ask("which-questions-does-the-atlas-ask", theme=of_theme).rows
    labels = {terms.local_name(row["address"]): row["criterion"] for row in asked}
    order = [name for (scheme, name) in store.words() if scheme == "criterion"]
    labels = {name: labels[name] for name in order if name in labels}
    with right:
        sentences = {name: sentence(label) for name, label in labels.items()}
        chosen = address.select("Criterion", "criterion", sentences, explain=parts.meaning("", "Criterion"))
    return of_theme, {chosen: labels[chosen]} if chosen else labels


def _matrix(states: Sequence[str], theme: str | None, criteria: Mapping[str, str]) -> None:
    left, right = st.columns(2)
    with left:
        offence = address.select("Offence", "offence", parts.options("offence"), every="All offences")
    with right:
        order = address.tabs("Order of the rows", "order", _ORDERS, labelled=True)
    answer = _ask(theme, criteria, offence)
    compared = comparison.rows(answer.rows, criteria)
    title = _title(states, theme, criteria, offence)
    if not compared:
        parts.empty(
            "No source tells offences apart on these criteria." if offence else "No criterion matches.",
            "Choose all offences, or another chapter.",
        )
    elif len(criteria) == 1:
        st.html(_drawing(states[0], offence).by_state(compared[0], states, title))
    else:
        shown = _columns(states)
        found = comparison.grouped(compared, states)
        _tally(found, len(states))
        named = {matrix.VERDICTS[verdict]: members for verdict, members in found.items()}
        st.html(
            _drawing(states[0], offence).by_criterion(
                named if order == "differing" else {"": compared}, shown, title
            )
        )
    parts.small(matrix.LEGEND)
    st.markdown(positions.LEGEND)
    asked = next(iter(criteria)) if len(criteria) == 1 else theme or permanent_addresses.EVERY
    itself = permanent_addresses.Comparison(frame.as_at(), tuple(states), asked, offence or "")
    _permanent(itself)
    parts.cite_view(title, answer, itself.address)
    parts.behind(answer)


def _permanent(compared: permanent_addresses.Comparison) -> None:
    """Draw the address at which this build answers for these States, criteria and day."""
    parts.small(f"Permanent address of this comparison: `{parts.as_read(compared.address)}`")


def _ask(theme: str | None, criteria: Mapping[str, str], offence: str | None) -> Answered:
    one = next(iter(criteria)) if len(criteria) == 1 else None
    if offence:
        return store.ask("compare-states-for-one-offence", offence=offence, theme=theme, criterion=one)
    return store.ask("compare-states-by-criteria", theme=theme, criterion=one)


def _title(states: Sequence[str], theme: str | None, criteria: Mapping[str, str], offence: str | None) -> str:
    first, *others = (frame.state_name(state) for state in states)
    beside = ", ".join(others) if len(others) <= _COLUMNS else f"{number(str(len(others)))} other States"
    about = sentence(next(iter(criteria.values()))) if len(criteria) == 1 else _chapter(theme)
    crime = f", for {store.word('offence', offence).label}" if offence else ""
    return f"{about}{crime}: {first} beside {beside}"


def _chapter(theme: str | None) -> str:
    return sentence(store.word("theme", theme).label) if theme else "All chapters"


def _columns(states: Sequence[str]) -> list[str]:
    """Return the State of reference and the page of the others that the address names; draw its choice."""
    first, *others = states
    pages = [others[start : start + _COLUMNS] for start in range(0, len(others), _COLUMNS)]
    spans = {
        str(place): f"{frame.state_name(shown[0])} to {frame.state_name(shown[-1])}"
        for place, shown in enumerate(pages, start=1)
    }
    if len(spans) == 1:
        address.value(address.PAGE, spans)
        return [first, *others]
    page = int(address.select("Columns", address.PAGE, spans, default="1") or "1")
    return [first, *pages[page - 1]]


def _tally(groups: Mapping[str, Sequence[Row]], states: int) -> None:
    counts = [matrix.TALLIES[verdict].format(len(rows)) for verdict, rows in groups.items()]
    st.markdown(f"Over all {number(str(states))} States and these criteria: {', '.join(counts)}.")


def _drawing(reference: str, offence: str | None) -> matrix.Drawing:
    # Where one offence is compared, the rules for it are what the cells show.
    special = set() if offence else comparison.special()
    # A story opens on this page, with all that the reader has chosen.
    return matrix.Drawing(frame.state_names(), special, matrix.stories(address.given()), reference)


def _open(chosen: Mapping[str, str], label: str, place: Place) -> None:
    """Draw a link to a cell's story on this page that keeps what the reader has chosen."""
    kept = {name: chosen[name] for name in _KEPT if name in chosen}
    parts.link(label, "compare", kept, cell="/".join(place))


def _other(states: Sequence[str]) -> str:
    names = {state: frame.state_name(state) for state in states}
    return address.select("The other State", "other", names, default=states[0]) or states[0]
