"""Multiply the project N times, to measure how builds and queries grow: more instruments, the same States.

Each copy has records of its own for everything but the States, with what they point at inside the copy, and
criteria of its own, because the same criteria would pile N assessments into each cell instead of making N
times as many cells. Criteria stand in the ontology, so a whole project is written: data, ontology, queries
and the package, which then reads them and nothing else:

    python -m tools.multiply_data --times 4 --out FOLDER
    cd FOLDER && python -m lanzarote_atlas build

What is written tests machinery and says nothing of any State. It is never part of the atlas.
"""

import argparse
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import yaml

from lanzarote_atlas import resources, terms
from lanzarote_atlas.errors import AtlasError, FaultsFoundError
from lanzarote_atlas.records import context as contexts
from lanzarote_atlas.records import files
from lanzarote_atlas.records.files import Record
from lanzarote_atlas.records.yaml_text import Value

SHARED_TYPES = {"State", "Dataset", "Retired"}
SHARED_AREA = "id/state"
CRITERIA = "vocabulary/criterion"
PARTS = ("ontology", "queries", "lanzarote_atlas", ".streamlit", "app.py")


def main(arguments: list[str] | None = None) -> int:
    """Write the multiplied project; return the exit code: 2 for wrong use, 1 where the data has faults."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.multiply_data", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--times", type=int, required=True, help="how many times as much data")
    parser.add_argument("--out", type=Path, required=True, help="a new or empty folder")
    given = parser.parse_args(arguments)
    if given.times < 1:
        parser.error("--times is 1 or more")
    if given.out.exists() and any(given.out.iterdir()):
        parser.error(f"{given.out} is not empty; name a new folder")
    try:
        written = multiply(resources.project(), given.times, given.out)
    except AtlasError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's own message
        return error.exit_code
    print(f"{written:,} records in {given.out}/data")  # noqa: T201 - the command's result
    return 0


def multiply(project: Path, times: int, out: Path) -> int:
    """Write a project with `times` as much data into a folder; return the number of records.

    Raises FaultsFoundError where a data file cannot be read.
    """
    for name in PARTS:
        _copy(project / name, out / name)
    _copy(project / "data", out / "data")
    read = files.read(files.find(project / "data"), project / "data")
    if read.faults:
        raise FaultsFoundError(read.faults)
    own = [record for record in read.records if record.type not in SHARED_TYPES]
    for number in range(2, times + 1):
        _write_copy(own, number, out / "data" / f"copy-{number}")
        _write_criteria(project, number, out)
    return len(read.records) + len(own) * (times - 1)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def suffixed(name: str, number: int) -> str:
    """The name of a copy of what bears this name: `cets-201/art-25` is `cets-201/art-25-c2` in the second."""
    return f"{name}-c{number}"


def _write_copy(records: Iterable[Record], number: int, folder: Path) -> None:
    """Write the copies of records, each in a file named as the record's own."""
    by_file: dict[str, list[Record]] = {}
    for record in records:
        by_file.setdefault(record.graph.partition("/")[2], []).append(record)
    for name, held in by_file.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        bodies = [copied(record, number) for record in held]
        text = yaml.dump({"records": bodies}, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
        path.write_text(text, encoding="utf-8")


def copied(record: Record, number: int) -> dict[str, Value]:
    """The body of a copy: its id, its references and the numbers of a recommendation are the copy's own."""
    body = {key: _renamed(key, value, number) for key, value in record.body.items()}
    body["id"] = suffixed(record.id, number)
    if record.type == "Recommendation" and "number" in record.body:
        # A number is an address too.
        body["number"] = _each(record.body["number"], number)
    return body


def _renamed(key: str, value: Value, number: int) -> Value:
    if isinstance(value, dict):
        return {inner: _renamed(inner, held, number) for inner, held in value.items()}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [_renamed(key, item, number) for item in value]
    area = contexts.load().areas.get(key, "")
    in_copy = area == CRITERIA or (area.startswith("id/") and area != SHARED_AREA)
    return _each(value, number) if in_copy else value


def _each(value: Value, number: int) -> Value:
    if isinstance(value, list):
        return [_each(item, number) for item in value]
    return suffixed(str(value), number)


def _write_criteria(project: Path, number: int, out: Path) -> None:
    """Write the criteria of a copy as a vocabulary file; they stay concepts of the one scheme."""
    folder = Path("ontology", "vocabulary")
    text = resources.read_text(project / folder / "criterion.ttl")
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
    lines = "".join(f"{triple} .\n" for triple in _criteria(quads, number))
    (out / folder / f"criterion-{number}.ttl").write_text(lines, encoding="utf-8")


def _criteria(quads: Iterable[ox.Quad], number: int) -> Iterator[ox.Triple]:
    """The triples of the criteria, with criteria and provisions renamed; the scheme is left as it is."""
    criteria = terms.concept("criterion", "")
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(criteria):
            subject = ox.NamedNode(suffixed(quad.subject.value, number))
            found = quad.object
            if isinstance(found, ox.NamedNode) and found.value.startswith(
                (criteria, terms.thing("provision", ""))
            ):
                found = ox.NamedNode(suffixed(found.value, number))
            yield ox.Triple(subject, quad.predicate, found)


if __name__ == "__main__":
    sys.exit(main())
