"""The names of the atlas: namespaces, and how addresses of things and concepts are made.

The model's own terms live under `lz:`; nothing outside this module spells an address by hand.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from lanzarote_atlas import settings

FIXED_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_NOT_IN_IRIS = re.compile(r'[\x00-\x20<>"{}|\\^`]')
RDF_TYPE = FIXED_PREFIXES["rdf"] + "type"
NO_START, NO_END = "0001-01-01", "9999-12-31"
"""The days that stand for a beginning and an end that no source tells (docs/model.md, "As at a date")."""
XSD = FIXED_PREFIXES["xsd"]


def prefixes() -> dict[str, str]:
    """Return prefix and namespace of everything that queries and exports use."""
    base = settings.current().base
    own = {
        "lz": base + "ontology#",
        "id": base + "id/",
        "voc": base + "vocabulary/",
        "graph": base + "graph/",
    }
    return own | FIXED_PREFIXES


def term(local: str) -> str:
    """Return the address of a class or property of the model: `term("State")`."""
    return settings.current().base + "ontology#" + local


def thing(kind: str, local: str) -> str:
    """Return the address of a thing: `thing("state", "DNK")`."""
    return f"{settings.current().base}id/{kind}/{quote(local, safe='/~._-')}"


def concept(scheme: str, name: str) -> str:
    """Return the address of a concept: `concept("position", "yes")`."""
    return f"{settings.current().base}vocabulary/{scheme}/{quote(name, safe='/~._-')}"


def graph(name: str) -> str:
    """Return the address of a named graph: `graph("data/states/DNK")`."""
    return f"{settings.current().base}graph/{quote(name, safe='/~._-')}"


def encoded(address: str) -> str:
    """Return a web address with what RDF does not allow in it percent-encoded, as a browser does."""
    return _NOT_IN_IRIS.sub(lambda match: quote(match.group()), address)


def compact(iri: str) -> str:
    """Return an address in its shortest readable form: `lz:State`, `id/state/DNK`, or as it is."""
    base = settings.current().base
    if iri.startswith(base + "ontology#"):
        return "lz:" + iri.removeprefix(base + "ontology#")
    if iri.startswith(base):
        return iri.removeprefix(base)
    for prefix, namespace in FIXED_PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def full(address: str) -> str:
    """Return the address of a thing given by it or by `id/KIND/LOCAL`."""
    if address.startswith(("http://", "https://")):
        return address
    return f"{settings.current().base}id/{address.removeprefix('id/')}"


def local_name(iri: str) -> str:
    """Return the last part of an address within its kind: `II-3`, `cets-201/art-25/2`, `request`."""
    base = settings.current().base
    for area in ("id/", "vocabulary/"):
        if iri.startswith(base + area):
            return iri.removeprefix(base + area).split("/", 1)[-1]
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
