"""A cell, assessment, comparison or scenario as a nanopublication: assertion, provenance, publication info.

Its address has the build in it, `id/cell/DNK/…/build/53d7a647a640c842`, so that it answers with what the
atlas said then, as long as that build is kept; after a later build it says so, and what is in its place. A
comparison asserts the cells compared, a scenario its outcome in the terms of EARL, where "cannot tell" is
unknown. Follows the Nanopublication Guidelines (https://nanopub.net/guidelines/working_draft/).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from lanzarote_atlas import (
    builds,
    catalogue,
    exports,
    permanent_addresses,
    questions,
    scenario,
    store,
    terms,
)
from lanzarote_atlas.errors import UsageError
from lanzarote_atlas.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lanzarote_atlas.builds import Build, Manifest
    from lanzarote_atlas.permanent_addresses import Comparison
    from lanzarote_atlas.scenario import Law, Truth
    from lanzarote_atlas.scenario.judgment import StateResult

Row: TypeAlias = tuple[str, ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]
Rows: TypeAlias = list[Row]
NP = "http://www.nanopub.org/nschema#"
EARL = "http://www.w3.org/ns/earl#"
KINDS = ("cell", "assessment", "comparison", "scenario")
"""What can be had as a nanopublication."""
_MOST_CELLS = 1000
"""How many cells one nanopublication may assert."""
_OUTCOMES = {"met": "passed", "unmet": "failed", "unknown": "cantTell"}
_PROVENANCE = frozenset(
    {"citation", "basedOn", "otherAssessment", "wasDerivedFrom", "wasGeneratedBy", "source"}
)
_LINKS_OF_A_CELL = frozenset({"basedOn", "otherAssessment"})
"""Which of several cells rests on which assessment is asserted with them."""
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
    """Address of the cell, assessment, comparison or scenario, without a build."""
    build_id: str
    superseded_by: str
    """Address of the nanopublication of the same thing in the current build; empty where there is none."""
    superseded: bool
    """Whether a later build is current."""
    quads: tuple[ox.Quad, ...]

    @property
    def trig(self) -> str:
        """The nanopublication as TriG."""
        prefixes = (
            terms.prefixes() | {"np": NP, "earl": EARL, "this": f"{self.address}#"} | {"of": f"{self.thing}#"}
        )
        # Without a target the serializer returns bytes, whatever its type says.
        return (ox.serialize(self.quads, format=ox.RdfFormat.TRIG, prefixes=prefixes) or b"").decode()


def of_address(out: Path, address: str, current: Build | None = None) -> Nanopublication:
    """Return the nanopublication at an address or `id/KIND/LOCAL`; of the current build where it names none.

    `current` is the build that counts as the current one, where that is not what the folder's pointer says
    at this moment: a service goes over to a new build a little later. Raises UsageError where the build has
    no such thing, or is not kept.
    """
    thing, named = permanent_addresses.split(terms.full(address))
    _require_kind(thing)
    current = current or builds.required(out)
    build = builds.find(out, named) if named else current
    rows = _rows(build, thing)
    if not rows:
        message = f"build {build.manifest.short} has nothing at {thing}; try `lanzarote search`"
        raise UsageError(message)
    superseded = build.manifest.build_id != current.manifest.build_id
    followed = (
        permanent_addresses.in_build(thing, current.manifest.build_id)
        if superseded and _answers(current, thing)
        else ""
    )
    return _made(thing, build.manifest, current.manifest if superseded else None, followed, rows)


def _require_kind(thing: str) -> None:
    area = terms.prefixes()["id"]
    if not thing.startswith(tuple(f"{area}{kind}/" for kind in KINDS)):
        message = (
            f"{thing} is no cell, assessment, comparison or scenario; give id/cell/DNK/CRITERION or "
            "id/assessment/…, or see docs/querying.md"
        )
        raise UsageError(message)


def _kind(thing: str) -> str:
    return thing.removeprefix(terms.prefixes()["id"]).partition("/")[0]


def _answers(build: Build, thing: str) -> bool:
    """Tell whether a later build still has a thing; a comparison or scenario is made anew from any build."""
    return _kind(thing) in {"comparison", "scenario"} or bool(_rows(build, thing))


def _rows(build: Build, thing: str) -> Rows:
    """Return what a build says of a thing: role, subject, property and value."""
    if _kind(thing) == "comparison":
        return _compared(_open(build), permanent_addresses.comparison(thing))
    if _kind(thing) == "scenario":
        return _judged(_law(build), thing)
    return _stored(_open(build), thing)


def _open(build: Build) -> EmbeddedStore:
    return EmbeddedStore.open(build.store, build.manifest.build_id)


def _stored(data: EmbeddedStore, thing: str) -> Rows:
    return _as_rows(store.table(catalogue.run(data, "nanopublication", thing=thing)))


def _as_rows(answer: store.Table) -> Rows:
    found: Rows = []
    for role, *said in answer.rows:
        subject, name, value = said
        if not isinstance(subject, ox.NamedNode) or not isinstance(name, ox.NamedNode):
            continue
        if isinstance(value, ox.NamedNode | ox.Literal):
            found.append((store.text(role), subject, name, value))
    return found


def _compared(data: EmbeddedStore, compared: Comparison) -> Rows:
    """Return the comparison's States, day and cells, and what is said of each cell."""
    given = {"asAt": compared.day, "theme": compared.theme, "criterion": compared.criterion}
    name = "compare-states-by-criteria"
    if compared.offence:
        name, given = "compare-states-for-one-offence", given | {"offence": compared.offence}
    rows = store.table(catalogue.run(data, name, **given)).dicts()
    states = {terms.thing("cell", f"{state}/") for state in compared.states}
    cells = [row["cell"] for row in rows if row["cell"].startswith(tuple(states))]
    if not cells or len(cells) > _MOST_CELLS:
        message = (
            f"{compared.address} has {len(cells)} cells, where from 1 to {_MOST_CELLS} can be asserted; "
            "name States and criteria of the atlas, and a chapter rather than all or fewer States"
        )
        raise UsageError(message)
    itself = ox.NamedNode(compared.address)
    day = ox.Literal(compared.day, datatype=ox.NamedNode(terms.XSD + "date"))
    found: Rows = [("thing", itself, _dcterms("valid"), day)]
    for cell in cells:
        found.append(("thing", itself, _dcterms("hasPart"), ox.NamedNode(cell)))
        found += _as_rows(questions.rows(data, "cell", cell=ox.NamedNode(cell)))
    return found


