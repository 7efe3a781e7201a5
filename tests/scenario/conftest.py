"""The law of the project's own data, read once."""

import pytest

from lanzarote_atlas import scenario


@pytest.fixture(scope="session")
def law(atlas):
    return scenario.load(atlas)
