"""What guards a request: certificates, where a password goes, time, size, and how often a read is tried."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lanzarote_atlas.errors import StoreError
from lanzarote_atlas.store import transport
from lanzarote_atlas.store.graph_store import GraphStore
from lanzarote_atlas.store.remote import RemoteStore
from tests import small_project

ROWS = json.dumps(
    {"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "literal", "value": "1"}}]}}
).encode()
SELECT = "SELECT ?a {}"
WORD = "open sesame"


class Server:
    """Answers every request with what `answer` says, and keeps what it was sent."""

    def __init__(self, answer, context=None):
        """Listen on a free port, with TLS where a context is given."""
        self.seen = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.seen.append((self.command, self.headers, body))
                answer(self)

            do_GET = do_POST  # noqa: N815 - the name that http.server looks for

            def log_message(self, *_args):
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        if context:
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        scheme = "https" if context else "http"
        self.address = f"{scheme}://127.0.0.1:{self.http.server_port}/query"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def serve():
    """Start servers, and end them with the test."""
    started = []

    def start(answer, context=None):
        started.append(Server(answer, context))
        return started[-1]

    yield start
    for server in started:
        server.http.shutdown()
        server.http.server_close()


@pytest.fixture(autouse=True)
def known_user(monkeypatch):
    monkeypatch.setenv("LANZAROTE_ENDPOINT_USER", "reader")
    monkeypatch.setenv("LANZAROTE_ENDPOINT_PASSWORD", WORD)
    small_project.forget()
    yield
    small_project.forget()


def says(status, body=b"", **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def in_turn(*answers):
    left = list(answers)

    def answer(handler):
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def rows():
    return says(200, ROWS, Content_Type="application/sparql-results+json")


def own_certificate(folder):
    """Return a certificate that its own key signed, and what serves with it."""
    certificate, key = folder / "own.pem", folder / "own.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    command += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


def test_a_certificate_that_nobody_vouches_for_is_refused_and_nothing_is_sent(serve, tmp_path):
    _, context = own_certificate(tmp_path)
    server = serve(rows(), context)
    pauses = []
    with pytest.raises(StoreError, match=r"its certificate is not trusted .*SSL_CERT_FILE"):
        RemoteStore(server.address, pauses.append).query(SELECT)
    assert server.seen == []
    assert pauses == [], "a certificate does not become good by waiting"


def test_a_certificate_of_an_authority_that_is_named_is_trusted(serve, tmp_path, monkeypatch):
    certificate, context = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert len(RemoteStore(serve(rows(), context).address).query(SELECT).rows) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_is_followed_without_the_password(serve, status):
    other = serve(rows())
    first = serve(says(status, Location=other.address))
    assert len(RemoteStore(first.address).query(SELECT).rows) == 1
    assert first.seen[0][1]["Authorization"]
    method, headers, body = other.seen[0]
    assert headers["Authorization"] is None
    assert method == "POST"
    assert b"SELECT" in body


def test_a_redirect_on_the_same_host_keeps_the_password(serve):
    server = serve(in_turn(says(307, Location="/elsewhere"), rows()))
    assert len(RemoteStore(server.address).query(SELECT).rows) == 1
    assert server.seen[1][1]["Authorization"] == server.seen[0][1]["Authorization"]


def test_what_is_to_be_written_is_not_taken_to_another_host(serve):
    other = serve(says(201))
    first = serve(says(307, Location=other.address))
    with pytest.raises(StoreError, match="moved to http://127"):
        GraphStore(first.address).add("http://x/g", b"")
    assert other.seen == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/"])
def test_a_redirect_out_of_the_web_is_refused(serve, target):
    with pytest.raises(StoreError):
        RemoteStore(serve(says(302, Location=target)).address).query(SELECT)


def test_redirects_without_end_are_given_up(serve):
    server = serve(says(302, Location="/again"))
    with pytest.raises(StoreError):
        RemoteStore(server.address).query(SELECT)
    assert len(server.seen) < 10


def test_a_password_in_the_address_is_refused_and_not_repeated():
    with pytest.raises(StoreError, match="LANZAROTE_ENDPOINT_PASSWORD") as raised:
        RemoteStore(f"http://reader:{WORD.replace(' ', '')}@127.0.0.1/query")
    assert "sesame" not in str(raised.value)


def test_credentials_do_not_show_their_password():
    assert WORD not in repr(transport.Credentials("reader", WORD))


def test_a_server_that_asks_to_wait_is_waited_for(serve):
    pauses = []
    server = serve(in_turn(says(503, Retry_After="7"), rows()))
    assert len(RemoteStore(server.address, pauses.append).query(SELECT).rows) == 1
    assert pauses == [7.0]


def test_a_server_that_asks_to_wait_too_long_is_given_up_on(serve):
    pauses = []
    server = serve(says(429, b"come back tomorrow", Retry_After="86400"))
    with pytest.raises(StoreError, match="come back tomorrow"):
        RemoteStore(server.address, pauses.append).query(SELECT)
    assert pauses == []
    assert len(server.seen) == 1


def test_pauses_grow_and_are_not_the_same_for_all(serve):
    server = serve(says(502))
    first, second = [], []
    for pauses in (first, second):
        with pytest.raises(StoreError):
            RemoteStore(server.address, pauses.append).query(SELECT)
        assert 0.2 <= pauses[0] < pauses[1] <= 0.8
    assert first != second


def test_a_fault_of_the_server_is_not_tried_again(serve):
    server = serve(says(500, b"broken"))
    with pytest.raises(StoreError, match="broken"):
        RemoteStore(server.address).query(SELECT)
    assert len(server.seen) == 1


def test_an_answer_that_is_too_large_is_cut_short(serve, monkeypatch):
    monkeypatch.setenv("LANZAROTE_QUERY_BYTES", "1000")
    small_project.forget()
    server = serve(says(200, ROWS + b" " * 1000, Content_Type="application/sparql-results+json"))
    with pytest.raises(StoreError, match="more than 1,000 bytes"):
        RemoteStore(server.address).query(SELECT)


def test_a_server_that_sends_drop_by_drop_is_out_of_time_too(serve, monkeypatch):
    monkeypatch.setenv("LANZAROTE_QUERY_SECONDS", "0.5")
    small_project.forget()

    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        with suppress(OSError):  # the reader goes
            for _ in range(30):
                handler.wfile.write(b" ")
                time.sleep(0.1)

    started = time.monotonic()
    with pytest.raises(StoreError, match="timed out"):
        RemoteStore(serve(drip).address).query(SELECT)
    assert time.monotonic() - started < 2


def test_an_answer_that_ends_early_is_tried_again(serve):
    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(ROWS)))
        handler.end_headers()
        handler.wfile.write(ROWS[:20])
        handler.close_connection = True

    server = serve(in_turn(half, rows()))
    assert len(RemoteStore(server.address, lambda _: None).query(SELECT).rows) == 1


def test_an_answer_in_part_is_no_answer(serve):
    """Virtuoso says in a header that it stopped half way."""
    answer = says(200, ROWS, X_SQL_State="S1TAT", Content_Type="application/sparql-results+json")
    with pytest.raises(StoreError, match="in part only"):
        RemoteStore(serve(answer).address).query(SELECT)


def test_rows_that_the_engine_cut_off_are_told(serve):
    answer = says(200, ROWS, X_SPARQL_MaxRows="1", Content_Type="application/sparql-results+json")
    assert RemoteStore(serve(answer).address).query(SELECT).truncated


@pytest.mark.parametrize(("value", "shown"), [("1", "true"), ("0", "false")])
def test_a_truth_value_written_as_a_number_is_read_as_one(serve, value, shown):
    cell = {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": value}
    body = json.dumps({"head": {"vars": ["a"]}, "results": {"bindings": [{"a": cell}]}}).encode()
    server = serve(says(200, body, Content_Type="application/sparql-results+json"))
    assert RemoteStore(server.address).query(SELECT).rows[0][0].value == shown


@pytest.mark.parametrize(("bindings", "answer"), [([{"__ASK_RETVAL": {}}], True), ([], False)])
def test_a_yes_or_no_written_as_a_table_is_read_as_one(serve, bindings, answer):
    body = json.dumps({"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": bindings}}).encode()
    server = serve(says(200, body, Content_Type="application/sparql-results+json"))
    assert RemoteStore(server.address).query("ASK {}") is answer
