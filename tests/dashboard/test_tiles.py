from __future__ import annotations

from lanzarote_atlas.dashboard import tiles
from lanzarote_atlas.dashboard.comparison import Answer, Row
from lanzarote_atlas.resources import project


def test_every_state_of_the_data_has_one_tile_of_its_own() -> None:
    states = {path.stem for path in (project() / "data" / "states").glob("*.yaml")}
    assert set(tiles.layout()) >= states
    assert len(set(tiles.layout().values())) == len(tiles.layout())


def test_a_state_without_a_tile_follows_below_and_is_not_left_out() -> None:
    placed = tiles.places(["DNK", "XAA", "XBB"])
    lowest = max(row for row, _ in tiles.layout().values())
    assert placed["XAA"] == (lowest + 1, 1)
    assert placed["XBB"] == (lowest + 1, 2)


def test_a_tile_says_its_state_and_position_in_words_and_escapes_them() -> None:
    answer = Answer("", "yes", "✓", "yes", (), "official", "", "", clear=True, status="resolved")
    row = Row("law.grooming", "solicitation", {"DNK": [answer]})
    made = tiles.grid(row, {"DNK": "<b>Denmark</b>", "SWE": "Sweden"}, lambda _: "compare?cell=x")
    assert "&lt;b&gt;Denmark&lt;/b&gt;: yes" in made
    assert "<b>" not in made
    assert "Sweden: –" in made
