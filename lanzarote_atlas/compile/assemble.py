"""Data and ontology as one dataset: each file becomes a named graph."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import resources, terms
from lanzarote_atlas.check import keys, quality, references, shapes
from lanzarote_atlas.errors import AtlasError, Fault
from lanzarote_atlas.records import context as contexts
from lanzarote_atlas.records import files, quads
from lanzarote_atlas.store import text
from lanzarote_atlas.store.embedded import UNLIMITED, EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lanzarote_atlas.records.files import Record

_IN_SCHEME = ox.NamedNode(terms.FIXED_PREFIXES["skos"] + "inScheme")
_KINDS = {_IN_SCHEME, ox.NamedNode(terms.RDF_TYPE)}


@dataclass
class Assembled:
    """The quads of ontology and data, the records they came from, and the faults found on the way."""

    quads: list[ox.Quad] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def ontology() -> Iterator[ox.Quad]:
    """Yield the quads of ontology/atlas.ttl and of each vocabulary, each in a graph of its own."""
    folder = resources.project() / "ontology"
    yield from _turtle(folder / "atlas.ttl", "ontology")
    for path in sorted((folder / "vocabulary").glob("*.ttl")):
        yield from _turtle(path, f"vocabulary/{path.stem}")


def _turtle(path: Path, graph: str) -> Iterator[ox.Quad]:
    try:
        for quad in ox.parse(resources.read_text(path), format=ox.RdfFormat.TURTLE):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(terms.graph(graph)))
    except SyntaxError as error:
        message = f"ontology/{path.name}: {error}"
        raise AtlasError(message) from error


def assemble(
    data: Path,
    note: Callable[[str], None],
    only: Path | None = None,
    local: Path | None = None,
    meanwhile: Callable[[Assembled], None] | None = None,
) -> Assembled:
    """Read and check everything; the faults of all steps are in the result, none is raised.

    A record with a fault still stands in the graph on which shapes and quality queries run, so that what
    points at it is not reported too; what they say of the record itself is left out. They look at the whole,
    so they wait until every file can be read. With `only`, a file of the folder, its faults alone are looked
    for; the other files are read for what it points at. `local` is the reader's own data, joined where it is
    there. `note` is told each step. `meanwhile` is called, where nothing is at fault so far, with what was
    assembled, while (where there is much data) another process applies the shapes: they may find faults after
    all, which an error that it raises leaves untold.
    """
    note("reading")
    own = list(ontology())
    read = _read(data, local)
    result = Assembled(own, read.records, list(read.faults))
    if not read.records and not read.faults:
        result.faults.append(Fault(str(data), 1, "", "no data file here", "name a folder with YAML files"))
        return result
    note("checking keys and references")
    concepts = [text(quad.subject) for quad in own if quad.predicate == _IN_SCHEME]
    dangling = list(references.faults(read.records, references.known(read.records, concepts, read.lost)))
    told = {_about(fault) for fault in dangling}
    result.faults += [fault for fault in keys.faults(read.records) if _about(fault) not in told] + dangling
    faulty = {(fault.file, fault.record) for fault in result.faults}
    result.quads += _mapped(read.records, faulty)
    types = contexts.load().type_bases
    by_iri = {types[record.type] + record.id: record for record in read.records if record.type in types}
    if read.lost:
        return result
    note("checking shapes")
    file = files.name_of(only, data) if only else ""
    # Two processors are kept busy: with nothing to do meanwhile, this process soon waits.
    others = 1 if meanwhile else 2
    with shapes.Check(_around(result.quads, by_iri, file), by_iri, file, others) as applied:
        note("checking quality")
        found = list(quality.faults(EmbeddedStore.of_quads(result.quads, most=UNLIMITED), by_iri))
        if meanwhile and not found and not result.faults:
            meanwhile(result)
        found += applied.faults()
    result.faults += [fault for fault in found if (fault.file, fault.record) not in faulty]
    if only:
        result.faults = [fault for fault in result.faults if fault.file == file]
    return result


def _read(data: Path, local: Path | None) -> files.DataFiles:
    """Return the records of the data and of the reader, with the faults of both."""
    read = files.read(files.find(data), data if data.is_dir() else data.parent)
    if local:
        own = files.read_local(local)
        read.records += own.records
        read.faults += own.faults
        read.lost |= own.lost
    return read


def _around(all_quads: list[ox.Quad], by_iri: dict[str, Record], file: str) -> list[ox.Quad]:
    """Return what shapes need to see for one file: all of its own, and of the rest what each thing is."""
    if not file:
        return all_quads
    own = {iri for iri, record in by_iri.items() if record.file == file}
    return [
        quad for quad in all_quads if quad.predicate in _KINDS or text(quad.subject).partition("#")[0] in own
    ]


def _about(fault: Fault) -> tuple[str, int, str, str]:
    """Return what a fault is about, the same for two checks that trip over one slip: place, record, key."""
    return (fault.file, fault.line, fault.record, fault.problem.partition(":")[0])


def _mapped(records: list[Record], faulty: set[tuple[str, str]]) -> Iterator[ox.Quad]:
    """Yield the quads of all records; a faulty one is left out only where it cannot be mapped at all."""
    yield from quads.of_records(record for record in records if (record.file, record.id) not in faulty)
    for record in records:
        if (record.file, record.id) in faulty and record.type in contexts.load().type_bases:
            with suppress(AtlasError, ValueError):
                yield from list(quads.of_records([record]))
