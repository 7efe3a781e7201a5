"""What happened when: a chart of marks along the years, and the same things as a table with links."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from lanzarote_atlas.dashboard import address, facets, frame, parts, store
from lanzarote_atlas.dashboard.facets import Bundle
from lanzarote_atlas.dashboard.text import date, linked, number, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OF, EVERY, KIND, FROM, TO = "of", "all", "kind", "from", "to"
"""The parameters: whose events are shown, and the word for all; their kind; the first and last year."""
_BAR = "M-1,-0.4L1,-0.4L1,0.4L-1,0.4Z"
"""A shape that the chart's library lacks, as an SVG path."""
KINDS = {
    "signature": ("Signature", "◆", "diamond"),
    "ratification": ("Ratification", "■", "square"),
    "entry-into-force": ("Entry into force", "●", "circle"),
    "reservation": ("Reservation or declaration", "▲", "triangle-up"),
    "withdrawal": ("Withdrawal of a reservation", "▽", "triangle-down"),
    "law": ("Law: a new position", "✚", "cross"),
    "recommendation": ("Recommendation", "▶", "triangle-right"),
    "measure": ("Measure or practice", "◀", "triangle-left"),
    "case": ("Event of a case", "▬", _BAR),
}
"""Kind: what it is called, its sign in the table, its shape in the chart."""
_COLOURS = ("#3b82c4", "#b07a1e", "#3d9970", "#c2596b", "#a06bb0", "#1f9bc4", "#d0682e", "#8a8a8a", "#7d72d6")
"""One for each kind; each stands out from the light and the dark ground by three to one or more."""
_TOLD = 3
_SHORT, _LONG = 60, 160
_ROW = 34


def render() -> None:
    """Draw the page."""
    address.opened("timeline", (OF, KIND, FROM, TO, address.PAGE))
    code, name = frame.state()
    chosen_state, _ = address.checked("State", address.given().get(OF), {*frame.state_names(), EVERY})
    of = chosen_state or code
    whose = "all States" if of == EVERY else frame.state_names().get(of, name)
    parts.heading(
        f"Timeline: {whose}",
        f"What happened when, up to {date(frame.as_at())}: treaties signed, ratified and in force, "
        "reservations, law as it changed, recommendations by the date of their report, measures, and "
        "the events of cases.",
    )
    answer = store.ask("timeline", state=None if of == EVERY else of)
    shown = _filtered(answer.rows, code)
    if shown:
        st.altair_chart(chart(shown), width="stretch")
        st.markdown(" · ".join(_legend(shown)))
    else:
        parts.empty("Nothing on record matches these choices up to this day.", "Widen the years or the kind.")
    rows = [_told(row, of) for row in parts.paged(shown, "events")]
    parts.table(answer, rows, f"{_count(len(shown))}, the latest first", empty="Nothing to list.")


def _count(events: int) -> str:
    return f"{number(str(events))} {'event' if events == 1 else 'events'}"


def _filtered(rows: Sequence[dict[str, str]], code: str) -> list[dict[str, str]]:
    """Draw the choices and return the rows that they leave."""
    last_year = int(frame.as_at()[:4])
    first_year = min((int(row["when"][:4]) for row in rows), default=last_year)
    years = {str(year): str(year) for year in range(first_year, last_year + 1)}
    given = address.given()
    kind, _ = address.checked("kind", given.get(KIND), KINDS)
    first, last = (address.checked("year", given.get(name), years)[0] for name in (FROM, TO))
    within = [row for row in rows if (first or "") <= row["when"][:4] <= (last or "9999")]
    counts = facets.counted([Bundle(1, {KIND: frozenset({row["kind"]})}) for row in within], {KIND: None})[
        KIND
    ]
    states = {code: frame.state_name(code), EVERY: "All States"} | frame.state_names()
    labels = {name: label for name, (label, _, _) in KINDS.items()}
    with st.container(border=True):
        for column, (label, name, options, default) in zip(
            st.columns([2, 2, 1, 1]),
            (
                ("State", OF, states, code),
                ("Kind", KIND, facets.offered(labels, counts, kind), None),
                ("From year", FROM, years, None),
                ("To year", TO, dict(reversed(years.items())), None),
            ),
            strict=True,
        ):
            with column:
                address.select(label, name, options, default=default)
    return [row for row in within if kind in (None, row["kind"])]


def chart(rows: Sequence[Mapping[str, str]]) -> alt.Chart:
    """Return the chart: one mark for each day and kind, larger for several events on one day."""
    marks = [
        {
            "date": _day(when),
            "kind": KINDS[kind][0],
            "events": len(group),
            "told": "; ".join(_cut(label, _SHORT) for label in group[:_TOLD])
            + (f"; and {len(group) - _TOLD} more" if len(group) > _TOLD else ""),
            "when": date(when),
        }
        for (when, kind), group in _by_day(rows).items()
    ]
    present = [kind for kind in KINDS if any(row["kind"] == kind for row in rows)]
    names = [KINDS[kind][0] for kind in present]
    shapes = [KINDS[kind][2] for kind in present]
    colours = [_COLOURS[list(KINDS).index(kind)] for kind in present]
    drawn: alt.Chart = (
        alt.Chart(pd.DataFrame(marks))
        .mark_point(filled=True, opacity=0.9, strokeWidth=2)
        .encode(
            x=alt.X("date:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", labelOverlap=True)),
            y=alt.Y("kind:N", sort=names, title=None, axis=alt.Axis(labelLimit=190)),
            shape=alt.Shape("kind:N", sort=names, scale=alt.Scale(domain=names, range=shapes), legend=None),
            color=alt.Color("kind:N", sort=names, scale=alt.Scale(domain=names, range=colours), legend=None),
            size=alt.Size("events:Q", scale=alt.Scale(range=[60, 360]), legend=None),
            tooltip=[
                alt.Tooltip("when:N", title="Date"),
                alt.Tooltip("kind:N", title="Kind"),
                alt.Tooltip("events:Q", title="Events"),
                alt.Tooltip("told:N", title="What"),
            ],
        )
        .properties(
            height=_ROW * len(names) + _ROW,
            description=f"{_count(len(rows))} by date and kind; the table below lists them all.",
        )
    )
    return drawn


def _by_day(rows: Sequence[Mapping[str, str]]) -> dict[tuple[str, str], list[str]]:
    days: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        days.setdefault((row["when"], row["kind"]), []).append(row["label"])
    return days


def _day(when: str) -> str:
    """Return a month or year as its first day, which is where its mark stands."""
    return when + "0000-01-01"[len(when) :]


def _cut(label: str, most: int) -> str:
    return textwrap.shorten(label, most, placeholder="…")


def _legend(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Return each kind shown with its number; the chart's axis names the kinds, the table has their signs."""
    counts = Counter(row["kind"] for row in rows)
    return [f"{sign} {label}: {counts[kind]}" for kind, (label, sign, _) in KINDS.items() if counts[kind]]


def _told(row: Mapping[str, str], of: str) -> dict[str, str]:
    label, sign, _ = KINDS[row["kind"]]
    told = {
        "Date": plain(date(row["when"])),
        "Kind": f"{sign} {label}",
        "What": linked(_cut(row["label"], _LONG), row["thing"]),
    }
    if of == EVERY:
        told["State"] = plain(frame.state_name(row["whose"])) if row["whose"] else "–"
    return told
