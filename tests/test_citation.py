import json

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas import builds, citation, terms
from lanzarote_atlas.builds import Manifest
from lanzarote_atlas.citation import Citation
from lanzarote_atlas.errors import UsageError
from lanzarote_atlas.store.embedded import EmbeddedStore
from tests import small_project

IRI = "https://w3id.org/lanzarote-atlas/id/recommendation/IV-1"
ODD = [
    "Law & order: 50 % of $1 #1 under_score ~ ^ \\ end",
    "Braces {open and } closed }{",
    "“Quoted” – § 235(2) – æøåÆØÅéüł 日本",
    "Title with \"quotes\" and 'apostrophes'",
    "@article{x, title={y}}",
    "ER  - ",
    "TY  - BOOK",
    "%comment",
]


def cited(title="A title", places=("Factsheet, paras. 43, 44",)):
    return Citation(IRI, title, "ab" * 32, "2026-11-21", tuple(places))


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    with small_project.using(tmp_path_factory.mktemp("project")) as project:
        project.edit("states.yaml", "{en: Sweden}", '{en: "Sweden\\nER  - "}')
        project.build()
        made = builds.required(project.out)
        yield EmbeddedStore.open(made.store, made.manifest.build_id), made.manifest


@pytest.mark.parametrize("address", [IRI, "id/recommendation/IV-1", "recommendation/IV-1"])
def test_a_thing_is_cited_by_its_address_or_its_id(standing, address):
    made = citation.of_thing(standing[0], address, standing[1])
    assert made.iri == f"{IRI}/build/{standing[1].build_id[:16]}"
    assert made.title.startswith("Recommendation IV-")
    assert made.build_id == standing[1].build_id
    assert made.date == "2026-11-21"


def test_a_citation_names_sources_with_their_places(standing):
    address = "id/assessment/DNK/jurisdiction.passive-personality/factsheet"
    made = citation.of_thing(standing[0], address, standing[1])
    assert made.title == "Denmark: Jurisdiction: victim's nationality"
    (place,) = made.rests_on
    assert place.startswith("Factsheet on Denmark, ")
    assert "43, 44" in place
    assert citation.formatted(made, "text").endswith(f"Rests on: {place}.")


def test_a_line_break_in_a_title_begins_no_new_field(standing):
    made = citation.of_thing(standing[0], "id/state/SWE", standing[1])
    assert made.title == "Sweden ER -"


@pytest.mark.parametrize("address", ["id/state/XXX", "https://example.org/x", "", "id/state/a b", "> } #"])
def test_what_is_not_in_the_atlas_is_wrong_use(standing, address):
    with pytest.raises(UsageError):
        citation.of_thing(standing[0], address, standing[1])


def test_an_unknown_format_is_wrong_use():
    with pytest.raises(UsageError, match="one of: text, bibtex, csl-json, ris"):
        citation.formatted(cited(), "endnote")


@pytest.mark.parametrize("form", citation.FORMATS)
@pytest.mark.parametrize("title", ODD)
def test_every_format_names_address_build_and_date(form, title):
    text = citation.formatted(cited(title), form)
    assert IRI in text
    assert "ab" * 6 in text
    assert "2026" in text


@pytest.mark.parametrize("title", ODD)
def test_bibtex_is_one_entry_that_its_library_reads(title):
    text = citation.formatted(cited(title, [title]), "bibtex")
    (entry,) = bibtexparser.loads(text).entries
    assert entry["ENTRYTYPE"] == "incollection"
    assert entry["ID"] == "lanzarote-atlas-recommendation-IV-1"
    assert entry["year"] == "2026"
    assert entry["url"] == IRI
    assert set(entry) == {
        *("ENTRYTYPE", "ID", "author", "title", "booktitle", "year", "url", "version", "note")
    }
    assert entry["author"].strip("{}") == "Lanzarote Atlas contributors"
    assert text.count("{") == text.count("}")


def test_bibtex_escapes_what_latex_reads_as_code():
    text = citation.formatted(cited("A & B, 50 % of $1 #1 a_b {c}"), "bibtex")
    for written in (r"\&", r"\%", r"\#", r"a\_b", r"\textdollar", r"\textbraceleft", r"\textbraceright"):
        assert written in text


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp"))))
def test_bibtex_of_any_title_keeps_its_braces_in_balance(title):
    depth = 0
    for sign in citation.formatted(cited(title), "bibtex"):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize("title", ODD)
def test_ris_is_one_reference_that_its_library_reads(title):
    (entry,) = rispy.loads(citation.formatted(cited(title, [title]), "ris"))
    assert entry["type_of_reference"] == "CHAP"
    assert entry["title"].strip() == title.strip()
    assert entry["urls"] == [IRI]
    assert entry["secondary_title"] == "Lanzarote Atlas"


@pytest.mark.parametrize("title", ODD)
def test_csl_json_is_json_with_the_title_as_it_is(title):
    (entry,) = json.loads(citation.formatted(cited(title), "csl-json"))
    assert entry["title"] == title
    assert entry["issued"] == {"date-parts": [[2026, 11, 21]]}
    assert entry["URL"] == IRI
    assert entry["id"] == "lanzarote-atlas-recommendation-IV-1"


