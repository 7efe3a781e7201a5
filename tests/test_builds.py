import json
from contextlib import suppress

import pytest

from lanzarote_atlas import builds
from lanzarote_atlas.errors import StoreError

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


def test_what_is_made_and_not_adopted_is_removed(tmp_path):
    with suppress(KeyboardInterrupt), builds.making(tmp_path / "out") as folder:
        (folder / "store").mkdir()
        raise KeyboardInterrupt
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_move_for_another_reason_is_not_passed_over(tmp_path):
    gone = builds.Build(tmp_path / "kept", builds.Manifest(**MANIFEST))
    with pytest.raises(OSError, match="No such file"):
        builds._move(tmp_path / "gone", gone)


def test_a_process_of_another_user_runs(monkeypatch):
    def refuse(*_args):
        raise PermissionError

    monkeypatch.setattr(builds.os, "kill", refuse)
    assert builds._runs(1)
