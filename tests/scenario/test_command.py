"""`lanzarote scenario`: outcome on stdout, faults with their lines on stderr, and no advice in any form."""

import json
import sys

import pytest

from lanzarote_atlas import cli, resources, settings

FILE = resources.project() / "examples" / "scenarios" / "victim-only-above-six-years.yaml"


@pytest.fixture
def run(built, monkeypatch, capfd):
    """Run the command on the build of the project's own data; gives exit code, stdout and stderr."""

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["lanzarote", "scenario", *map(str, arguments)])
        capfd.readouterr()
        try:
            cli.main()
        except SystemExit as ended:
            return ended.code or 0, *capfd.readouterr()
        return 0, *capfd.readouterr()

    monkeypatch.setenv("LANZAROTE_STORE", str(built.folder.parent))
    settings.current.cache_clear()
    yield command
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), "May prosecute (1)"),
        (("--state", "DNK"), "straffeloven-7a#condition-2"),
        (("--format", "json"), '"claiming": ['),
    ],
)
def test_every_form_is_printed_and_says_that_it_is_no_advice(run, options, expected):
    code, out, err = run(FILE, *options)
    assert (code, err) == (0, "")
    assert expected in out
    assert "no legal advice" in out


def test_json_of_one_state_holds_that_state_alone(run):
    document = json.loads(run(FILE, "--format", "json", "--state", "SWE")[1])
    assert [state["iso3"] for state in document["states"]] == ["SWE"]


def test_slips_end_with_one_and_their_lines_on_stderr(run, tmp_path):
    (tmp_path / "case.yaml").write_text("date: 2026-01-01\noffence: groming\nvictim-age: 400\n")
    code, out, err = run(tmp_path / "case.yaml")
    assert (code, out) == (1, "")
    assert "case.yaml:2: offence: 'groming' is no offence; did you mean 'grooming'?" in err
    assert "case.yaml:3: victim-age: 400 is no age" in err


def test_a_state_that_the_atlas_does_not_have_is_wrong_use(run):
    code, out, err = run(FILE, "--state", "XXX")
    assert (code, out) == (2, "")
    assert "no State 'XXX' in the atlas" in err
