from __future__ import annotations

from dataclasses import replace

import pytest

from lanzarote_atlas import catalogue
from lanzarote_atlas.catalogue import Parameter
from lanzarote_atlas.dashboard import address, store


@pytest.fixture
def dated(built, use_store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query of the catalogue that takes a date, over the real data."""
    use_store(built.folder.parent)
    states = catalogue.find("states")
    day = Parameter(store.AS_AT, "date", "The day.", default="today", required=False)
    query = replace(states, parameters=(day,), text="SELECT ?label { VALUES ?label { $asAt } }")
    monkeypatch.setattr(catalogue, "find", lambda _name: query)


def test_a_query_that_takes_a_date_is_asked_as_at_the_pages(dated, monkeypatch) -> None:
    monkeypatch.setattr(address, "given", lambda: {"at": "2015-03-01"})
    answer = store.ask("states")
    assert answer.parameters == {"asAt": "2015-03-01"}
    assert [row["label"] for row in answer.rows] == ["2015-03-01"]


@pytest.mark.parametrize("at", ["", "yesterday", "1200-01-01"])
def test_without_a_date_it_is_asked_as_at_today(dated, monkeypatch, at) -> None:
    monkeypatch.setattr(address, "given", lambda: {"at": at})
    assert store.ask("states").parameters == {"asAt": address.today()}


def test_a_date_that_the_caller_gives_stands(dated, monkeypatch) -> None:
    monkeypatch.setattr(address, "given", lambda: {"at": "2015-03-01"})
    assert store.ask("states", asAt="2020-01-01").parameters == {"asAt": "2020-01-01"}


def test_a_query_without_a_date_is_given_none(built, use_store) -> None:
    use_store(built.folder.parent)
    assert store.ask("states").parameters == {}
