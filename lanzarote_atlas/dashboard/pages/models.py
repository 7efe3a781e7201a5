"""What other States do already of what a State is asked: each recommendation and its models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import models, terms
from lanzarote_atlas.dashboard import address, facets, frame, marks, parts, store
from lanzarote_atlas.dashboard.facets import Bundle
from lanzarote_atlas.dashboard.text import called, number, plain, sentence, titled, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FACETS = ("theme", "criterion", "has")
_HAS = {
    "wholly": "Done wholly somewhere",
    "partly": "Done in part only",
    "none": "Done by no State on record",
}


def render() -> None:
    """Draw the list."""
    address.opened("models", (*FACETS, address.PAGE))
    code, name = frame.state()
    parts.heading(
        f"Models: {name}",
        f"Which States already do what the Committee asks of {plain(within(name))}? Each recommendation that "
        "asks for something the atlas compares, with the States whose law or practice could be borrowed.",
    )
    st.markdown(
        f":small[The State that would borrow is the State of reference. Order of models: {models.ORDER}.]"
    )
    answer = store.ask("models-of-recommendations", state=code)
    chosen = {
        facet: address.checked(facet, address.given().get(facet), _labels()[facet])[0] for facet in FACETS
    }
    bundles = [Bundle(1, _names(row)) for row in answer.rows]
    _facets(facets.counted(bundles, chosen), chosen)
    shown = [
        row
        for row, bundle in zip(answer.rows, bundles, strict=True)
        if all(bundle.has(facet, choice) for facet, choice in chosen.items())
    ]
    if shown:
        _tally(shown, name)
    else:
        parts.no_recommendation(name, narrowed=bool(answer.rows))
    _entries(shown)
    parts.cite_view(f"Models for {within(name)}", answer)
    parts.behind(answer, "list")


def _labels() -> dict[str, Mapping[str, str]]:
    return {"theme": parts.options("theme"), "criterion": parts.options("criterion"), "has": _HAS}


def _names(row: Mapping[str, str]) -> dict[str, frozenset[str]]:
    numeral = row["chapter"].partition(".")[0].lower()
    theme = next((name for name in parts.options("theme") if name.partition("-")[0] == numeral), "")
    return {
        "theme": frozenset({theme}),
        "criterion": frozenset({row["criterionName"]}),
        "has": frozenset({_has(row)}),
    }


def _has(row: Mapping[str, str]) -> str:
    if row["whole"] != "0":
        return "wholly"
    return "partly" if row["partly"] != "0" else "none"


def _facets(counts: Mapping[str, Mapping[str, int]], chosen: Mapping[str, str | None]) -> None:
    boxes = (
        ("Chapter", "theme", parts.meaning("", "theme")),
        ("Criterion", "criterion", parts.meaning("", "Criterion")),
        ("Models", "has", "Whether another State does what is asked, as far as the sources here tell."),
    )
    with st.container(border=True):
        for column, (label, facet, explain) in zip(st.columns(3), boxes, strict=True):
            with column:
                facets.box(label, facet, _labels()[facet], counts[facet], chosen[facet], explain)


def _tally(shown: Sequence[Mapping[str, str]], name: str) -> None:
    none = sum(_has(row) == "none" for row in shown)
    told = f"**{number(str(len(shown)))} recommendation{'' if len(shown) == 1 else 's'}**"
    st.markdown(
        f"{told} to {plain(within(name))}, **{number(str(none))}** of them without a model: "
        "no source here tells of a State that does it."
    )


def _entries(shown: Sequence[Mapping[str, str]]) -> None:
    chapter = ""
    for row in parts.paged(shown, "recommendations"):
        if row["chapter"] != chapter:
            chapter = row["chapter"]
            st.header(titled(chapter), anchor=False)
        _entry(row)


def _entry(row: Mapping[str, str]) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            parts.link(
                f"**{called(row['numbers'])}**: {plain(row['criterionLabel'])}",
                "recommendations",
                recommendation=terms.local_name(row["recommendation"]),
            )
            st.markdown(f"{marks.level(row['levelName'])} {marks.status(row['statusName'])}", width="content")
        asked = f"Asked for: {plain(sentence(row['expected']))}"
        parts.told(plain(row["summary"]), parts.joined(asked, _models(row)))


def _models(row: Mapping[str, str]) -> str:
    whole, partly = int(row["whole"]), int(row["partly"])
    if not whole + partly:
        return f"{marks.cell('not-assessed')} no State on record does it"
    counted = [f"**{whole}** wholly"] if whole else []
    counted += [f"**{partly}** under conditions or in part"] if partly else []
    return f"Models: {', '.join(counted)}; **{row['official']}** on official evidence"
