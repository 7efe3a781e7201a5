"""`lanzarote ingest`: what it asks of a document and says of it; a refusal leaves nothing behind."""

import io
import sys
from types import SimpleNamespace

import pytest

from lanzarote_atlas import cli
from lanzarote_atlas.errors import DocumentError, UsageError
from lanzarote_atlas.ingest import documents, reading
from lanzarote_atlas.ingest.pieces import Kind, Words
from lanzarote_atlas.records import yaml_text
from tests.ingest.conftest import DOCUMENTS

FACTSHEET = DOCUMENTS / "ruritania-factsheet.txt"
FORM = DOCUMENTS / "ruritania-form.md"


@pytest.fixture
def run(capfd, monkeypatch):
    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["lanzarote", "ingest", *map(str, arguments)])
        capfd.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
        out, err = capfd.readouterr()
        return SimpleNamespace(code=code, out=out, err=err)

    return command


def document(text, name="a.txt"):
    return reading.read_bytes(text.encode(), name)


# --- what a document has to be


@pytest.mark.parametrize(("path", "kind"), [(FACTSHEET, Kind.FACTSHEET), (FORM, Kind.GLOBAL_ALLIANCE)])
def test_the_kind_is_recognised(path, kind, ruritania):
    assert documents.recognise(reading.read(path), ruritania).kind is kind


def test_a_kind_that_a_document_is_not_is_refused_with_what_it_looks_like(ruritania):
    with pytest.raises(DocumentError, match=r"no global-alliance.*looks like a factsheet"):
        documents.recognise(reading.read(FACTSHEET), ruritania, Kind.GLOBAL_ALLIANCE)


def test_an_unrelated_document_is_refused(ruritania):
    text = "The weather in Ruritania is fine, and the news is that it will stay so for the week. " * 30
    with pytest.raises(DocumentError, match="neither a factsheet nor a reporting form"):
        documents.recognise(document(text), ruritania)


@pytest.mark.parametrize(
    "sentence",
    [
        "FICHE D'INFORMATION – RURITANIE Le Comité invite toutes les Parties à veiller à ce que les enfants ",
        "FAKTABLAD – RURITANIEN Udvalget opfordrer alle parter til at sørge for at børn får hjælp og støtte ",
        "Der Lanzarote-Ausschuss ersucht alle Vertragsparteien, für Hilfe und Schutz der Kinder zu sorgen ",
        "ИНФОРМАЦИОННЫЙ БЮЛЛЕТЕНЬ Комитет предлагает всем Сторонам обеспечить защиту детей от насилия ",
    ],
)
def test_another_language_is_refused(sentence, ruritania):
    with pytest.raises(DocumentError, match="does not read as English"):
        documents.recognise(document(sentence * 8), ruritania)


@pytest.mark.parametrize("path", [FACTSHEET, FORM])
def test_a_document_about_another_state_is_refused(path, curated):
    with pytest.raises(DocumentError, match="does not speak of Strelitz"):
        documents.recognise(reading.read(path), Words("STR", ("Strelitz",), curated.themes))


def test_a_state_that_the_atlas_does_not_know_is_wrong_use(curated):
    with pytest.raises(UsageError, match="no State 'DNX': did you mean"):
        curated.words("DNX")


def test_a_kind_without_anything_in_it_is_refused(ruritania):
    text = "FACTSHEET – RURITANIA\n\nLanzarote\n\nThe Committee requests it. Recommendation II-3.\n"
    with pytest.raises(DocumentError, match="nothing in it was recognised"):
        documents.recognise(document(text), ruritania)


# --- the command


def test_drafts_go_to_standard_output_and_the_report_of_lines_to_standard_error(run, project):
    result = run(FACTSHEET, "--state", "RUR")
    assert result.code == 0
    said = yaml_text.parse(result.out, "stdout").value
    assert said["account"]["unplaced"] == len(said.get("unplaced") or [])
    assert sum(said["account"][use] for use in ("used", "furniture", "unplaced")) == said["account"]["lines"]
    assert {one["status"] for one in said["drafts"]} == {"draft"}
    assert {"quotation", "confidenceOf", "lines"} <= set(said["drafts"][1])
    assert "factsheet, RUR: 7 Observation, 8 Recommendation, 2 PromisingPractice (9 numbers)" in result.err
    assert "lines:" in result.err


def test_every_line_of_the_document_stands_in_the_output(run, project):
    said = yaml_text.parse(run(FACTSHEET, "--state", "RUR").out, "stdout").value
    covered = []
    for run_of_lines in said["lines"]:
        first, _, last = str(run_of_lines["lines"]).partition("-")
        covered += range(int(first), int(last or first) + 1)
    assert covered == list(range(1, said["account"]["lines"] + 1))


def test_drafts_go_to_a_file_and_never_over_another(run, project, tmp_path):
    out = tmp_path / "drafts.yaml"
    assert run(FORM, "--state", "RUR", "--kind", "global-alliance", "--out", out).code == 0
    before = out.read_text(encoding="utf-8")
    assert "FormAnswer" in before
    result = run(FACTSHEET, "--state", "RUR", "--out", out)
    assert result.code == 2
    assert "not overwritten" in result.err
    assert out.read_text(encoding="utf-8") == before


def test_drafts_do_not_go_into_the_projects_data(run, project):
    result = run(FACTSHEET, "--state", "RUR", "--out", project.data / "drafts.yaml")
    assert result.code == 2
    assert "do not belong in the project's data" in result.err


def test_the_source_can_be_named(run, project):
    said = yaml_text.parse(run(FORM, "--state", "RUR", "--source", "own-id").out, "stdout").value
    assert said["drafts"][0]["id"] == "own-id"
    assert {one["citation"]["source"] for one in said["drafts"][1:]} == {"own-id"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", 1),
        (b"%PDF-1.4\nnothing", 1),
        (b"PK\x03\x04broken", 1),
        (b"Only the weather of a week. " * 20, 1),
        (None, 2),
    ],
)
def test_a_refusal_has_one_line_an_exit_code_and_leaves_nothing(run, project, tmp_path, content, code):
    path = tmp_path / "document"
    if content is not None:
        path.write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    result = run(path, "--state", "RUR", "--out", tmp_path / "drafts.yaml")
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith("lanzarote: ")
    assert result.err.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_an_unknown_state_or_kind_is_wrong_use(run, project):
    assert run(FACTSHEET, "--state", "XXX").code == 2
    assert run(FACTSHEET, "--state", "RUR", "--kind", "novel").code == 2
    assert run(FACTSHEET).code == 2


def test_a_disk_that_is_full_leaves_no_part_of_a_file(run, project, tmp_path, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lanzarote_atlas.ingest.output.os.link", full)
    result = run(FACTSHEET, "--state", "RUR", "--out", tmp_path / "drafts.yaml")
    assert result.code == 2
    assert "No space left" in result.err
    assert not [path for path in tmp_path.iterdir() if path.name != "project"]


def test_the_report_does_not_depend_on_where_the_document_lies(run, project, tmp_path):
    copy = tmp_path / FACTSHEET.name
    copy.write_bytes(FACTSHEET.read_bytes())
    assert run(copy, "--state", "RUR").out == run(FACTSHEET, "--state", "RUR").out
    assert io.StringIO(run(copy, "--state", "RUR").err).readline().startswith(FACTSHEET.name)
