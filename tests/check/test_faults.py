"""One slip, one fault: each case is a small edit of a sound project, with all that the curator is told.

slips.yaml is the promise of `lanzarote check`: file, line, record, what was found, and what was expected or
the nearest word that is known.
"""

from pathlib import Path

import pytest
import yaml

from tests import small_project

SLIPS = yaml.safe_load(Path(__file__).with_name("slips.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path):
    with small_project.using(tmp_path) as project:
        yield project


def test_a_sound_project_has_no_fault(project):
    assert project.faults() == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip["name"])
def test_a_slip_is_one_fault_with_file_line_and_next_step(project, slip):
    new = slip["new"].replace("{601 letters}", "x" * 601)
    line = project.edit(slip["file"], slip["old"], new) + slip.get("below", 0)
    assert [str(fault) for fault in project.faults()] == [f"data/{slip['file']}:{line}: {slip['told']}"]


def test_every_slip_has_a_name_of_its_own():
    assert len({slip["name"] for slip in SLIPS}) == len(SLIPS)
