"""The map of Europe by one criterion: shade and sign of each State, without any outside tile or font."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from lanzarote_atlas.dashboard import boundaries, comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lanzarote_atlas.dashboard.comparison import Row

_HEIGHT = 560
_SHADES = {
    "yes": ("#84a8c7", "#386d96"),
    "not-required": ("#84a8c7", "#386d96"),
    "conditional": ("#bfd2e3", "#234866"),
    "partly-required": ("#bfd2e3", "#234866"),
    "no": ("#f0b98a", "#7a4c1c"),
    "required": ("#f0b98a", "#7a4c1c"),
}
"""Light and dark shade of a position; any other is that of no position."""
_NONE = ("#f4f2ed", "#1d232c")
_LINES, _TEXT = ("#6b7480", "#8a8f98"), ("#1d2430", "#e8e6e1")


def drawing(row: Row, names: Mapping[str, str], *, dark: bool) -> alt.LayerChart | None:
    """Return the map of one criterion, or None where the boundaries are not installed."""
    features = boundaries.countries()
    if not features:
        return None
    states = {boundaries.short(state): state for state in names}
    told = [_told(feature, row, states, names, dark=dark) for feature in features]
    shapes = alt.InlineData(values=told)
    base = alt.Chart(shapes).project(
        "conicConformal", rotate=[-15, 0], center=[0, 52], parallels=[43, 62], scale=700
    )
    land = base.mark_geoshape(stroke=_LINES[dark], strokeWidth=0.6).encode(
        fill=alt.Fill("properties.shade:N", scale=None, legend=None),
        tooltip=[alt.Tooltip("properties.said:N", title="State")],
    )
    signs = base.mark_text(fontSize=13, color=_TEXT[dark]).encode(
        longitude="properties.x:Q", latitude="properties.y:Q", text="properties.sign:N"
    )
    chart: alt.LayerChart = alt.layer(land, signs).properties(height=_HEIGHT).configure_view(stroke=None)
    return chart


def _told(
    feature: Mapping[str, Any],
    row: Row,
    states: Mapping[str, str],
    names: Mapping[str, str],
    *,
    dark: bool,
) -> dict[str, Any]:
    """Return a country's feature with what the map says of it; one that is not compared says that."""
    state = states.get(feature["properties"]["code"], "")
    answers = row.answers.get(state, []) if state else []
    shade = _SHADES.get(comparison.shade(answers), _NONE)
    words = "; ".join(dict.fromkeys(answer.word for answer in answers)) or "not compared"
    x, y = _middle(feature["geometry"]["coordinates"])
    said = f"{names[state]}: {words}" if state else words
    sign = "".join(dict.fromkeys(answer.sign for answer in answers))
    return {**feature, "properties": {"shade": shade[dark], "said": said, "sign": sign, "x": x, "y": y}}


def _middle(polygons: list[list[list[tuple[float, float]]]]) -> tuple[float, float]:
    """Return the middle of the largest polygon, where the sign stands."""
    largest = max((polygon[0] for polygon in polygons), key=len)
    return sum(x for x, _ in largest) / len(largest), sum(y for _, y in largest) / len(largest)
