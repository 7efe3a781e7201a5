import pytest

from lanzarote_atlas.errors import (
    AtlasError,
    Fault,
    FaultsFoundError,
    QueryError,
    StoreError,
    UsageError,
    did_you_mean,
)


def test_a_fault_is_told_with_file_line_id_problem_and_next_step():
    assert (
        str(Fault("data/x.yaml", 4, "II-3", "no 'basis'", "add it"))
        == "data/x.yaml:4: II-3: no 'basis'; add it"
    )


def test_a_fault_without_record_or_next_step_keeps_its_form():
    assert str(Fault("data/x.yaml", 1, "", "cannot be read")) == "data/x.yaml:1: -: cannot be read"


def test_faults_stand_in_the_order_of_files_and_lines_and_once_each():
    one, two, three = Fault("a", 9, "", "x"), Fault("a", 10, "", "x"), Fault("b", 1, "", "x")
    error = FaultsFoundError([three, two, one, two])
    assert error.faults == [one, two, three]
    assert str(error).splitlines() == [str(one), str(two), str(three)]


@pytest.mark.parametrize(
    ("word", "hint"),
    [("requst", "did you mean 'request'?"), ("zzz", ""), ("", ""), ("request", "did you mean 'request'?")],
)
def test_the_nearest_known_word_is_offered_where_one_is_near(word, hint):
    assert did_you_mean(word, ["require", "request", "invite"]) == hint


@pytest.mark.parametrize(
    ("kind", "code"), [(AtlasError, 1), (QueryError, 1), (StoreError, 1), (UsageError, 2)]
)
def test_wrong_use_ends_with_two_and_every_other_error_with_one(kind, code):
    assert issubclass(kind, AtlasError)
    assert kind.exit_code == code
