"""Cells of a comparison, put together from the rows of the view `positions`.

A cell is decided by one assessment or several that agree; those that were outranked stand beside it. A cell
without any is not assessed, which is never a no.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import marks, parts, store
from lanzarote_atlas.dashboard.citations import Cited, gather
from lanzarote_atlas.dashboard.text import date, lines, linked_all, listed, plain, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

LEGEND = (
    "A position is never a bare yes or no: its conditions stand beside it. Empty is not no: "
    ":violet-badge[∅ not reported] the State was asked and gave no answer; "
    ":gray-badge[◔ evidence only] measures or observations bear on it, no source states a position; "
    ":gray-badge[… not assessed] no source here looked; "
    ":orange-badge[≠ conflicting] the best sources disagree."
)


@dataclass
class Cell:
    """A State's position on one criterion: what decides it, and what else was said."""

    address: str
    criterion: str
    label: str
    question: str
    principle: str
    """The principle to which the cell is confined; empty: all."""
    theme: str
    status: str
    is_principle: bool
    deciding: list[Cited] = field(default_factory=list)
    others: list[Cited] = field(default_factory=list)

    def sign(self) -> str:
        """Return the position as a badge: the value, or the kind of emptiness."""
        if self.status == "resolved" and self.deciding:
            return marks.position(self.deciding[0]["value"], self.deciding[0]["valueLabel"])
        return marks.cell(self.status)


def cells(rows: Sequence[dict[str, str]]) -> list[Cell]:
    """Return the cells of the rows, in their order."""
    found: dict[tuple[str, str], Cell] = {}
    for cited in gather(rows, "cell", "theme", "assessment", "role"):
        cell = found.setdefault((cited["cell"], cited["theme"]), _cell(cited))
        if cited["assessment"]:
            (cell.deciding if cited["role"] == "decides" else cell.others).append(cited)
    return sorted(found.values(), key=lambda cell: list(parts.options("theme").values()).index(cell.theme))


def _cell(cited: Cited) -> Cell:
    confined = f", for {cited['principle']}" if cited["principle"] else ""
    return Cell(
        address=cited["cell"],
        criterion=terms.local_name(cited["criterion"]),
        label=sentence(cited["criterionLabel"]) + confined,
        question=cited["definition"],
        principle=cited["principle"],
        theme=sentence(store.word("theme", terms.local_name(cited["theme"])).label),
        status=cited["status"],
        is_principle=cited["isPrinciple"] == "true",
    )


def conditions(cell: Cell) -> list[str]:
    """Return the conditions of all that decides a cell, each once."""
    return list(dict.fromkeys(line for cited in cell.deciding for line in lines(cited["conditions"])))


def glance(cell: Cell) -> dict[str, str]:
    """Return a cell as a row of a short table."""
    kinds = dict.fromkeys(line.partition(":")[0] for line in conditions(cell))
    return {
        "Criterion": plain(cell.label),
        "Position": cell.sign() + (f"  \n{plain('; '.join(kinds))}" if kinds else ""),
        "Source": "; ".join(sources(cell)) or "–",
    }


def sources(cell: Cell) -> list[str]:
    """Return the citations of all that decides a cell, each once."""
    return list(dict.fromkeys(citation.line() for cited in cell.deciding for citation in cited.citations))


def entry(cell: Cell) -> None:
    """Draw a cell: position, what the sources say, conditions, provision, and what else is on record."""
    said = dict.fromkeys(plain(cited["summary"]) for cited in cell.deciding)
    limits = [plain(line) for line in conditions(cell)]
    body = "  \n".join(said) + "".join(dict.fromkeys(covered(cited) for cited in cell.deciding))
    body += f"\n\nConditions:\n{listed(limits)}" if limits else ""
    for cited in cell.others:
        body += f"\n\nAlso on record: {account(cited)}"
    named = dict.fromkeys(filter(None, (linked_all(cited["provisions"]) for cited in cell.deciding)))
    provision = f"Provision: {'; '.join(named)}" if named else "No provision named"
    foot = parts.joined(provision, f"Source: {'; '.join(sources(cell))}")
    parts.entry(f"{cell.sign()} **{plain(cell.label)}**", body, foot)


def account(cited: Cited) -> str:
    """Return what one source says beside the deciding ones, as Markdown."""
    return f"{marks.position(cited['value'], cited['valueLabel'])} {plain(cited['summary'])} ({cited.line()})"


def covered(cited: Cited) -> str:
    """Return the offences to which an assessment is confined, as Markdown; nothing where it covers all."""
    labels = [store.word("offence", name).label for name in lines(cited["offences"])]
    return f"  \nConfined to: {plain('; '.join(labels))}" if labels else ""


def special(rows: Sequence[dict[str, str]]) -> list[Cited]:
    """Return the rules of the view `special-rules`, each with its citations."""
    return gather(rows, "code", "criterion", "principle", "assessment", "offences", "status")


def entry_of_special(rule: Cited) -> None:
    """Draw a special rule: the offences it names, what it says of them, conditions, provision and sources.

    Where the best sources disagree on those offences, each has an entry that says so.
    """
    offences = "; ".join(store.word("offence", name).label for name in lines(rule["offences"]))
    confined = f", for {plain(rule['principle'])}" if rule["principle"] else ""
    sign = marks.position(rule["value"], rule["valueLabel"])
    if rule["status"] == "conflicting":
        sign += f" {marks.cell('conflicting')}"
    parts.entry(
        f"{sign} **{plain(sentence(offences))}**{confined}",
        told(rule),
        parts.joined(provision(rule), f"Source: {rule.line()}", reading(rule)),
    )


def told(cited: Cited) -> str:
    """Return what an assessment says as Markdown: summary, remark, offences covered, conditions."""
    limits = [plain(line) for line in lines(cited["conditions"])]
    conditions = f"\n\nConditions:\n{listed(limits)}" if limits else ""
    own = "" if cited["code"] else covered(cited)
    return plain(cited["summary"]) + own + parts.note(cited["note"]) + conditions


def provision(cited: Cited) -> str:
    """Return the provisions relied on as Markdown; says so where none is named."""
    named = linked_all(cited["provisions"])
    return f"Provision: {named}" if named else "No provision named"


def reading(cited: Cited) -> str:
    """Return how a position was read: stage of the law, its dates, confidence, grade of the evidence."""
    stage = sentence(store.word("legal-stage", cited["stage"]).label)
    confidence = store.word("confidence", cited["confidence"]).label
    return parts.joined(
        stage + _span(cited["validFrom"], cited["validTo"]),
        f"{confidence} confidence",
        marks.grade(cited["grade"]),
    )


def _span(first: str, last: str) -> str:
    begins = f" since {date(first)}" if first else ""
    return begins + (f" until {date(last)}" if last else "")


def silence(cells: Sequence[Cell]) -> list[str]:
    """Return a line for each kind of emptiness among cells that no assessment decides: sign and criteria."""
    kinds: dict[str, list[str]] = {}
    for cell in cells:
        if not cell.deciding:
            kinds.setdefault(cell.sign(), []).append(plain(cell.label))
    return [f"{sign} {', '.join(labels)}" for sign, labels in kinds.items()]
