from __future__ import annotations

import json

import pytest

from lanzarote_atlas import resources
from lanzarote_atlas.dashboard import boundaries, europe
from lanzarote_atlas.dashboard.comparison import Answer, Row

TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [8, 54]},
    "arcs": [[[0, 0], [4, 0], [0, 4]], [[0, 0], [0, 4], [4, 0]], [[300, 0], [1, 0], [0, 1], [-1, -1]]],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "208", "arcs": [[0, -2]]},
                {"type": "MultiPolygon", "id": "036", "arcs": [[[2]]]},
            ],
        }
    },
}
RING = [(8.0, 54.0), (10.0, 54.0), (10.0, 56.0), (8.0, 56.0), (8.0, 54.0)]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A project whose package of boundaries holds Denmark as a square, and one country out of the picture."""
    path = tmp_path / boundaries.PACKAGE
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(TOPOLOGY), encoding="utf-8")
    monkeypatch.setattr(resources, "project", lambda: tmp_path)
    boundaries.countries.cache_clear()
    yield path
    boundaries.countries.cache_clear()


def test_arcs_are_joined_to_rings_also_when_walked_from_their_end(installed) -> None:
    (denmark,) = boundaries.countries()
    assert denmark["properties"]["code"] == "DK"
    assert denmark["geometry"]["coordinates"] == [[RING]]


def test_without_the_package_there_is_no_map(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(resources, "project", lambda: tmp_path)
    boundaries.countries.cache_clear()
    assert boundaries.countries() == []
    assert europe.drawing(Row("law.grooming", "x"), {"DNK": "Denmark"}, dark=False) is None
    boundaries.countries.cache_clear()


@pytest.mark.parametrize("code", ["FRA", "250"])
def test_a_country_is_known_by_either_code(code) -> None:
    assert boundaries.short(code) == "FR"


def test_the_map_says_sign_and_word_beside_the_shade(installed) -> None:
    answer = Answer("", "yes", "✓", "yes", (), "official", "", "", clear=True, status="resolved")
    chart = europe.drawing(Row("law.grooming", "x", {"DNK": [answer]}), {"DNK": "Denmark"}, dark=False)
    assert chart is not None
    text = json.dumps(chart.to_dict(), ensure_ascii=False)
    assert "Denmark: yes" in text
    assert '"sign": "✓"' in text
