import pytest

from lanzarote_atlas.check import references
from lanzarote_atlas.records import files
from tests import small_project


@pytest.fixture
def project(tmp_path):
    with small_project.using(tmp_path) as project:
        yield project


def test_a_further_number_of_a_recommendation_is_known_as_an_id_is(project):
    records = files.read(files.find(project.data), project.data).records
    known = references.known(records, ["https://w3id.org/lanzarote-atlas/vocabulary/position/yes"])
    assert known.names["id/recommendation"] == {"IV-1", "IV-2", "IV-3"}
    assert known.names["vocabulary/position"] == {"yes"}
    assert known.retired == {"state/DDR": "the State ended"}


@pytest.mark.parametrize(
    "break_it",
    [
        lambda text: text.replace("iso3: SWE", "iso3: 'SWE"),
        lambda text: text.replace("- type: State", "- &x\n  type: State"),
        lambda text: text + "- {id: [}\n",
    ],
)
def test_who_points_into_a_file_that_cannot_be_read_is_not_at_fault(project, break_it):
    """One slip in the list of States would else come back as a fault in every file of the atlas."""
    path = project.data / "states.yaml"
    path.write_text(break_it(path.read_text()))
    assert [fault.file for fault in project.faults()] == ["data/states.yaml"]


def test_a_file_of_other_bytes_is_one_fault_too(project):
    path = project.data / "states.yaml"
    path.write_bytes(path.read_bytes().replace(b"Danmark", b"Danm\xe6rk"))
    (fault,) = project.faults()
    assert (fault.file, fault.line, fault.remedy) == ("data/states.yaml", 6, "save the file as UTF-8 text")


def test_who_points_at_a_record_with_a_slip_is_not_at_fault(project):
    project.edit("sources.yaml", "evidenceGrade: official", "evidenceGrade: offical")
    (fault,) = project.faults()
    assert fault.record == "factsheet"


def test_an_empty_data_folder_is_a_fault_with_a_next_step(project, tmp_path):
    from lanzarote_atlas.compile import assemble

    (tmp_path / "empty").mkdir()
    (fault,) = assemble.assemble(tmp_path / "empty", lambda _step: None).faults
    assert (fault.problem, fault.remedy) == ("no data file here", "name a folder with YAML files")


def test_many_faults_of_one_run_are_all_told_in_the_order_of_files_and_lines(project):
    project.edit("states.yaml", "{en: Sweden}", "{en: SWEDEN}")
    project.edit("recommendations.yaml", "addressee: DNK", "addressee: DNQ")
    project.edit("assessments/DNK.yaml", "value: conditional", "value: conditionel")
    project.edit("assessments/DNK.yaml", "2013-07-01", "2023-02-30")
    project.edit("assessments/DNK.yaml", "{source: factsheet, section: II}", "{section: II}")
    project.edit("instruments.yaml", "provisionKind: article", "provisionKind: artikel")
    faults = project.faults()
    assert [(fault.file, fault.line) for fault in faults] == [
        ("data/assessments/DNK.yaml", 6),
        ("data/assessments/DNK.yaml", 14),
        ("data/assessments/DNK.yaml", 26),
        ("data/instruments.yaml", 9),
        ("data/recommendations.yaml", 6),
        ("data/states.yaml", 9),
    ]
    assert all(fault.remedy for fault in faults)
