"""The dashboard on a build of the real data, page by page, without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from lanzarote_atlas import resources, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streamlit.proto.WidgetStates_pb2 import WidgetState

    from lanzarote_atlas.builds import Build

FOLDED = "Query, download, cite: "


def open_page(page: str, /, **parameters: str) -> AppTest:
    """Open a page with parameters and return what it shows."""
    app = AppTest.from_file(resources.project() / "app.py", default_timeout=60)
    # AppTest names pages by file; these are functions, known to Streamlit by the hash of their address.
    app._page_hash = calc_hash(page)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def with_a_late_word(app: AppTest, gone: WidgetState) -> AppTest:
    """Run a page while the browser still reports a box that the run before has taken away, as it may."""
    states = app._tree.get_widget_states()
    states.widgets.append(gone)
    return app._run(states)


@pytest.fixture
def use_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Point the dashboard of this test at a folder of builds."""

    def use(folder: Path) -> None:
        monkeypatch.setenv("LANZAROTE_STORE", str(folder))
        monkeypatch.delenv("LANZAROTE_ENDPOINT", raising=False)
        settings.current.cache_clear()

    yield use
    monkeypatch.undo()
    settings.current.cache_clear()
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def unfold() -> Callable[[AppTest], AppTest]:
    """Open what stands folded under every table and list of a page."""

    def unfolded(app: AppTest) -> AppTest:
        for expander in app.expander:
            if expander.label.startswith(FOLDED):
                app.session_state[expander.proto.id.split("-", 2)[-1]] = True
        return app.run()

    return unfolded


@pytest.fixture
def opened(built: Build, use_store: Callable[[Path], None]) -> Callable[..., AppTest]:
    """Open a page of that build with parameters and return what it shows."""
    use_store(built.folder.parent)

    return open_page
