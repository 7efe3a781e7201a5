"""Kleene's logic: knowing more can settle what was unknown and overturns nothing."""

from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.scenario.logic import Truth, agreed, every, negated, some, truth_of

values = st.lists(st.sampled_from(Truth), max_size=6)


def no_less(before, after):
    """Whether `after` says what `before` said, or settles it."""
    return before is Truth.UNKNOWN or before is after


@given(values, st.sampled_from([Truth.MET, Truth.UNMET]))
def test_settling_one_value_overturns_no_result(given_values, settled):
    for join in (every, some):
        before = join([*given_values, Truth.UNKNOWN])
        assert no_less(before, join([*given_values, settled]))


@given(values)
def test_every_and_some_are_dual(given_values):
    assert some(given_values) is negated(every(map(negated, given_values)))


def test_of_nothing_every_is_met_some_is_unmet_and_agreement_is_unknown():
    assert (every([]), some([]), agreed([])) == (Truth.MET, Truth.UNMET, Truth.UNKNOWN)


def test_disagreement_and_blanks_are_unknown():
    assert agreed([Truth.MET, Truth.UNMET]) is Truth.UNKNOWN
    assert agreed([Truth.MET, Truth.MET]) is Truth.MET
    assert (truth_of(None), truth_of(True), truth_of(False)) == (Truth.UNKNOWN, Truth.MET, Truth.UNMET)
