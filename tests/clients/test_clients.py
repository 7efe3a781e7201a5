"""Clients that researchers have: each gets the rows of a named query from the endpoint, unaided by us."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, SPARQLWrapper

from tests.clients.conftest import absent, program

SECONDS = 120


def test_sparqlwrapper_reads_rows(endpoint, query, expected):
    client = SPARQLWrapper(endpoint)
    client.setQuery(query)
    client.setReturnFormat(JSON)
    rows = client.query().convert()["results"]["bindings"]
    assert [{name: row.get(name, {}).get("value", "") for name in expected[0]} for row in rows] == expected


def test_sparqlwrapper_reads_csv(endpoint, query, expected):
    client = SPARQLWrapper(endpoint)
    client.setQuery(query)
    client.setReturnFormat(CSV)
    text = client.query().response.read().decode()
    assert list(csv.DictReader(io.StringIO(text))) == expected


def test_rdflib_asks_the_endpoint_as_its_store(endpoint, query, expected):
    graph = Graph(SPARQLStore(endpoint, returnFormat="json"))
    names = list(expected[0])
    rows = [
        dict(zip(names, ("" if term is None else str(term) for term in row), strict=True))
        for row in graph.query(query)
    ]
    assert rows == expected


@pytest.mark.parametrize("form", ["post", "get", "direct"])
def test_curl_reads_rows(endpoint, query, expected, form):
    how = {
        "post": ["--data-urlencode", f"query={query}"],
        "get": ["--get", "--data-urlencode", f"query={query}"],
        "direct": ["--header", "Content-Type: application/sparql-query", "--data-binary", query],
    }[form]
    command = [
        program("curl"),
        "--silent",
        "--show-error",
        "--fail",
        "--header",
        "Accept: text/csv",
        *how,
        endpoint,
    ]
    done = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
    assert list(csv.DictReader(io.StringIO(done.stdout.decode()))) == expected


R = """
arguments <- commandArgs(trailingOnly = TRUE)
if (!requireNamespace("SPARQL", quietly = TRUE)) quit(status = 42)
suppressPackageStartupMessages(library(SPARQL))
query <- paste(readLines(arguments[2], encoding = "UTF-8"), collapse = "\\n")
answer <- SPARQL(url = arguments[1], query = query, format = "xml", curl_args = list(.encoding = "UTF-8"))
write.csv(answer$results, row.names = FALSE, na = "")
"""


def asked_by_r(endpoint, query, tmp_path):
    """Return the rows that R's SPARQL package gets.

    It is told that the answer is UTF-8: its own guess is Latin-1 (docs/querying.md).
    """
    (tmp_path / "ask.R").write_text(R, encoding="utf-8")
    (tmp_path / "query.rq").write_text(query, encoding="utf-8")
    command = [program("Rscript"), "--vanilla", "ask.R", endpoint, "query.rq"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    if done.returncode == 42:
        absent("R has no SPARQL package (Debian: r-cran-sparql)")
    assert done.returncode == 0, done.stderr.decode()
    return list(csv.DictReader(io.StringIO(done.stdout.decode())))


def test_r_reads_rows(endpoint, query, expected, tmp_path):
    """R's SPARQL package writes terms as SPARQL does: addresses in brackets, texts with their language."""
    rows = asked_by_r(endpoint, query, tmp_path)
    plain = [{name: bare(value) for name, value in row.items()} for row in rows]
    assert [set(row.values()) for row in plain] == [set(row.values()) for row in expected]


@pytest.mark.parametrize("letters", ["æøå Ærø", "Кримінальний кодекс", "ğıŞ ñ ü ß", "„“ – § 176¹ €"])
def test_r_reads_every_letter_right(endpoint, letters, tmp_path):
    query = (
        f'SELECT ?row ?text {{ VALUES (?row ?text) {{ (1 "{letters}"@en) (2 "{letters}") }} }} ORDER BY ?row'
    )
    assert [bare(row["text"]) for row in asked_by_r(endpoint, query, tmp_path)] == [letters, letters]


def bare(value):
    """Return a term as R shows it without its brackets, quotation marks and language."""
    value = value.strip()
    if value.startswith("<"):
        return value[1:-1]
    return value[1 : value.rindex('"')] if value.startswith('"') else value


def comunica():
    """Return the command of Comunica, or skip where npm has not installed it."""
    places = os.environ.get("LANZAROTE_NODE_MODULES", "")
    for folder in (Path(place) for place in (places, "node_modules") if place):
        command = folder / ".bin" / "comunica-sparql"
        if command.exists():
            return [program("node"), str(command)]
    absent(
        "no Comunica: npm install @comunica/query-sparql@4 (5 needs Node 22), and name its node_modules in "
        "LANZAROTE_NODE_MODULES"
    )
    raise AssertionError  # absent ends the test


def test_comunica_reads_rows(endpoint, query, expected, tmp_path):
    (tmp_path / "query.rq").write_text(query, encoding="utf-8")
    command = [*comunica(), f"sparql@{endpoint}", "-f", str(tmp_path / "query.rq")]
    command += ["-t", "application/sparql-results+json"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
    rows = json.loads(done.stdout)["results"]["bindings"]
    found = [{name: row.get(name, {}).get("value", "") for name in expected[0]} for row in rows]
    assert sorted(map(str, found)) == sorted(map(str, expected))
