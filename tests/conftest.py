"""What several test folders share: one build of the real data, made once, and the store that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import filelock
import pytest

from lanzarote_atlas import builds, catalogue, resources
from lanzarote_atlas.compile import build
from lanzarote_atlas.store.embedded import EmbeddedStore
from tests import engines

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/golden from the data; review the diff"
    )


@pytest.fixture(scope="module", autouse=True)
def _project_queries() -> None:
    """Each module begins with the project's own queries, whatever one before has read."""
    catalogue.queries.cache_clear()


@pytest.fixture(scope="session")
def built(pytestconfig: pytest.Config) -> builds.Build:
    """A build of the project's own data, kept in pytest's cache until what it is made from changes."""
    folder = pytestconfig.cache.mkdir("build")
    # Made by the first of the workers, read by the others.
    with filelock.FileLock(folder.with_suffix(".lock")):
        return build.build(resources.project() / "data", folder).build


@pytest.fixture(scope="session")
def atlas(built: builds.Build) -> EmbeddedStore:
    """The store of that build, read only."""
    return EmbeddedStore.open(built.store, built.manifest.build_id)


@pytest.fixture(scope="session")
def oxigraph(built: builds.Build) -> Iterator[engines.Engine]:
    """An Oxigraph server to which that build was published."""
    with engines.oxigraph() as engine:
        engine.publish(built)
        yield engine


@pytest.fixture(scope="session")
def virtuoso(built: builds.Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engine]:
    """An OpenLink Virtuoso server to which that build was published."""
    with engines.virtuoso(tmp_path_factory.mktemp("virtuoso")) as engine:
        engine.publish(built)
        yield engine
