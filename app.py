"""The dashboard's entry: the page table, nothing else."""

from lanzarote_atlas.dashboard import frame
from lanzarote_atlas.dashboard.navigation import Entry
from lanzarote_atlas.dashboard.pages import (
    case,
    changes,
    compare,
    gaps,
    jurisdiction,
    models,
    overview,
    provisions,
    query,
    recommendations,
    review,
    scenario,
    search,
    sources,
    state,
    states,
    timeline,
)

COMPARE, READ, FOLLOW, ASK = "Compare States", "Read the record", "Follow events", "Ask"
ADD = "Add"

PAGES = (
    Entry("overview", "Overview", overview.render),
    Entry("compare", "Compare", compare.render, COMPARE),
    Entry("gaps", "Gaps", gaps.render, COMPARE),
    Entry("jurisdiction", "Jurisdiction", jurisdiction.render, COMPARE),
    Entry("models", "Models", models.render, COMPARE),
    Entry("recommendations", "Recommendations", recommendations.render, READ),
    Entry("provisions", "Provisions", provisions.render, READ),
    Entry("states", "States", states.render, READ),
    Entry("state", "State", state.render, READ),
    Entry("sources", "Sources", sources.render, READ),
    Entry("case", "Cases", case.render, FOLLOW),
    Entry("timeline", "Timeline", timeline.render, FOLLOW),
    Entry("changes", "Changes", changes.render, FOLLOW),
    Entry("scenario", "Scenario", scenario.render, FOLLOW),
    Entry("query", "Query", query.render, ASK),
    Entry("search", "Search", search.render, ASK),
    Entry("review", "Review a document", review.render, ADD),
)

if __name__ == "__main__":
    frame.show(PAGES)
