from __future__ import annotations

import pytest

from lanzarote_atlas import schema_org
from lanzarote_atlas.store.embedded import EmbeddedStore


def test_the_dataset_is_described_with_its_licence_date_and_build(atlas) -> None:
    told = schema_org.dataset(atlas, "f" * 64)
    assert (told["@type"], told["name"]) == ("Dataset", "Lanzarote Atlas")
    assert str(told["license"]).startswith("https://creativecommons.org/licenses/by/4.0")
    assert told["version"] == "f" * 12
    assert 50 <= len(str(told["description"])) <= 5000  # what dataset search engines take


@pytest.mark.parametrize("dumps", [None, {"https://example.org/atlas.nq.gz": "application/n-quads"}])
def test_only_dumps_that_can_be_fetched_are_named(atlas, dumps) -> None:
    told = schema_org.dataset(atlas, "", dumps)
    assert ("distribution" in told) == bool(dumps)
    assert "version" not in told


def test_a_store_without_a_dataset_has_no_description() -> None:
    assert schema_org.dataset(EmbeddedStore.of_quads([]), "") == {}
