"""Turn follow-up evidence into measures, and searches that found nothing into records of the search.

An answer belongs to the text of a recommendation, which may bear several numbers: it is filed under the
first. That nothing was found is a fact about a search; it never becomes a fact about a State.
"""

from collections.abc import Iterable
from typing import Any

from tools.atlas_yaml import Record
from tools.evidence_facts import legal_stage, provision_ids, session_of
from tools.evidence_sources import citations, compact, one_or_many
from tools.legal_references import slug

SEARCH_SOURCE = "atlas-search-2026"
FIRST_NUMBER = {"III-18": "III-16", "III-19": "III-17", "X-6": "X-5"}
THEMES = {
    "II": "ii-legal-frameworks",
    "III": "iii-investigations-and-prosecution",
    "IV": "iv-jurisdiction-rules",
    "V": "v-international-cooperation",
    "VI": "vi-assistance-to-victims",
    "VII": "vii-civil-society",
    "VIII": "viii-awareness",
    "IX": "ix-education-for-children",
    "X": "x-higher-education-and-training",
    "XI": "xi-research",
}
TITLE_LENGTH = 90


def record_number(number: str) -> str:
    """The id of the recommendation's text: its first number."""
    return FIRST_NUMBER.get(number, number)


def same_entry(entry: Record) -> tuple[Any, ...]:
    """What makes two entries one: everything but the recommendation they were filed under."""
    return tuple(
        (key, str(entry.get(key))) for key in ("kind", "on", "provision", "summary", "source", "locator")
    )


def merged(entries: Iterable[Record]) -> list[tuple[Record, list[str]]]:
    """Entries that say the same under several recommendations, once, with all of them."""
    groups: dict[tuple[Any, ...], tuple[Record, list[str]]] = {}
    for entry in entries:
        group = groups.setdefault(same_entry(entry), (entry, []))
        number = record_number(entry["recommendation"])
        if number not in group[1]:
            group[1].append(number)
    return list(groups.values())


def follow_up_stage(entry: Record, source: Record) -> str | None:
    """The legal stage of what was reported: policy has none, a bill's text is at most enacted."""
    if entry["kind"] == "proposed":
        return "proposed"
    if entry["kind"] == "policy" or (entry["kind"] == "already-in-law" and not entry.get("provision")):
        return None
    return "enacted" if legal_stage(entry, source) != "in-force" else "in-force"


def measure(entry: Record, answers: list[str], evidence: Record) -> Record:
    """What the State's law held, or what it did since, as an answer to recommendations."""
    sources = {source["id"]: source for source in evidence["sources"]}
    source, state = sources[entry["source"]], evidence["party"]
    title = entry["summary"].split(". ")[0].split(";")[0].rstrip(".")[:TITLE_LENGTH]
    return compact(
        type="Measure",
        id=f"{state}/{answers[0].lower()}-{slug(' '.join(title.split()[:7]))}",
        state=state,
        title=title,
        theme=one_or_many(THEMES[number.split("-")[0]] for number in answers),
        answers=one_or_many(answers),
        measureKind="legislation" if entry.get("provision") else None,
        followUpKind=entry["kind"],
        legalStage=follow_up_stage(entry, source),
        provision=one_or_many(provision_ids(entry.get("provision"), state, session_of(source))),
        summary=entry["summary"],
        occurredOn=None if entry.get("on") is None else str(entry["on"]),
        confidence=entry["confidence"],
        citation=citations(entry),
    )


def search_record(entry: Record, numbers: list[str], evidence: Record) -> Record:
    """A search that found nothing: a fact about the search, not about the State."""
    return compact(
        type="EvidenceSearch",
        id=f"{evidence['party']}/{'-'.join(number.lower() for number in numbers)}",
        state=evidence["party"],
        searchedFor=one_or_many(numbers),
        summary=entry["summary"],
        occurredOn=evidence["collected"],
        confidence=entry["confidence"],
        citation={"source": SEARCH_SOURCE},
    )


def search_source(evidence: Record) -> Record:
    """The search itself, as a source."""
    return {
        "type": "Source",
        "id": SEARCH_SOURCE,
        "title": "Search for follow-up evidence, 21 November 2026",
        "publisher": "Lanzarote Atlas",
        "evidenceGrade": "secondary",
        "extentRead": "full",
        "issued": evidence["collected"],
    }
