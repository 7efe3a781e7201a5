"""Between two builds every fact and gap that differs is told once, under its State, and nothing else."""

import csv
import io
import json

import pyoxigraph as ox
import pytest

from lanzarote_atlas import builds, changes, terms
from lanzarote_atlas.changes import Change, Difference, Kind
from lanzarote_atlas.errors import StoreError, UsageError
from tests import small_project

AGE = "id/assessment/DNK/age.sexual-consent/factsheet"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A build, and one after an age was changed, a recommendation withdrawn and a source added."""
    with small_project.using(tmp_path_factory.mktemp("project")) as project:
        old = project.build().build
        project.edit("assessments/DNK.yaml", "value: 15", "value: 16")
        project.edit("assessments/DNK.yaml", "note: at least six years", "note: six years or more")
        text = (project.data / "recommendations.yaml").read_text(encoding="utf-8")
        project.add("recommendations.yaml", text[: text.index("- type: Recommendation\n  id: IV-3")])
        project.add("more.yaml", "type: State\nid: NOR\niso3: NOR\nprefLabel: {en: Norway}\n"
                    "councilOfEuropeMember: true\neuMember: false\n")  # fmt: skip
        yield old, project.build().build


@pytest.fixture(scope="module")
def found(two):
    return changes.between(*two)


def test_facts_added_changed_and_withdrawn_are_told_by_state(found):
    told = [(change.state, change.kind, terms.compact(change.iri)) for change in found]
    assert told == [
        ("-", Kind.WITHDRAWN, "id/recommendation/IV-3"),
        ("DNK", Kind.CHANGED, AGE),
        ("DNK", Kind.CHANGED, "id/assessment/DNK/jurisdiction.passive-personality/factsheet"),
        ("NOR", Kind.ADDED, "id/state/NOR"),
    ]


def test_what_differs_is_told_with_both_values_also_in_a_part(found):
    (age,), (note,) = (change.differences for change in found if change.kind is Kind.CHANGED)
    assert age == Difference("value", ("15",), ("16",))
    assert note == Difference("condition-2/note", ("at least six years",), ("six years or more",))


def test_the_same_build_and_the_way_back_are_consistent(two, found):
    old, new = two
    assert changes.between(new, new) == ()
    back = changes.between(new, old)
    mirrored = {Kind.ADDED: Kind.WITHDRAWN, Kind.WITHDRAWN: Kind.ADDED, Kind.CHANGED: Kind.CHANGED}
    assert {(one.iri, mirrored[one.kind]) for one in found} == {(one.iri, one.kind) for one in back}


def gap(status, kind="Gap"):
    address = ox.NamedNode(terms.thing("gap", "DNK/IV-9"))
    graph = ox.NamedNode(terms.graph("derived/gap-recommendation-open"))
    said = {
        terms.RDF_TYPE: terms.term(kind),
        terms.term("state"): terms.thing("state", "DNK"),
        terms.term("gapKind"): terms.concept("gap-kind", "recommendation-open"),
        terms.term("about"): terms.thing("recommendation", "IV-9"),
        terms.term("status"): terms.concept("gap-status", status),
    }
    return [ox.Quad(address, ox.NamedNode(name), ox.NamedNode(value), graph) for name, value in said.items()]


def dump(folder, quads):
    folder.mkdir()
    ox.serialize(quads, str(folder / "atlas.trig"), format=ox.RdfFormat.TRIG)
    return builds.Build(folder, builds.Manifest("ab" * 32, "", 0, 0, "2026-11-21", ""))


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (None, "open", Kind.GAP_OPENED),
        ("closed", "open", Kind.GAP_OPENED),
        ("answer-reported", "open", Kind.GAP_OPENED),
        ("open", "answer-reported", Kind.GAP_ANSWERED),
        (None, "answer-reported", Kind.GAP_ANSWERED),
        ("open", "closed", Kind.GAP_CLOSED),
        ("open", None, Kind.GAP_CLOSED),
        ("open", "open", None),
        (None, "closed", None),
    ],
)
def test_what_became_of_a_gap_follows_from_its_status(tmp_path, was, now, expected):
    old, new = (
        dump(tmp_path / name, gap(status) if status else []) for name, status in (("old", was), ("new", now))
    )
    found = changes.between(old, new)
    assert [change.kind for change in found] == ([expected] if expected else [])
    for change in found:
        assert (change.state, change.label) == ("DNK", "recommendation-open: id/recommendation/IV-9")


def test_a_gap_at_another_date_is_no_fact_and_no_change_of_a_gap(tmp_path):
    old, new = dump(tmp_path / "old", []), dump(tmp_path / "new", gap("open", "GapAtOtherDate"))
    assert changes.between(old, new) == ()


def test_every_format_tells_every_change(found):
    text = changes.formatted(found, "text")
    assert "DNK: 2 changed" in text
    assert "    value: 15 → 16" in text
    rows = list(csv.DictReader(io.StringIO(changes.formatted(found, "csv"))))
    assert [row["state"] for row in rows] == ["-", "DNK", "DNK", "NOR"]
    document = json.loads(changes.formatted(found, "json"))
    assert [one["kind"] for one in document] == ["withdrawn", "changed", "changed", "added"]
    assert document[1]["differences"] == [{"property": "value", "before": ["15"], "after": ["16"]}]
    with pytest.raises(UsageError, match="one of: text, csv, json"):
        changes.formatted(found, "xml")


def test_a_value_that_a_spreadsheet_would_run_is_written_as_text():
    change = Change("DNK", Kind.CHANGED, "Source", "id:x", "=1+1", (Difference("title", ("@x",), ("-2",)),))
    (row,) = csv.DictReader(io.StringIO(changes.formatted([change], "csv")))
    assert (row["label"], row["before"], row["after"]) == ("'=1+1", "'@x", "'-2")


def test_changes_of_one_state_are_those_alone(found):
    assert {change.state for change in changes.of_state(found, "DNK")} == {"DNK"}


def test_a_dump_that_cannot_be_read_says_which(tmp_path):
    good, bad = dump(tmp_path / "good", []), dump(tmp_path / "bad", [])
    bad.trig.write_text("<a> <b>")
    with pytest.raises(StoreError, match="abababababababab cannot be read"):
        changes.between(good, bad)


def test_changes_are_worked_out_once_and_read_back_the_same(two, found, monkeypatch):
    old, new = two
    assert changes.worked_out(old, new) == found
    monkeypatch.setattr(changes, "between", lambda *_: pytest.fail("worked out again"))
    assert changes.worked_out(old, new) == found


@pytest.mark.parametrize("damage", ["", "{", "[1]", "[{}]", '[{"kind": "x", "differences": []}]'])
def test_damaged_changes_are_worked_out_anew(two, found, damage):
    old, new = two
    path = new.folder / f"changes-{old.manifest.build_id[:16]}.json"
    path.write_text(damage, encoding="utf-8")
    assert changes.worked_out(old, new) == found


def test_changes_that_cannot_be_kept_are_still_told(two, found, monkeypatch):
    old, new = two
    (new.folder / f"changes-{old.manifest.build_id[:16]}.json").unlink(missing_ok=True)

    def refuse(*_args, **_options):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.write_text", refuse)
    assert changes.worked_out(old, new) == found


def test_the_rows_of_an_export_tell_every_difference(found):
    table = changes.rows(found)
    assert table.columns == ("state", "change", "type", "thing", "label", "property", "before", "after")
    told = [(row["thing"], row["property"], row["before"], row["after"]) for row in table.dicts()]
    wanted = [
        (change.iri, one.property, "; ".join(one.before), "; ".join(one.after))
        for change in found
        for one in change.differences or (Difference("", (), ()),)
    ]
    assert told == wanted
