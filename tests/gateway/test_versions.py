"""A permanent address answers with what its build said, as a page or data, and tells what is in its place."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from lanzarote_atlas.gateway import formats, versions
from tests.gateway.conftest import serving

CELL = "id/cell/DNK/jurisdiction.passive-personality"
COMPARISON = "id/comparison/2026-11-22/DNK,SWE/jurisdiction.passive-personality"
SCENARIO = "id/scenario/date=2026-01-01;offence=grooming;place-of-act=DNK"
STORED = (CELL, "id/recommendation/II-3", "id/state/DNK", "vocabulary/criterion/jurisdiction.territoriality")
EVERY = (*STORED, COMPARISON, SCENARIO)
DATASETS = ("application/trig", "application/n-quads", "application/ld+json")


@pytest.fixture(scope="module")
def archive(kept_builds, tmp_path_factory):
    """The service over two kept builds, and what stands before the digits of each."""
    with serving(kept_builds.out, tmp_path_factory.mktemp("archive") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def then(kept_builds):
    return f"/build/{kept_builds.older.manifest.build_id[:16]}"


@pytest.fixture(scope="module")
def now(kept_builds):
    return f"/build/{kept_builds.current.manifest.build_id[:16]}"


def links(reply) -> dict[str, str]:
    pairs = [link.split("; rel=") for link in reply.headers["link"].split(", <")]
    return {relation.strip('"'): address.strip("<>") for address, relation in pairs}


@pytest.mark.parametrize("thing", EVERY)
def test_people_are_led_to_the_page_of_that_build(archive, then, thing):
    reply = archive.request("GET", f"/{thing}{then}", Accept="text/html")
    assert reply.status == 303
    query = parse_qs(urlsplit(reply.headers["location"]).query)
    assert query["build"] == [then.removeprefix("/build/")]
    assert query["at"]


def test_what_has_no_page_in_the_dashboard_has_one_here(archive, then):
    reply = archive.request("GET", f"/vocabulary/criterion/law.grooming{then}", Accept="text/html")
    page = archive.request("GET", reply.headers["location"])
    assert (page.status, page.headers["content-type"].partition(";")[0]) == (200, "text/html")
    assert b"solicitation of children" in page.body
    assert "successor-version" in links(page)


@pytest.mark.parametrize("thing", EVERY)
def test_an_old_address_tells_the_latest_and_the_successor(archive, then, now, thing):
    old = links(archive.request("GET", f"/{thing}{then}", Accept="text/html"))
    assert old == {
        "latest-version": f"{archive.address}/{thing}",
        "successor-version": f"{archive.address}/{thing}{now}",
    }
    current = links(archive.request("GET", f"/{thing}{now}", Accept="text/html"))
    assert current == {"latest-version": f"{archive.address}/{thing}"}


@pytest.mark.parametrize("media_type", formats.GRAPHS)
@pytest.mark.parametrize("thing", EVERY)
def test_machines_are_led_to_data_in_every_format(archive, then, thing, media_type):
    reply = archive.request("GET", f"/{thing}{then}", Accept=media_type)
    assert reply.status == 303
    data = archive.request("GET", reply.headers["location"])
    assert (data.status, data.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert "successor-version" in links(data)
    assert list(ox.parse(data.body, format=ox.RdfFormat.from_media_type(media_type)))


@pytest.mark.parametrize("thing", [CELL, COMPARISON])
@pytest.mark.parametrize("media_type", formats.GRAPHS)
def test_an_old_address_says_what_it_said_then(archive, kept_builds, thing, media_type):
    then, now = (
        f"/build/{build.manifest.build_id[:16]}" for build in (kept_builds.older, kept_builds.current)
    )
    ending = formats.extension(media_type)
    old = archive.request("GET", f"/data/{thing}{then}.{ending}").body.decode()
    new = archive.request("GET", f"/data/{thing}{now}.{ending}").body.decode()
    assert (kept_builds.SAID_THEN in old, kept_builds.SAYS_NOW in old) == (True, False)
    assert (kept_builds.SAID_THEN in new, kept_builds.SAYS_NOW in new) == (False, True)


@pytest.mark.parametrize("media_type", DATASETS)
@pytest.mark.parametrize("thing", [CELL, COMPARISON, SCENARIO])
def test_formats_with_graphs_hold_the_nanopublication(archive, then, thing, media_type):
    body = archive.request("GET", f"/data/{thing}{then}.{formats.extension(media_type)}").body
    graphs = {
        str(getattr(quad.graph_name, "value", "")).rpartition("#")[2]
        for quad in ox.parse(body, format=ox.RdfFormat.from_media_type(media_type))
    }
    assert graphs == {"head", "assertion", "provenance", "pubinfo"}


@pytest.mark.parametrize("thing", [COMPARISON, SCENARIO])
def test_a_comparison_or_scenario_without_a_build_is_that_of_the_current_one(archive, now, thing):
    page = archive.request("GET", f"/{thing}", Accept="text/html")
    assert page.status == 303
    assert "build=" not in page.headers["location"]
    data = archive.request("GET", f"/data/{thing}.nq").body
    assert f"{thing}{now}".encode() in data


def test_a_build_kept_no_more_is_gone_and_one_that_never_was_unknown(archive):
    gone = archive.request("GET", f"/{CELL}/build/{'9' * 16}", Accept="text/html")
    assert (gone.status, gone.json()["code"]) == (410, "gone")
    assert "is kept no more; kept are: " in gone.json()["message"]
    assert "/build/" in gone.json()["allowed"]
    never = archive.request("GET", f"/{CELL}/build/{'8' * 16}", Accept="text/html")
    assert (never.status, never.json()["code"]) == (404, "unknown")


@pytest.mark.parametrize(
    "path",
    [
        "/id/cell/DNK/nothing{then}",
        "/id/comparison/nothing",
        "/id/comparison/nothing{then}",
        "/id/scenario/colour{then}",
        "/data/id/cell/DNK/nothing{then}.trig",
        "/data/id/scenario/date=2026-01-01;offence=nothing.trig",
        "/data/id/comparison/2026-11-22/XXX/law.grooming.trig",
    ],
)
def test_an_address_of_nothing_is_unknown_with_the_reason(archive, then, path):
    reply = archive.request("GET", path.format(then=then))
    assert reply.status == 404
    assert reply.json()["message"]


def test_a_single_store_keeps_no_builds_and_says_so(built, tmp_path):
    with serving(built.store, tmp_path / "log") as running:
        reply = running.request("GET", f"/{CELL}/build/{'9' * 16}")
        assert reply.status == 404
        assert "keeps no builds" in reply.json()["message"]
        assert running.request("GET", f"/{CELL}").status == 303
        for path in (f"/{COMPARISON}", f"/data/{SCENARIO}.trig", f"/{COMPARISON}/build/{'9' * 16}"):
            made = running.request("GET", path)
            assert made.status == 404
            assert "is made anew from a kept build" in made.json()["message"]


def test_the_build_that_is_served_is_the_current_one_whatever_the_pointer_says(kept_builds):
    """A service goes over to a new build a little after it was made; until then it tags and tells the old."""
    version = versions._find(kept_builds.out, COMPARISON, kept_builds.older)
    assert version.build == version.current == kept_builds.older
    assert not version.successor


def test_documents_of_kept_builds_are_counted_but_those_at_hand_are_not(kept_builds, tmp_path):
    then = f"/build/{kept_builds.older.manifest.short}"
    with serving(kept_builds.out, tmp_path / "log", rate="0.2", concurrency="1") as running:
        paths = [f"/data/{COMPARISON}{then}.{ending}" for ending in ("trig", "nq", "ttl")]
        assert [running.request("GET", path).status for path in paths] == [200, 200, 429]
        assert running.request("GET", paths[0]).status == 200


def test_a_number_too_long_to_be_read_is_no_age(archive, then):
    reply = archive.request(
        "GET", f"/data/id/scenario/date=2026-01-01;offence=grooming;victim-age={'9' * 5000}.trig"
    )
    assert reply.status == 404
    assert "is no age" in reply.json()["message"]


def test_a_permanent_address_that_the_client_has_already_is_not_sent_again(archive, then):
    first = archive.request("GET", f"/data/{CELL}{then}.ttl")
    again = archive.request("GET", f"/data/{CELL}{then}.ttl", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
