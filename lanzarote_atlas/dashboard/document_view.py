"""The document beside its drafts: lines with their numbers and fates, those that the draft rests on marked.

Every text of the document is escaped. A long document is shown in parts, so that no page grows beyond
measure.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas.dashboard import address, html, parts
from lanzarote_atlas.dashboard.html import Html, element
from lanzarote_atlas.dashboard.text import number, sentence
from lanzarote_atlas.ingest.pieces import Use

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from lanzarote_atlas.ingest.drafts import Draft, Drafts
    from lanzarote_atlas.ingest.pieces import LineUse

VIEW, LINES = "document", "lines"
"""Which lines are shown, and which part of them."""
_AROUND = 5
_PART = 300
_SIGNS = {Use.USED: "✓", Use.FURNITURE: "·", Use.UNPLACED: "?"}
_MARKED = "▸"


def draw(found: Drafts, draft: Draft | None) -> None:
    """Draw the account of all lines, and the lines that the reader chose to see."""
    uses = Counter(line.use for line in found.lines)
    counted = "; ".join(f"{_SIGNS[use]} {_count(uses[use])} {use.value}" for use in Use)
    st.markdown(f"**{_count(len(found.lines))} lines**: {counted}.")
    unplaced = found.unplaced
    views = {"around": "Around it", "whole": "Whole"}
    views["unplaced"] = f"Unplaced ({_count(len(unplaced))})"
    if draft is None:
        del views["around"]
    shown = address.tabs("Which lines", VIEW, views)
    marked = frozenset(draft.lines) if draft else frozenset()
    if shown == "around":
        _around(found.lines, marked)
    elif shown == "whole":
        _whole(found.lines, marked)
    else:
        _unplaced(unplaced)


def _count(many: int) -> str:
    return number(str(many))


def _around(lines: Sequence[LineUse], marked: Collection[int]) -> None:
    """Draw the lines of the draft with a few before and after each."""
    if not marked:
        parts.empty("This draft rests on no line of its own: it stands for a blank.")
        return
    near = {line + step for line in marked for step in range(-_AROUND, _AROUND + 1)}
    caption = f"The draft rests on {'line' if len(marked) == 1 else 'lines'} {_spans(sorted(marked))}"
    st.html(_table(caption, _rows(lines, marked, near)))


def _whole(lines: Sequence[LineUse], marked: Collection[int]) -> None:
    """Draw a part of the document, at first the one where the draft begins."""
    first = next((place for place, one in enumerate(lines) if one.line.number in marked), 0)
    part = _part(lines, first // _PART + 1)
    span = f"{_count(part[0].line.number)}–{_count(part[-1].line.number)}"
    st.html(_table(f"The document, lines {span}", _rows(part, marked)))


def _unplaced(lines: Sequence[LineUse]) -> None:
    """Draw the lines that became nothing, each with the reason."""
    if not lines:
        parts.empty("Every line of the document has its place.")
        return
    caption = "Lines that became nothing: read them, so that nothing is lost"
    st.html(_framed(caption, ("Line", "Text"), [element("tbody", *_with_reasons(_part(lines)))]))


def _with_reasons(lines: Sequence[LineUse]) -> Iterator[Html]:
    """Yield a row for each line, and before those with one reason a row that gives it."""
    for why, group in groupby(lines, lambda one: one.what):
        yield element("tr", element("td", sentence(why), colspan="2", class_="is-left-out"))
        for one in group:
            number_cell = element("th", str(one.line.number), scope="row")
            yield element("tr", number_cell, element("td", one.line.text))


def _part(lines: Sequence[LineUse], default: int = 1) -> Sequence[LineUse]:
    """Draw the choice of a part, counted from one, and return its lines; a short text is one part."""
    starts = range(0, len(lines), _PART)
    ends = [lines[min(start + _PART, len(lines)) - 1].line.number for start in starts]
    spans = {
        str(place): f"Lines {_count(lines[start].line.number)}–{_count(end)}"
        for place, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    }
    if len(spans) == 1:
        return lines
    chosen = int(address.select("Part", LINES, spans, default=str(default)) or default)
    return lines[(chosen - 1) * _PART : chosen * _PART]


def _table(caption: str, rows: Iterator[Html]) -> Html:
    return _framed(caption, ("Line", "Fate", "Text"), [element("tbody", *rows)])


def _framed(caption: str, head: Sequence[str], body: Sequence[Html]) -> Html:
    return element(
        "div",
        html.table(caption, (element("th", one, scope="col") for one in head), body),
        class_="atlas-document",
    )


def _rows(
    lines: Sequence[LineUse], marked: Collection[int], near: Collection[int] | None = None
) -> Iterator[Html]:
    """Yield a row for each line that is near, one for each gap between them, one where a page begins."""
    for is_shown, group in groupby(lines, lambda one: near is None or one.line.number in near):
        run = list(group)
        if not is_shown:
            span = _spans([one.line.number for one in run])
            yield element("tr", element("td", f"⋯ lines {span}", colspan="3", class_="is-left-out"))
            continue
        for page, of_page in groupby(run, lambda one: one.line.page):
            if page:
                yield element("tr", element("td", f"Page {page}", colspan="3", class_="is-left-out"))
            yield from (_row(one, one.line.number in marked) for one in of_page)


def _row(one: LineUse, marked: bool) -> Html:  # noqa: FBT001 - one of the draft's lines
    sign = _MARKED if marked else _SIGNS[one.use]
    said = "of this draft" if marked else f"{one.use.value}: {one.what}"
    return element(
        "tr",
        element("th", str(one.line.number), scope="row"),
        element("td", sign, html.hidden(f" {said}"), title=said),
        element("td", element("mark", one.line.text) if marked and one.line.text else one.line.text),
        class_="is-marked" if marked else f"is-{one.use.value}",
    )


def _spans(numbers: Sequence[int]) -> str:
    """Return ascending numbers as runs: 3, 5–8, 12."""
    runs: list[list[int]] = []
    for one in numbers:
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    return ", ".join(
        _count(first) if first == last else f"{_count(first)}–{_count(last)}" for first, last in runs
    )
