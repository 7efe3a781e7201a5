"""Every page answers from an endpoint as it does from a build: an Oxigraph server stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import streamlit as st

from lanzarote_atlas import settings
from tests import engines
from tests.dashboard.conftest import open_page as opened
from tests.dashboard.test_pages import GOOD, PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lanzarote_atlas.builds import Build


@pytest.fixture
def use_endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Point the dashboard of this test at an endpoint, with no build at hand."""

    def use(endpoint: str) -> None:
        monkeypatch.setenv("LANZAROTE_ENDPOINT", endpoint)
        monkeypatch.setenv("LANZAROTE_STORE", "nothing-is-here")
        settings.current.cache_clear()

    st.cache_data.clear()
    st.cache_resource.clear()
    yield use
    monkeypatch.undo()
    settings.current.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.mark.parametrize(("page", "parameters"), GOOD)
def test_a_page_renders_from_an_endpoint(page, parameters, oxigraph: engines.Engine, use_endpoint) -> None:
    use_endpoint(oxigraph.endpoint)
    app = opened(page, **parameters)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.title


# Full-text search needs the index of a build, and changes need two; over an endpoint these pages say so.
@pytest.mark.parametrize("page", [page for page in PAGES if page not in {"search", "changes"}])
def test_a_page_shows_the_same_from_an_endpoint_as_from_a_build(
    page, oxigraph: engines.Engine, built: Build, use_endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_endpoint(oxigraph.endpoint)
    remote = opened(page)
    monkeypatch.setenv("LANZAROTE_ENDPOINT", "")
    monkeypatch.setenv("LANZAROTE_STORE", str(built.folder.parent))
    settings.current.cache_clear()
    embedded = opened(page)
    # An endpoint keeps no builds: of what stands in both pages, only a build's can be named with its build.
    build = f"/build/{built.manifest.short}"
    assert not any(build in part.value for part in remote.markdown)
    alone = f":small[As this build has it: `…{build}`]"
    shown = [part.value for part in embedded.markdown if part.value != alone]
    assert [part.value for part in remote.markdown] == [text.replace(build, "") for text in shown]
    assert len(remote.table) == len(embedded.table)
    for one, other in zip(remote.table, embedded.table, strict=True):
        assert one.value.equals(other.value)


def test_the_frame_names_the_build_that_was_published(oxigraph, built: Build, use_endpoint) -> None:
    use_endpoint(oxigraph.endpoint)
    app = opened("")
    assert any(built.manifest.build_id[:12] in caption.value for caption in app.sidebar.caption)


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("compare", {"with": "SWE"}),
        ("scenario", {"scenario": "victim-only-above-six-years"}),
        ("recommendations", {"recommendation": "II-3"}),
    ],
)
def test_no_address_before_an_endpoint_names_a_build(
    page, parameters, oxigraph, use_endpoint, unfold
) -> None:
    """Nothing answers there: an endpoint keeps no builds."""
    use_endpoint(oxigraph.endpoint)
    app = unfold(opened(page, **parameters))
    shown = [element.value for element in (*app.markdown, *app.code)]
    assert any("ermanent address" in text for text in shown)
    assert not [text for text in shown if "/build/" in text or "build=" in text]


def test_changes_say_that_an_endpoint_keeps_no_builds(oxigraph, use_endpoint) -> None:
    use_endpoint(oxigraph.endpoint)
    assert any("An endpoint answers here" in markdown.value for markdown in opened("changes").markdown)


def test_an_endpoint_to_which_nothing_was_published_is_named_instead(use_endpoint) -> None:
    with engines.oxigraph() as empty:
        use_endpoint(empty.endpoint)
        app = opened("")
    assert not app.exception
    assert any("Answers come from the endpoint" in caption.value for caption in app.sidebar.caption)


def test_an_endpoint_that_does_not_answer_gets_a_plain_message(use_endpoint) -> None:
    use_endpoint(f"http://127.0.0.1:{engines.free_port()}/query")
    app = opened("")
    assert not app.exception
    assert "does not answer" in app.error[0].value
