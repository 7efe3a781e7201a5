"""The endpoint that real clients are tried against; what serves it stands here and nowhere else."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from lanzarote_atlas import catalogue
from tests.gateway.conftest import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "which-states-apply-a-principle"


@pytest.fixture(scope="session", params=["service", "engine"])
def endpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the query service, then of an engine to which the build was published."""
    if request.param == "engine":
        yield request.getfixturevalue("oxigraph").endpoint
        return
    built, log = request.getfixturevalue("built"), tmp_path_factory.mktemp("clients") / "log"
    with serving(built.folder.parent, log) as service:
        yield f"{service.address}/sparql"


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
