import gzip

import pytest

from lanzarote_atlas.errors import RefusedError
from lanzarote_atlas.gateway import answers
from lanzarote_atlas.gateway.rates import Rates

MEGABYTE = 1 << 20


def test_the_answers_kept_stay_within_their_memory_and_the_last_used_stay():
    kept = answers.Kept(1)
    for number in range(10):
        kept.put(str(number), answers.Answer(b"x" * (MEGABYTE // 4)))
        assert kept.get("0"), "asked for each time, so never the one used longest ago"
        assert kept.size <= MEGABYTE
    assert kept.get("9")
    assert kept.get("1") is None


def test_an_answer_too_large_to_keep_is_not_kept():
    kept = answers.Kept(1)
    kept.put("large", answers.Answer(b"x" * (MEGABYTE + 1)))
    assert kept.get("large") is None
    assert kept.size == 0


def test_an_answer_in_place_of_another_is_counted_once():
    kept = answers.Kept(1)
    for _ in range(3):
        kept.put("same", answers.Answer(b"x" * 1000))
    assert kept.size == 1000


def test_an_answer_is_compressed_once_and_both_count():
    kept = answers.Kept(1)
    answer = answers.Answer(b"x" * 1000)
    kept.put("one", answer)
    packed = kept.pack(answer)
    assert gzip.decompress(packed) == answer.body
    assert kept.pack(answer) is packed
    assert kept.size == 1000 + len(packed)


def test_a_key_tells_where_one_part_ends_and_the_next_begins():
    assert answers.key("ab", "c") != answers.key("a", "bc")
    assert answers.key("a", "b") == answers.key("a", "b")


def test_a_client_has_ten_seconds_worth_of_queries_and_gets_more_with_time():
    now = [0.0]
    rates = Rates(2, lambda: now[0])
    for _ in range(20):
        rates.count("one")
    with pytest.raises(RefusedError) as caught:
        rates.count("one")
    assert (caught.value.status, caught.value.code) == (429, "rate")
    rates.count("another")
    now[0] = 0.5
    rates.count("one")
    with pytest.raises(RefusedError):
        rates.count("one")


def test_a_rate_below_one_allows_at_least_one_query():
    rates = Rates(0.01, lambda: 0.0)
    rates.count("one")
    with pytest.raises(RefusedError):
        rates.count("one")
