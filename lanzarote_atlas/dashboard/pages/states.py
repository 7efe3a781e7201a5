"""The States that are compared: since when each is a Party, and how much the atlas knows of it."""

from __future__ import annotations

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import address, frame, marks, parts, store
from lanzarote_atlas.dashboard.text import alphabetical, date, linked, number


def render() -> None:
    """Draw the page."""
    address.opened("states", ("text", "union"))
    parts.heading(
        "States",
        "Every State that the atlas compares, Party to the Convention or not. A name leads to all that is "
        "held on it; a position counts once for each criterion.",
    )
    answer, known = store.ask("states"), store.ask("how-much-is-known-of-each-state")
    found = _chosen(answer.rows)
    of_state = {row["address"]: row for row in known.rows}
    rows = [_row(row, of_state.get(row["state"], {})) for row in found]
    parts.table(answer, rows, f"States ({len(rows)})", empty="No State matches these choices.")
    parts.behind(known, "count")


def _chosen(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of the States that the reader's choices leave, in the alphabet of the names."""
    words = address.search_box("Words", "text", explain="Part of the name or of the code.").casefold()
    union = address.tabs(
        "European Union",
        "union",
        {"all": "All States", "yes": "In the European Union", "no": "Outside it"},
        labelled=True,
    )
    left = [
        row
        for row in rows
        if union in ("all", "yes" if row["europeanUnion"] == "true" else "no")
        and words in f"{frame.state_name(row['state'])} {row['code']}".casefold()
    ]
    spoken = frame.language()
    return sorted(left, key=lambda row: alphabetical(frame.state_name(row["state"]), spoken))


def _row(row: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    counts = {name: number(known.get(name, "0")) for name in ("resolved", "official", "secondary")}
    return {
        "State": linked(frame.state_name(row["state"]), terms.thing("state", row["code"])),
        "Party since": date(row["inForceOn"]) or "no date on record",
        "European Union": "member" if row["europeanUnion"] == "true" else "–",
        "Criteria with a position": counts["resolved"],
        f"Assessments {marks.grade('official')}": counts["official"],
        f"Assessments {marks.grade('secondary')}": counts["secondary"],
    }
