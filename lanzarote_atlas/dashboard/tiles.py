"""The tile grid: each State one tile of one size, about where it lies: Monaco weighs as much as Germany.

The layout is declared in tiles.txt. A State that has no tile there stands in further rows: none is left out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lanzarote_atlas.dashboard import comparison
from lanzarote_atlas.dashboard.html import Html, element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lanzarote_atlas.dashboard.comparison import Place, Row

_LAYOUT = Path(__file__).with_name("tiles.txt")
_EMPTY = "."


@cache
def layout() -> dict[str, tuple[int, int]]:
    """Return row and column of each State's tile, counted from 1."""
    lines = _LAYOUT.read_text(encoding="utf-8").splitlines()
    return {
        code: (row, column)
        for row, line in enumerate(lines, start=1)
        for column, code in enumerate(line.split(), start=1)
        if code != _EMPTY
    }


def places(states: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return where each of these States stands; those without a tile follow in rows below."""
    known = layout()
    last, width = (max(numbers) for numbers in zip(*known.values(), strict=True))
    placed = {state: known[state] for state in states if state in known}
    rest = [state for state in states if state not in known]
    return placed | {
        state: (last + 1 + place // width, 1 + place % width) for place, state in enumerate(rest)
    }


def grid(row: Row, names: Mapping[str, str], story: Callable[[Place], str]) -> Html:
    """Return the tiles of all States for one criterion: code and sign; each leads to the cell's story."""
    tiles = (
        _tile(row, state, names[state], place, story)
        for state, place in sorted(places(names).items(), key=_by_place)
    )
    return element("ul", *tiles, class_="atlas-tiles")


def _by_place(tile: tuple[str, tuple[int, int]]) -> tuple[int, int]:
    return tile[1]


def _tile(row: Row, state: str, name: str, place: tuple[int, int], story: Callable[[Place], str]) -> Html:
    answers = row.answers.get(state, [])
    said = "; ".join(dict.fromkeys(answer.word for answer in answers)) or "–"
    signs = "".join(dict.fromkeys(answer.sign for answer in answers)) or "–"
    link = element(
        "a",
        element("span", state),
        element("span", signs),
        href=story(comparison.Place(state, row.criterion)),
        title=f"{name}: {said}",
        aria_label=f"{state} {signs} {name}: {said}",
    )
    shade = comparison.shade(answers)
    shaded = f"is-{shade}" if shade else ""
    return element("li", link, class_=shaded, style=f"grid-area: {place[0]} / {place[1]}")
