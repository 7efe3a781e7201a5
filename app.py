"""The dashboard's entry: the page table, nothing else."""

import streamlit as st

from lanzarote_atlas.dashboard import frame
from lanzarote_atlas.dashboard.pages import (
    case,
    jurisdiction,
    overview,
    provisions,
    query,
    recommendations,
    sources,
    state,
)

PAGES = {
    "overview": st.Page(overview.render, title="Overview", default=True),
    "state": st.Page(state.render, title="State profile", url_path="state"),
    "recommendations": st.Page(
        recommendations.render,
        title="Recommendations",
        url_path="recommendations",
    ),
    "jurisdiction": st.Page(jurisdiction.render, title="Jurisdiction", url_path="jurisdiction"),
    "provisions": st.Page(provisions.render, title="Provisions", url_path="provisions"),
    "case": st.Page(case.render, title="Case and referral route", url_path="case"),
    "sources": st.Page(sources.render, title="Sources", url_path="sources"),
    "query": st.Page(query.render, title="Query", url_path="query"),
}

frame.show(st.navigation(list(PAGES.values())), PAGES)
