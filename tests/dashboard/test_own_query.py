"""The box for a query of the reader's own: answered, or refused with what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest


def sent(app: AppTest, query: str) -> AppTest:
    app.text_area(key="own-query-text").set_value(query)
    app.button[0].click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("SELECT ?s { ?s a lz:State } ORDER BY ?s LIMIT 3", "**3 rows**"),
        ("ASK { ?s a lz:State }", "**Yes**"),
        ("ASK { ?s a lz:NoSuchClass }", "**No**"),
    ],
)
def test_an_own_query_is_answered(query: str, shown: str, opened: Callable[..., AppTest]) -> None:
    app = sent(opened("query"), query)
    assert shown in [element.value for element in app.markdown]


def test_triples_are_shown_as_turtle(opened: Callable[..., AppTest]) -> None:
    app = sent(opened("query"), "CONSTRUCT WHERE { id:state\\/DNK a ?class }")
    assert any("id:state" in element.value for element in app.code)


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
    app = sent(opened("query"), query)
    assert any(why in warning.value.replace("\\", "") for warning in app.warning)
