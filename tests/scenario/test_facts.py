"""A scenario file says what is known, what is none and what is blank; each slip tells line and remedy."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanzarote_atlas import scenario
from lanzarote_atlas.dashboard.text import state_name
from lanzarote_atlas.errors import FaultsFoundError
from lanzarote_atlas.scenario import facts

LEAST = "date: 2026-01-01\noffence: sexual-abuse\n"


def fault(text, law):
    with pytest.raises(FaultsFoundError) as raised:
        scenario.parse(text, law, "case.yaml")
    (found,) = raised.value.faults
    return str(found)


def test_values_are_read_by_the_type_of_their_field(law):
    case = scenario.parse(
        LEAST
        + "title: A case\nplace-of-act: THA\nvictim-nationality: [DNK, SWE, DNK]\nserver: []\ncomplaint: no\n"
        "victim-age: 12\npenalty-maximum: {DNK: 6, SWE: 0.5}\noffence-where-done: true\nextradited:\n",
        law,
    )
    assert case.day == dt.date(2026, 1, 1)
    assert case.states("place-of-act") == ("THA",)
    assert case.states("victim-nationality") == ("DNK", "SWE")
    assert case.states("server") == ()
    assert case.states("suspect-location") is None
    assert (case.truth("complaint"), case.truth("offence-where-done"), case.truth("extradited")) == (
        False,
        True,
        None,
    )
    assert (case.number("victim-age", "DNK"), case.number("penalty-maximum", "SWE")) == (12, 0.5)
    assert case.number("penalty-maximum", "NOR") is None
    assert case.title == "A case"
    assert "extradited" not in case.facts


def test_a_state_has_one_code_and_nothing_else_has_one():
    assert len(facts.countries()) == 249 + len({"XKK"})
    names = [state_name(code, "en") for code in facts.countries()]
    assert len(set(names)) == len(names)
    assert not {"European Union", "Unknown Region"} & set(names)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "plase-of-act: DNK",
            "case.yaml:3: plase-of-act: unknown key 'plase-of-act'; did you mean 'place-of-act'?",
        ),
        ("place-of-act: DEN", "case.yaml:3: place-of-act: 'DEN' is no code of a State; did you mean 'DNK'?"),
        ("server: [DNK, XXX]", "case.yaml:3: server: 'XXX' is no code of a State"),
        ("server: 12", "case.yaml:3: server: 12 is no code of a State; write three capital letters"),
        ("victim-age: 121", "case.yaml:3: victim-age: 121 is no age; write whole years from 0 to 120"),
        ("victim-age: -1", "case.yaml:3: victim-age: -1 is no age"),
        ("victim-age: 12.5", "case.yaml:3: victim-age: 12.5 is no age"),
        ("victim-age: yes", "case.yaml:3: victim-age: 'yes' is no age"),
        ("complaint: perhaps", "case.yaml:3: complaint: 'perhaps' is neither yes nor no; write yes or no"),
        (
            "penalty-maximum: 6",
            "case.yaml:3: penalty-maximum: 6 is no list of laws; write the code of each State",
        ),
        ("penalty-maximum: {DNK: life}", "case.yaml:3: penalty-maximum: 'life' is no number of years"),
        ("penalty-maximum: {DK: 6}", "case.yaml:3: penalty-maximum: 'DK' is no code of a State"),
        ("title: [a]", "case.yaml:3: title: ['a'] is no text; write words"),
        ("complaint: no\ncomplaint: yes", "case.yaml:4: -: key 'complaint' stands twice"),
    ],
)
def test_a_slip_is_told_with_its_line_and_the_next_step(law, line, expected):
    assert fault(LEAST + line + "\n", law).startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("offence: sexual-abuse\n", "case.yaml:1: date: key 'date' is missing"),
        ("date: 2026-01-01\noffence:\n", "case.yaml:2: offence: key 'offence' is missing"),
        ("date: 2026-02-30\noffence: grooming\n", "case.yaml:1: date: '2026-02-30' is no date; write a day"),
        ("date: 20260101\noffence: grooming\n", "case.yaml:1: date: 20260101 is no date"),
        (
            "date: 2026-01-01\noffence: gromming\n",
            "case.yaml:2: offence: 'gromming' is no offence; did you mean 'grooming'?",
        ),
        ("- date\n", "case.yaml:1: -: not a mapping of keys to values; keys are: title, summary"),
        ("", "case.yaml:1: -: not a mapping of keys to values"),
        ("date: [\n", "case.yaml:2: -: not YAML"),
    ],
)
def test_without_a_day_and_an_offence_no_law_can_be_chosen(law, text, expected):
    assert fault(text, law).startswith(expected)


def test_every_fault_of_a_file_is_told_at_once(law):
    with pytest.raises(FaultsFoundError) as raised:
        scenario.parse("server: X\ncomplaint: 3\n", law)
    assert [found.record for found in raised.value.faults] == ["date", "offence", "server", "complaint"]


def test_a_file_that_cannot_be_read_is_a_fault(law, tmp_path):
    (tmp_path / "latin.yaml").write_bytes(b"title: \xe9\n")
    (tmp_path / "large.yaml").write_bytes(b"#" * 200_001)
    for name, problem in [
        ("absent.yaml", "No such file"),
        ("latin.yaml", "UTF-8"),
        ("large.yaml", "too large"),
    ]:
        with pytest.raises(FaultsFoundError, match=problem):
            scenario.read(tmp_path / name, law)


def test_a_form_gives_the_same_scenario_as_a_file(law):
    values = {
        "date": "2026-01-01",
        "offence": "sexual-abuse",
        "server": [],
        "victim-age": 12,
        "complaint": True,
    }
    text = LEAST + "server: []\nvictim-age: 12\ncomplaint: yes\n"
    assert scenario.of_values(values, law) == scenario.parse(text, law)


def test_every_type_of_value_in_the_vocabulary_can_be_read(law):
    assert {entry.type for entry in law.fields.values()} == set(facts._READERS)


def test_there_is_one_day_and_one_offence_in_the_vocabulary(law):
    for kind in ("date", "offence"):
        assert len([entry for entry in law.fields.values() if entry.type == kind]) == 1


@given(st.text(max_size=60))
@settings(max_examples=60)
def test_no_text_breaks_the_reader(law, text):
    try:
        scenario.parse(text, law)
    except FaultsFoundError as error:
        assert all(found.line >= 1 for found in error.faults)  # noqa: PT017 - any text is a fault or a scenario
