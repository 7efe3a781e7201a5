"""What the tests of ingest share: the real documents, where they lie beside the checkout, and fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

from lanzarote_atlas import resources
from lanzarote_atlas.ingest.atlas import Atlas
from lanzarote_atlas.ingest.pieces import Words
from tests import small_project

DOCUMENTS = Path(__file__).parent / "documents"
SOURCES = resources.project().parent / "shared" / "sources"
FACTSHEET_ID = "002_28b99d224c07c2ff"
FORM_ID = "004_ad043eb9d46dbd22"
RURITANIA = """type: State
id: RUR
iso3: RUR
prefLabel: {en: Ruritania}
councilOfEuropeMember: false
euMember: false
"""


@pytest.fixture
def project(tmp_path):
    """A small project in which a State is invented."""
    with small_project.using(tmp_path / "project") as project:
        project.add("states-invented.yaml", RURITANIA)
        yield project


def real(identifier: str) -> str:
    """The text of a real document; the test is skipped where there is no copy of it."""
    path = SOURCES / f"{identifier}.txt"
    if not path.is_file():
        pytest.skip(f"no copy of the document at ../shared/sources/{path.name}")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def factsheet() -> str:
    return real(FACTSHEET_ID)


@pytest.fixture(scope="session")
def form() -> str:
    return real(FORM_ID)


@pytest.fixture(scope="session")
def curated() -> Atlas:
    """The project's own data."""
    return Atlas.read(resources.project() / "data")


@pytest.fixture(scope="session")
def ruritania(curated) -> Words:
    """What recognition knows of a State that is invented."""
    return Words("RUR", ("Ruritania",), curated.themes)
