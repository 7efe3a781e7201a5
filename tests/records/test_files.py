from pathlib import Path

import pytest

from lanzarote_atlas.records import files


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def read(folder):
    return files.read(files.find(folder), folder)


def only_fault(folder):
    found = read(folder)
    assert len(found.faults) == 1
    return found.faults[0]


def test_a_file_holds_one_record(data):
    (data / "DNK.yaml").write_text("type: State\nid: DNK\n")
    (record,) = read(data).records
    assert (record.type, record.id, record.file, record.graph) == (
        "State",
        "DNK",
        "data/DNK.yaml",
        "data/DNK",
    )


def test_a_file_holds_a_list_of_records_that_know_their_lines(data):
    (data / "x.yaml").write_text(
        "records:\n- type: State\n  id: DNK\n- type: State\n  id: SWE\n  iso3: SWE\n"
    )
    first, second = read(data).records
    assert (first.line(), second.line()) == (2, 4)
    assert second.line("iso3") == 6


def test_a_part_without_a_line_stands_where_what_encloses_it_does(data):
    (data / "x.yaml").write_text("type: State\nid: DNK\ncitation:\n- {source: a}\n")
    (record,) = read(data).records
    assert record.line("citation", 0, "paragraph") == 4
    assert record.line("nothing") == 1


def test_files_are_found_in_a_fixed_order_with_both_endings(data):
    for name in ("b/z.yaml", "a.yml", "b/a.yaml", "note.txt", "c.yaml~"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text("type: State\nid: X\n")
    assert [path.relative_to(data).as_posix() for path in files.find(data)] == [
        "a.yml",
        "b/a.yaml",
        "b/z.yaml",
    ]


def test_a_file_below_a_folder_is_a_graph_with_its_path(data):
    (data / "states").mkdir()
    (data / "states" / "DNK.yaml").write_text("type: State\nid: DNK\n")
    (record,) = read(data).records
    assert (record.file, record.graph) == ("data/states/DNK.yaml", "data/states/DNK")


def test_one_file_can_be_read_alone(data):
    path = data / "DNK.yaml"
    path.write_text("type: State\nid: DNK\n")
    assert files.find(path) == [path]
    assert files.read([path], data).records[0].file == "data/DNK.yaml"


def test_the_working_folder_gives_no_slash_before_its_files(data, monkeypatch):
    """`--data .` must not name files as if they stood at the top of the disk."""
    (data / "DNK.yaml").write_text("type: State\nid: DNK\n")
    monkeypatch.chdir(data)
    assert read(Path()).records[0].file == "DNK.yaml"


def test_an_empty_folder_has_no_records_and_no_faults(data):
    assert (read(data).records, read(data).faults) == ([], [])


def test_a_key_beside_records_is_a_fault_and_the_records_are_read(data):
    (data / "x.yaml").write_text("title: My file\nrecords:\n- {type: State, id: DNK}\n")
    found = read(data)
    assert [str(fault) for fault in found.faults] == [
        "data/x.yaml:1: -: unknown key 'title' beside `records`; move it into a record"
    ]
    assert len(found.records) == 1


@pytest.mark.parametrize(
    "text",
    ["- type: State\n  id: DNK\n", "word\n", "", "5\n", "records: word\n", "records:\n", "records: {a: 1}\n"],
)
def test_a_file_that_is_neither_record_nor_list_says_how_to_begin(data, text):
    (data / "x.yaml").write_text(text)
    fault = only_fault(data)
    assert fault.problem == "neither a record nor a list of `records`"
    assert "`records:`" in fault.remedy


def test_an_empty_list_of_records_is_allowed(data):
    (data / "x.yaml").write_text("records: []\n")
    assert (read(data).records, read(data).faults) == ([], [])


def test_an_item_that_is_no_mapping_is_a_fault_at_its_line(data):
    (data / "x.yaml").write_text("records:\n- {type: State, id: DNK}\n- word\n-\n")
    found = read(data)
    assert [(fault.line, fault.problem) for fault in found.faults] == [
        (3, "not a record"),
        (4, "not a record"),
    ]
    assert len(found.records) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: DNK\n", "data/x.yaml:1: DNK: no type; give the record a `type`"),
        ("type: State\n", "data/x.yaml:1: -: no id; give the record a `id`"),
        ("type: ''\nid: DNK\n", "data/x.yaml:1: DNK: no type; give the record a `type`"),
        ("type: State\nid:\n", "data/x.yaml:1: -: no id; give the record a `id`"),
        ("type: PolicyTarget\nid: 1\n", "data/x.yaml:2: -: id 1 is not text; write it in quotes"),
        ("type: PolicyTarget\nid: 1.1\n", "data/x.yaml:2: -: id 1.1 is not text; write it in quotes"),
        ("type: [State]\nid: DNK\n", "data/x.yaml:1: DNK: type ['State'] is not text; write it in quotes"),
        ("type: true\nid: DNK\n", "data/x.yaml:1: DNK: type True is not text; write it in quotes"),
    ],
)
def test_a_record_without_type_or_id_says_what_is_missing(data, text, expected):
    (data / "x.yaml").write_text(text)
    assert str(only_fault(data)) == expected


def test_a_file_that_cannot_be_read_is_one_fault_and_the_others_are_read(data):
    (data / "a.yaml").write_bytes(b"type: State\nid: \xff\n")
    (data / "b.yaml").write_text("type: State\nid: DNK\n")
    found = read(data)
    assert [fault.file for fault in found.faults] == ["data/a.yaml"]
    assert found.faults[0].remedy == "save the file as UTF-8 text"
    assert [record.id for record in found.records] == ["DNK"]


def test_a_link_that_leads_nowhere_is_a_fault(data):
    """Passing over it would drop its records without a word."""
    (data / "x.yaml").symlink_to(data / "gone.yaml")
    fault = only_fault(data)
    assert (fault.file, fault.problem) == ("data/x.yaml", "cannot be read: No such file or directory")


def test_a_link_to_a_file_is_read_under_its_own_name(data, tmp_path):
    (tmp_path / "elsewhere.yaml").write_text("type: State\nid: DNK\n")
    (data / "x.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert read(data).records[0].file == "data/x.yaml"


def test_a_file_without_rights_is_a_fault(data, monkeypatch):
    (data / "x.yaml").write_text("type: State\nid: DNK\n")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    assert only_fault(data).problem == "cannot be read: Permission denied"


def test_a_huge_file_is_a_fault_before_it_is_read(data, monkeypatch):
    monkeypatch.setattr(files, "_LARGEST", 10)
    (data / "x.yaml").write_text("type: State\nid: DNK\n")
    assert only_fault(data).problem == "larger than 10 bytes"


def test_malformed_yaml_keeps_file_and_line(data):
    (data / "x.yaml").write_text("type: State\nid: 'DNK\n")
    fault = only_fault(data)
    assert (fault.file, fault.line) == ("data/x.yaml", 3)
