"""A query of the reader's own: answered, drawn, shared, or refused with its place and what is allowed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from lanzarote_atlas.dashboard.pages import own_query
from lanzarote_atlas.errors import QueryError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from lanzarote_atlas.store import Answer

THREE = "SELECT ?s { ?s a lz:State } ORDER BY ?s LIMIT 3"
PAIRS = 'SELECT ?name ?count { VALUES (?name ?count) { ("<b>*x*</b>" 2) ("y" 1e0) } } ORDER BY ?name'


def written(app: AppTest, query: str) -> AppTest:
    """Write into the box without asking: AppTest cannot type into a component."""
    app.session_state[own_query.DRAFT] = query
    app.run()
    assert not app.exception
    return app


def sent(app: AppTest, query: str) -> AppTest:
    """Ask as a reader's link does."""
    app.query_params["sparql"] = query
    app.run()
    assert not app.exception
    return app


def in_box(app: AppTest) -> dict[str, Any]:
    """Return what the box is given: text, version and fault."""
    (box,) = app.get("bidi_component")
    given: dict[str, Any] = json.loads(box.proto.json)
    return given


def said(app: AppTest) -> list[str]:
    lines = [element.value.replace("\\", "") for element in (*app.markdown, *app.caption, *app.warning)]
    faults = [in_box(app)["fault"]] if app.get("bidi_component") else []
    return lines + [
        f"line {fault['line']}, column {fault['column']}: {fault['message']}" for fault in faults if fault
    ]


def one(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value if isinstance(value, str) else value[-1]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        (THREE, "**3 rows**"),
        ("SELECT ?s { ?s a lz:NoSuchClass }", "**0 rows**"),
        ("ASK { ?s a lz:State }", "**Yes**"),
        ("ASK { ?s a lz:NoSuchClass }", "**No**: nothing on record matches; that is not a finding."),
        ("CONSTRUCT WHERE { id:state\\/DNK a ?class }", "**1 triple**"),
    ],
)
def test_an_own_query_is_answered_and_stands_in_the_address(
    query: str, shown: str, opened: Callable[..., AppTest]
) -> None:
    app = sent(opened("query", part="own"), query)
    assert shown in said(app)
    assert one(app, "sparql") == query
    cold = opened("query", part="own", sparql=query)
    assert shown in said(cold)
    assert in_box(cold)["text"] == query


def test_triples_are_shown_as_turtle(opened: Callable[..., AppTest]) -> None:
    app = opened("query", part="own", sparql="CONSTRUCT WHERE { id:state\\/DNK a ?class }")
    assert any("state" in element.value for element in app.code if element.language == "turtle")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("ASK { SERVICE <http://127.0.0.1:1/> {} }", "may not call another endpoint"),
        ("DROP ALL", "read only"),
        ("SELECT * { ?s", "line 1, column 14"),
        ("ASK FROM <file:///etc/passwd> {}", "no graph of the dataset"),
    ],
)
def test_a_hostile_or_broken_query_is_refused_with_its_reason(
    query: str, why: str, opened: Callable[..., AppTest]
) -> None:
    app = sent(opened("query", part="own"), query)
    assert sum(why in line for line in said(app)) == 1


def test_a_fault_is_marked_before_the_query_is_asked(opened: Callable[..., AppTest]) -> None:
    app = written(opened("query", part="own"), "SELECT ?s\nWHERE { ?s a lz:State ;; <b>x</b> }")
    fault = in_box(app)["fault"]
    assert (fault["line"], fault["column"]) == (2, 29)
    assert fault["message"].startswith("the query does not parse: found 'x'; allowed here: ")
    assert "sparql" not in app.query_params


