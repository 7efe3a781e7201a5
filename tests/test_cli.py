"""Every command: results on stdout, everything else on stderr, and an exit code that a script can rely on."""

import io
import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pyoxigraph as ox
import pytest

import lanzarote_atlas
from lanzarote_atlas import builds, cli, exports, settings
from tests import engines, small_project

COMMANDS = [
    "build",
    "check",
    "query",
    "queries",
    "search",
    "cite",
    "scenario",
    "diff",
    "nanopub",
    "ingest",
    "publish",
    "settings",
    "app",
    "serve",
]
SELECT = "SELECT ?name { id:state\\/DNK skos:prefLabel ?name } ORDER BY ?name"
WORD = "open sesame"


class Run:
    """Runs `lanzarote` in this process and gives its exit code and what it printed."""

    def __init__(self, capfd, monkeypatch):
        """Keep where output goes."""
        self._capfd = capfd
        self._patch = monkeypatch

    def __call__(self, *arguments, stdin=b""):
        self._patch.setattr(sys, "argv", ["lanzarote", *map(str, arguments)])
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self._capfd.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
        out, err = self._capfd.readouterr()
        return SimpleNamespace(code=code, out=out, err=err)


@pytest.fixture
def run(capfd, monkeypatch):
    return Run(capfd, monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small project with a build, for commands that only read."""
    with small_project.using(tmp_path_factory.mktemp("project")) as project:
        project.build()
        yield project


@pytest.fixture
def project(tmp_path):
    """A small project without a build."""
    with small_project.using(tmp_path) as project:
        yield project


# --- help and wrong use


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run, made, command):
    result = run(command, "--help")
    assert result.code == 0
    assert f"lanzarote {command}" in result.out
    assert result.err == ""


def test_help_lists_every_command(run, made):
    result = run("--help")
    assert result.code == 0
    assert all(f" {command} " in result.out for command in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [(), ("nonsense",), ("query",), ("search",), ("cite",), ("build", "--nonsense"), ("app", "--port", "x")],
)
def test_wrong_use_ends_with_two_and_an_empty_stdout(run, made, arguments):
    result = run(*arguments)
    assert result.code == 2
    assert result.err or not arguments


def test_the_package_runs_as_a_module(made):
    command = [sys.executable, "-m", "lanzarote_atlas", "settings"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=small_project.ROOT)
    assert result.returncode == 0
    assert "LANZAROTE_BASE" in result.stdout


def test_importing_the_package_opens_and_imports_nothing():
    """Each command imports what it needs, so that help is quick."""
    heavy = "('pyoxigraph', 'rdflib', 'pandas', 'streamlit', 'SPARQLWrapper', 'pyshacl')"
    code = f"import sys, lanzarote_atlas.cli; print([name for name in {heavy} if name in sys.modules])"
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=small_project.ROOT)
    assert result.stdout.strip() == "[]"
    assert lanzarote_atlas.__version__


# --- build and check


def test_build_prints_one_line_and_does_nothing_the_second_time(run, project):
    first = run("build")
    assert first.code == 0
    assert first.out.startswith("built: ")
    assert first.out.count("\n") == 1
    second = run("build")
    assert second.out.startswith("nothing changed: ")
    assert second.out.rpartition(" ")[2] == first.out.rpartition(" ")[2]


def test_build_takes_data_and_target_from_its_options(run, project, tmp_path):
    shutil.copytree(project.data, tmp_path / "copy")
    assert run("build", "--data", tmp_path / "copy", "--out", tmp_path / "elsewhere").code == 0
    assert (tmp_path / "elsewhere" / "current").is_file()
    assert not project.out.exists()


def test_build_with_faults_ends_with_one_and_tells_them_on_stderr(run, project):
    project.edit("assessments/DNK.yaml", "value: conditional", "value: conditionel")
    result = run("build")
    assert (result.code, result.out) == (1, "")
    assert "data/assessments/DNK.yaml:6: " in result.err
    assert "1 faults; nothing was written" in result.err


def test_check_prints_one_line_a_fault_and_the_count_on_stderr(run, project):
    project.edit("assessments/DNK.yaml", "value: conditional", "value: conditionel")
    project.edit("states.yaml", "{en: Sweden}", "{en: SWEDEN}")
    result = run("check")
    assert result.code == 1
    assert [line.split(" ")[0] for line in result.out.splitlines()] == [
        "data/assessments/DNK.yaml:6:",
        "data/states.yaml:9:",
    ]
    assert "12 records, 2 faults" in result.err
    assert not project.out.exists()


def test_check_of_sound_data_prints_nothing_on_stdout(run, project):
    result = run("check")
    assert (result.code, result.out) == (0, "")
    assert "12 records, 0 faults" in result.err


def test_check_of_one_file_tells_the_faults_of_that_file_alone(run, project):
    project.edit("assessments/DNK.yaml", "value: conditional", "value: conditionel")
    project.edit("states.yaml", "{en: Sweden}", "{en: SWEDEN}")
    result = run("check", project.data / "states.yaml")
    assert result.code == 1
    assert [line.split(" ")[0] for line in result.out.splitlines()] == ["data/states.yaml:9:"]


def test_check_of_one_file_applies_the_shapes_to_it(run, project):
    project.edit(
        "assessments/DNK.yaml", "validFrom: 2013-07-01", "validFrom: 2013-07-01\n  validTo: 2012-01-01"
    )
    result = run("check", project.data / "assessments" / "DNK.yaml")
    assert (result.code, "begins before it ends" in result.out) == (1, True)
    assert run("check", project.data / "states.yaml").code == 0


def test_check_of_a_file_outside_the_data_is_wrong_use(run, project, tmp_path):
    result = run("check", tmp_path / "elsewhere.yaml")
    assert (result.code, result.out) == (2, "")
    assert "name the folder with --data" in result.err


@pytest.mark.parametrize("command", ["build", "check"])
def test_data_that_are_not_there_are_wrong_use(run, project, tmp_path, command):
    result = run(command, "--data", tmp_path / "nothing")
    assert (result.code, result.out) == (2, "")
    assert "lanzarote: no folder" in result.err


def test_an_empty_folder_is_a_fault(run, project, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run("check", "--data", tmp_path / "empty")
    assert result.code == 1
    assert "no data file here; name a folder with YAML files" in result.out


# --- query


def test_a_named_query_is_drawn_as_a_table(run, made):
    result = run("query", "positions-of-a-state", "-p", "state=DNK")
    assert (result.code, result.err) == (0, "")
    assert result.out.split()[:2] == ["criterion", "position"]
    assert "vocabulary/criterion/jurisdiction.passive-personality" in result.out


def test_csv_and_json_are_what_exports_writes(run, made):
    csv = run("query", "positions-of-a-state", "-p", "state=DNK", "--format", "csv")
    assert csv.out.splitlines()[0] == "criterion,position"
    result = run("query", "positions-of-a-state", "-p", "state=DNK", "--format", "json")
    body = json.loads(result.out)
    assert body["head"] == {"vars": ["criterion", "position"]}
    assert len(body["results"]["bindings"]) == 2


def test_a_query_comes_from_standard_input(run, made):
    result = run("query", "-", "--format", "csv", stdin=SELECT.encode())
    assert (result.code, result.out.splitlines()) == (0, ["name", "Danmark", "Denmark"])


def test_a_query_comes_from_a_file_with_or_without_header(run, made, tmp_path):
    bare, headed = tmp_path / "bare.rq", tmp_path / "headed.rq"
    bare.write_text(SELECT)
    headed.write_text(small_project.ANSWER)
    assert run("query", bare).code == 0
    result = run("query", headed, "-p", "state=DNK", "-p", "value=conditional", "--format", "csv")
    assert len(result.out.splitlines()) == 2
    result = run("query", headed)
    assert result.code == 2
    assert "parameter 'state' is missing" in result.err


def test_a_construct_query_is_printed_as_turtle(run, made):
    query = b"CONSTRUCT WHERE { ?s lz:iso3 ?o }"
    for form in ("table", "turtle"):
        result = run("query", "-", "--format", form, stdin=query)
        assert result.code == 0
        assert len(list(ox.parse(result.out, format=ox.RdfFormat.TURTLE))) == 2


@pytest.mark.parametrize(
    ("form", "query"),
    [
        ("turtle", SELECT),
        ("turtle", "ASK {}"),
        ("json", "CONSTRUCT WHERE { ?s ?p ?o }"),
        ("csv", "DESCRIBE <http://x>"),
    ],
)
def test_a_format_that_an_answer_cannot_have_is_wrong_use(run, made, form, query):
    """A script that asked for JSON must not read Turtle."""
    result = run("query", "-", "--format", form, stdin=query.encode())
    if (form, query) == ("turtle", "ASK {}"):
        assert (result.code, result.out) == (0, "yes\n")
        return
    assert (result.code, result.out) == (2, "")
    assert "needs a" in result.err


@pytest.mark.parametrize(("pattern", "printed", "code"), [("", "yes", 0), ("<http://x> ?p ?o", "no", 1)])
def test_a_question_is_answered_with_yes_or_no(run, made, pattern, printed, code):
    result = run("query", "-", stdin=f"ASK {{ {pattern} }}".encode())
    assert (result.code, result.out) == (code, printed + "\n")
    result = run("query", "-", "--format", "json", stdin=f"ASK {{ {pattern} }}".encode())
    assert json.loads(result.out)["boolean"] is (printed == "yes")


@pytest.mark.parametrize(
    "query", ["SELECT ?s { ?s <http://x/none> ?o }", "CONSTRUCT WHERE { ?s <http://x/none> ?o }"]
)
def test_nothing_matched_ends_with_one(run, made, query):
    result = run("query", "-", stdin=query.encode())
    assert result.code == 1
    assert result.err == "nothing matched\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("position-of-a-state",), "did you mean 'positions-of-a-state'?"),
        (("positions-of-a-state",), "parameter 'state' is missing"),
        (("positions-of-a-state", "-p", "stat=DNK"), "did you mean 'state'?"),
        (("positions-of-a-state", "-p", "DNK"), "-p 'DNK': expected name=value"),
        (("positions-of-a-state", "-p", "=DNK"), "-p '=DNK': expected name=value"),
        (("nothing.rq",), "no query file nothing.rq"),
        (("-", "-p", "state=DNK"), "-p needs a query whose header declares the parameter"),
    ],
)
def test_wrong_use_of_query_says_what_is_right(run, made, arguments, told):
    result = run("query", *arguments, stdin=SELECT.encode())
    assert (result.code, result.out) == (2, "")
    assert told in result.err
    assert result.err.startswith("lanzarote: ")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (b"SELECT * {", "does not parse at line 1"),
        (b"DROP ALL", "the atlas is read only"),
        (b"SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE is refused"),
    ],
)
def test_a_bad_query_ends_with_one_and_a_message(run, made, query, told):
    result = run("query", "-", stdin=query)
    assert (result.code, result.out) == (1, "")
    assert told in result.err
    assert "Traceback" not in result.err


def test_a_query_in_other_bytes_is_wrong_use(run, made, tmp_path):
    assert run("query", "-", stdin=b"SELECT \xff").code == 2
    (tmp_path / "x.rq").write_bytes(b"SELECT \xff")
    result = run("query", tmp_path / "x.rq")
    assert result.code == 2
    assert "is not UTF-8 text" in result.err


def test_a_cut_answer_says_so_on_stderr(run, made, monkeypatch):
    monkeypatch.setenv("LANZAROTE_QUERY_ROWS", "1")
    settings.current.cache_clear()
    try:
        result = run("query", "-", "--format", "csv", stdin=SELECT.encode())
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    assert len(result.out.splitlines()) == 2
    assert "only the first 1 rows; LANZAROTE_QUERY_ROWS sets the limit" in result.err


def test_the_service_has_one_origin(run, made):
    result = run("serve", "--store", made.out, "--endpoint", "http://127.0.0.1:9/")
    assert (result.code, result.out) == (2, "")
    assert "exclude each other" in result.err


def test_the_service_without_a_build_says_how_to_make_one(run, project):
    result = run("serve", "--port", "0")
    assert result.code == 1
    assert "run `lanzarote build`" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (b"ASK FROM <file:///etc/passwd> {}", "no graph of the dataset"),
        (b"SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i", "and was ended"),
    ],
)
def test_a_query_of_one_s_own_is_refused_or_ended(run, made, monkeypatch, query, told):
    monkeypatch.setenv("LANZAROTE_QUERY_SECONDS", "1")
    settings.current.cache_clear()
    try:
        result = run("query", "-", stdin=query)
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    assert (result.code, result.out) == (1, "")
    assert told in result.err


def test_without_a_build_the_message_says_how_to_make_one(run, project):
    for arguments in (("query", "-"), ("search", "word"), ("cite", "id/state/DNK"), ("app",)):
        result = run(*arguments, stdin=SELECT.encode())
        assert (result.code, result.out) == (1, "")
        assert "run `lanzarote build`" in result.err


@pytest.mark.parametrize(
    ("endpoint", "told"), [("nonsense", "is not an http address"), ("http://127.0.0.1:9/", "does not answer")]
)
def test_an_endpoint_that_does_not_answer_is_one_message(run, made, monkeypatch, endpoint, told):
    monkeypatch.setattr("lanzarote_atlas.store.transport._FIRST_PAUSE", 0)
    result = run("query", "-", "--endpoint", endpoint, stdin=SELECT.encode())
    assert (result.code, result.out) == (1, "")
    assert told in result.err


def test_a_reader_that_goes_away_is_no_traceback(made):
    """`lanzarote query … | head -1` closes the pipe early."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom lanzarote_atlas import cli, resources\n"
        "root = Path(sys.argv.pop(1))\nresources.project = lambda: root\ncli.main()\n"
    )
    query = "SELECT ?a { ?s ?p ?o . ?t ?q ?u . BIND (STR(?u) AS ?a) } LIMIT 20000"
    environment = {**os.environ, "PYTHONPATH": str(small_project.ROOT)}
    command = [sys.executable, "-c", code, str(made.root), "query", "-", "--format", "csv"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        process.stdin.write(query.encode())
        process.stdin.close()
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read().decode()
    assert err == ""
    assert process.returncode in {0, 1}


# --- the other commands


def test_queries_lists_names_questions_and_parameters(run, made):
    result = run("queries")
    assert (result.code, result.err) == (0, "")
    assert "positions-of-a-state  -p state=… -p value=…\n    What is a State's position" in result.out


def test_search_prints_what_it_finds(run, made):
    result = run("search", "factsheet")
    assert (result.code, result.err) == (0, "")
    assert "id/source/factsheet  [Source] Factsheet on Denmark" in result.out


@pytest.mark.parametrize("text", ["qqqqqq", "\"'*", ""])
def test_search_without_a_match_ends_with_one(run, made, text):
    result = run("search", text)
    assert (result.code, result.out, result.err) == (1, "", "nothing matched\n")


@pytest.mark.parametrize("form", ["text", "bibtex", "csl-json", "ris"])
def test_cite_prints_a_citation_in_each_format(run, made, form):
    result = run("cite", "id/recommendation/IV-1", "--format", form)
    assert (result.code, result.err) == (0, "")
    assert "https://w3id.org/lanzarote-atlas/id/recommendation/IV-1" in result.out


def test_cite_reads_the_kept_build_that_the_address_names(run, project):
    before = project.build().build.manifest.build_id[:16]
    project.edit("recommendations.yaml", "summary: Watch how", "summary: See how")
    after = run("build").out.rpartition("build ")[2].strip()
    address = "https://w3id.org/lanzarote-atlas/id/recommendation/IV-1"
    for named, cited in ((f"/build/{before}", before), ("", after)):
        result = run("cite", f"{address}{named}")
        assert (result.code, result.err) == (0, "")
        assert f"{address}/build/{cited}" in result.out
        assert f"Build {cited[:12]}, data" in result.out
    result = run("cite", f"{address}/build/{'0' * 16}")
    assert (result.code, result.out) == (2, "")
    assert "kept are: " in result.err


def test_a_build_leaves_what_changed_since_the_one_before_beside_it(run, project):
    before = project.build().build
    project.edit("recommendations.yaml", "summary: Watch how", "summary: See how")
    assert run("build").code == 0
    (kept,) = builds.required(project.out).folder.glob("changes-*.json")
    assert kept.name == f"changes-{before.manifest.build_id[:16]}.json"
    assert "id/recommendation/IV-3" in kept.read_text(encoding="utf-8")


def test_cite_of_nothing_is_wrong_use(run, made):
    result = run("cite", "id/state/XXX")
    assert (result.code, result.out) == (2, "")
    assert "nothing in the atlas has the address" in result.err


def test_settings_lists_every_setting_and_hides_the_password(run, made, monkeypatch):
    monkeypatch.setenv("LANZAROTE_ENDPOINT_PASSWORD", WORD)
    monkeypatch.setenv("LANZAROTE_QUERY_ROWS", "7")
    result = run("settings")
    assert (result.code, result.err) == (0, "")
    assert all(f"{setting.name} = " in result.out for setting in settings.SETTINGS)
    assert all(setting.help in result.out for setting in settings.SETTINGS)
    assert "LANZAROTE_ENDPOINT_PASSWORD = (set)" in result.out
    assert WORD not in result.out
    assert "LANZAROTE_QUERY_ROWS = 7" in result.out


def test_a_bad_setting_is_wrong_use_and_settings_still_lists_it(run, made, monkeypatch):
    monkeypatch.setenv("LANZAROTE_QUERY_ROWS", "many")
    settings.current.cache_clear()
    try:
        result = run("query", "-", stdin=SELECT.encode())
        listed = run("settings")
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    assert (result.code, result.out) == (2, "")
    assert "LANZAROTE_QUERY_ROWS is 'many'" in result.err
    assert "LANZAROTE_QUERY_ROWS = many" in listed.out


def test_app_opens_the_dashboard_on_this_machine_only(run, made, monkeypatch):
    calls = []
    monkeypatch.setattr(cli.subprocess, "call", lambda command, **given: calls.append((command, given)) or 3)
    assert run("app", "--port", "8600").code == 3
    ((command, given),) = calls
    assert command[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert {"--server.address=127.0.0.1", "--server.port=8600"} <= set(command)
    assert given == {"cwd": made.root}


def test_progress_is_no_part_of_the_result(run, project):
    assert "reading" not in run("build").out


def test_json_on_stdout_is_one_line_of_the_exports(run, made):
    answer = json.loads(run("query", "-", "--format", "json", stdin=SELECT.encode()).out)
    names = [binding["name"] for binding in answer["results"]["bindings"]]
    assert names == [
        exports._term(ox.Literal(name, language=language))
        for name, language in (("Danmark", "da"), ("Denmark", "en"))
    ]


# --- diff, nanopub


def test_diff_and_nanopub_follow_a_change_from_build_to_build(run, project):
    old = project.build().build.manifest.build_id
    project.edit("assessments/DNK.yaml", "value: 15", "value: 16")
    project.build()
    told = run("diff", old[:8], "current")
    assert (told.code, told.err) == (0, "")
    assert "value: 15 → 16" in told.out
    same = run("diff", "current", "current")
    assert (same.code, same.out, same.err) == (1, "", "nothing changed\n")
    unknown = run("diff", "0000", "current")
    assert (unknown.code, unknown.out) == (2, "")
    assert "kept are: " in unknown.err
    address = f"id/assessment/DNK/age.sexual-consent/factsheet/build/{old[:16]}"
    printed = run("nanopub", address)
    assert printed.code == 0
    assert "np:Nanopublication" in printed.out
    assert printed.err.startswith("superseded by https://")


# --- publish


def test_publish_loads_the_build_and_the_endpoint_then_answers_like_it(run, made):
    with engines.oxigraph() as engine:
        first = run("publish", "--endpoint", engine.endpoint)
        again = run("publish", "--endpoint", engine.endpoint)
        remote = run("query", "-", "--endpoint", engine.endpoint, stdin=SELECT.encode())
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("published: ")
    assert "default graph: https://w3id.org/lanzarote-atlas/build/" in first.out
    assert again.out.startswith("nothing changed: ")
    assert remote.code == 0
    assert remote.out == run("query", "-", stdin=SELECT.encode()).out


def test_publish_needs_to_know_where_graphs_go(run, made):
    result = run("publish", "--endpoint", "http://127.0.0.1:9/repositories/atlas")
    assert result.code == 2
    assert "--graph-store" in result.err


def test_publish_says_where_no_engine_answers(run, made, monkeypatch):
    monkeypatch.setattr("lanzarote_atlas.store.transport._FIRST_PAUSE", 0)
    result = run("publish", "--endpoint", "http://127.0.0.1:9/query")
    assert result.code == 1
    assert "does not answer" in result.err
    assert "Traceback" not in result.err
