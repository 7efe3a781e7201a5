"""The snippets carry a query whole: run for real, a shell, Python and R send or hold exactly the text."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas import settings, snippets

if TYPE_CHECKING:
    from collections.abc import Iterator

NASTY = (
    "SELECT * WHERE {\n"
    '\t?s ?p "it\'s $HOME `id` $(id) ${PATH} %s \\n \\\\ !! \\u0041" , \'"\' , """a\n\nb""" .\r\n'
    "  FILTER (?p != <http://x/?a=1&b=2> && ?s > 1) # æøå 中文 @file ; rm\n"
    "}\n"
)
TEXTS = [NASTY, "'; echo gone; '", '"); quit(); ("', "@/etc/passwd", "ASK {}", "x\u2028y\x0by", "\\", "'''"]


class Service(BaseHTTPRequestHandler):
    """Keeps what it is asked and answers with one row, yes, or one triple, as is wished."""

    asked: ClassVar[list[str]] = []
    answers: ClassVar = {
        "application/sparql-results+json": json.dumps({"head": {}, "boolean": True}),
        "text/csv": "s\r\n1\r\n",
        "text/turtle": "<http://x/s> <http://x/p> <http://x/o> .",
    }

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append(parse_qs(body, keep_blank_values=True)["query"][0])
        media = next(name for name in self.answers if name in self.headers["Accept"])
        answer = self.answers[media]
        if "json" in media and "ASK" not in self.asked[-1]:
            rows = [{"s": {"type": "literal", "value": "1"}}]
            answer = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": rows}})
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    thread.join()
    server.server_close()


def ran(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("query", TEXTS)
def test_a_shell_sends_exactly_the_query(query: str, address: str) -> None:
    told = ran("sh", "-c", snippets.curl(query, "SELECT", address))
    assert Service.asked[-1] == query
    assert told.split() == ["s", "1"]


@pytest.mark.parametrize(
    ("query", "form", "told"),
    [
        (NASTY, "SELECT", "{'s': '1'}"),
        ("ASK { ?s ?p 'a\"b$c' }", "ASK", "True"),
        ("DESCRIBE <http://x/s>\n", "DESCRIBE", "<http://x/s> <http://x/p> <http://x/o> ."),
    ],
)
def test_python_sends_exactly_the_query(query: str, form: str, told: str, address: str) -> None:
    assert ran(sys.executable, "-c", snippets.python(query, form, address)).strip() == told
    assert Service.asked[-1] == query


@given(st.text())
def test_python_holds_any_text_and_nothing_else(query: str) -> None:
    program = snippets.python(query, "SELECT", "http://x/sparql")
    assignment = program[program.index("QUERY =") : program.index("\n\nservice =")]
    names: dict[str, str] = {}
    exec(compile(assignment, "snippet", "exec"), names)  # noqa: S102 - what the snippet does is the claim
    assert names["QUERY"] == query


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_holds_exactly_the_query() -> None:
    programs = [snippets.r(query, "SELECT", "http://x/sparql") for query in TEXTS]
    made = "".join(
        program[program.index("query <-") : program.index("\n\nreply")]
        + '\ncat(paste(as.character(utf8ToInt(query)), collapse = " "), "\\n", sep = "")\n'
        for program in programs
    )
    lines = ran("Rscript", "--vanilla", "-e", made).splitlines()
    assert ["".join(chr(int(code)) for code in line.split()) for line in lines] == TEXTS


def test_r_asks_for_the_form_that_the_query_gives() -> None:
    assert 'accept("text/csv")' in snippets.r("SELECT * {}", "SELECT", "http://x/sparql")
    assert 'accept("text/turtle")' in snippets.r("DESCRIBE <http://x>", "DESCRIBE", "http://x/sparql")


def test_the_address_is_that_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANZAROTE_SERVICE", "https://atlas.example/")
    settings.current.cache_clear()
    shown = snippets.snippets("ASK {}", "ASK")
    monkeypatch.undo()
    settings.current.cache_clear()
    assert all("https://atlas.example/sparql" in text for _, text in shown.values())
    assert "http://127.0.0.1:8080/sparql" in snippets.snippets("ASK {}", "ASK")["curl"][1]
