"""The bench of the service: its figures are drawn from its loads, and what fails is counted, not hidden."""

from __future__ import annotations

import http.client

import pytest

from benchmarks import service_bench
from benchmarks.service_bench import CLIENTS, Load, Target
from tests import engines


def section(uncached=80, repeated=500, few=100, failed=0):
    """The section over loads in which the bare server gives 100 answers a second and rdflib-endpoint 10."""
    per_second = {
        service_bench._BARE: 100,
        service_bench._UNCACHED: uncached,
        service_bench._REPEATED: repeated,
        service_bench._FEW: few,
        service_bench._RDFLIB: 10,
    }
    loads = [
        Load(name, clients, count * 10, failed, 10.0, 1.0, 2.0, 1.0)
        for clients in CLIENTS
        for name, count in per_second.items()
    ]
    return service_bench._section(loads, 10.0)


def missed(made):
    return [figure.what for figure in made.figures if "MISSED" in figure.cells()]


def test_what_keeps_every_limit_is_held_and_every_load_has_its_throughput_and_p95():
    made = section()
    assert missed(made) == []
    assert len(made.rows) == 5 * len(CLIENTS)
    assert {"answers a second", "p95 ms"} <= set(made.columns)


@pytest.mark.parametrize(
    ("loads", "what"),
    [
        ({"uncached": 79}, "uncached to the bare Oxigraph server"),
        ({"repeated": 499}, "repeated to the bare"),
        ({"few": 99}, "uncached to rdflib-endpoint"),
        ({"failed": 1}, "requests that failed"),
    ],
)
def test_a_limit_that_is_missed_is_reported_as_missed(loads, what):
    assert missed(section(**loads)) == [what]


def test_a_server_that_does_not_answer_is_a_failed_request():
    port = engines.free_port()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    assert service_bench._ask(connection, Target("gone", port, "/", {}, 0), "ASK {}") == 0


def test_memory_that_grows_is_seen_and_memory_that_was_taken_at_first_is_not_held_against_it():
    assert service_bench._growth([10, 50, 100, 100, 100, 100]) == pytest.approx(1)
    assert service_bench._growth([100, 100, 120, 130, 150, 160]) > 1.1
