"""The shapes of ontology/shapes applied to the graph, each violation brought back to its record and line."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import resources, terms
from lanzarote_atlas.check import shacl
from lanzarote_atlas.errors import AtlasError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lanzarote_atlas.records.files import Record


class Check(AbstractContextManager["Check"]):
    """The shapes applied to quads: begun when made, so that other checks can run meanwhile."""

    def __init__(self, quads: Iterable[ox.Quad], by_iri: dict[str, Record], file: str, others: int) -> None:
        """Begin, in so many `others` processes where there is much to do.

        `by_iri` leads from an address to its record; with `file`, only its records count.
        """
        data = shacl.n_triples(quads)
        focus = _held_by(data, by_iri, file) if file else []
        self._by_iri = by_iri
        self._validation = None if file and not focus else shacl.Validation(data, _shapes(), focus, others)

    def __exit__(self, *failure: object) -> None:
        """End what was begun."""
        if self._validation:
            self._validation.__exit__(*failure)

    def faults(self) -> list[Fault]:
        """Return a fault for every violation of ontology/shapes."""
        found = self._validation.violations() if self._validation else []
        return [_fault(violation, self._by_iri) for violation in found]


def _held_by(data: bytes, by_iri: dict[str, Record], file: str) -> list[str]:
    """Return the addresses of the records of a file and of the parts nested in them."""
    own = {iri for iri, record in by_iri.items() if record.file == file}
    subjects = {str(quad.subject.value) for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)}
    return sorted(subject for subject in subjects if subject.partition("#")[0] in own)


def _shapes() -> list[bytes]:
    """Return each file of ontology/shapes as N-Triples."""
    found = []
    for path in sorted((resources.project() / "ontology" / "shapes").glob("*.ttl")):
        try:
            found.append(shacl.n_triples(ox.parse(resources.read_text(path), format=ox.RdfFormat.TURTLE)))
        except SyntaxError as error:
            message = f"ontology/shapes/{path.name}: {error}"
            raise AtlasError(message) from error
    return found


def _fault(violation: shacl.Violation, by_iri: dict[str, Record]) -> Fault:
    focus, key = violation.focus, terms.local_name(violation.path) if violation.path else ""
    found = f" (found {terms.compact(violation.value)!r})" if violation.value else ""
    problem = f"{key}: {violation.message}{found}" if key else f"{violation.message}{found}"
    record = by_iri.get(focus) or by_iri.get(focus.partition("#")[0])
    if record is None:
        return Fault("ontology", 1, terms.compact(focus), problem, "see ontology/shapes")
    return record.fault(problem, "see ontology/shapes", _place(record, focus, key))


def _place(record: Record, focus: str, key: str) -> tuple[str | int, ...]:
    """Return the path of the part that a fragment address names: `#citation-2` is citation, item 1."""
    fragment = focus.partition("#")[2]
    if not fragment:
        return (key,)
    part, _, place = fragment.rpartition("-")
    held = record.body.get(part)
    return (part, int(place) - 1, key) if isinstance(held, list) and place.isdigit() else (part, key)
