"""The chain from a recommendation's basis to the Committee's later word is whole; its status follows."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox
import pytest

from lanzarote_atlas import catalogue, store
from lanzarote_atlas.store.embedded import EmbeddedStore

NONE = "none on record"
LATER = """
@prefix lz: <https://w3id.org/lanzarote-atlas/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:gap> lz:gapKind <https://w3id.org/lanzarote-atlas/vocabulary/gap-kind/recommendation-open> ;
  lz:state <https://w3id.org/lanzarote-atlas/id/state/DNK> ; lz:about <urn:text> ;
  lz:status <https://w3id.org/lanzarote-atlas/vocabulary/gap-status/closed> ;
  lz:holdsFrom "2020-01-01"^^xsd:date ; lz:holdsUntil "9999-12-31"^^xsd:date .
<urn:text> a lz:Recommendation ; lz:theme <urn:theme> ; lz:number "II-1" . <urn:theme> lz:order 1 .
<urn:word> a lz:Observation ; lz:closes <urn:text> ; lz:topic "done" ; lz:summary "Satisfied." ;
  lz:state <https://w3id.org/lanzarote-atlas/id/state/DNK> ; lz:citation <urn:c> .
<urn:c> lz:source <urn:s> . <urn:s> dcterms:title "Report" ; dcterms:issued "2025-06" .
"""


@pytest.fixture(scope="module")
def chains(atlas) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in store.table(catalogue.run(atlas, "what-became-of-a-recommendation", state="DNK")).dicts():
        found[row["text"]].append(row)
    return found


def test_every_recommendation_that_reaches_denmark_has_a_basis_and_ends_with_the_committee(chains, atlas):
    listed = store.table(catalogue.run(atlas, "recommendations", state="DNK")).dicts()
    assert chains.keys() == {row["recommendation"] for row in listed}
    for text, rows in chains.items():
        steps = [row["step"] for row in rows]
        assert steps == sorted(steps), text
        assert steps[0] == "1 basis", text
        assert steps.count("4 later word") >= 1, text


def test_the_status_follows_from_the_chain(chains):
    for text, rows in chains.items():
        (status,) = {row["status"] for row in rows}
        words = [row["what"] for row in rows if row["step"].startswith("4")]
        assert (status == "closed") == (words != [NONE]), text
        if status == "answer-reported":
            answers = [row for row in rows if row["step"].startswith("3") and row["kind"] != "search"]
            assert any(row["kind"] != "proposed" for row in answers), text


def test_what_danish_law_already_held_or_changed_since_is_in_the_chain_with_its_source(chains):
    grooming = next(rows for text, rows in chains.items() if text.endswith("/II-10"))
    enacted = [row for row in grooming if row["kind"] == "enacted-since"]
    assert "Grooming an offence of its own" in {row["what"] for row in enacted}
    assert all(row["sources"] for row in enacted)
    assert grooming[-1]["what"] == NONE


@pytest.mark.parametrize(("day", "words"), [("2025-05-31", [NONE]), ("2025-06-01", ["done"])])
def test_the_committees_later_word_stands_at_the_end_from_its_day(day, words):
    """The Committee has closed nothing yet, so the query is asked of a small graph."""
    graph = EmbeddedStore.of_quads(list(ox.parse(LATER, format=ox.RdfFormat.TURTLE)))
    rows = store.table(catalogue.run(graph, "what-became-of-a-recommendation", state="DNK", asAt=day)).dicts()
    assert [row["what"] for row in rows] == words
