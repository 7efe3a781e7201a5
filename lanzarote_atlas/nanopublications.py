"""A cell or an assessment as a nanopublication: assertion, provenance, publication information, in TriG.

Its address has the build in it, `id/cell/DNK/…/build/53d7a647a640c842`, so that it answers with what the
atlas said then, as long as that build is kept; after a later build it says so, and what is in its place.
Follows the Nanopublication Guidelines (https://nanopub.net/guidelines/working_draft/).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from lanzarote_atlas import builds, catalogue, exports, store, terms
from lanzarote_atlas.errors import UsageError
from lanzarote_atlas.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lanzarote_atlas.builds import Build, Manifest

Rows: TypeAlias = list[tuple[str, ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]
NP = "http://www.nanopub.org/nschema#"
KINDS = ("cell", "assessment")
"""What can be had as a nanopublication."""
_DIGITS = 16
_BUILD = re.compile(r"(?P<thing>.+)/build/(?P<build>[0-9a-f]{16,64})")
_PROVENANCE = frozenset(
    {"citation", "basedOn", "otherAssessment", "wasDerivedFrom", "wasGeneratedBy", "source"}
)
_OF_THE_RULES = frozenset({"cell", "rank", "dated", "holdsFrom", "holdsUntil"})
"""Said of an assessment by the rules that resolve cells; no part of what was read."""
_PARTS = ("head", "assertion", "provenance", "pubinfo")
_LICENCE = ox.NamedNode(exports.LICENCE)
_TYPE = ox.NamedNode(terms.RDF_TYPE)


@dataclass(frozen=True)
class Nanopublication:
    """A nanopublication, and whether a later build has taken the place of the one it was made from."""

    address: str
    thing: str
    """Address of the cell or assessment, without a build."""
    build_id: str
    superseded_by: str
    """Address of the nanopublication of the same thing in the current build; empty where there is none."""
    superseded: bool
    """Whether a later build is current."""
    quads: tuple[ox.Quad, ...]

    @property
    def trig(self) -> str:
        """The nanopublication as TriG."""
        prefixes = terms.prefixes() | {"np": NP, "this": f"{self.address}#"}
        # Without a target the serializer returns bytes, whatever its type says.
        return (ox.serialize(self.quads, format=ox.RdfFormat.TRIG, prefixes=prefixes) or b"").decode()


def address_in(thing: str, build_id: str) -> str:
    """Return the permanent address of a thing as a build has it."""
    return f"{thing}/build/{build_id[:_DIGITS]}"


def of_address(out: Path, address: str) -> Nanopublication:
    """Return the nanopublication at an address or `id/KIND/LOCAL`; of the current build where it names none.

    Raises UsageError where the thing is no cell or assessment of the build, or the build is not kept.
    """
    full = address.startswith(("http://", "https://"))
    iri = address if full else terms.prefixes()["id"] + address.removeprefix("id/")
    with_build = _BUILD.fullmatch(iri)
    thing = with_build["thing"] if with_build else iri
    _require_kind(thing)
    current = builds.required(out)
    build = builds.find(out, with_build["build"]) if with_build else current
    rows = _rows(build, thing)
    if not rows:
        message = f"build {build.manifest.build_id[:_DIGITS]} has nothing at {thing}; try `lanzarote search`"
        raise UsageError(message)
    superseded = build.manifest.build_id != current.manifest.build_id
    followed = address_in(thing, current.manifest.build_id) if superseded and _rows(current, thing) else ""
    return _made(thing, build.manifest, current.manifest if superseded else None, followed, rows)


def _require_kind(thing: str) -> None:
    area = terms.prefixes()["id"]
    if not thing.startswith(tuple(f"{area}{kind}/" for kind in KINDS)):
        message = (
            f"{thing} is neither a cell nor an assessment; give id/cell/DNK/CRITERION or id/assessment/…"
        )
        raise UsageError(message)


def _rows(build: Build, thing: str) -> Rows:
    data = EmbeddedStore.open(build.store, build.manifest.build_id)
    answer = store.table(catalogue.run(data, "nanopublication", thing=thing))
    found: Rows = []
    for role, *said in answer.rows:
        subject, name, value = said
        if not isinstance(subject, ox.NamedNode) or not isinstance(name, ox.NamedNode):
            continue
        if isinstance(value, ox.NamedNode | ox.Literal):
            found.append((store.text(role), subject, name, value))
    return found


def _made(
    thing: str,
    manifest: Manifest,
    later: Manifest | None,
    followed: str,
    rows: Rows,
) -> Nanopublication:
    address = address_in(thing, manifest.build_id)
    quads = (
        *_head(address),
        *_stated(address, thing, rows),
        *_published(address, thing, manifest, later, followed),
    )
    place = {str(_part(address, name)): place for place, name in enumerate(_PARTS)}
    ordered = sorted(dict.fromkeys(quads), key=lambda quad: (place[str(quad.graph_name)], str(quad)))
    return Nanopublication(address, thing, manifest.build_id, followed, later is not None, tuple(ordered))


def _head(address: str) -> Iterator[ox.Quad]:
    np, head = ox.NamedNode(address), _part(address, "head")
    yield ox.Quad(np, _TYPE, ox.NamedNode(NP + "Nanopublication"), head)
    properties = ("hasAssertion", "hasProvenance", "hasPublicationInfo")
    for said, name in zip(properties, _PARTS[1:], strict=True):
        yield ox.Quad(np, ox.NamedNode(NP + said), _part(address, name), head)


def _stated(
    address: str,
    thing: str,
    rows: Rows,
) -> Iterator[ox.Quad]:
    """Yield what is asserted, and what it rests on: citations, assessments, rules and documents."""
    assertion, provenance = _part(address, "assertion"), _part(address, "provenance")
    derived, made_by = _prov("wasDerivedFrom"), _prov("wasGeneratedBy")
    read = thing.startswith(terms.thing("assessment", ""))
    for _role, subject, said, value in rows:
        name = terms.local_name(said.value)
        of_citation = "citation-" in subject.value.partition("#")[2]
        if read and name in _OF_THE_RULES:
            continue
        if not of_citation and (name not in _PROVENANCE or subject.value != thing):
            yield ox.Quad(subject, said, value, assertion)
        elif of_citation:
            yield ox.Quad(subject, said, value, provenance)
        elif name == "wasGeneratedBy":
            yield ox.Quad(assertion, made_by, value, provenance)
        elif isinstance(value, ox.NamedNode):
            yield ox.Quad(assertion, derived, value, provenance)


def _published(
    address: str, thing: str, manifest: Manifest, later: Manifest | None, followed: str
) -> Iterator[ox.Quad]:
    np, info = ox.NamedNode(address), _part(address, "pubinfo")
    dcterms, prov = terms.prefixes()["dcterms"], terms.prefixes()["prov"]
    said: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (dcterms + "created", _moment(manifest.built_at)),
        (dcterms + "license", _LICENCE),
        (dcterms + "isVersionOf", ox.NamedNode(thing)),
        (dcterms + "identifier", ox.Literal(manifest.build_id)),
        (dcterms + "valid", ox.Literal(manifest.as_at, datatype=ox.NamedNode(terms.XSD + "date"))),
        (dcterms + "creator", ox.NamedNode(terms.thing("dataset", "atlas"))),
    ]
    if later:
        said.append((prov + "invalidatedAtTime", _moment(later.built_at)))
    if followed:
        said.append((dcterms + "isReplacedBy", ox.NamedNode(followed)))
    for name, value in said:
        yield ox.Quad(np, ox.NamedNode(name), value, info)


def _part(address: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{address}#{name}")


def _prov(name: str) -> ox.NamedNode:
    return ox.NamedNode(terms.prefixes()["prov"] + name)


def _moment(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(terms.XSD + "dateTime"))
