"""Collect the acts and provisions of a State that evidence names, each with the provisions that hold it.

A letter is of no use without its section: whoever reads a citation must be able to climb. Bills stand as
instruments and, as a whole, also as one provision, because a measure can point to a provision only.
"""

from collections.abc import Iterable

from tools.atlas_yaml import Record
from tools.evidence_facts import session_of
from tools.evidence_sources import compact
from tools.legal_references import Act, Reference, ancestors, cite, order_of, parse

LETTERED = {"section", "article"}


def cited_provisions(evidence: Record) -> list[tuple[str, str | None, str]]:
    """List the provision strings of a file, each with its source's session and the State it belongs to."""
    sources = {source["id"]: source for source in evidence["sources"]}
    home = str(evidence.get("party") or evidence.get("state"))
    found = []
    for part in ("facts", "entries", "provisions", "decisions", "law_reform", "comparison"):
        for entry in evidence.get(part) or []:
            if entry.get("provision") and entry.get("source"):
                state = entry.get("state") or home
                found.append((entry["provision"], session_of(sources[entry["source"]]), state))
    return found


def reading_order(reference: Reference) -> tuple[str, list[int]]:
    """Sort by act, then as the text runs; chapters, which only gather sections, come first."""
    first, *rest = reference.path or ("",)
    head = [] if not first else [0 if first.startswith("chapter-") else 1, order_of(first, lettered=True)]
    return reference.act.instrument, [*head, *(order_of(part) for part in rest)]


def national_references(evidence_files: Iterable[Record], state: str) -> list[Reference]:
    """Every provision of the State's own law that the evidence names, with those that hold it."""
    references: dict[Reference, None] = {}
    for evidence in evidence_files:
        for text, session, home in cited_provisions(evidence):
            for reference in parse(text, state, session) if home == state else ():
                if reference.act.instrument.startswith(f"{state}/"):
                    references.update(
                        dict.fromkeys([Reference(reference.act), *ancestors(reference), reference])
                    )
    return sorted(references, key=reading_order)


def instrument_record(act: Act, state: str) -> Record:
    """A national act, or a bill."""
    language = {"DNK": "da", "SWE": "sv", "NOR": "no", "FIN": "fi", "ISL": "is", "NLD": "nl"}.get(
        state, "und"
    )
    return compact(
        type="Instrument",
        id=act.instrument,
        title=act.title,
        instrumentKind="bill" if act.is_bill else "statute",
        officialTitle={language: act.native} if act.native and language != "und" else None,
        enactedBy=state,
        legalStage="proposed" if act.is_bill else "in-force",
    )


def kind_of(reference: Reference) -> str:
    """Tell what a provision is by the form of its last segment and its depth; a bill as a whole is a part."""
    if not reference.path:
        return "part"
    last, depth = reference.path[-1], len(reference.path) - reference.chaptered
    if last.startswith("chapter-") or not depth:
        return "chapter"
    if depth == 1:
        return "section" if reference.act.unit == "§" else "article"
    if last[0].isalpha():
        return "letter"
    return "paragraph" if depth == 2 else "indent"  # noqa: PLR2004 (section, then paragraph, then its items)


def provision_record(reference: Reference, state: str) -> Record:
    """A provision that is cited, or that holds one that is."""
    above = ancestors(reference)
    return compact(
        type="Provision",
        id=reference.id,
        instrument=reference.act.instrument,
        provisionKind=kind_of(reference),
        citedAs=cite(reference),
        is_part_of=above[-1].id if above else _bill_of(reference),
        order=order_of(reference.path[-1], lettered=kind_of(reference) in LETTERED)
        if reference.path
        else None,
        enactedBy=state,
    )


def _bill_of(reference: Reference) -> str | None:
    return reference.act.instrument if reference.act.is_bill and reference.path else None


def law_records(evidence_files: Iterable[Record], state: str) -> list[Record]:
    """List the State's acts and their provisions."""
    records = []
    for reference in national_references(evidence_files, state):
        if not reference.path:
            records.append(instrument_record(reference.act, state))
        if reference.path or reference.act.is_bill:
            records.append(provision_record(reference, state))
    return records
