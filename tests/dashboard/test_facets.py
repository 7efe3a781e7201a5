"""Facets: a count says how many things a choice would leave, whatever else is chosen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.dashboard import facets
from lanzarote_atlas.dashboard.facets import Bundle

NAMES = {"kind": ("open", "stale"), "theme": ("ii", "iii", "iv"), "level": ("require", "invite")}
bundles = st.lists(
    st.builds(
        Bundle,
        st.integers(1, 50),
        st.fixed_dictionaries(
            {facet: st.frozensets(st.sampled_from(names)) for facet, names in NAMES.items()}
        ),
    )
)
choices = st.fixed_dictionaries({facet: st.sampled_from((None, *names)) for facet, names in NAMES.items()})


@given(bundles, choices)
def test_a_count_is_what_the_choice_would_leave(things, chosen):
    counts = facets.counted(things, chosen)
    for facet, names in NAMES.items():
        for name in names:
            assert counts[facet][name] == facets.left(things, chosen | {facet: name})


@given(bundles)
def test_without_a_choice_everything_is_left(things):
    assert facets.left(things, dict.fromkeys(NAMES)) == sum(bundle.things for bundle in things)


def test_what_would_leave_nothing_is_not_offered_unless_it_is_chosen():
    labels = {"a": "First", "b": "Second", "c": "Third"}
    assert facets.offered(labels, {"a": 1234}, "c") == {"a": "First (1\u202f234)", "c": "Third (0)"}
