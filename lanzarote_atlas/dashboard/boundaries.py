"""Boundaries for the map, read from the npm package world-atlas (ISC; Natural Earth, public domain).

They are no part of the project: where `npm install` has not been run there is no map, and the tiles stand
alone. TopoJSON is decoded here, so that only what lies in the picture goes to the browser.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from babel.core import get_global

from lanzarote_atlas import resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PACKAGE = "node_modules/world-atlas/countries-50m.json"
"""Where the boundaries stand, seen from the project's folder."""
_WEST, _EAST, _SOUTH, _NORTH = -25, 60, 27, 72
"""The picture: Europe and its neighbours, in degrees."""
_DIGITS = 2

Point = tuple[float, float]


@cache
def countries() -> list[dict[str, Any]]:
    """Return a GeoJSON feature for each country in the picture, with its code; none without the package."""
    path = resources.project() / PACKAGE
    if not path.is_file():
        return []
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = [decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    features = (_feature(shape, arcs) for shape in topology["objects"]["countries"]["geometries"])
    return [feature for feature in features if feature["geometry"]["coordinates"]]


def short(code: str) -> str:
    """Return the two-letter code of a country's three-letter or numeric one, by the Unicode CLDR."""
    return next(iter(get_global("territory_aliases").get(code, ())), "")


def decoded(arc: Iterable[Sequence[int]], transform: Mapping[str, Sequence[float]]) -> list[Point]:
    """Return the points of an arc, which TopoJSON keeps as whole steps from one point to the next."""
    (wide, high), (left, low) = transform["scale"], transform["translate"]
    steps = accumulate(arc, lambda here, step: (here[0] + step[0], here[1] + step[1]))
    return [(round(x * wide + left, _DIGITS), round(y * high + low, _DIGITS)) for x, y in steps]


def ring(numbers: Iterable[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """Return arcs joined to a ring; a negative number is an arc walked from its end."""
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def _feature(shape: Mapping[str, Any], arcs: Sequence[Sequence[Point]]) -> dict[str, Any]:
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    drawn = ([ring(numbers, arcs) for numbers in polygon] for polygon in polygons)
    inside = [polygon for polygon in drawn if any(_in_picture(point) for point in polygon[0])]
    return {
        "type": "Feature",
        "properties": {"code": short(shape.get("id", ""))},
        "geometry": {"type": "MultiPolygon", "coordinates": inside},
    }


def _in_picture(point: Point) -> bool:
    return _WEST < point[0] < _EAST and _SOUTH < point[1] < _NORTH
