import json
import os
from contextlib import suppress
from dataclasses import replace

import pytest

from lanzarote_atlas import builds, settings
from lanzarote_atlas.errors import GoneError, StoreError, UsageError

MANIFEST = {
    "build_id": "ab" * 32,
    "fingerprint": "cd" * 32,
    "quads": 1,
    "graphs": 1,
    "as_at": "2026-11-21",
    "built_at": "2026-11-21T00:00:00+00:00",
}


@pytest.fixture
def out(tmp_path):
    """A folder whose current build has nothing but a manifest."""
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "current").write_text("one\n")
    return tmp_path


def test_the_pointer_leads_to_the_current_build(out):
    standing = builds.current(out)
    assert standing.folder == out / "one"
    assert standing.manifest == builds.Manifest(**MANIFEST)
    assert (standing.store.name, standing.trig.name, standing.search_index.name) == (
        "store",
        "atlas.trig",
        "search.sqlite",
    )


@pytest.mark.parametrize(
    "break_it",
    [
        lambda out: (out / "current").unlink(),
        lambda out: (out / "current").write_text(""),
        lambda out: (out / "current").write_text("two\n"),
        lambda out: (out / "current").write_bytes(b"\xff\xfe"),
        lambda out: (out / "one" / "manifest.json").unlink(),
        lambda out: (out / "one" / "manifest.json").write_text("{"),
        lambda out: (out / "one" / "manifest.json").write_text("[]"),
        lambda out: (out / "one" / "manifest.json").write_text("null"),
        lambda out: (out / "one" / "manifest.json").write_text("{}"),
        lambda out: (out / "one" / "manifest.json").write_text(json.dumps(MANIFEST | {"more": 1})),
        lambda out: (out / "one" / "manifest.json").write_bytes(b"\xff"),
    ],
)
def test_a_broken_pointer_or_manifest_is_no_build_and_says_how_to_make_one(out, break_it):
    break_it(out)
    assert builds.current(out) is None
    with pytest.raises(StoreError, match="run `lanzarote build`"):
        builds.required(out)


def test_no_folder_and_a_file_in_its_place_are_no_build(tmp_path):
    assert builds.current(tmp_path / "nothing") is None
    (tmp_path / "file").write_text("x")
    assert builds.current(tmp_path / "file") is None


@pytest.mark.parametrize("is_there", [True, False])
def test_what_is_made_and_not_adopted_is_removed(tmp_path, is_there):
    """And the folder around it, where there was none."""
    out = tmp_path / "out"
    if is_there:
        out.mkdir()
    with suppress(KeyboardInterrupt), builds.making(out) as folder:
        (folder / "store").mkdir()
        raise KeyboardInterrupt
    assert list(tmp_path.rglob("*")) == ([out] if is_there else [])


def test_a_folder_that_cannot_move_for_another_reason_is_not_passed_over(tmp_path):
    gone = builds.Build(tmp_path / "kept", builds.Manifest(**MANIFEST))
    with pytest.raises(OSError, match="No such file"):
        builds._move(tmp_path / "gone", gone)


def test_a_process_of_another_user_runs(monkeypatch):
    def refuse(*_args):
        raise PermissionError

    monkeypatch.setattr(builds.os, "kill", refuse)
    assert builds._runs(1)


def whole(out, name, build_id, built_at="2026-11-21T00:00:00+00:00"):
    """Make a build that has all its parts, and nothing in them."""
    folder = out / name
    (folder / "store").mkdir(parents=True)
    for part in ("atlas.trig", "search.sqlite"):
        (folder / part).touch()
    manifest = MANIFEST | {"build_id": build_id, "built_at": built_at}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_kept_builds_are_whole_and_newest_first(out):
    old = whole(out, "old", "12" * 32, "2026-01-01T00:00:00+00:00")
    new = whole(out, "new", "34" * 32, "2026-02-01T00:00:00+00:00")
    assert [build.folder for build in builds.kept(out)] == [new, old]


