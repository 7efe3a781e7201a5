"""The endpoint that real clients are tried against; what serves it stands here and nowhere else."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from lanzarote_atlas import catalogue

if TYPE_CHECKING:
    from tests import engines

NAME = "which-states-apply-a-principle"


@pytest.fixture(scope="session")
def endpoint(oxigraph: engines.Engine) -> str:
    """The address of a SPARQL endpoint that serves the build, each triple once in its default graph."""
    return oxigraph.endpoint


@pytest.fixture(scope="session")
def query() -> str:
    """A named query with its example, as a reader would copy it from a page."""
    named = catalogue.find(NAME)
    return named.bound(named.example)


@pytest.fixture(scope="session")
def expected(atlas) -> list[dict[str, str]]:
    """The rows that the embedded store gives for it."""
    return atlas.query(catalogue.find(NAME).bound(catalogue.find(NAME).example)).dicts()


def program(name: str) -> str:
    """Return the path of a program, or skip the test where there is none."""
    found = shutil.which(name)
    if found is None:
        absent(f"no {name} on this machine")
    return str(found)


def absent(reason: str) -> None:
    """Skip for want of a client, or fail where clients are required."""
    if os.environ.get("LANZAROTE_REQUIRE_ENGINES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
