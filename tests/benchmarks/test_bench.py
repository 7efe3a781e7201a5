"""`make bench` measures what it says it does: the smoke run, the limits, and the comparison of answers."""

import json
import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks import bare_app, query_bench, report
from benchmarks.rdflib_side import Job, Rdflib
from lanzarote_atlas import catalogue, resources


@pytest.fixture(scope="module")
def smoke_run(built, tmp_path_factory):
    """Run the quick benchmark once; give its exit code, what it printed, and its JSON."""
    written = tmp_path_factory.mktemp("bench-json") / "bench.json"
    command = [
        sys.executable,
        "-m",
        "benchmarks",
        "--quick",
        "--store",
        str(built.folder.parent),
        "--json",
        str(written),
    ]
    done = subprocess.run(command, cwd=resources.project(), capture_output=True, check=False, text=True)
    return done, json.loads(written.read_text(encoding="utf-8"))


def test_the_smoke_run_times_every_named_query(smoke_run):
    done, body = smoke_run
    assert done.returncode == 0, done.stderr
    rows = body["sections"]["Queries"]["rows"]
    assert [row["name"] for row in rows] == list(catalogue.queries())
    assert all(row["p50"] > 0 and row["p95"] >= row["p50"] for row in rows)


def test_the_smoke_run_compares_three_queries_with_rdflib(smoke_run):
    rows = smoke_run[1]["sections"]["Queries"]["rows"]
    assert sum(row["ratio"] is not None for row in rows) == query_bench.QUICK.rdflib_queries


def test_the_smoke_run_prints_every_figure(smoke_run):
    done, body = smoke_run
    assert [figure["what"] for figure in body["figures"] if figure["what"] not in done.stdout] == []


@pytest.fixture
def rdflib_over(tmp_path):
    """Give rdflib over a few triples."""
    triples, quads = tmp_path / "a.nt", tmp_path / "a.nq"
    people = [
        f"<https://example.org/{n}> <https://example.org/knows> <https://example.org/{n + 1}>"
        for n in range(60)
    ]
    triples.write_text("".join(f"{line} .\n" for line in people), encoding="utf-8")
    quads.write_text("".join(f"{line} <https://example.org/g> .\n" for line in people), encoding="utf-8")
    side = Rdflib(triples, quads)
    yield side
    side.close()


def job(text, *, names_graphs=False, limit=10.0):
    return Job(text, names_graphs, runs=2, limit_seconds=limit)


def test_a_query_that_overruns_in_rdflib_is_ended_and_the_next_one_answered(rdflib_over):
    slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER (?a != ?j) }"
    assert rdflib_over.ask(job(slow, limit=0.3)).overran
    reply = rdflib_over.ask(job("SELECT ?s WHERE { ?s ?p <https://example.org/1> }"))
    assert reply.rows == [(("https://example.org/0", ""),)]
    assert len(reply.seconds) == 2


def test_rdflib_answers_about_named_graphs_and_their_union(rdflib_over):
    text = "SELECT DISTINCT ?g WHERE { ?s ?p <https://example.org/1> GRAPH ?g { ?s ?p ?o } }"
    assert rdflib_over.ask(job(text, names_graphs=True)).rows == [(("https://example.org/g", ""),)]


def test_a_query_that_rdflib_rejects_is_a_finding(rdflib_over):
    assert "ParseException" in rdflib_over.ask(job("SELECT ?s WHERE {")).error


INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


@pytest.mark.parametrize(
    ("theirs", "compared"),
    [
        ([(("a, b", ""),), (("2", INTEGER),)], {}),
        ([(("2.0", INTEGER),), (("a, b", ""),)], {}),
        ([(("2", INTEGER),), (("b, a", ""),)], {"reordered": True}),
        (None, {}),
    ],
)
def test_answers_agree_whatever_their_order(theirs, compared):
    ours = [(("a, b", ""),), (("2", INTEGER),)]
    assert query_bench._compared(ours, theirs) == compared


@pytest.mark.parametrize("theirs", [[(("a", ""),)], [(("a", ""),), (("a", ""),), (("b", ""),)]])
def test_a_row_too_few_or_too_many_is_a_difference(theirs):
    ours = [(("a", ""),), (("b", ""),)]
    assert query_bench._compared(ours, theirs)["difference"].startswith("answers differ: 2 rows here")


def test_the_bare_app_draws_every_kind_of_widget_in_sight_and_folded(monkeypatch):
    kinds = {kind: [[3, 2], [2, 2]] for kind in bare_app.DRAW}
    page = {"heading": "First", "path": "/", "widgets": kinds, "folded": kinds}
    empty = {"heading": "Second", "path": "/second", "widgets": {}, "folded": {}}
    monkeypatch.setenv(bare_app.PAGES, json.dumps([page, empty]))
    drawn = AppTest.from_file(bare_app.__file__).run(timeout=30)
    assert not drawn.exception
    assert [title.value for title in drawn.title] == ["First"]
    assert len(drawn.selectbox) == 4
    assert len(drawn.markdown) == 4


def test_percentiles_take_the_nearest_rank():
    values = [float(number) for number in range(30, 0, -1)]
    assert query_bench.percentile(values, 0.95) == 29
    assert query_bench.percentile([7.0], 0.95) == 7


@pytest.mark.parametrize(
    ("figure", "held"),
    [
        (report.Figure("time", 10, "s", 10), True),
        (report.Figure("time", 10.1, "s", 10), False),
        (report.Figure("faster", 29, "times", 30, at_least=True), False),
        (report.Figure("faster", 30, "times", 30, at_least=True), True),
        (report.Figure("shown", 10**9, "s"), True),
    ],
)
def test_a_limit_is_a_ceiling_or_a_floor(figure, held):
    assert figure.held is held
    assert report.Report({}, [report.Section("T", "", (), [], [figure])]).held is held
    assert ("MISSED" in figure.cells()) is not held


def test_the_page_of_results_shows_figures_tables_and_findings(tmp_path):
    section = report.Section(
        "Queries",
        "How.",
        ("query", "p50"),
        [("a|b", "1")],
        [report.Figure("slow", 5, "ms", 4)],
        ["a: differs"],
    )
    page = tmp_path / "results.md"
    report.write_markdown(report.Report({"cores": "2"}, [section]), page)
    text = page.read_text(encoding="utf-8")
    assert "| slow | 5 ms | ≤ 4 ms | MISSED |" in text
    assert r"| a\|b | 1 |" in text
    assert "- a: differs" in text
