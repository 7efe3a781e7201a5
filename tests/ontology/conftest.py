"""What the ontology's tests read: each file parsed once, and never written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"


def parsed(*paths):
    """Return one graph of several Turtle files."""
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="session")
def atlas():
    """The terms, without the concepts."""
    return parsed(ONTOLOGY / "atlas.ttl")


@pytest.fixture(scope="session")
def schemes():
    """Each vocabulary file by its stem."""
    return {path.stem: parsed(path) for path in sorted((ONTOLOGY / "vocabulary").glob("*.ttl"))}


@pytest.fixture(scope="session")
def vocabularies(schemes):
    """All concepts of all schemes."""
    return sum(schemes.values(), rdflib.Graph())


@pytest.fixture(scope="session")
def shapes():
    """Each shape file by its stem."""
    return {path.stem: parsed(path) for path in sorted((ONTOLOGY / "shapes").glob("*.ttl"))}


@pytest.fixture(scope="session")
def context():
    """The entries of the JSON-LD context by key."""
    document = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return {key: entry for key, entry in document.items() if isinstance(entry, dict)}


@pytest.fixture(scope="session")
def definitions():
    """The definitions of the JSON Schema by name."""
    return json.loads((ONTOLOGY / "schema.json").read_text(encoding="utf-8"))["$defs"]