def test_a_fault_that_the_engine_finds_is_told_once_and_not_asked_again(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(query: str) -> Answer:
        asked.append(query)
        raise QueryError("the query could not be answered: error at line 1, column 7: expected")

    monkeypatch.setattr(own_query.store, "own", refuse)
    app = sent(opened("query", part="own"), THREE)
    assert in_box(app)["fault"] == {
        "line": 1,
        "column": 7,
        "message": "the query could not be answered: error: expected",
    }
    assert not app.warning
    app.run()
    assert asked == [THREE]


def test_a_fault_of_the_whole_query_is_told_without_a_place(opened: Callable[..., AppTest]) -> None:
    app = sent(opened("query", part="own"), "SELECT ?x { ?s ?p ?o } GROUP BY ?s")
    assert in_box(app)["fault"] is None
    told = [warning.value.replace("\\", "") for warning in app.warning]
    assert told == ["the query could not be answered: error: The SELECT contains a variable that is unbound"]


def test_a_box_that_was_open_before_the_session_keeps_its_text(opened: Callable[..., AppTest]) -> None:
    app = opened("query", part="own", sparql=THREE)
    told = {"draft": {"text": "ASK {}", "ask": False, "version": 0, "time": 1}}
    app.session_state[own_query.BOX] = told
    app.run()
    assert not app.exception
    assert in_box(app)["text"] == "ASK {}"
    assert "**3 rows**" in said(app)


@pytest.mark.parametrize("junk", [{}, {"draft": "DROP ALL"}, {"draft": {"text": "ASK {}", "version": "x"}}])
def test_what_no_box_of_ours_tells_is_passed_over(junk: object, opened: Callable[..., AppTest]) -> None:
    app = opened("query", part="own", sparql=THREE)
    app.session_state[own_query.BOX] = junk
    app.run()
    assert not app.exception
    assert in_box(app)["text"] == THREE


def test_another_address_is_newer_than_what_is_written(opened: Callable[..., AppTest]) -> None:
    app = written(opened("query", part="own"), "ASK {}")
    before = in_box(app)["version"]
    sent(app, THREE.replace(" } ", " }\r\n"))
    assert in_box(app)["version"] > before
    assert in_box(app)["text"] == THREE.replace(" } ", " }\n")
    assert "**3 rows**" in said(app)


def test_what_is_asked_stays_while_another_is_written(opened: Callable[..., AppTest]) -> None:
    app = written(sent(opened("query", part="own"), THREE), "ASK {}")
    assert "**3 rows**" in said(app)
    assert any("answers the one before" in line for line in said(app))


@pytest.mark.parametrize("kind", ["bars", "line"])
def test_numbers_over_names_can_be_drawn_with_an_equal_table(
    kind: str, opened: Callable[..., AppTest]
) -> None:
    app = opened("query", part="own", sparql=PAIRS, chart=kind)
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 1
    drawn = app.table[-1].value
    assert drawn.to_numpy().tolist() == [["\\<b\\>\\*x\\*\\</b\\>", "2"], ["y", "1"]]


@pytest.mark.parametrize(
    "query",
    [
        THREE,
        "SELECT ?n { VALUES ?n { 1 2 } }",
        'SELECT * { VALUES (?a ?n) { ("x" "NaN"^^xsd:double) } }',
        'SELECT * { VALUES (?a ?n) { ("x" "many"^^xsd:integer) } }',
    ],
)
def test_an_answer_without_names_and_numbers_offers_no_chart(
    query: str, opened: Callable[..., AppTest]
) -> None:
    app = opened("query", part="own", sparql=query)
    assert not app.exception
    assert "Chart" not in [box.label for box in app.selectbox]


def test_a_named_query_is_taken_into_the_editor_with_its_parameters(opened: Callable[..., AppTest]) -> None:
    app = opened("query", query="recommendations", level="request")
    rows = len(app.dataframe[0].value)
    next(button for button in app.button if button.label == "Edit as my own query").click().run()
    assert not app.exception
    text = in_box(app)["text"]
    assert "vocabulary/recommendation-level/request>" in text or "request" in text
    assert "$level" not in text
    assert len(app.dataframe[0].value) == rows
    assert one(app, "part") == "own"


def test_the_snippets_are_drawn_when_opened(opened: Callable[..., AppTest]) -> None:
    app = opened("query", part="own", sparql=THREE)
    folded = next(one for one in app.expander if one.label.startswith("Run this query"))
    assert not any("curl" in element.value for element in app.code)
    app.session_state[folded.proto.id.split("-", 2)[-1]] = True
    app.run()
    assert [element.language for element in app.code if "127.0.0.1:8080/sparql" in element.value] == [
        "bash",
        "python",
        "r",
    ]


def test_the_limits_and_prefixes_are_stated(opened: Callable[..., AppTest]) -> None:
    app = opened("query", part="own")
    assert own_query.limits() in said(app)
    assert "lz\\:" in app.table[0].value["Prefix"].to_list()


@pytest.mark.parametrize(
    ("error", "place"),
    [
        (RefusedError("no", code="syntax", allowed="yes", place=(2, 3)), (2, 3)),
        (QueryError("the query could not be answered: error at 3:5: expected"), (3, 5)),
        (QueryError("error at line 1, column 7: expected"), (1, 7)),
        (QueryError("the endpoint says no"), None),
    ],
)
def test_the_place_of_a_fault_is_read_from_its_error(
    error: QueryError, place: tuple[int, int] | None
) -> None:
    assert own_query.place_of(error) == place


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            RefusedError(
                "no at line 2, column 3: end", code="syntax", allowed="here: (, BIND, …", place=(2, 3)
            ),
            "no: end; allowed here: ( · BIND · …",
        ),
        (RefusedError("no call", code="service", allowed="a, b", place=(2, 3)), "no call; allowed: a, b"),
        (QueryError("error at 3:5: expected"), "error: expected"),
    ],
)
def test_a_reason_is_told_without_its_place(error: QueryError, told: str) -> None:
    assert own_query.reason(error) == told


def test_an_address_holds_a_query_whole_up_to_its_length() -> None:
    query = 'SELECT * { ?s ?p "&#?=+ æ" }\n'
    assert unquote(own_query.encoded(query)) == query
    assert own_query.encoded("x" * own_query.LONGEST)
    assert not own_query.encoded("x" * (own_query.LONGEST + 1))


@pytest.mark.parametrize(
    ("words", "found", "not_found"),
    [
        ("RATIFIED when", "Who ratified when", "How did the report travel"),
        ("no query has these words", "", "Who ratified when"),
    ],
)
def test_the_named_queries_are_found_by_their_words(
    words: str, found: str, not_found: str, opened: Callable[..., AppTest]
) -> None:
    app = opened("query", find=words)
    assert not app.exception
    labels = [link.proto.label for link in app.get("page_link")]
    assert any(found in label for label in labels) or not found
    assert not any(not_found in label for label in labels)
    assert any("no query of this group" in line.lower() for line in said(app)) is not bool(found)


@pytest.mark.parametrize("blank", [" ", "\n\t "])
def test_blanks_are_no_query(blank, opened) -> None:
    app = opened("query", part="own", sparql=blank)
    assert not app.exception
    assert not app.warning
    assert not app.dataframe
