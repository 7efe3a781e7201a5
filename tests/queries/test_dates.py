"""One date moves every answer: a record is in it exactly on the days on which it holds.

The first and last days of each record are worked out here, from its own statements, by another way than the
queries' own, and each record of the atlas is tried on the day before, the first, the last and the day after.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from lanzarote_atlas import catalogue, store, terms
from lanzarote_atlas.compile import days

PREFIXES = (
    "PREFIX lz: <https://w3id.org/lanzarote-atlas/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/> "
)
ISSUED = "lz:citation/lz:source/dcterms:issued"
LATE, EARLY = dt.date(9999, 1, 1), dt.date(2, 1, 1)
ONE_DAY = dt.timedelta(days=1)
SAMPLE = 12
"""Records of each kind that are tried, spread over all of them."""


@dataclass(frozen=True)
class Dated:
    """A dated query: the class it lists, its column, and the properties by which a record begins and ends."""

    query: str
    column: str
    kind: str
    begins: tuple[str, ...]
    """The first of these that a record has; of several dates the earliest."""
    ends: str = ""
    last_day: bool = True
    """Whether the end is the last day that counts, not the first that does not."""
    given: str = "state"
    """The parameter, also the property, by which the query is asked for the record."""


DATED = [
    Dated("observations", "observation", "Observation", (ISSUED,)),
    Dated("measures", "measure", "Measure", ("lz:validFrom", "lz:occurredOn", ISSUED), "lz:validTo"),
    Dated(
        "practices", "practice", "PromisingPractice", ("lz:validFrom", "lz:occurredOn", ISSUED), "lz:validTo"
    ),
    Dated("form-answers", "answer", "FormAnswer", ("lz:occurredOn",)),
    Dated(
        "reservations",
        "reservation",
        "Reservation",
        ("lz:madeOn", "lz:validFrom"),
        "lz:withdrawnOn",
        last_day=False,
    ),
    Dated("participations", "participation", "Participation", ("lz:signedOn|lz:ratifiedOn|lz:inForceOn",)),
    Dated("case-timeline", "event", "Event", ("lz:occurredOn",), given="case"),
    Dated("case-decisions", "decision", "Decision", ("lz:occurredOn",), given="case"),
    Dated("sources", "source", "Source", ("dcterms:issued",), given=""),
    Dated("recommendation-observations", "observation", "Observation", (ISSUED,), given="recommendation"),
    Dated(
        "recommendation-follow-up", "answer", "Measure", ("lz:validFrom", "lz:occurredOn"), given="answers"
    ),
    Dated("gaps", "gap", "Gap", ("lz:holdsFrom",), "lz:holdsUntil", last_day=False),
    Dated("gaps", "gap", "GapAtOtherDate", ("lz:holdsFrom",), "lz:holdsUntil", last_day=False),
    Dated("timeline", "thing", "Measure", ("lz:validFrom|lz:occurredOn",)),
    Dated("timeline", "thing", "Reservation", ("lz:madeOn|lz:withdrawnOn",)),
]


def rows(atlas, text: str) -> list[dict[str, str]]:
    return store.table(atlas.query(PREFIXES + text)).dicts()


def first_day(text: str) -> dt.date:
    return dt.date.fromisoformat(text + "0000-01-01"[len(text) :])


def dates(atlas, thing: str, path: str) -> list[str]:
    return [row["day"] for row in rows(atlas, f"SELECT DISTINCT ?day WHERE {{ <{thing}> {path} ?day }}")]


def beginning(atlas, dated: Dated, thing: str) -> dt.date | None:
    for path in dated.begins:
        found = dates(atlas, thing, path)
        if found:
            return min(first_day(text) for text in found)
    return None


def first_day_gone(atlas, dated: Dated, thing: str) -> dt.date | None:
    found = dates(atlas, thing, dated.ends) if dated.ends else []
    if not found:
        return None
    if not dated.last_day:
        return first_day(found[0])
    return dt.date.fromisoformat(days.day_after(found[0]))


def records(atlas, dated: Dated) -> list[tuple[str, str]]:
    """Return a sample of the records, each with what its query is asked for."""
    asked = f"lz:{dated.given} ?asked" if dated.given else "dcterms:title ?asked"
    path = "|".join(filter(None, (*dated.begins, dated.ends)))
    found = rows(
        atlas,
        f"SELECT DISTINCT ?thing ?asked WHERE {{ ?thing a lz:{dated.kind} ; {asked} ; {path} ?day "
        f"BIND (STR(?day) AS ?text) FILTER ('0001-01-01' < ?text && ?text < '9999') }} "
        "ORDER BY ?thing ?asked",
    )
    step = max(1, len(found) // SAMPLE)
    return [(row["thing"], row["asked"]) for row in found[::step]]


def listed(atlas, dated: Dated, asked: str, thing: str, day: dt.date) -> bool:
    given = {"asAt": day.isoformat()}
    if dated.given == "answers":
        state = terms.local_name(
            rows(atlas, f"SELECT ?state WHERE {{ <{thing}> lz:state ?state }}")[0]["state"]
        )
        given |= {"recommendation": terms.local_name(asked), "state": state}
    elif dated.given:
        given |= {dated.given: terms.local_name(asked)}
    found = store.table(catalogue.run(atlas, dated.query, **given)).dicts()
    return any(row[dated.column] == thing for row in found)


@pytest.mark.parametrize("dated", DATED, ids=lambda dated: f"{dated.query} {dated.kind}")
def test_a_record_is_there_exactly_while_it_holds(dated, atlas) -> None:
    sample = records(atlas, dated)
    assert sample
    for thing, asked in sample:
        begins, gone = beginning(atlas, dated, thing), first_day_gone(atlas, dated, thing)
        tried = {begins: True, begins - ONE_DAY: False} if begins and begins > EARLY else {}
        if gone and gone < LATE:
            tried |= {gone - ONE_DAY: True, gone: False}
        for day, expected in tried.items():
            assert listed(atlas, dated, asked, thing, day) is expected, (thing, day)


def test_a_step_taken_later_is_not_told_before(atlas) -> None:
    """Denmark ratified on 18 November 2009; the Convention entered into force for it on 1 July 2010."""
    for day, in_force in (("2009-11-17", None), ("2009-11-18", ""), ("2010-07-01", "2010-07-01")):
        found = store.table(catalogue.run(atlas, "participations", state="DNK", asAt=day)).dicts()
        convention = [row for row in found if row["instrument"].endswith("cets-201") and row["ratifiedOn"]]
        assert {row["inForceOn"] for row in convention} == ({in_force} if in_force is not None else set())


def test_a_withdrawn_reservation_ends_on_the_day_of_its_withdrawal() -> None:
    """No reservation of the atlas is withdrawn yet, so the query is asked of a small graph."""
    import pyoxigraph as ox

    from lanzarote_atlas.store.embedded import EmbeddedStore

    text = """
    @prefix lz: <https://w3id.org/lanzarote-atlas/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix id: <https://w3id.org/lanzarote-atlas/id/> .
    <urn:r> a lz:Reservation ; lz:state <https://w3id.org/lanzarote-atlas/id/state/DNK> ; lz:kind <urn:k> ;
      lz:summary "x" ; lz:madeOn "2009"^^xsd:gYear ; lz:withdrawnOn "2012-05"^^xsd:gYearMonth ;
      lz:citation <urn:c> .
    <urn:k> skos:prefLabel "reservation"@en . <urn:c> lz:source <urn:s> . <urn:s> dcterms:title "s" .
    """
    graph = EmbeddedStore.of_quads(list(ox.parse(text, format=ox.RdfFormat.TURTLE)))
    for day, there in (("2008-12-31", 0), ("2009-01-01", 1), ("2012-04-30", 1), ("2012-05-01", 0)):
        found = store.table(catalogue.run(graph, "reservations", state="DNK", asAt=day)).rows
        assert len(found) == there, day
