"""All provisions in one table: of treaties and of the law of States, with what each carries out."""

from __future__ import annotations

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import address, frame, parts, store
from lanzarote_atlas.dashboard.text import linked, linked_all, named, number, plain, short

CHOICES = ("text", "of", "kind", "carries")
"""The parameters of the address that this table takes."""
HOME = "cets-201"
_INTERNATIONAL = "international"


def draw() -> None:
    """Draw the choices, and the table of the provisions that they leave."""
    answer = store.ask("all-provisions")
    found = _chosen(answer.rows)
    rows = [
        {
            "Provision": linked(row["citedAs"], row["provision"]),
            "Title": plain(row["title"]) or "–",
            "Instrument": plain(short(row["instrumentTitle"], 90)),
            "State": plain(frame.state_name(row["state"])) if row["state"] else "International",
            "Carries out": linked_all(row["carriesOut"]) or "–",
        }
        for row in parts.paged(sorted(found, key=_place), "provisions")
    ]
    parts.table(
        answer,
        rows,
        f"Provisions ({number(str(len(found)))})",
        empty="No provision matches these choices: take one away to see more.",
    )


def _place(row: dict[str, str]) -> tuple[bool, bool]:
    """Return where a row stands: the Convention first, then other treaties, then the law of States."""
    return (bool(row["state"]), row["instrument"] != terms.thing("instrument", HOME))


def _chosen(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows that the reader's choices leave."""
    enacting = {terms.local_name(row["state"]) for row in rows if row["state"]}
    states = {code: name for code, name in frame.state_names().items() if code in enacting}
    carried = dict(pair[::-1] for row in rows for pair in named(row["carriesOut"]))
    targets = {terms.local_name(iri): label for iri, label in sorted(carried.items())}
    left, middle, right, last = st.columns(4)
    with left:
        words = address.search_box(
            "Words", "text", explain="Part of the number, the title or the instrument."
        ).casefold()
    with middle:
        of = address.select(
            "Enacted by",
            "of",
            {_INTERNATIONAL: "International instruments"} | states,
            explain=parts.meaning("", "enactedBy"),
        )
    with right:
        there = {row["kind"] for row in rows}
        kinds = {name: label for name, label in parts.options("provision-kind").items() if name in there}
        kind = address.select("Kind", "kind", kinds)
    with last:
        carries = address.select(
            "Carries out", "carries", targets, explain="The provision of a treaty that it gives effect to."
        )
    return [
        row
        for row in rows
        if words in f"{row['citedAs']} {row['title']} {row['instrumentTitle']}".casefold()
        and of in (None, terms.local_name(row["state"]) if row["state"] else _INTERNATIONAL)
        and kind in (None, row["kind"])
        and (not carries or carries in {terms.local_name(iri) for _, iri in named(row["carriesOut"])})
    ]