def _judged(law: Law, thing: str) -> Rows:
    """Return the facts of a scenario, and the result of each State on each principle."""
    outcome = scenario.judge(scenario.of_address(thing, law), law)
    itself = ox.NamedNode(thing)
    found: Rows = []
    for name, told in permanent_addresses.scenario(thing).items():
        fact = ox.NamedNode(f"{thing}#{name}")
        found += [
            ("thing", itself, _dcterms("hasPart"), fact),
            ("part", fact, _dcterms("subject"), ox.NamedNode(law.fields[name].iri)),
            ("part", fact, _rdf("value"), ox.Literal(told)),
        ]
    for one in outcome.states:
        found += _claim(thing, one)
    return found


@lru_cache(maxsize=2)
def _law(build: Build) -> Law:
    return scenario.load(_open(build))


def _claim(thing: str, one: StateResult) -> Iterator[Row]:
    """Yield a State's result on a scenario and, below it, on each principle with its positions."""
    claim = ox.NamedNode(f"{thing}#{one.state.iso3}")
    yield from _result(thing, claim, one.state.iri, one.result)
    for of in one.principles:
        part = ox.NamedNode(f"{claim.value}-{terms.local_name(of.principle.iri)}")
        yield from _result(thing, part, of.principle.iri, of.result)
        yield "part", part, _dcterms("isPartOf"), claim
        for ground in of.grounds:
            for provision in ground.provisions:
                yield "part", part, _dcterms("references"), ox.NamedNode(provision)
            for position in ground.positions:
                yield "part", part, _prov("wasDerivedFrom"), ox.NamedNode(position.iri)
                yield "source", ox.NamedNode(thing), _prov("wasDerivedFrom"), ox.NamedNode(position.iri)


def _result(thing: str, claim: ox.NamedNode, tested: str, result: Truth) -> Iterator[Row]:
    """Yield the assertion, in the terms of EARL, that a State or principle was tested with this result."""
    told = ox.NamedNode(f"{claim.value}-result")
    yield "part", claim, _TYPE, ox.NamedNode(EARL + "Assertion")
    yield "part", claim, ox.NamedNode(EARL + "subject"), ox.NamedNode(thing)
    yield "part", claim, ox.NamedNode(EARL + "test"), ox.NamedNode(tested)
    yield "part", claim, ox.NamedNode(EARL + "result"), told
    yield "part", told, _TYPE, ox.NamedNode(EARL + "TestResult")
    yield "part", told, ox.NamedNode(EARL + "outcome"), ox.NamedNode(EARL + _OUTCOMES[result])


def _made(
    thing: str,
    manifest: Manifest,
    later: Manifest | None,
    followed: str,
    rows: Rows,
) -> Nanopublication:
    address = permanent_addresses.in_build(thing, manifest.build_id)
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
    for role, subject, said, value in rows:
        name = terms.local_name(said.value)
        of_citation = "citation-" in subject.value.partition("#")[2]
        if read and name in _OF_THE_RULES:
            continue
        if role == "cell" and name in _LINKS_OF_A_CELL:
            yield ox.Quad(subject, said, value, assertion)
        if not of_citation and (name not in _PROVENANCE or role == "part"):
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


def _dcterms(name: str) -> ox.NamedNode:
    return ox.NamedNode(terms.prefixes()["dcterms"] + name)


def _rdf(name: str) -> ox.NamedNode:
    return ox.NamedNode(terms.RDF_TYPE.removesuffix("type") + name)


def _moment(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(terms.XSD + "dateTime"))
