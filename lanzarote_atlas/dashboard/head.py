"""What the head of a page says to crawlers: Streamlit writes the head itself, so a component adds to it."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import schema_org
from lanzarote_atlas.dashboard import store

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_NAME = "lanzarote_atlas.head"
# Data, never markup: the text of a script of this type is not run, and leaves the head with the page.
_JS = """
export default function ({ data }) {
  const script = document.createElement("script");
  script.type = "application/ld+json";
  script.textContent = JSON.stringify(data);
  document.head.append(script);
  return () => script.remove();
}
"""


def describe_dataset() -> None:
    """Put the description of the dataset into the head of the page, as schema.org has it."""
    source = store.origin()
    described = _described(source.place, source.build_id, store.period(source))
    if described:
        _component()(key="head", data=described, height=0)


@lru_cache(maxsize=4)
def _described(_place: str, build_id: str, _period: int) -> dict[str, object]:
    return schema_org.dataset(store.data(), build_id)


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(_NAME, js=_JS)