@pytest.mark.parametrize(
    ("iri", "key"),
    [
        (IRI, "lanzarote-atlas-recommendation-IV-1"),
        (IRI + "#citation-1", "lanzarote-atlas-recommendation-IV-1-citation-1"),
        ("https://example.org/a,b{c}", "lanzarote-atlas-https-example.org-a-b-c-"),
    ],
)
def test_a_key_holds_only_what_reference_managers_take(iri, key):
    assert citation._key(Citation(iri, "T", "ab", "2026-11-21", ())) == key


def test_a_citation_that_rests_on_nothing_says_nothing_of_sources():
    assert cited(places=()).note == "Build abababababab, data of 2026-11-21."


VIEW = citation.of_view(
    "Denmark\nand Sweden",
    "http://atlas.example/compare?state=DNK",
    ("positions", {"theme": "x", "state": "DNK"}),
    Manifest("ab" * 32, "", 0, 0, "2026-11-21", ""),
    "2026-11-22",
)


@pytest.mark.parametrize("form", citation.FORMATS)
def test_a_view_is_cited_with_address_query_build_and_the_day_it_was_read(form):
    text = citation.formatted(VIEW, form)
    assert VIEW.iri in text
    assert "positions" in text
    assert "ab" * 6 in text
    assert "Denmark and Sweden" in text


def test_the_day_on_which_a_view_was_read_has_its_own_field():
    assert json.loads(citation.formatted(VIEW, "csl-json"))[0]["accessed"] == {"date-parts": [[2026, 11, 22]]}
    assert bibtexparser.loads(citation.formatted(VIEW, "bibtex")).entries[0]["urldate"] == "2026-11-22"
    assert rispy.loads(citation.formatted(VIEW, "ris"))[0]["access_date"] == "2026/11/22"
    assert "Accessed 2026-11-22." in citation.formatted(VIEW, "text")


def test_the_dataset_stands_in_no_other_work():
    whole = Citation(terms.thing("dataset", "atlas"), "Lanzarote Atlas", "ab" * 32, "2026-11-21", ())
    assert json.loads(citation.formatted(whole, "csl-json"))[0]["type"] == "dataset"
    assert "container-title" not in json.loads(citation.formatted(whole, "csl-json"))[0]
    assert bibtexparser.loads(citation.formatted(whole, "bibtex")).entries[0]["ENTRYTYPE"] == "misc"
    assert rispy.loads(citation.formatted(whole, "ris"))[0]["type_of_reference"] == "DATA"
    assert citation.formatted(whole, "text").startswith(
        "Lanzarote Atlas. Lanzarote Atlas contributors (2026)."
    )


@pytest.mark.parametrize(
    ("numbers", "written"), [("43, 45, 44", "43–45"), ("9, 2", "2, 9"), ("", ""), ("12a, 3", "12a, 3")]
)
def test_neighbouring_numbers_become_a_range(numbers, written):
    assert citation.ranges(numbers) == written


@pytest.mark.parametrize(
    ("local", "title"),
    [
        (
            "comparison/2026-11-22/DNK,SWE/age.sexual-consent",
            "Denmark and Sweden ER - on Age for sexual activities, as at 2026-11-22",
        ),
        ("comparison/2026-11-22/DNK/all", "Denmark on every criterion, as at 2026-11-22"),
    ],
)
def test_a_comparison_is_cited_with_its_build(standing, local, title):
    made = citation.of_thing(standing[0], f"id/{local}", standing[1])
    assert made.title == title
    assert made.iri == f"{terms.prefixes()['id']}{local}/build/{standing[1].short}"
    assert made.iri in citation.formatted(made, "ris")


@pytest.mark.parametrize(
    ("local", "what"),
    [
        ("XXX,YYY/no.such", "State"),
        ("DNK,YYY/age.sexual-consent", "State"),
        ("DNK/no.such", "criterion"),
        ("DNK/no-such", "chapter"),
        ("DNK/age.sexual-consent/no-such", "offence"),
    ],
)
def test_a_comparison_of_nothing_is_not_cited(standing, local, what):
    with pytest.raises(UsageError, match=f"knows no {what} at "):
        citation.of_thing(standing[0], f"id/comparison/2026-11-22/{local}", standing[1])


def test_where_no_build_is_kept_the_address_names_none(standing):
    made = citation.of_thing(standing[0], IRI, standing[1], kept=False)
    assert made.iri == IRI
    assert made.build_id == standing[1].build_id


def test_what_is_no_comparison_is_not_cited(standing):
    with pytest.raises(UsageError, match="is no comparison"):
        citation.of_thing(standing[0], "id/comparison/nothing", standing[1])


def test_the_atlas_itself_is_cited_without_a_build_in_its_address():
    assert citation._as_read(terms.thing("dataset", "atlas"), "ab" * 32) == terms.thing("dataset", "atlas")
