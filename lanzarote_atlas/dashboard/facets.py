"""Facets of a long list: how many things each choice would leave, given all the other choices.

The counts come from a query that has already put like things together, so that a page never goes through the
things themselves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas.dashboard import address
from lanzarote_atlas.dashboard.text import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Bundle:
    """Like things: how many there are, and their names under each facet; a thing may have several."""

    things: int
    names: Mapping[str, frozenset[str]]

    def has(self, facet: str, name: str | None) -> bool:
        """Return whether its things have the name under the facet; without a name, any will do."""
        return not name or name in self.names[facet]


def counted(bundles: Iterable[Bundle], chosen: Mapping[str, str | None]) -> dict[str, Counter[str]]:
    """Return for each facet how many things each name has among those that all *other* choices leave."""
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in chosen}
    for bundle in bundles:
        unmet = [facet for facet, name in chosen.items() if not bundle.has(facet, name)]
        for facet in chosen if not unmet else unmet if len(unmet) == 1 else ():
            for name in bundle.names[facet]:
                counts[facet][name] += bundle.things
    return counts


def left(bundles: Iterable[Bundle], chosen: Mapping[str, str | None]) -> int:
    """Return how many things all choices together leave."""
    return sum(
        bundle.things for bundle in bundles if all(bundle.has(facet, name) for facet, name in chosen.items())
    )


def offered(labels: Mapping[str, str], counts: Mapping[str, int], chosen: str | None) -> dict[str, str]:
    """Return the names that would leave something, and the one chosen, each with its label and count."""
    return {
        name: f"{label} ({number(str(counts.get(name, 0)))})"
        for name, label in labels.items()
        if counts.get(name) or name == chosen
    }


def box(  # noqa: PLR0913, PLR0917 - a facet's parts
    label: str,
    facet: str,
    labels: Mapping[str, str],
    counts: Mapping[str, int],
    chosen: str | None,
    explain: str | None = None,
) -> None:
    """Draw the box of a facet, bound to the address; warn where the address names what the facet lacks."""
    if chosen is None and address.given().get(facet):
        address.value(facet, labels)
    address.box(
        label,
        facet,
        offered(labels, counts, chosen),
        chosen,
        lambda taken: address.take_over(facet, taken),
        nothing="All",
        explain=explain,
    )
