import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas import search
from lanzarote_atlas.errors import StoreError
from tests import small_project


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """The index of a small build, in a folder whose name an SQLite address would misread."""
    with small_project.using(tmp_path_factory.mktemp("a?b#c%20d")) as project:
        project.edit("states.yaml", "{en: Sweden}", "{en: Åland Province}")
        yield project.build().build.search_index


def found(index, text):
    return [hit.label for hit in search.find(index, text).hits]


def test_a_hit_has_address_class_label_and_text(index):
    (hit,) = search.find(index, "factsheet").hits
    assert hit.iri == "https://w3id.org/lanzarote-atlas/id/source/factsheet"
    assert (hit.kind, hit.label) == ("Source", "Factsheet on Denmark")


def test_the_text_around_a_match_is_shown(index):
    hits = search.find(index, "nationals abroad").hits
    (hit,) = [hit for hit in hits if "nationals abroad" in hit.snippet]
    assert [piece.text for piece in hit.around if piece.matched] == ["nationals", "abroad"]


def test_another_name_is_shown_where_it_is_what_matches(index):
    (hit,) = [hit for hit in search.find(index, "Danmark").hits if hit.label == "Denmark"]
    assert [piece.text for piece in hit.around if piece.matched] == ["Danmark"]


def test_words_match_by_their_beginnings_in_any_case_and_order(index):
    assert "Factsheet on Denmark" in found(index, "DENM fact")


def test_all_words_must_match(index):
    assert found(index, "factsheet denmark") == ["Factsheet on Denmark"]
    assert len(found(index, "denmark")) > 1


def test_what_is_called_exactly_so_comes_first(index):
    assert found(index, " denmark ")[0] == "Denmark"


def test_a_name_outranks_a_text(index):
    labels = found(index, "convention")
    assert labels[0] == "Lanzarote Convention"


def test_diacritics_may_be_left_out_or_written(index):
    assert found(index, "aland") == found(index, "ÅLAND") == ["Åland Province"]


def test_other_names_and_numbers_find_their_thing(index):
    assert found(index, "Danmark")[0] == "Denmark"
    assert any("IV-2" in hit.label or hit.iri.endswith("IV-1") for hit in search.find(index, "IV-2").hits)


@pytest.mark.parametrize("slip", ["factshet", "fcatsheet", "Lanzerote", "Denmarkk"])
def test_a_slip_of_the_keyboard_still_finds_its_thing(index, slip):
    assert found(index, slip)
    assert search.find(index, slip).read_as in ("factsheet", "lanzarote", "denmark")


def test_what_was_written_well_is_not_read_as_something_else(index):
    assert search.find(index, "factsheet denm").read_as == ""


def test_one_slip_among_right_words_is_mended_alone(index):
    assert found(index, "factshet denmark") == ["Factsheet on Denmark"]
    assert search.find(index, "factshet denmark").read_as == "factsheet denmark"


def test_words_that_never_stand_together_are_looked_for_apart(index):
    result = search.find(index, "factsheet province")
    assert len(result.hits) > 1
    assert result.read_as == "factsheet or province"


@pytest.mark.parametrize("number", ["IV-22", "2O1"])
def test_a_number_is_never_read_as_another(index, number):
    assert "IV-1" not in found(index, number)


def test_kinds_are_counted_and_can_be_chosen(index):
    every = search.find(index, "denmark")
    assert sum(every.kinds.values()) == len(every.hits)
    states = search.find(index, "denmark", kind="State")
    assert [hit.label for hit in states.hits] == ["Denmark"]
    assert states.kinds == every.kinds


def test_a_long_answer_comes_in_pages(index):
    every = search.find(index, "denmark").hits
    assert search.find(index, "denmark", most=2, skip=1).hits == every[1:3]


@pytest.mark.parametrize("text", ["", "   ", "\"'()*:^-+", "→", "\x00"])
def test_a_text_without_words_finds_nothing(index, text):
    assert found(index, text) == []


@pytest.mark.parametrize(
    "text",
    [
        '"factsheet',
        "factsheet*",
        "label:factsheet",
        "fact-sheet",
        "factsheet OR",
        "NEAR(factsheet denmark)",
        "factsheet AND NOT denmark",
        "^factsheet",
        "factsheet'); DROP TABLE words; --",
        "_",
        "__ _a",
        "{factsheet}",
    ],
)
def test_signs_of_the_query_language_are_only_text(index, text):
    search.find(index, text)
    assert found(index, "factsheet")


@given(st.text())
def test_any_text_can_be_looked_for(index, text):
    result = search.find(index, text)
    assert len(result.hits) == sum(result.kinds.values())


def test_no_more_hits_than_asked_for(index):
    assert len(search.find(index, "d", most=2).hits) == 2


def test_a_missing_or_broken_index_says_how_to_make_one(tmp_path):
    with pytest.raises(StoreError, match="run `lanzarote build`"):
        search.find(tmp_path / "none.sqlite", "word")
    assert not (tmp_path / "none.sqlite").exists()
    (tmp_path / "broken.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="run `lanzarote build`"):
        search.find(tmp_path / "broken.sqlite", "word")


def test_the_index_is_opened_read_only(index):
    before = index.read_bytes()
    search.find(index, "denmark")
    assert index.read_bytes() == before
    with sqlite3.connect(index) as connection:
        assert connection.execute("SELECT count(*) FROM words").fetchone()[0] > 10
