"""Turn the facts about a State into assessments, reservations and a participation.

Rules of judgement that need no judge are applied here: a bill is never law in force, and an undated
secondary source that stands alone is at most of medium confidence. The others are left to the curator.
"""

import re
from collections import Counter
from collections.abc import Sequence

from tools.atlas_yaml import Record
from tools.condition_types import type_condition
from tools.evidence_sources import Addresses, citation, citations, compact, one_or_many, source_id
from tools.legal_references import parse, slug

ENACTED = re.compile(
    r"\benacted\b|\bpassed\b|\badopted\b|\bbecame\b|\bsince that act\b|\bact\b", re.IGNORECASE
)
BILL_SOURCE = re.compile(r"^ft-l\d+|\bbill\b", re.IGNORECASE)


def session_of(source: Record) -> str | None:
    """The parliamentary session that a bill's title names."""
    found = re.search(r"\((\d{4}-\d{2})", source.get("title", ""))
    return found[1] if found else None


def legal_stage(fact: Record, source: Record) -> str:
    """Tell the stage: a bill is proposed, or enacted where the fact says so, never law in force by itself."""
    cites_bill = re.match(r"L \d+\b", fact.get("provision") or "")
    if not (cites_bill or BILL_SOURCE.search(source["id"]) or BILL_SOURCE.search(source.get("title", ""))):
        return "in-force"
    return "enacted" if ENACTED.search(fact["summary"]) and "proposed" not in fact["summary"] else "proposed"


def confidence(fact: Record, source: Record, facts: Sequence[Record]) -> str:
    """An undated secondary source that stands alone on a criterion is at most medium."""
    alone = len({other["source"] for other in facts if other["criterion"] == fact["criterion"]}) == 1
    if fact["confidence"] == "high" and alone and source["kind"] == "secondary" and not source.get("as_of"):
        return "medium"
    return str(fact["confidence"])


def conditions(fact: Record) -> list[Record]:
    """The typed conditions of a fact."""
    typed = [type_condition(phrase) for phrase in fact.get("conditions") or []]
    return [compact(conditionKind=one.kind, threshold=one.threshold, note=one.note) for one in typed]


def provision_ids(text: str | None, state: str, session: str | None = None) -> list[str]:
    """Addresses of the provisions that a citation names; of acts cited as a whole only bills have one."""
    return [one.id for one in parse(text, state, session) if one.path or one.act.is_bill]


def assessment(fact: Record, number: int, evidence: Record) -> Record:
    """One fact as an assessment of the State on a criterion."""
    sources = {source["id"]: source for source in evidence["sources"]}
    source, state = sources[fact["source"]], evidence["party"]
    suffix = "" if number == 1 else f"-{number}"
    return compact(
        type="Assessment",
        id=f"{state}/{fact['criterion']}/{source_id(fact['source'])}{suffix}",
        state=state,
        criterion=fact["criterion"],
        value=fact["value"],
        condition=conditions(fact),
        provision=one_or_many(provision_ids(fact.get("provision"), state, session_of(source))),
        legalStage=legal_stage(fact, source),
        summary=fact["summary"],
        confidence=confidence(fact, source, evidence["facts"]),
        citation=citations(fact),
    )


def assessments(evidence: Record) -> list[Record]:
    """Every fact that is not about the treaty itself, one assessment each."""
    seen: Counter[tuple[str, str]] = Counter()
    records = []
    for fact in evidence["facts"]:
        if fact["criterion"].startswith("treaty."):
            continue
        key = fact["criterion"], fact["source"]
        seen[key] += 1
        records.append(assessment(fact, seen[key], evidence))
    return records


def reservations(evidence: Record) -> list[Record]:
    """The State's reservations and declarations under the Convention."""
    records: list[Record] = []
    for fact in evidence["facts"]:
        if fact["criterion"] != "treaty.reservation":
            continue
        concerned = provision_ids("; ".join(f"CETS 201 art. {one}" for one in fact.get("articles") or []), "")
        place = concerned[0].replace("/", "-") if concerned else f"cets-201-{len(records) + 1}"
        records.append(
            compact(
                type="Reservation",
                id=f"{evidence['party']}/{place}",
                state=evidence["party"],
                instrument="cets-201",
                kind=fact["value"],
                concerns=one_or_many(concerned),
                summary=fact["summary"],
                madeOn=fact.get("made"),
                confidence=fact["confidence"],
                citation=citations(fact),
            )
        )
    return numbered(records)


def numbered(records: list[Record]) -> list[Record]:
    """Give records that share an id a running number."""
    seen: Counter[str] = Counter()
    for record in records:
        seen[record["id"]] += 1
        if seen[record["id"]] > 1:
            record["id"] += f"-{seen[record['id']]}"
    return records


def status_rows(evidence: Record, status: Sequence[Record]) -> list[Record]:
    """What each source says of signature, ratification and entry into force, one row a source."""
    by_url = {source["url"]: source["id"] for source in evidence["sources"] if source.get("url")}
    rows = [
        {"dates": fact["value"], "source": fact["source"], "summary": fact["summary"], "fact": fact}
        for fact in evidence["facts"]
        if fact["criterion"] == "treaty.status"
    ]
    cited = {row["source"] for row in rows}
    for row in status:
        name = (
            by_url.get(row["source_url"])
            or f"status-{slug(re.sub(r'^https?://', '', row['source_url']))[:60]}"
        )
        if row["party"] == evidence["party"] and name not in cited:
            rows.append({"dates": row, "source": name, "summary": None, "fact": {}})
    return rows


def participations(evidence: Record, status: Sequence[Record]) -> list[Record]:
    """Record the State's standing: once for the sources that agree, once more for each that differs."""
    records: list[Record] = []
    for row in status_rows(evidence, status):
        dates = {
            "signedOn": row["dates"].get("signed"),
            "ratifiedOn": row["dates"].get("ratified"),
            "inForceOn": row["dates"].get("in_force"),
        }
        agreeing = next((record for record in records if _agree(record, dates)), None)
        if agreeing:
            agreeing.update({key: value for key, value in dates.items() if value})
            agreeing["citation"] = [
                *agreeing["citation"],
                citation(row["source"], row["fact"].get("locator")),
            ]
            continue
        records.append(
            {
                "type": "Participation",
                "id": f"cets-201/{evidence['party']}" + (f"-{len(records) + 1}" if records else ""),
                "state": evidence["party"],
                "instrument": "cets-201",
                **{key: value for key, value in dates.items() if value},
                **compact(summary=row["summary"], confidence=row["fact"].get("confidence")),
                "citation": [citation(row["source"], row["fact"].get("locator"))],
            }
        )
    return records


def _agree(record: Record, dates: Record) -> bool:
    return all(not value or key not in record or record[key] == value for key, value in dates.items())


def status_sources(evidence: Record, status: Sequence[Record], defined: Addresses) -> list[Record]:
    """Sources of the treaty's status that the State's own file does not list."""
    by_name = {
        row["source"]: row["dates"] for row in status_rows(evidence, status) if "source_url" in row["dates"]
    }
    records = []
    for name, row in by_name.items():
        if name in defined or not name.startswith("status-"):
            continue
        defined[name] = row["source_url"]
        records.append(
            compact(
                type="Source",
                id=name,
                title="Status of Treaty No. 201",
                publisher=re.sub(r"^https?://([^/]+).*$", r"\1", row["source_url"]),
                evidenceGrade="secondary",
                extentRead="partial",
                issued=None if row.get("as_of") is None else str(row["as_of"]),
                url=row["source_url"],
                note="Title, publisher and grade are to be completed by the curator.",
            )
        )
    return records