def test_a_build_is_found_by_the_start_of_its_identifier_by_folder_or_as_the_current_one(out, tmp_path):
    folder = whole(out, "two", "1234" * 16)
    apart = whole(tmp_path / "apart", "three", "5678" * 16)
    for name, expected in (
        ("1234", folder),
        ("1234" * 16, folder),
        (str(apart), apart),
        ("current", out / "one"),
    ):
        assert builds.find(out, name).folder == expected


@pytest.mark.parametrize("name", ["123", "", "zzzz", "12345678", "nowhere/at/all"])
def test_a_name_of_no_build_tells_those_that_are_kept(out, name):
    whole(out, "two", "1234" * 16)
    with pytest.raises(UsageError, match="kept are: 1234123412341234"):
        builds.find(out, name)


def test_builds_that_say_the_same_are_named_once(out):
    for name in ("two", "three"):
        whole(out, name, "1234" * 16)
    with pytest.raises(UsageError, match=r"kept are: (1234){4}$"):
        builds.find(out, "5678")


def test_a_start_that_several_builds_share_is_refused(out):
    whole(out, "two", "1234" + "0" * 60)
    whole(out, "three", "1234" + "1" * 60)
    with pytest.raises(UsageError, match="several builds '1234'"):
        builds.find(out, "1234")


def manifest(place):
    made = f"2026-11-{place:02}T00:00:00+00:00"
    return builds.Manifest(**MANIFEST | {"build_id": f"{place:x}" * 64, "built_at": made})


def made(out, place, fingerprint="cd" * 32):
    with builds.making(out) as folder:
        (folder / "store").mkdir()
        for name in ("atlas.trig", "search.sqlite"):
            (folder / name).write_text("")
        adopted = builds.adopt(folder, replace(manifest(place), fingerprint=fingerprint), out)
    day = 1_000_000 + len(list(out.glob("*/manifest.json"))) + place
    os.utime(adopted.folder / "manifest.json", (day, day))
    return adopted


@pytest.fixture
def keep(monkeypatch):
    """Set how many builds are kept, for one test."""

    def most(many):
        monkeypatch.setenv("LANZAROTE_BUILDS_KEPT", str(many))
        settings.current.cache_clear()

    yield most
    monkeypatch.undo()
    settings.current.cache_clear()


def test_the_newest_builds_are_kept_and_one_removed_is_told_from_one_that_never_was(tmp_path, keep):
    keep(2)
    for place in (1, 2, 3):
        made(tmp_path, place)
    assert [build.manifest.build_id[0] for build in builds.kept(tmp_path)] == ["3", "2"]
    with pytest.raises(GoneError, match=r"build 1{16}, made on 2026-11-01, is kept no more"):
        builds.find(tmp_path, "1" * 16)
    with pytest.raises(UsageError, match="no build '4444") as never:
        builds.find(tmp_path, "4" * 16)
    assert not isinstance(never.value, GoneError)


def test_a_build_made_again_after_its_removal_answers_again(tmp_path, keep):
    keep(1)
    for place in (1, 2, 1):
        made(tmp_path, place)
    assert builds.find(tmp_path, "1" * 16).manifest == manifest(1)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"1\n", b"one two three\n"])
def test_a_damaged_list_of_removed_builds_is_no_list(tmp_path, content):
    (tmp_path / "removed").write_bytes(content)
    with pytest.raises(UsageError, match="no build"):
        builds.find(tmp_path, "1" * 16)


def test_builds_that_say_the_same_push_out_no_other(tmp_path, keep):
    """Where the program alone changes, the content is the same, and what it said before goes on answering."""
    keep(2)
    made(tmp_path, 1)
    for place in range(4):
        made(tmp_path, 2, fingerprint=f"{place}" * 64)
    assert {build.manifest.build_id[0] for build in builds.kept(tmp_path)} == {"1", "2"}
    assert len(builds.kept(tmp_path)) == 3
    assert builds.required(tmp_path).manifest.fingerprint == "3" * 64
