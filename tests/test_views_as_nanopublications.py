"""A comparison and a scenario are nanopublications: of the cells compared, and of the outcome."""

import pytest
import rdflib
from nanopub import Nanopub, NanopubConf

from lanzarote_atlas import catalogue, citation, nanopublications, permanent_addresses, scenario, store, terms
from lanzarote_atlas.errors import UsageError

VIEWS = (
    "id/comparison/2026-11-22/DNK,SWE/jurisdiction.passive-personality",
    "id/comparison/2026-11-22/DNK,SWE,NOR/iv-jurisdiction-rules",
    "id/comparison/2026-11-22/DNK,SWE/jurisdiction.dual-criminality/csam-distribution",
    (
        "id/scenario/date=2026-01-01;offence=sexual-abuse;offence-where-done=yes;penalty-maximum=DNK:8;"
        "place-of-act=THA;victim-nationality=DNK"
    ),
)


@pytest.mark.parametrize("view", VIEWS)
def test_the_nanopub_library_takes_a_comparison_and_a_scenario_as_valid(kept_builds, view):
    made = nanopublications.of_address(kept_builds.out, view)
    graph = rdflib.Dataset()
    graph.parse(data=made.trig, format="trig")
    read = Nanopub(rdf=graph, conf=NanopubConf())
    assert read.is_valid
    assert str(read.metadata.np_uri) == f"{made.thing}/build/{kept_builds.current.manifest.build_id[:16]}"
    assert {str(subject) for subject in read.assertion.subjects()} >= {made.thing}
    assert list(read.provenance.objects(None, rdflib.PROV.wasDerivedFrom))


def asserted(made):
    return {quad for quad in made.quads if quad.graph_name.value.endswith("#assertion")}


def test_a_comparison_asserts_what_each_of_its_cells_does(kept_builds):
    compared = nanopublications.of_address(kept_builds.out, VIEWS[0])
    said = {(quad.subject, quad.predicate, quad.object) for quad in asserted(compared)}
    for state in ("DNK", "SWE"):
        cell = nanopublications.of_address(
            kept_builds.out, f"id/cell/{state}/jurisdiction.passive-personality"
        )
        assert {(quad.subject, quad.predicate, quad.object) for quad in asserted(cell)} <= said
    assert {terms.local_name(named.value) for _, named, _ in said} >= {"hasPart", "valid", "basedOn"}


def test_an_old_comparison_says_what_it_said_then(kept_builds):
    now = nanopublications.of_address(kept_builds.out, VIEWS[0])
    then = nanopublications.of_address(
        kept_builds.out, f"{VIEWS[0]}/build/{kept_builds.older.manifest.build_id[:16]}"
    )
    assert (kept_builds.SAYS_NOW in now.trig, kept_builds.SAID_THEN in now.trig) == (True, False)
    assert (kept_builds.SAYS_NOW in then.trig, kept_builds.SAID_THEN in then.trig) == (False, True)
    assert (then.superseded, then.superseded_by) == (True, now.address)


def test_a_scenario_asserts_the_outcome_of_every_state_and_unknown_stays_unknown(kept_builds, atlas):
    made = nanopublications.of_address(kept_builds.out, VIEWS[3])
    law = scenario.load(atlas)
    facts = permanent_addresses.scenario(made.thing)
    outcome = scenario.judge(scenario.of_texts(facts, law), law)
    told = {
        quad.subject.value.partition("#")[2]: terms.local_name(quad.object.value)
        for quad in asserted(made)
        if quad.predicate.value == nanopublications.EARL + "outcome"
    }
    words = {"met": "passed", "unmet": "failed", "unknown": "cantTell"}
    for one in outcome.states:
        assert told[f"{one.state.iso3}-result"] == words[one.result]
        for of in one.principles:
            assert told[f"{one.state.iso3}-{terms.local_name(of.principle.iri)}-result"] == words[of.result]
    assert set(told.values()) >= {"failed", "cantTell"}
    assert len(told) == len(outcome.states) * (1 + len(law.principles))


def test_a_chapter_for_one_offence_has_the_cells_of_that_chapter_alone(kept_builds, atlas):
    def cells(asked):
        view = f"id/comparison/2026-11-22/DNK,SWE,FRA/{asked}/csam-distribution"
        made = nanopublications.of_address(kept_builds.out, view)
        part = terms.prefixes()["dcterms"] + "hasPart"
        return {quad.object.value for quad in asserted(made) if quad.predicate.value == part}

    chapters = ("ii-legal-frameworks", "iv-jurisdiction-rules")
    for chapter in chapters:
        asked = catalogue.run(atlas, "which-questions-does-the-atlas-ask", theme=chapter)
        known = {terms.local_name(row["address"]) for row in store.table(asked).dicts()}
        assert {terms.compact(cell).split("/")[3] for cell in cells(chapter)} <= known
    first, second = map(cells, chapters)
    assert first
    assert second
    assert first | second <= cells("all")
    assert not first & second


@pytest.mark.parametrize(
    ("local", "title"),
    [
        ("DNK,SWE/law.grooming", "Denmark and Sweden on solicitation of children"),
        (
            "DNK,SWE,NOR/all/grooming",
            "Denmark, Sweden and Norway on every criterion, for solicitation of children for sexual purposes",
        ),
        ("DNK/iv-jurisdiction-rules", "Denmark on jurisdiction rules"),
        ("DNK,SWE,NOR,FIN,ISL,FRA/law.grooming", "Denmark and 5 other States on solicitation of children"),
    ],
)
def test_a_comparison_is_cited_by_the_names_of_what_it_compares(built, atlas, local, title):
    made = citation.of_thing(atlas, f"id/comparison/2026-11-22/{local}", built.manifest)
    assert made.title == f"{title}, as at 2026-11-22"


def test_a_build_made_meanwhile_is_not_the_current_one_of_a_service_that_answers_from_another(kept_builds):
    served = nanopublications.of_address(kept_builds.out, VIEWS[0], kept_builds.older)
    assert served.build_id == kept_builds.older.manifest.build_id
    assert kept_builds.SAID_THEN in served.trig
    assert not served.superseded


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        ("id/scenario/date=2026-01-01;offence=grooming;victim-age=" + "9" * 5000, "is no age"),
        ("id/comparison/2026-11-22/XXX/law.grooming", "has 0 cells"),
        ("id/comparison/2026-11-22/DNK/law.groming", "has 0 cells"),
        ("id/comparison/yesterday/DNK/law.grooming", "is no comparison"),
        ("id/scenario/date=2026-01-01", "offence"),
        ("id/scenario/date=2026-01-01;offence=grooming;colour=red", "unknown key 'colour'"),
        ("id/scenario/date=2026-01-01;offence=grooming;place-of-act=DNC", "no code of a State"),
        (f"id/cell/DNK/law.grooming/build/{'9' * 16}", "kept no more"),
    ],
)
def test_a_view_of_nothing_is_refused_with_the_reason(kept_builds, view, problem):
    with pytest.raises(UsageError, match=problem):
        nanopublications.of_address(kept_builds.out, view)


def test_a_comparison_of_everything_is_refused_with_a_way_out(kept_builds, atlas):
    codes = ",".join(row["code"] for row in store.table(catalogue.run(atlas, "states")).dicts())
    with pytest.raises(UsageError, match="a chapter rather than all"):
        nanopublications.of_address(kept_builds.out, f"id/comparison/2026-11-22/{codes}/all")
