import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.errors import RefusedError
from lanzarote_atlas.gateway import formats

OFFERED = ("a/x", "a/y", "b/x")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "a/x"),
        ("b/x", "b/x"),
        ("a/*;q=0.5, b/x", "b/x"),
        ("*/*;q=0.1, a/y;q=0.2", "a/y"),
        ("a/x;q=0, a/*", "a/y"),
        ("A/Y ; Q=1", "a/y"),
        ("b/x;level=1;q=0.3, a/y;q=0.2", "b/x"),
        ("a/x;q=2, b/x;q=0.1", "b/x"),
        ("nonsense", "a/x"),
    ],
)
def test_the_most_specific_range_counts_and_then_the_higher_quality(accept, chosen):
    assert formats.negotiated(accept, OFFERED) == chosen


@pytest.mark.parametrize("accept", ["c/z", "a/x;q=0, a/y;q=0, b/*;q=0", "*/*;q=0"])
def test_where_none_is_taken_the_error_lists_all(accept):
    with pytest.raises(RefusedError) as caught:
        formats.negotiated(accept, OFFERED)
    assert (caught.value.status, caught.value.allowed) == (406, "a/x, a/y, b/x")


@given(st.text() | st.text(alphabet="ab/xy*;q=0.15, "))
def test_any_header_gives_a_format_or_406(accept):
    try:
        chosen = formats.negotiated(accept, OFFERED)
    except RefusedError as error:
        chosen = str(error.status)
    assert chosen in (*OFFERED, "406")


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("*", True),
        ("br, *;q=0.1", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("*, gzip;q=0.000", False),
        ("identity", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(header, taken):
    assert formats.takes_gzip(header) is taken
