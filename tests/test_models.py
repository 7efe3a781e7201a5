"""Models stand in an order that each of them can give the reasons for, and no State is a model for itself."""

from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas import catalogue, models, store, terms

DENMARK = terms.thing("state", "DNK")


def row(name, grade="official", limits=0, meets="true"):
    return {
        "about": "a",
        "criterion": "c",
        "cell": f"cell/{name}",
        "doer": f"state/{name}",
        "name": name,
        "grade": grade,
        "limits": str(limits),
        "meets": meets,
    }


def test_two_thresholds_of_one_kind_are_one_kind_of_condition(atlas):
    """The Netherlands punish grooming of a victim under 16, or under 18 where a minor is only feigned."""
    asked = terms.concept("criterion", "law.grooming")
    rows = store.table(catalogue.run(atlas, models.QUERY, recommendation=asked)).dicts()
    dutch = [row for row in rows if row["doer"] == terms.thing("state", "NLD")]
    assert {len(row["conditions"].splitlines()) for row in dutch} == {2}
    assert {row["limits"] for row in dutch} == {"1"}


def near(name, share):
    return {"address": f"state/{name}", "share": str(share), "same": "1", "compared": "2"}


def names(rows, nearest=(), borrower="state/DNK"):
    return [model.rows[0]["name"] for model in models.ordered(rows, nearest, borrower)]


def test_official_evidence_goes_before_fewer_conditions():
    assert names([row("B", "secondary", 0), row("A", "official", 3)]) == ["A", "B"]


def test_fewer_conditions_go_before_likeness():
    found = names([row("B", limits=1), row("A", limits=2)], [near("A", 0.9), near("B", 0.1)])
    assert found == ["B", "A"]


def test_who_does_it_wholly_goes_before_who_does_it_in_part():
    assert names([row("A", meets="false"), row("B")]) == ["B", "A"]


def test_the_more_alike_goes_first_and_who_cannot_be_compared_last():
    found = names([row("A"), row("B"), row("C")], [near("B", 0.2), near("C", 0.8)])
    assert found == ["C", "B", "A"]


def test_the_borrower_is_no_model():
    assert names([row("DNK"), row("SWE")]) == ["SWE"]


def test_rows_of_one_position_are_one_model():
    (model,) = models.ordered([row("A"), row("A")], [], "state/DNK")
    assert len(model.rows) == 2


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from("ABCDEFG"),
        st.sampled_from(("official", "secondary")),
        st.integers(0, 3),
        st.sampled_from(("true", "false")),
    ),
    unique_by=lambda one: one["cell"],
)


@given(ROWS, st.permutations("ABCDEFG"))
def test_the_order_is_that_of_the_reasons_whatever_the_order_of_the_rows(rows, places):
    nearest = [near(name, place / 10) for place, name in enumerate(places)]
    found = models.ordered(rows, nearest, "state/DNK")
    weights = [(not one.official, one.limits, not one.wholly, -one.share) for one in found]
    assert weights == sorted(weights)
    assert found == models.ordered(rows[::-1], nearest, "state/DNK")


def test_reasons_are_told_in_the_order_of_their_weight(atlas):
    rows = store.table(catalogue.run(atlas, models.QUERY, recommendation="IV-9")).dicts()
    nearest = store.table(catalogue.run(atlas, models.LIKENESS, state="DNK")).dicts()
    found = models.ordered(rows, nearest, DENMARK)
    first = found[0]
    assert first.reasons[0] == "official evidence"
    assert first.limits == min(model.limits for model in found if model.official)
    assert all("criteria" in model.reasons[3] or model.share is None for model in found)
    assert DENMARK not in {model.state for model in found}


def test_the_count_on_the_list_is_the_number_of_states_on_the_page(atlas):
    """The list of recommendations and the models of each are two queries; they say the same."""
    listed = store.table(catalogue.run(atlas, "models-of-recommendations", state="DNK")).dicts()
    assert {one["whole"] for one in listed} > {"0"}
    for one in listed:
        number = terms.local_name(one["recommendation"])
        rows = store.table(catalogue.run(atlas, models.QUERY, recommendation=number)).dicts()
        found = [
            model
            for model in models.ordered(rows, [], DENMARK)
            if model.rows[0]["criterion"].endswith(one["criterionName"])
        ]
        wholly = {model.state for model in found if model.wholly}
        assert len(wholly) == int(one["whole"]), number
        assert len({model.state for model in found} - wholly) == int(one["partly"]), number
        assert len({model.state for model in found if model.official}) == int(one["official"]), number
