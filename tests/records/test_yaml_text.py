import string
from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.records import yaml_text
from lanzarote_atlas.records.yaml_text import YamlError

# PyYAML's writer folds the line breaks that only Unicode knows; no editor writes them.
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")) | st.just("\n")
KEYS = st.text(CHARACTERS, max_size=12)
PLAIN = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(CHARACTERS, max_size=40)
RECORDS = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


def value_of(text):
    return yaml_text.parse(text, "data/x.yaml").value


def fault_of(text):
    with pytest.raises(YamlError) as raised:
        yaml_text.parse(text, "data/x.yaml")
    return raised.value.fault


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Y", "Y"),
        ("NO", "NO"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("'true'", "true"),
        ("null", None),
        ("~", None),
        ("''", ""),
        ("2023-02-30", "2023-02-30"),
        ("2018-01", "2018-01"),
        ("2018", 2018),
        ("'2018'", "2018"),
        ("-7", -7),
        ("+7", 7),
        ("0", 0),
        ("0.5", 0.5),
        ("012", "012"),
        ("0o14", "0o14"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("190:20:30", "190:20:30"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1.1", 1.1),
        ("7-a", "7-a"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        (">-\n  one\n  line\n", "one line"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_a_plain_value_is_read_by_the_core_schema(text, value):
    """A position stays `yes`, a date stays text, and only a plain decimal number is a number."""
    read = value_of(f"key: {text}")["key"]
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 5000, "1" * 400 + ".5", "0." + "3" * 400])
def test_a_number_too_long_to_hold_stays_text(digits):
    assert value_of(f"key: {digits}") == {"key": digits}


@pytest.mark.parametrize("text", ["", "# a comment\n", "---\n", "\n\n"])
def test_a_file_that_says_nothing_has_no_value(text):
    assert value_of(text) is None


def test_each_part_knows_its_line():
    text = (
        "# top\nrecords:\n- id: a\n  citation:\n  - {source: s,\n     paragraph: [1,\n       2]}\n- id: b\n"
    )
    lines = yaml_text.parse(text, "x").lines
    assert lines[("records",)] == 2
    assert lines[("records", 0)] == 3
    assert lines[("records", 0, "citation")] == 4
    assert lines[("records", 0, "citation", 0)] == 5
    assert lines[("records", 0, "citation", 0, "paragraph")] == 6
    assert lines[("records", 0, "citation", 0, "paragraph", 1)] == 7
    assert lines[("records", 1, "id")] == 8


def test_a_folded_text_stands_at_the_line_of_its_key():
    assert yaml_text.parse("a: 1\nsummary: >-\n  text\n", "x").lines[("summary",)] == 2


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_text():
    assert value_of("\ufeffa: 1\r\nb: two\r\n") == {"a": 1, "b": "two"}


def test_a_key_that_stands_twice_is_a_fault_that_names_both_lines():
    fault = fault_of("a: 1\nb: 2\na: 3\n")
    assert fault.line == 3
    assert fault.problem == "key 'a' stands twice (first at line 1)"
    assert fault.file == "data/x.yaml"


def test_a_quoted_key_is_the_same_key():
    assert "stands twice" in fault_of("a: 1\n'a': 2\n").problem


@pytest.mark.parametrize(
    ("text", "line", "name"),
    [
        ("a: &x {b: 1}\nc: *x\n", 1, "x"),
        ("a: &x word\nc: *x\n", 1, "x"),
        ("a:\n- 1\n- &unused 2\n", 3, "unused"),
        ("&k a: 1\n*k : 2\n", 1, "k"),
        ("a: 1\nb:\n  <<: &x {c: 1}\n", 3, "x"),
    ],
)
def test_an_anchor_is_refused_because_an_alias_hides_what_a_record_says(text, line, name):
    fault = fault_of(text)
    assert (fault.line, name in fault.problem) == (line, True)
    assert fault.remedy == "write the value out where it is meant"


def test_a_billion_laughs_are_refused_at_the_first():
    text = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n"
        for before, name in zip(string.ascii_lowercase, string.ascii_lowercase[1:], strict=False)
    )
    assert fault_of(text).line == 1


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['exit 1']",
        "!!python/name:os.system",
        "!!python/tuple [1, 2]",
        "!!bool yes",
        "!!int '5'",
        "!!str 5",
        "!!binary aGVsbG8=",
        "!!set {a, b}",
        "!!timestamp 2020-01-01",
        "! text",
        "!local x",
    ],
)
def test_a_tag_is_a_fault_and_constructs_nothing(value):
    fault = fault_of(f"a: 1\nkey: {value}\n")
    assert fault.line == 2
    assert fault.problem.startswith("tag '!") or fault.problem.startswith("tag 'tag:")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 'open\n", 2),
        ("a: b: c\n", 1),
        ("a: 1\n\tb: 2\n", 2),
        ("a: [1, 2\n", 2),
        ("a: 1\n  b: 2\n", 2),
        ("- a\nb: 1\n", 2),
        ("a: @b\n", 1),
        ("a: *missing\n", 1),
        ("{[a]: b}\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("%YAML 9.9\n---\na: 1\n", 1),
        ("a: !e!x y\n", 1),
    ],
)
def test_what_is_not_well_formed_is_a_fault_with_its_line(text, line):
    fault = fault_of(text)
    assert fault.line == line
    assert fault.problem
    assert fault.remedy


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\ufffe"])
def test_a_control_character_is_a_fault_at_its_line(character):
    fault = fault_of(f"a: é\nb: x{character}y\n")
    assert fault.line == 2
    assert fault.remedy == "save the file as UTF-8 text"


def test_half_a_surrogate_pair_is_a_fault():
    assert "not YAML" in fault_of("a: \ud800\n").problem


@pytest.mark.parametrize("depth", [21, 900, 5_000, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_deep_nesting_is_a_fault_and_no_crash(opening, closing, depth):
    """PyYAML's own composer recurses in C and ends the process at a hundred thousand brackets."""
    assert "nested too deeply" in fault_of(opening * depth + "x" + closing * depth).problem


def test_nesting_that_records_have_is_read():
    assert value_of("[" * 20 + "]" * 20)


@given(st.text())
def test_any_text_is_read_or_is_a_fault(text):
    """No text raises anything but YamlError."""
    with suppress(YamlError):
        yaml_text.parse(text, "x")


@given(st.text(alphabet="ab:-[]{}'\"|>&*!#%@` \n\t\\~0.1,?", max_size=60))
def test_any_text_of_yaml_signs_is_read_or_is_a_fault(text):
    try:
        lines = yaml_text.parse(text, "x").lines
    except YamlError as refused:
        lines = {(): refused.fault.line}
    assert all(1 <= line <= text.count("\n") + 2 for line in lines.values())


@given(RECORDS)
def test_what_yaml_writes_comes_back_unchanged(value):
    text = yaml.dump(value, Dumper=_PlainDumper, allow_unicode=True)
    assert value_of(text) == value


class _PlainDumper(yaml.SafeDumper):
    """Writes each value out where it stands, as a curator does."""

    def ignore_aliases(self, _data):
        return True
