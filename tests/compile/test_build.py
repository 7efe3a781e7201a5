"""A build replaces the last one whole or not at all, and says what it was made from."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from lanzarote_atlas import builds, settings, store, terms
from lanzarote_atlas.check import shacl
from lanzarote_atlas.compile import assemble, build, rules, statements
from lanzarote_atlas.errors import AtlasError, FaultsFoundError, StoreError
from lanzarote_atlas.store.embedded import EmbeddedStore
from tests import small_project

DNK = "assessments/DNK.yaml"


@pytest.fixture
def project(tmp_path):
    with small_project.using(tmp_path) as project:
        yield project


def snapshot(folder):
    """Return the SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def hidden(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def quads_of(standing):
    return list(ox.parse(path=str(standing.trig), format=ox.RdfFormat.TRIG))


def build_id_of(quads):
    return statements.build_id(str(quad).encode() for quad in quads)


def child(project, code):
    """Start a process that builds the project, with `code` run before."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom lanzarote_atlas import builds, resources, search\n"
        "from lanzarote_atlas.compile import build\nroot = Path(sys.argv[1])\n"
        "resources.project = lambda: root\n"
        f"{code}\nbuild.build(root / 'data', root / 'build')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(small_project.ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", script, str(project.root)], env=environment, stdout=subprocess.PIPE
    )


# --- what a build holds


def test_a_build_holds_store_dump_index_and_manifest(project):
    outcome = project.build()
    made = outcome.build
    assert outcome.fresh
    assert builds.current(project.out) == made
    assert builds.is_whole(made)
    assert hidden(project.out) == []
    manifest = json.loads((made.folder / "manifest.json").read_text())
    assert manifest["build_id"] == made.manifest.build_id
    assert made.manifest.as_at == "2026-11-21"
    assert made.manifest.built_at.endswith("+00:00")


def test_the_dump_parses_and_its_quads_hash_to_the_build_id(project):
    made = project.build().build
    quads = quads_of(made)
    assert len(quads) == len(set(quads)) == made.manifest.quads
    assert len({quad.graph_name for quad in quads}) == made.manifest.graphs
    assert build_id_of(quads) == made.manifest.build_id


def test_the_store_holds_what_the_dump_holds(project):
    made = project.build().build
    answering = EmbeddedStore.open(made.store, made.manifest.build_id)
    rows = store.table(answering.query("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }")).rows
    assert {ox.Quad(*row) for row in rows} == set(quads_of(made))
    union = store.table(answering.query("SELECT ?s ?p ?o { ?s ?p ?o }")).rows
    assert sorted(map(str, union)) == sorted(map(str, {row[:3] for row in rows}))


def test_a_blank_node_is_the_same_in_its_graph_and_in_the_union(project):
    (project.root / "ontology" / "atlas.ttl").write_text('<x:a> <x:has> [ <x:called> "b" ] .')
    made = project.build().build
    answering = EmbeddedStore.open(made.store, made.manifest.build_id)
    asked = "SELECT ?name { GRAPH ?g { <x:a> <x:has> ?blank } ?blank <x:called> ?name }"
    assert store.table(answering.query(asked)).dicts() == [{"name": "b"}]
    assert build_id_of(quads_of(made)) == made.manifest.build_id


def test_each_file_vocabulary_and_rule_is_a_graph(project):
    graphs = {quad.graph_name.value.removeprefix(terms.graph("")) for quad in quads_of(project.build().build)}
    assert {
        "data/states",
        "data/assessments/DNK",
        "vocabulary/position",
        "derived/questions-answered",
    } <= graphs


def test_a_rule_is_described_and_its_triples_stand_apart(project):
    made = project.build().build
    derived = [quad for quad in quads_of(made) if "/derived/" in quad.graph_name.value]
    assert {quad.predicate.value.rpartition("#")[2] for quad in derived} >= {
        "answered",
        "answeredOn",
        "summary",
    }
    answering = EmbeddedStore.open(made.store, "")
    assert answering.query("ASK { <https://w3id.org/lanzarote-atlas/id/rule/questions-answered> a lz:Rule }")
    assert answering.query('ASK { ?state lz:answeredOn "2026-11-21"^^xsd:date }')


def test_the_steps_are_noted_in_order(project):
    steps = []
    build.build(project.data, project.out, steps.append)
    assert tuple(steps) == build.STEPS
    steps.clear()
    build.build(project.data, project.out, steps.append)
    assert steps == []


# --- the identifier


def test_the_order_and_form_of_files_do_not_change_the_build_id(project):
    """The identifier names what is said, not how it is written down."""
    before = project.build().build.manifest
    text = (project.data / "states.yaml").read_text()
    head, *records = text.split("- type: ")
    project.add(
        "states.yaml",
        "# another comment\n" + head + "".join(f"- type: {record}" for record in reversed(records)),
    )
    project.edit("sources.yaml", "title: Factsheet on Denmark", 'title: "Factsheet on\n    Denmark"')
    project.edit(
        "instruments.yaml",
        "citation: {source: factsheet, section: I}",
        "citation:\n  - section: I\n    source: factsheet",
    )
    after = project.build()
    assert after.fresh
    assert after.build.manifest.build_id == before.build_id
    assert after.build.manifest.fingerprint != before.fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("threshold: 6", "threshold: 7"),
        ("paragraph: [43, 44]", "paragraph: [43, 45]"),
        ("value: 15", "value: 16"),
        ("validFrom: 2013-07-01", "validFrom: '2013-07'"),
        ("section: II}", "section: II, page: 3}"),
    ],
)
def test_a_changed_value_changes_the_build_id(project, old, new):
    before = project.build().build.manifest.build_id
    project.edit(DNK, old, new)
    assert project.build().build.manifest.build_id != before


def test_another_base_is_another_build(tmp_path):
    with small_project.using(tmp_path / "one") as project:
        first = project.build().build.manifest.build_id
    with small_project.using(tmp_path / "two", LANZAROTE_BASE="http://localhost/x/") as project:
        made = project.build().build
        assert made.manifest.build_id != first
        assert settings.DEFAULT_BASE not in made.trig.read_text()


def test_no_reader_s_limit_changes_what_is_built(tmp_path):
    with small_project.using(tmp_path / "one") as project:
        index = project.build().build.search_index
    with small_project.using(tmp_path / "two", LANZAROTE_QUERY_ROWS="1") as project:
        other = project.build().build.search_index
    counts = [
        sqlite3.connect(path).execute("SELECT count(*) FROM words").fetchone() for path in (index, other)
    ]
    assert counts[0] == counts[1]
    assert counts[0][0] > 10


# --- nothing changed


def test_a_build_with_nothing_to_do_does_nothing_and_is_quick(project):
    first = project.build()
    before = snapshot(project.out)
    second = project.build()
    assert (second.fresh, second.build) == (False, first.build)
    assert second.seconds < 0.5
    assert snapshot(project.out) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("states.yaml", "# The States", "# The  States"),
        ("../ontology/shapes/assessment.ttl", "before it ends", "before its end"),
        ("../queries/rules/10-questions-answered.rq", "Questions", "All questions"),
        ("../queries/quality/state-in-capitals.rq", "in capitals", "in large letters"),
    ],
)
def test_a_changed_byte_is_built(project, file, old, new):
    project.build()
    path = project.data / file
    path.write_text(path.read_text().replace(old, new, 1))
    assert project.build().fresh


def test_a_changed_search_query_is_built(project):
    project.build()
    path = project.root / "queries" / "index" / "searchable.rq"
    path.write_text(path.read_text() + "# another line\n")
    assert project.build().fresh


def test_a_new_a_removed_and_a_moved_file_are_built(project):
    project.build()
    project.add("more.yml", "records: []\n")
    assert project.build().fresh
    (project.data / "more.yml").unlink()
    assert project.build().fresh
    (project.data / "moved").mkdir()
    (project.data / "states.yaml").rename(project.data / "moved" / "states.yaml")
    moved = project.build()
    assert moved.fresh
    graphs = {quad.graph_name.value for quad in quads_of(moved.build)}
    assert terms.graph("data/moved/states") in graphs
    assert terms.graph("data/states") not in graphs


def test_a_file_that_cannot_be_read_is_a_fault_though_nothing_else_changed(project):
    project.build()
    (project.data / "lost.yaml").symlink_to(project.data / "gone")
    with pytest.raises(FaultsFoundError, match=r"data/lost\.yaml:1: -: cannot be read"):
        project.build()


@pytest.mark.parametrize("part", ["store", "atlas.trig", "search.sqlite", "manifest.json"])
def test_a_build_that_lost_a_part_is_made_again(project, part):
    """Else a removed index would stay removed for as long as the data do not change."""
    made = project.build().build
    broken = made.folder / part
    if broken.is_dir():
        for path in broken.iterdir():
            path.unlink()
        broken.rmdir()
    else:
        broken.unlink()
    again = project.build()
    assert again.fresh
    assert builds.is_whole(again.build)
    assert again.build.manifest.build_id == made.manifest.build_id


# --- failing and being killed


def test_faults_leave_the_last_good_build_in_place_byte_for_byte(project):
    project.build()
    before = snapshot(project.out)
    project.edit(DNK, "value: conditional", "value: conditionel")
    project.edit("states.yaml", "{en: Sweden}", "{en: SWEDEN}")
    with pytest.raises(FaultsFoundError) as raised:
        project.build()
    assert [fault.file for fault in raised.value.faults] == ["data/assessments/DNK.yaml", "data/states.yaml"]
    assert str(raised.value).count("\n") == 1
    assert snapshot(project.out) == before
    assert hidden(project.out) == []


def test_faults_write_nothing_where_there_was_no_build(project):
    project.edit(DNK, "value: conditional", "value: conditionel")
    with pytest.raises(FaultsFoundError):
        project.build()
    assert not project.out.exists()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_fault_that_the_shapes_alone_find_leaves_nothing_of_what_was_written(project, elsewhere, request):
    if elsewhere:
        request.getfixturevalue("validating")
    project.add(
        "../ontology/shapes/extra.ttl",
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix lz: <https://w3id.org/lanzarote-atlas/ontology#> .\n"
        "lz:X a sh:NodeShape ; sh:targetClass lz:Condition ;\n"
        "  sh:property [ sh:path lz:threshold ; sh:maxInclusive 5 ] .",
    )
    steps = []
    with pytest.raises(FaultsFoundError) as raised:
        build.build(project.data, project.out, steps.append)
    assert len(raised.value.faults) == 1
    assert tuple(steps) == build.STEPS
    assert not project.out.exists()


@pytest.fixture
def validating(monkeypatch):
    """The processes that validate, begun however little there is to do."""
    begun = []
    begin = shacl.Validation._begin
    monkeypatch.setattr(shacl, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(shacl.Validation, "_begin", lambda *given: begun.append(begin(*given)) or begun[-1])
    return begun


def test_a_build_is_the_same_where_another_process_applies_the_shapes(project, validating):
    made = project.build().build
    assert [process.returncode for process in validating] == [0]
    assert snapshot(made.folder).keys() >= {"atlas.trig", "search.sqlite"}
    assert build_id_of(quads_of(made)) == made.manifest.build_id


def test_an_error_while_another_process_applies_the_shapes_ends_it_and_leaves_nothing(project, validating):
    project.add("../queries/rules/20-x.rq", "#+ title: A\n#+ summary: B\nSELECT * {}")
    with pytest.raises(AtlasError, match="a rule is a CONSTRUCT query"):
        project.build()
    assert [process.poll() for process in validating] == [-signal.SIGKILL]
    assert not project.out.exists()


def test_nothing_is_derived_from_what_is_known_to_be_at_fault(project):
    project.edit("states.yaml", "{en: Sweden}", "{en: SWEDEN}")
    steps = []
    with pytest.raises(FaultsFoundError):
        build.build(project.data, project.out, steps.append)
    assert "deriving" not in steps


@pytest.mark.parametrize("step", build.STEPS)
def test_a_failure_at_any_step_leaves_the_current_build_serving(project, step):
    good = project.build().build
    before = snapshot(project.out)
    project.edit(DNK, "threshold: 6", "threshold: 7")

    def fail(now):
        if now == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build.build(project.data, project.out, fail)
    assert snapshot(project.out) == before
    assert builds.current(project.out) == good
    assert project.build().fresh


@pytest.mark.parametrize(
    "moment",
    [
        "builds.adopt = lambda *_: time.sleep(60)",
        "search.write_index = lambda *_: time.sleep(60)",
        "builds._remove_oldest = lambda *_: time.sleep(60)",
        "builds.Path.replace = lambda *_: time.sleep(60)",
    ],
)
def test_a_killed_build_leaves_the_current_one_and_the_next_removes_what_it_left(project, moment):
    good = project.build().build
    before = snapshot(good.folder)
    project.edit(DNK, "threshold: 6", "threshold: 7")
    process = child(
        project, f"import time\n{moment.replace('time.sleep(60)', '(print(1, flush=True), time.sleep(60))')}"
    )
    assert process.stdout.readline() == b"1\n"
    process.send_signal(signal.SIGKILL)
    assert process.wait(5) == -signal.SIGKILL
    process.stdout.close()
    assert snapshot(good.folder) == before
    standing = builds.current(project.out)
    assert standing is not None
    assert builds.is_whole(standing)
    assert EmbeddedStore.open(standing.store, "").query("ASK { ?s a lz:State }")
    project.build()
    assert hidden(project.out) == []
    threshold = "ASK { ?s lz:threshold 7 }"
    assert EmbeddedStore.open(builds.required(project.out).store, "").query(threshold)


def test_what_other_running_builds_write_is_left_alone(project):
    running = project.out / f".making-{os.getpid()}-x"
    running.mkdir(parents=True)
    dead = [project.out / ".making-999999999-x", project.out / ".making-99999999999999999999999-x"]
    for folder in dead:
        folder.mkdir()
    (project.out / ".making-odd").mkdir()
    (project.out / ".making-999999999-y-pointer").write_text("x")
    project.build()
    assert hidden(project.out) == [running.name]


def test_two_builds_at_once_both_end_well(project):
    processes = [child(project, "") for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    standing = builds.required(project.out)
    assert builds.is_whole(standing)
    assert hidden(project.out) == []
    assert not project.build().fresh


def test_the_same_build_made_twice_in_the_same_moment_is_kept_once(project, monkeypatch):
    """The second finds the folder there when it moves its own into place."""
    made = project.build().build
    answers = iter([False, True])
    monkeypatch.setattr(builds, "is_whole", lambda _build: next(answers, True))
    monkeypatch.setattr(builds.shutil, "rmtree", lambda *_args, **_kwargs: None)
    with builds.making(project.out) as folder:
        (folder / "store").mkdir()
        assert builds.adopt(folder, made.manifest, project.out).folder == made.folder


def test_a_folder_that_cannot_be_written_says_so(project):
    project.out.write_text("a file stands here")
    with pytest.raises(StoreError, match="name another folder with --out"):
        project.build()


def test_the_last_five_builds_are_kept(project):
    made = []
    for years in range(1, 8):
        before = f"{years - 1} records" if made else "A dozen records"
        project.edit("atlas.yaml", before, f"{years} records")
        made.append(project.build().build.folder)
        os.utime(made[-1] / "manifest.json", (years, years))
    kept = [folder for folder in made if folder.is_dir()]
    assert kept == made[-5:]
    assert builds.required(project.out).folder == made[-1]


def test_as_many_builds_are_kept_as_the_setting_says(tmp_path):
    with small_project.using(tmp_path, LANZAROTE_BUILDS_KEPT="2") as project:
        made = []
        for age in (14, 15, 16):
            project.edit("assessments/DNK.yaml", f"value: {age - 1 if made else 15}\n", f"value: {age}\n")
            made.append(project.build().build.folder)
            os.utime(made[-1] / "manifest.json", (age, age))
        assert [folder for folder in made if folder.is_dir()] == made[-2:]


# --- pieces


def test_the_date_of_the_data_is_that_of_the_dataset(project):
    records = assemble.assemble(project.data, lambda _step: None).records
    assert build.data_date(records) == "2026-11-21"
    assert build.data_date([]) == time.strftime("%Y-%m-%d", time.gmtime())


@pytest.mark.parametrize(("written", "day"), [("'2026-11'", "2026-11-01"), ("'2026'", "2026-01-01")])
def test_a_month_or_year_stands_for_its_first_day(project, written, day):
    project.edit("atlas.yaml", "2026-11-21", written)
    assert project.build().build.manifest.as_at == day


def test_one_file_can_be_built_alone(project):
    project.add("alone.yaml", small_project.DATA["states.yaml"])
    made = build.build(project.data / "alone.yaml", project.out).build
    assert terms.graph("data/alone") in {quad.graph_name.value for quad in quads_of(made)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("#+ title: A\nCONSTRUCT WHERE { ?s ?p ?o }", "rules/20-x.rq: header lacks 'summary'"),
        ("#+ title: A\n#+ summary: B\nSELECT * {}", "queries/rules/20-x.rq: a rule is a CONSTRUCT query"),
        ("#+ title: A\n#+ summary: B\nCONSTRUCT {", "queries/rules/20-x.rq: "),
        (
            "#+ title: A\n#+ summary: B\nCONSTRUCT { ?s ?p ?o } WHERE { graph ?g { ?s ?p ?o } }",
            "queries/rules/20-x.rq: a rule reads the union of all graphs",
        ),
        (
            "#+ title: A\n#+ summary: B\nCONSTRUCT { ?s ?p ?o } FROM <x:g> WHERE { ?s ?p ?o }",
            "queries/rules/20-x.rq: a rule reads the union of all graphs",
        ),
        ("#+ title: A\n#+ summary: B\nDROP ALL", "queries/rules/20-x.rq: a query that begins with 'DROP'"),
        ("#+ title: [\nCONSTRUCT {", "rules/20-x.rq: header:2: -: not YAML"),
    ],
)
def test_a_rule_that_cannot_run_is_named_and_nothing_is_written(project, text, told):
    project.add("../queries/rules/20-x.rq", text)
    with pytest.raises(AtlasError) as raised:
        project.build()
    assert told in str(raised.value)
    assert not project.out.exists()


def test_a_rule_rests_on_an_earlier_one(project):
    rule = "#+ title: A\n#+ summary: B\nPREFIX lz: <https://w3id.org/lanzarote-atlas/ontology#>\n"
    project.add(
        "../queries/rules/20-later.rq",
        rule + "CONSTRUCT { ?state lz:later ?criterion } WHERE { ?state lz:answered ?criterion }",
    )
    made = project.build().build
    assert EmbeddedStore.open(made.store, "").query("ASK { GRAPH ?g { ?state lz:later ?criterion } }")


def test_rules_of_one_name_share_their_graph(project):
    rule = "#+ title: A\n#+ summary: B\nPREFIX lz: <https://w3id.org/lanzarote-atlas/ontology#>\n"
    for number, key in ((20, "first"), (30, "second")):
        text = f"{rule}CONSTRUCT {{ ?state lz:{key} 1 }} WHERE {{ ?state a lz:State }}"
        project.add(f"../queries/rules/{number}-twice.rq", text)
    made = project.build().build
    assert EmbeddedStore.open(made.store, "").query("ASK { GRAPH ?g { ?state lz:first 1 ; lz:second 1 } }")


def test_a_blank_node_of_a_rule_is_one_for_later_rules_its_graph_and_the_union(project):
    rule = "#+ title: A\n#+ summary: B\nPREFIX lz: <https://w3id.org/lanzarote-atlas/ontology#>\n"
    project.add(
        "../queries/rules/20-made.rq",
        rule + "CONSTRUCT { ?state lz:has [ lz:of ?state ] } WHERE { ?state a lz:State }",
    )
    project.add(
        "../queries/rules/30-read.rq",
        rule + "CONSTRUCT { ?made lz:readFor ?state } WHERE { ?state lz:has ?made }",
    )
    answering = EmbeddedStore.open(project.build().build.store, "")
    asked = (
        "SELECT DISTINCT ?state ?of { GRAPH ?one { ?state lz:has ?made } ?made lz:of ?of . "
        "GRAPH ?other { ?made lz:readFor ?state } }"
    )
    rows = store.table(answering.query(asked)).rows
    assert len(rows) > 1
    assert all(state == of for state, of in rows)


@pytest.mark.parametrize(("file", "name"), [("10-gaps-open.rq", "gaps-open"), ("gaps.rq", "gaps")])
def test_a_rule_is_named_without_the_number_that_orders_it(file, name):
    assert rules.name_of(Path(file)) == name
