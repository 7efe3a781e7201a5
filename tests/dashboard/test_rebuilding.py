"""The atlas built anew from a page: by a process of its own, one at a time, its faults kept."""

from __future__ import annotations

import sys
import time

import pytest

from lanzarote_atlas import builds
from lanzarote_atlas.compile.build import STEPS
from lanzarote_atlas.dashboard.rebuilding import Rebuilding
from tests import small_project

SECONDS = 60


def saying(*lines: str, code: int = 0, wait: str = "") -> list[str]:
    """Return a command that says lines as a build does, waits for a file and ends with a code."""
    program = (
        "import pathlib, sys, time\n"
        f"print(*{lines!r}, sep='\\n', flush=True)\n"
        f"while {wait!r} and not pathlib.Path({wait!r}).exists(): time.sleep(0.02)\n"
        f"sys.exit({code})"
    )
    return [sys.executable, "-c", program]


def until(holds) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, "did not come about"
        time.sleep(0.02)


def test_steps_are_told_and_the_last_line_is_kept(tmp_path):
    go = tmp_path / "go"
    job = Rebuilding()
    job.start(saying(STEPS[0], STEPS[2], wait=str(go)))
    until(lambda: job.step == STEPS[2])
    assert (job.running, job.place) == (True, 2)
    go.touch()
    until(lambda: not job.running)
    assert not job.failed


def test_while_one_runs_no_other_begins(tmp_path):
    go = tmp_path / "go"
    job = Rebuilding()
    job.start(saying(wait=str(go)))
    job.start(saying("the other"))
    go.touch()
    until(lambda: not job.running)
    assert job.said == ""
    job.start(saying("the other"))
    until(lambda: not job.running)
    assert job.said == "the other"


def test_faults_are_kept_without_the_steps():
    job = Rebuilding()
    job.start(saying(STEPS[0], "a.yaml:3: X: no 'basis'", "1 faults; nothing was written", code=1))
    until(lambda: not job.running)
    assert job.failed
    assert list(job.faults) == ["a.yaml:3: X: no 'basis'", "1 faults; nothing was written"]


def test_a_command_that_cannot_be_started_is_a_failure_that_says_so(tmp_path):
    job = Rebuilding()
    job.start([str(tmp_path / "nothing")])
    until(lambda: not job.running)
    assert job.failed
    assert "could not be started" in job.faults[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_whatever_breaks_a_build_off_another_can_begin(monkeypatch):
    job = Rebuilding()
    with monkeypatch.context() as patch:
        patch.setattr(Rebuilding, "_hear", lambda *_: 1 / 0)
        job.start(saying("a line"))
        until(lambda: not job.running)
    assert job.failed
    assert "broke off" in job.faults[-1]
    job.start(saying("the other"))
    until(lambda: not job.running)
    assert (job.failed, job.said) == (False, "the other")


@pytest.mark.parametrize("broken", [False, True])
def test_the_command_lines_build_says_its_steps_and_keeps_the_last_good_build(tmp_path, broken, capsys):
    from lanzarote_atlas import cli

    with small_project.using(tmp_path / "project") as project:
        before = project.build().build
        text = "type: State\nid: XYZ\niso3: xyz\n" if broken else "type: State\nid: XYZ\niso3: XYZ\n"
        project.local.mkdir()
        state = "prefLabel: {en: Xyzland}\ncouncilOfEuropeMember: false\neuMember: false\n"
        (project.local / "own.yaml").write_text(text + state, encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["lanzarote", "build", "--steps"])
            with pytest.raises(SystemExit) as ended:
                cli.main()
        said = capsys.readouterr()
        assert STEPS[0] in said.err.splitlines()
        assert (ended.value.code or 0) == (1 if broken else 0)
        now = builds.current(project.out)
        assert (now.manifest.build_id == before.manifest.build_id) is broken
        assert ("own.yaml:3" in said.err) is broken
