"""What is law on a day; and that the code knows no State and no principle by name."""

import ast
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas import resources, scenario
from lanzarote_atlas.errors import StoreError
from lanzarote_atlas.scenario import comparison
from lanzarote_atlas.scenario.law import Position
from lanzarote_atlas.store import Table

CODE = sorted((resources.PACKAGE / "scenario").glob("*.py"))


def position(stage="in-force", begins="", ends=""):
    return Position("id:a", "id:s", "id:c", "yes", stage, begins, ends, "", {})


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31)),
    st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31)),
    st.sampled_from([4, 7, 10]),
)
def test_a_position_begins_on_the_first_and_ends_on_the_last_day_of_what_is_dated(day, dated, length):
    text = dated.isoformat()[:length]
    inside = day.isoformat()[:length] == text
    assert position(begins=text).holds_on(day) == (inside or day > dated)
    assert position(ends=text).holds_on(day) == (inside or day < dated)


@pytest.mark.parametrize(
    ("stage", "begins", "ends", "law"),
    [
        ("in-force", "", "", True),
        ("proposed", "", "", False),
        ("proposed", "2000", "", False),
        ("enacted", "", "", False),
        ("enacted", "2000", "", True),
        ("repealed", "", "", False),
        ("repealed", "", "2030", True),
        ("repealed", "", "2000-12-31", False),
    ],
)
def test_a_bill_is_never_law_and_an_undated_act_or_repeal_neither(stage, begins, ends, law):
    assert position(stage, begins, ends).holds_on(dt.date(2026, 1, 1)) is law


def test_every_test_of_the_vocabulary_can_be_carried_out_and_no_other(law):
    used = {
        iri.rsplit("/", 1)[1]
        for links in (
            *(term.links for term in law.terms.values()),
            *(condition.links for one in law.positions for condition in one.conditions),
        )
        for iri in links.get("test", ())
    }
    assert used <= comparison.TESTS
    words = (resources.project() / "ontology" / "vocabulary" / "condition-test.ttl").read_text(
        encoding="utf-8"
    )
    concepts = {line.split(":")[1] for line in words.splitlines() if line.startswith("condition-test:")}
    assert concepts == comparison.TESTS


def test_every_principle_every_offence_and_51_states_are_read(law):
    assert len(law.states) == 51
    assert len(law.principles) == 6
    assert {criterion.one("regulates").rsplit("/", 1)[1] for criterion in law.regulators} == {
        "dual-criminality",
        "complaint",
    }
    assert law.consultation == "Article 25(8)"


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_the_code_names_no_state_and_no_principle(law, path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        ast.get_docstring(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    }
    words = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.strip() not in documented
    ]
    names = {term.iri.rsplit("/", 1)[1] for term in law.terms.values() if "/offence/" not in term.iri}
    named = {word for word in words if word in names}
    examples = [word for word in words if "like DNK" in word or "like {DNK" in word]
    states = {one.iso3 for one in law.states} | {one.label for one in law.states}
    assert named == set()
    assert [
        word
        for word in words
        if any(name in word for name in states)
        and word not in examples
        and len(word) < 100
        and not word.startswith("A")
    ] == []


def test_a_store_that_cuts_answers_off_is_refused(law):
    class Short:
        build_id = ""

        def query(self, _query):
            return Table(("a",), [], truncated=True)

    with pytest.raises(StoreError, match="LANZAROTE_QUERY_ROWS"):
        scenario.load(Short())
