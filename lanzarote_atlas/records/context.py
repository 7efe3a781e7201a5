"""The mapping from YAML keys to RDF, as the JSON-LD context declares it.

`ontology/context.jsonld` is the only place where a key is tied to a property. This module reads from it what
checking needs: which kind of thing or concept a key names, and where records of a type have their address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from lanzarote_atlas import resources, settings, terms

PARTIAL_DATES = {len("2018"): terms.XSD + "gYear", len("2018-01"): terms.XSD + "gYearMonth"}
NESTED_TYPES = {
    "citation": "Citation",
    "condition": "Condition",
    "figure": "Figure",
    "part": "RecommendationPart",
    "account": "Account",
}


@dataclass(frozen=True)
class Context:
    """The parsed context: the document for the JSON-LD processor, and what each key means."""

    document: dict[str, Any]
    """The context without its scopes, for records whose names are resolved already (`address_of`)."""
    type_bases: dict[str, str]
    """Type of a record -> address under which its ids stand."""
    areas: dict[str, str]
    """Key that names a thing or concept -> its area: `id/state`, `vocabulary/position`."""
    dates: frozenset[str]
    """Keys that hold a date."""
    addresses: frozenset[str]
    """Keys that hold a full web address."""
    words: dict[str, dict[str, str]]
    """Key -> words with an address of their own (addressee: all-parties)."""

    def record_iri(self, kind: str, identifier: str) -> str:
        """Return the address of a record; its type must be one of the context's."""
        return self.type_bases[kind] + identifier

    def address_of(self, key: str, name: str) -> str:
        """Return the address of what a key names, as the scope of that key in the context has it."""
        return self.words[key].get(name) or f"{settings.current().base}{self.areas[key]}/{name}"

    def area_of(self, kind: str) -> str:
        """Return the area (`id/state`) in which records of a type have their ids."""
        return self.type_bases[kind].removeprefix(settings.current().base).rstrip("/")


@cache
def load() -> Context:
    """Read ontology/context.jsonld once."""
    text = resources.read_text(resources.project() / "ontology" / "context.jsonld")
    document: dict[str, Any] = json.loads(text)["@context"]
    scoped = {key: entry for key, entry in document.items() if isinstance(entry, dict)}
    types = {
        key: entry["@context"]["@base"]
        for key, entry in scoped.items()
        if key[0].isupper() and "@base" in entry.get("@context", {})
    }
    base = settings.current().base
    areas, words = {}, {}
    for key, entry in scoped.items():
        inner = entry.get("@context", {})
        start = inner.get("@base") or inner.get("@vocab")
        if key[0].islower() and start:
            areas[key] = start.removeprefix(base).rstrip("/")
            words[key] = {word: iri for word, iri in inner.items() if not word.startswith("@")}
    dates = frozenset(key for key, entry in scoped.items() if entry.get("@type") == "xsd:date")
    addresses = frozenset(
        key for key, entry in scoped.items() if entry.get("@type") == "@id" and key not in areas
    )
    return Context(_without_scopes(document), types, areas, dates, addresses, words)


def _without_scopes(document: dict[str, Any]) -> dict[str, Any]:
    """Return the context with the scope of each key left out.

    A processor applies a key's scope at each of its values, which took two thirds of the mapping's time.
    """
    flat = {}
    for key, entry in document.items():
        if isinstance(entry, dict) and "@context" in entry:
            kept = {name: value for name, value in entry.items() if name != "@context"}
            flat[key] = kept | ({"@type": "@id"} if "@type" in kept else {})
        else:
            flat[key] = entry
    return flat
