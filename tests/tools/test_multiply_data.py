"""A multiplied project is sound and N times as large; a copy points at nothing outside it but the States."""

import subprocess
import sys

import pytest

from lanzarote_atlas import resources
from lanzarote_atlas.records import context as contexts
from lanzarote_atlas.records import files
from lanzarote_atlas.records.quads import of_records
from tests import small_project
from tools import multiply_data

TIMES = 3


@pytest.fixture
def project(tmp_path):
    with small_project.using(tmp_path / "small") as project:
        # The package is copied too; the small project reads that of the checkout.
        (project.root / "lanzarote_atlas").symlink_to(resources.PACKAGE)
        yield project


@pytest.fixture
def multiplied(project, tmp_path):
    out = tmp_path / "multiplied"
    multiply_data.multiply(project.root, TIMES, out)
    return out


def records_of(project):
    return files.read(files.find(project / "data"), project / "data").records


def lanzarote(folder, *arguments):
    command = [sys.executable, "-m", "lanzarote_atlas", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_multiplied_project_has_no_fault_and_builds(multiplied):
    checked = lanzarote(multiplied, "check")
    assert (checked.returncode, checked.stdout) == (0, "")
    built = lanzarote(multiplied, "build", "--out", str(multiplied / "build"))
    assert built.stdout.startswith("built: "), built.stderr


def test_everything_but_the_shared_records_stands_n_times(project, multiplied):
    shared = [record for record in records_of(project.root) if record.type in multiply_data.SHARED_TYPES]
    own = len(records_of(project.root)) - len(shared)
    assert {record.type for record in shared} == {"State", "Dataset", "Retired"}
    assert len(records_of(multiplied)) == len(shared) + TIMES * own


def test_a_copy_points_at_itself_the_states_and_the_vocabularies_alone(multiplied):
    second = [record for record in records_of(multiplied) if record.file.startswith("data/copy-2/")]
    named = {quad.object.value for quad in of_records(second) if "/id/" in str(quad.object)}
    named |= {quad.object.value for quad in of_records(second) if "/criterion/" in str(quad.object)}
    own, others = (
        {name for name in named if name.partition("#")[0].endswith("-c2") is inside}
        for inside in (True, False)
    )
    assert {name.rsplit("/", 1)[-1] for name in others} == {"DNK"}
    assert {name.rsplit("/id/")[-1] for name in own} >= {
        "source/factsheet-c2",
        "provision/cets-201/art-25-c2",
        "https://w3id.org/lanzarote-atlas/vocabulary/criterion/jurisdiction.passive-personality-c2",
    }


def test_the_numbers_of_a_recommendation_are_the_copys_own(multiplied):
    third = {record.id: record for record in records_of(multiplied) if record.file.startswith("data/copy-3/")}
    assert third["IV-1-c3"].body["number"] == ["IV-1-c3", "IV-2-c3"]
    assert third["IV-3-c3"].body["number"] == "IV-3-c3"
    assert third["IV-3-c3"].body["namesState"] == ["DNK"]


def test_what_names_nothing_is_copied_as_it_stands(multiplied):
    by_id = {record.id: record for record in records_of(multiplied)}
    first = by_id["DNK/jurisdiction.passive-personality/factsheet"].body
    second = by_id["DNK/jurisdiction.passive-personality/factsheet-c2"].body
    names = {"id", "criterion", "provision", "citation"}
    assert contexts.load().areas.keys() >= names - {"id", "citation"}
    assert {key: first[key] for key in first.keys() - names} == {
        key: second[key] for key in second.keys() - names
    }
    assert second["citation"] == [
        {"source": "factsheet-c2", "section": "IV", "paragraph": [43, 44], "footnote": 2}
    ]


def test_a_folder_that_holds_something_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        multiply_data.main(["--times", "2", "--out", str(tmp_path)])
    assert ended.value.code == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_data_that_cannot_be_read_are_named(project, tmp_path, capsys):
    project.add("broken.yaml", "records: [")
    assert multiply_data.main(["--times", "2", "--out", str(tmp_path / "out")]) == 1
    assert "data/broken.yaml:" in capsys.readouterr().err
