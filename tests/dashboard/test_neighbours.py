"""The graph around a thing and the referral route: every text quoted, every neighbour a link, few of each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.dashboard import drawing, neighbours, route
from lanzarote_atlas.dashboard.citations import Cited

COLOURS = {"line": "#000000", "text": "#111111", "fill": "#222222"}
ARTICLE = "https://w3id.org/lanzarote-atlas/id/provision/cets-201/art-25/2"


@given(st.text())
def test_no_text_of_the_data_leaves_its_quotes(text) -> None:
    inside = drawing.quoted(text)[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside
    assert "\n" not in inside


def test_a_neighbour_with_a_page_is_a_link_in_the_graph() -> None:
    graph = neighbours.graph("Middle", [neighbours.Kind("rests on", [("Article 25(2)", ARTICLE)])], COLOURS)
    assert 'URL="provisions?provision=cets-201%2Fart-25%2F2"' in graph
    assert "middle -> kind0;" in graph


def test_what_a_thing_rests_on_stands_before_it() -> None:
    kind = neighbours.Kind("part of", [("Article 25", ARTICLE)], upward=True)
    assert "kind0 -> middle;" in neighbours.graph("Middle", [kind], COLOURS)


def test_of_many_neighbours_the_rest_is_counted_in_drawing_and_words() -> None:
    kind = neighbours.Kind("implemented by", [(f"§ {number}", f"urn:{number}") for number in range(12)])
    assert "and 7 more" in neighbours.graph("Middle", [kind], COLOURS)
    assert neighbours.told("Middle", [kind]).endswith("and 7 more")


def test_a_step_bears_its_number_date_and_provisions() -> None:
    row = {"from": "urn:a", "to": "urn:b", "fromLabel": "Platform", "toLabel": 'The "Centre"', "place": "2"}
    step = Cited(row | {"when": "2017-11", "provisions": f"Article 25(2) <{ARTICLE}>"}, [])
    drawn = route.drawing([step], COLOURS)
    assert "2. November 2017\\n Article 25(2)" in drawn
    assert '\\"Centre\\"' in drawn
