"""Which drafts a document gave: counted, narrowed down, and gone through one by one."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas.dashboard import address, desk, document_view, html, parts, store
from lanzarote_atlas.dashboard.html import element
from lanzarote_atlas.dashboard.text import number, plain, sentence
from lanzarote_atlas.ingest.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lanzarote_atlas.dashboard.desk import Item
    from lanzarote_atlas.dashboard.html import Html

DRAFT = "draft"
"""The parameter that names the draft shown."""
CHOICES = (DRAFT, "type", "standing", "decision", address.PAGE)
STANDINGS = {
    Standing.NEW: ("+", "new", "blue"),
    Standing.SAME: ("=", "in the atlas already", "gray"),
    Standing.DIFFERS: ("≠", "differs", "orange"),
}
"""Sign, words and colour of how a draft stands to the atlas."""
STATUSES = {
    desk.TO_DECIDE: ("○", "to decide", "orange"),
    desk.ACCEPTED: ("✓", "accepted", "green"),
    desk.REJECTED: ("✕", "rejected", "gray"),
    desk.NOTHING: ("=", "nothing to decide", "gray"),
}
"""Sign, words and colour of what was decided on a draft."""


def kind(name: str) -> str:
    """Return what a type of record is called."""
    return sentence(store.word("", name).label)


def counts(items: Sequence[Item]) -> Html:
    """Return a table of how many drafts of each type are in which state."""
    counted = Counter((item.draft.type, item.status) for item in items)
    titles = ("Drafts", *(sentence(words) for _, words, _ in STATUSES.values()))
    rows = [
        element(
            "tr",
            element("th", kind(name), scope="row"),
            *(element("td", str(counted[name, status])) for status in STATUSES),
        )
        for name in dict.fromkeys(item.draft.type for item in items)
    ]
    head = (element("th", one, scope="col") for one in titles)
    return html.table("What the document gave", head, [element("tbody", *rows)])


def filtered(items: Sequence[Item]) -> list[Item]:
    """Draw the choices of the list and return the drafts that they leave."""
    types = Counter(item.draft.type for item in items)
    named = {one: f"{kind(one)} ({number(str(many))})" for one, many in types.items()}
    standings = {one.value: sentence(words) for one, (_, words, _) in STANDINGS.items()}
    statuses = {one: sentence(words) for one, (_, words, _) in STATUSES.items()}
    first, second, third = st.columns(3)
    with first:
        of_type = address.select("Kind", "type", named)
    with second:
        standing = address.select("Standing", "standing", standings)
    with third:
        status = address.select("Decision", "decision", statuses)
    return [
        item
        for item in items
        if of_type in (None, item.draft.type)
        and standing in (None, item.standing.value)
        and status in (None, item.status)
    ]


def chosen(shown: Sequence[Item], items: Sequence[Item]) -> Item:
    """Draw the way through the list; return the draft that the address names, else the first to decide."""
    named = {item.draft.key: item for item in items}
    default = next((item for item in shown if item.status == desk.TO_DECIDE), shown[0])
    item = named.get(address.given().get(DRAFT, ""), default)
    offered = {one.draft.key: _line(one) for one in (*shown, item)}
    place = list(offered).index(item.draft.key)
    # Another box for each state of the draft: its line says that state, and a box keeps the line it has.
    key = f"draft.{item.draft.key}.{item.status}"
    st.selectbox(
        f"Draft {number(str(place + 1))} of {number(str(len(offered)))}",
        list(offered),
        index=place,
        format_func=lambda one: offered[one],
        key=key,
        on_change=partial(address.choose, key, item.draft.key, go),
    )
    _steps(list(offered), place, following(item, shown))
    _list(shown, item)
    return item


def _steps(keys: Sequence[str], place: int, undecided: str | None) -> None:
    """Draw the buttons that lead to the neighbours and to the next draft to decide."""
    before = keys[place - 1] if place else None
    after = keys[place + 1] if place + 1 < len(keys) else None
    with st.container(horizontal=True, gap="small"):
        for title, key in (("Previous", before), ("Next", after), ("Next to decide", undecided)):
            st.button(title, on_click=go, args=(key,), disabled=key is None, key=f"go.{title}")


def _line(item: Item) -> str:
    """Return a draft in a line of plain text."""
    sign, words, _ = STATUSES[item.status]
    differs = item.status == desk.TO_DECIDE and item.standing is Standing.DIFFERS
    return f"{sign} {kind(item.draft.type)} {item.draft.id}: {words}{', differs' if differs else ''}"


def go(key: str | None) -> None:
    """Show another draft; the part of the document goes with it."""
    address.write(document_view.LINES, None)
    address.write(DRAFT, key)


def following(item: Item, shown: Sequence[Item]) -> str | None:
    """Return the next draft to decide, in the order of the list and round again; None where there is none."""
    keys = [one.draft.key for one in shown]
    start = keys.index(item.draft.key) + 1 if item.draft.key in keys else 0
    order = [one for one in (*shown[start:], *shown[:start]) if one.status == desk.TO_DECIDE]
    return next((one.draft.key for one in order if one.draft.key != item.draft.key), None)


def _list(shown: Sequence[Item], here: Item) -> None:
    title = f"List of these drafts ({number(str(len(shown)))})"
    folded = st.expander(title, key="review.list", on_change="rerun")
    if not folded.open:
        return
    with folded, st.container(gap=None):
        for item in parts.paged(shown, "drafts"):
            st.button(
                plain(_line(item)),
                on_click=go,
                args=(item.draft.key,),
                key=f"list.{item.draft.key}",
                type="tertiary",
                icon=":material/arrow_right:" if item.draft.key == here.draft.key else None,
            )
