"""SHACL validation with pyshacl, left to further processes where there is much to validate.

Shape files do not depend on each other; where the data is large, other processes take a share each, and this
one is free for other work meanwhile. They also leave nothing behind: millions of small objects, made and
let go here, would scatter all that a build makes afterwards over its memory. Run as a module, this file is
such a process. What pyshacl does slowly is put to it otherwise, never left out.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import pyoxigraph as ox

from lanzarote_atlas.errors import AtlasError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import rdflib

_WORTH_A_PROCESS = 6_000_000
"""Bytes of N-Triples above which further processes save more than their start costs."""
_SH = "http://www.w3.org/ns/shacl#"
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Violation(NamedTuple):
    """One result: focus node, property and value as texts (empty where there is none), and the message."""

    focus: str
    path: str
    message: str
    value: str


class Validation:
    """The validation of data against shape files, both as N-Triples; begun when made, ended by `violations`.

    With `focus`, only the nodes with these addresses are looked at. As a context manager it ends the other
    processes where this one fails.
    """

    def __init__(
        self, data: bytes, shapes: Sequence[bytes], focus: Sequence[str] = (), others: int = 1
    ) -> None:
        """Begin: where there is much to do, so many `others` processes start at once."""
        self._data, self._focus = data, focus
        self._folder = tempfile.TemporaryDirectory()
        self._own: bytes | None = None
        self._others: list[subprocess.Popen[bytes]] = []
        if focus or len(data) < _WORTH_A_PROCESS:
            self._own = b"".join(_apart(shapes))
        else:
            try:
                self._begin_all(_shares(data, list(_apart(shapes)), others))
            except BaseException:
                self.__exit__()
                raise

    def _begin_all(self, shares: Sequence[bytes]) -> None:
        data_file = Path(self._folder.name, "data.nt")
        data_file.write_bytes(self._data)
        for number, share in enumerate(shares):
            self._others.append(self._begin(data_file, share, number))

    def _begin(self, data_file: Path, shapes: bytes, number: int) -> subprocess.Popen[bytes]:
        shapes_file = Path(self._folder.name, f"shapes-{number}.nt")
        shapes_file.write_bytes(shapes)
        command = [sys.executable, "-m", __name__, str(data_file), str(shapes_file)]
        return subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 - this very module

    def __enter__(self) -> Self:
        """Give the validation itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes that still run, and remove what was written for them."""
        for other in self._others:
            other.kill()
            other.wait()
            if other.stdout:
                other.stdout.close()
        self._folder.cleanup()

    def violations(self) -> list[Violation]:
        """Return the violations in a fixed order."""
        found = [] if self._own is None else _validate(self._data, self._own, self._focus)
        for other in self._others:
            printed, _ = other.communicate()
            if other.returncode:
                message = f"a validating process ended with {other.returncode}"
                raise AtlasError(message)
            found += (Violation(*entry) for entry in json.loads(printed))
        return sorted(found)


def n_triples(quads: Iterable[ox.Quad]) -> bytes:
    """Return the triples of quads as N-Triples, each once (graph names dropped)."""
    return "".join(dict.fromkeys(f"{quad.triple} .\n" for quad in quads)).encode()


def _apart(shapes: Sequence[bytes]) -> Iterable[bytes]:
    """Yield the shape files with blank nodes of their own, so that they can be put together."""
    for shape in shapes:
        quads = ox.parse(shape, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)
        yield n_triples(quads)


def _shares(data: bytes, shapes: list[bytes], number: int) -> list[bytes]:
    """Deal the shape files, costly ones first, to the one of so many processes that has least to do."""
    if number == 1:
        return [b"".join(shapes)]
    instances: dict[str, int] = {}
    for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES):
        if quad.predicate.value == _RDF_TYPE and isinstance(quad.object, ox.NamedNode):
            instances[quad.object.value] = instances.get(quad.object.value, 0) + 1
    dealt: list[list[bytes]] = [[] for _ in range(number)]
    load = [0] * number
    for cost, shape in sorted(((_cost(shape, instances), shape) for shape in shapes), reverse=True):
        lightest = load.index(min(load))
        dealt[lightest].append(shape)
        load[lightest] += cost
    return [b"".join(share) for share in dealt]


def _cost(shape: bytes, instances: dict[str, int]) -> int:
    """Estimate the work of a shape file: its focus nodes times its property shapes."""
    focus, properties = 0, 0
    for quad in ox.parse(shape, format=ox.RdfFormat.N_TRIPLES):
        if quad.predicate.value == _SH + "targetClass" and isinstance(quad.object, ox.NamedNode):
            focus += instances.get(quad.object.value, 0)
        properties += quad.predicate.value == _SH + "path"
    return focus * properties


def _validate(data: bytes, shapes: bytes, focus: Sequence[str] = ()) -> list[Violation]:
    import pyshacl  # noqa: PLC0415 - takes a third of a second, and most commands never validate
    import rdflib  # noqa: PLC0415 - as above

    _look_up_parameters_by_hash()
    held, applied = _graph(data), _with_targets_of_their_own(_graph(shapes))
    if focus:
        _aim_at(applied, {rdflib.URIRef(node) for node in focus}, held)
    _, report, _ = pyshacl.validate(
        held, shacl_graph=applied, advanced=False, inference="none", allow_warnings=True
    )
    if not isinstance(report, rdflib.Graph):
        message = f"the shapes cannot be applied: {report!r}"
        raise AtlasError(message)

    def said(result: rdflib.term.Node, name: str) -> str:
        value = report.value(result, rdflib.URIRef(_SH + name))
        # A path of several properties is a blank node, whose label says nothing.
        unnamed = name == "resultPath" and isinstance(value, rdflib.BNode)
        return "" if value is None or unnamed else str(value)

    return [
        Violation(
            said(result, "focusNode"),
            said(result, "resultPath"),
            said(result, "resultMessage") or "breaks a shape",
            said(result, "value"),
        )
        for result in report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)
    ]


def _graph(n_triples: bytes) -> rdflib.Graph:
    """Return N-Triples as an rdflib graph: pyoxigraph reads, and each term is made once."""
    import rdflib  # noqa: PLC0415 - as in _validate

    def term(found: ox.NamedNode | ox.BlankNode | ox.Literal) -> rdflib.term.Identifier:
        if isinstance(found, ox.NamedNode):
            return rdflib.URIRef(found.value)
        if isinstance(found, ox.BlankNode):
            return rdflib.BNode(found.value)
        plain = found.language or found.datatype.value == _XSD_STRING
        kind = None if plain else rdflib.URIRef(found.datatype.value)
        return rdflib.Literal(found.value, lang=found.language, datatype=kind)

    made: dict[ox.NamedNode | ox.BlankNode | ox.Literal, rdflib.term.Identifier] = {}
    graph = rdflib.Graph()
    for quad in ox.parse(n_triples, format=ox.RdfFormat.N_TRIPLES):
        for found in (quad.subject, quad.predicate, quad.object):
            if found not in made:
                made[found] = term(found)
        graph.store.add((made[quad.subject], made[quad.predicate], made[quad.object]), graph)
    return graph


def _with_targets_of_their_own(shapes: rdflib.Graph) -> rdflib.Graph:
    """Give each property shape the targets of the node shape around it, from which it is then taken out.

    The results are the same: those of `sh:property` are those of the property shape on the same nodes (SHACL,
    section 4.7.2). But pyshacl looks at all targets of a shape at once and at those of a nested one singly,
    which took three quarters of its time. A node shape that another shape names keeps its property shapes.
    """
    from rdflib import SH  # noqa: PLC0415 - as in _validate

    for around, nested in list(shapes.subject_objects(SH.property)):
        targets = _targets(shapes, around)
        if targets and (None, None, around) not in shapes and (around, SH.deactivated, None) not in shapes:
            shapes.remove((around, SH.property, nested))
            for kind, target in targets:
                shapes.add((nested, kind, target))
    return shapes


def _targets(
    shapes: rdflib.Graph, shape: rdflib.term.Node
) -> list[tuple[rdflib.term.Node, rdflib.term.Node]]:
    """Return the target declarations of a shape: the kind and what it names."""
    from rdflib import SH  # noqa: PLC0415 - as in _validate

    kinds = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
    return [(kind, target) for kind in kinds for target in shapes.objects(shape, kind)]


def _aim_at(shapes: rdflib.Graph, focus: set[rdflib.URIRef], data: rdflib.Graph) -> None:
    """Let each shape have only those of its targets that are in `focus`: they get a mark to target instead.

    pyshacl has an option for it, but applies it to values too: in `sh:or` one outside `focus` would pass.
    """
    from rdflib import RDF, RDFS, SH, BNode, URIRef  # noqa: PLC0415 - as in _validate

    def reached(kind: rdflib.term.Node, target: rdflib.term.Node) -> set[rdflib.term.Node]:
        if kind == SH.targetClass:
            kinds = data.transitive_subjects(RDFS.subClassOf, target)
            return {node for each in kinds for node in data.subjects(RDF.type, each)}
        if kind == SH.targetNode:
            return {target}
        return set(data.objects(None, target) if kind == SH.targetObjectsOf else data.subjects(target))

    marks: dict[tuple[rdflib.term.Node, rdflib.term.Node], rdflib.URIRef] = {}
    for shape in set(shapes.subjects()):
        for declared in _targets(shapes, shape):
            if declared not in marks:
                marks[declared] = URIRef(f"urn:in-focus:{len(marks)}")
                for node in reached(*declared) & focus:
                    data.add((node, marks[declared], BNode()))
            shapes.remove((shape, *declared))
            shapes.add((shape, SH.targetSubjectsOf, marks[declared]))


def _look_up_parameters_by_hash() -> None:
    """Let pyshacl find constraint parameters in a set: it searches a list of them at every focus node.

    A third of its time goes there. Where a later version keeps them elsewhere this changes nothing.
    """
    from pyshacl import constraints  # noqa: PLC0415 - as in _validate

    module = sys.modules["pyshacl.shape"]
    parameters = (frozenset(constraints.ALL_CONSTRAINT_PARAMETERS), constraints.CONSTRAINT_PARAMETERS_MAP)
    module.__dict__.setdefault("CONSTRAINT_PARAMS", parameters)


if __name__ == "__main__":
    gc.disable()  # As in a build: there is next to no cyclic garbage in what would be searched for it.
    json.dump(_validate(Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]).read_bytes()), sys.stdout)
