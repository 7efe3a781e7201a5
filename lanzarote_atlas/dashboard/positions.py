"""Cells of a comparison, put together from the rows of the view `positions`.

A cell is decided by one assessment or several that agree; those that were outranked stand beside it. A cell
without any is not assessed, which is never a no.
"""

from __future__ import annotations

import datetime as dt
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
    special: list[Cited] = field(default_factory=list)
    """What decides, or stands beside, for named offences alone."""

    def sign(self) -> str:
        """Return the position as a badge: the value, or the kind of emptiness."""
        if self.status == "resolved" and self.deciding:
            return marks.position(self.deciding[0]["value"], self.deciding[0]["valueLabel"])
        return marks.cell(self.status)


def cells(rows: Sequence[dict[str, str]]) -> list[Cell]:
    """Return the cells of the rows, in their order."""
    found: dict[tuple[str, str, str], Cell] = {}
    # The row of a special rule names the cell of its first offence: criterion and principle tell its place.
    gathered = gather(rows, "cell", "theme", "assessment", "role", "status")
    for cited in sorted(gathered, key=is_special):
        place = (cited["criterion"], cited["principle"], cited["theme"])
        cell = found.setdefault(place, _cell(cited))
        if cited["assessment"]:
            _account_in(cell, cited)
    return sorted(found.values(), key=lambda cell: list(parts.options("theme").values()).index(cell.theme))


def is_special(cited: Cited) -> bool:
    """Return whether an assessment has its role for named offences alone."""
    return cited["role"].startswith("special")


def _account_in(cell: Cell, cited: Cited) -> None:
    if is_special(cited):
        cell.special.append(cited)
    else:
        (cell.deciding if cited["role"] == "decides" else cell.others).append(cited)


def _cell(cited: Cited) -> Cell:
    confined = f", for {cited['principle']}" if cited["principle"] else ""
    return Cell(
        address=cited["cell"],
        criterion=terms.local_name(cited["criterion"]),
        label=sentence(cited["criterionLabel"]) + confined,
        question=cited["definition"],
        principle=cited["principle"],
        theme=sentence(store.word("theme", terms.local_name(cited["theme"])).label),
        status="special-only" if is_special(cited) else cited["status"],
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
        "Position": cell.sign() + (f"  \n{plain('; '.join(kinds))}" if kinds else "") + exceptions(cell),
        "Source": "; ".join(sources(cell)) or "–",
    }


def exceptions(cell: Cell) -> str:
    """Return a line for each position that named offences have instead of the general one, as Markdown."""
    found = ""
    for cited in cell.special:
        if cited["role"] == "special":
            many = len(lines(cited["scopedTo"]))
            sign = marks.position(cited["value"], cited["valueLabel"])
            found += f"  \n{sign} for {many} named offence{'' if many == 1 else 's'}"
    return found


def sources(cell: Cell) -> list[str]:
    """Return the citations of all that decides a cell, each once."""
    return list(dict.fromkeys(citation.line() for cited in cell.deciding for citation in cited.citations))


def entry(cell: Cell) -> None:
    """Draw a cell: position, what each source says, what holds for named offences, what else is on record."""
    blocks = [statement(cited) for cited in cell.deciding]
    blocks += [for_offences(cited) for cited in cell.special]
    blocks += [f"Also on record: {account(cited)}" for cited in cell.others]
    parts.entry(f"{cell.sign()} **{plain(cell.label)}**", "\n\n".join(blocks), "")


def statement(cited: Cited) -> str:
    """Return one assessment as Markdown: summary, the offences it is confined to, conditions, where read."""
    return f"{told(cited)}\n\n:small[{read_in(cited)}]"


def for_offences(cited: Cited) -> str:
    """Return what holds, or is also on record, for named offences, as clearly as the general position."""
    labels = "; ".join(store.word("offence", name).label for name in lines(cited["scopedTo"]))
    beside = cited["role"] != "special"
    signs = marks.position(cited["value"], cited["valueLabel"])
    if cited["status"] == "conflicting" and not beside:
        signs = f"{marks.cell('conflicting')} {signs}"
    head = "Also on record for these offences" if beside else "For these offences instead"
    return f"{signs} **{head}: {plain(labels)}.**  \n{statement(cited)}"


def read_in(cited: Cited) -> str:
    """Return where and how an assessment was read: provision, source, law's stage and dates, its weight."""
    provision = linked_all(cited["provisions"])
    stage = sentence(store.word("legal-stage", cited["stage"]).label)
    confidence = store.word("confidence", cited["confidence"]).label
    return parts.joined(
        f"Provision: {provision}" if provision else "No provision named",
        f"Source: {cited.line()}",
        f"{plain(stage)}, {span(cited)}",
        f"{plain(confidence)} confidence",
        marks.grade(cited["grade"]),
    )


def span(cited: Cited) -> str:
    """Return since when and until when the law so read holds; that no source says since when is said."""
    since = f"since {date(cited['validFrom'])}" if cited["validFrom"] else "since when is not known"
    last = cited["validTo"] or _day_before(cited["holdsUntil"])
    return f"{since}, until {date(last)}" if last else since


def _day_before(day: str) -> str:
    """Return the day before a date in ISO 8601; nothing for the end that stands for "not known"."""
    return "" if not day or day >= terms.NO_END else str(dt.date.fromisoformat(day) - dt.timedelta(days=1))


def account(cited: Cited) -> str:
    """Return what one source says beside the deciding ones, as Markdown."""
    return f"{marks.position(cited['value'], cited['valueLabel'])} {statement(cited)}"


def covered(cited: Cited) -> str:
    """Return the offences to which an assessment is confined, as Markdown; nothing where it covers all."""
    labels = [store.word("offence", name).label for name in lines(cited["offences"])]
    return f"  \nThis is said of these offences alone: {plain('; '.join(labels))}." if labels else ""


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
        read_in(rule),
    )


def told(cited: Cited) -> str:
    """Return what an assessment says as Markdown: summary, remark, offences covered, conditions."""
    limits = [plain(line) for line in lines(cited["conditions"])]
    conditions = f"\n\nConditions:\n{listed(limits)}" if limits else ""
    own = "" if cited["code"] or is_special(cited) else covered(cited)
    return plain(cited["summary"]) + own + parts.note(cited["note"]) + conditions


def silence(cells: Sequence[Cell]) -> list[str]:
    """Return a line for each kind of emptiness among cells that no assessment decides: sign and criteria."""
    kinds: dict[str, list[str]] = {}
    for cell in cells:
        if not (cell.deciding or cell.special):
            kinds.setdefault(cell.sign(), []).append(plain(cell.label))
    return [f"{sign} {', '.join(labels)}" for sign, labels in kinds.items()]
