"""A chart of an answer, where the answer allows one: a column of numbers over one of texts or dates.

Which columns, and whether bars or a line, stands in the address. The table under it holds what it shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import streamlit as st

from lanzarote_atlas import exports, store, terms
from lanzarote_atlas.dashboard import address, parts
from lanzarote_atlas.dashboard.text import number, plain

if TYPE_CHECKING:
    from lanzarote_atlas.store import Table, Term

CHOICES = ("chart", "each", "number")
"""What the address says of a chart: its kind, the column of its names, the column of its numbers."""
_KINDS = {"bars": "Bars", "line": "Line"}
_MOST = 60
"""Rows that a chart shows: beyond, names run together."""


def columns(table: Table) -> tuple[list[str], list[str]]:
    """Return the columns that a chart can have along it, and those whose every value is a number."""
    filled = {name: [term for term in table.values(name) if term is not None] for name in table.columns}
    numbers = [name for name, values in filled.items() if values and None not in map(exports.amount, values)]
    return [name for name, values in filled.items() if values and name not in numbers], numbers


def section(table: Table) -> None:
    """Draw the choice of a chart where the answer allows one, and the one chosen with its table."""
    along, numbers = columns(table)
    if not (along and numbers):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = address.select("Chart", "chart", _KINDS, every="No chart")
        if not kind:
            return
        each = address.select("For each", "each", {name: name for name in along}, default=along[0])
        number_of = address.select("Number", "number", {name: name for name in numbers}, default=numbers[0])
    _draw(table, kind, each or along[0], number_of or numbers[0])


def _draw(table: Table, kind: str, each: str, number_of: str) -> None:
    pairs = [
        (_shown(name), store.text(amount))
        for name, amount in zip(table.values(each), table.values(number_of), strict=True)
        if name is not None and amount is not None
    ]
    names = [name for name, _ in pairs[:_MOST]]
    amounts = [amount for _, amount in pairs[:_MOST]]
    alt = f"{_KINDS[kind]}: {number_of} for each {each}; the table under it holds the same"
    # Columns are named by the reader: the chart gets names of our own, and theirs as titles of the axes.
    data = {"each": names, "number": [float(amount) for amount in amounts]}
    if kind == "bars":
        st.bar_chart(
            data,
            x="each",
            y="number",
            x_label=each,
            y_label=number_of,
            horizontal=True,
            sort=False,
            alt=alt,
        )
    else:
        st.line_chart(data, x="each", y="number", x_label=each, y_label=number_of, alt=alt)
    if len(pairs) > _MOST:
        st.caption(f"The chart shows the first {_MOST} of {len(pairs):,} rows. Order or limit the query.")
    if len(set(names)) < len(names):
        st.caption(f"Some values of {plain(each)} stand in several rows; the table shows each row.")
    title = f"{number_of} for each {each}"
    st.markdown(f"**{plain(title)}**")
    cells = {
        plain(each): [plain(name) for name in names],
        plain(number_of): [plain(number(amount)) for amount in amounts],
    }
    parts.columns(cells, title)


def _shown(term: Term) -> str:
    return terms.compact(term.value) if isinstance(term, ox.NamedNode) else store.text(term)
