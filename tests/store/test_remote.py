"""The remote store against a server that misbehaves on purpose."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from lanzarote_atlas.errors import QueryError, StoreError
from lanzarote_atlas.store.remote import RemoteStore
from tests import small_project

ROWS = json.dumps(
    {"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "literal", "value": "1"}}]}}
)
JSON = "application/sparql-results+json"
SELECT = "SELECT ?a {}"
WORD = "påss:word"


class FakeEndpoint:
    """Gives the next of its replies to each request, and keeps what it was sent."""

    def __init__(self):
        """Listen on a free port."""
        self.replies = []
        self.requests = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                endpoint.reply(self)

            def log_message(self, *_args):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}/query"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def reply(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.requests.append((dict(handler.headers), parse_qs(body.decode())))
        status, text, kind, seconds = self.replies.pop(0) if self.replies else (200, ROWS, JSON, 0)
        time.sleep(seconds)
        if status is None:
            handler.close_connection = True
            return
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(text.encode())))
        handler.end_headers()
        handler.wfile.write(text.encode())

    def will(self, status, text="", kind="text/plain", seconds=0.0):
        self.replies.append((status, text, kind, seconds))


@pytest.fixture
def endpoint():
    fake = FakeEndpoint()
    yield fake
    fake.server.shutdown()
    fake.server.server_close()


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def remote(endpoint, pauses, monkeypatch):
    for name in ("USER", "PASSWORD"):
        monkeypatch.delenv(f"LANZAROTE_ENDPOINT_{name}", raising=False)
    small_project.forget()
    yield RemoteStore(endpoint.address, pauses.append)
    small_project.forget()


def set_to(monkeypatch, **values):
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    small_project.forget()


def test_making_a_store_sends_nothing(remote, endpoint):
    assert endpoint.requests == []
    assert remote.build_id == ""


@pytest.mark.parametrize("address", ["", "localhost:7878", "file:///etc/passwd", "ftp://x/"])
def test_an_address_of_another_kind_is_refused(address):
    with pytest.raises(StoreError, match="is not an http address"):
        RemoteStore(address)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_failure_in_passing_is_tried_again(remote, endpoint, pauses, status):
    endpoint.will(status, "busy")
    assert len(remote.query(SELECT).rows) == 1
    assert len(endpoint.requests) == 2
    assert len(pauses) == 1


def test_a_lost_connection_is_tried_again(remote, endpoint):
    endpoint.will(None)
    assert len(remote.query(SELECT).rows) == 1


def test_a_failure_that_stays_ends_after_three_tries_with_growing_pauses(remote, endpoint, pauses):
    for _ in range(5):
        endpoint.will(503, "down for repair")
    with pytest.raises(StoreError, match="does not answer"):
        remote.query(SELECT)
    assert len(endpoint.requests) == 3
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[1]
    assert len(pauses) == 2


def test_what_the_server_says_of_its_failure_is_told(remote, endpoint):
    for _ in range(3):
        endpoint.will(500, "out of memory\nat line 7")
    with pytest.raises(StoreError, match=r"does not answer: out of memory$"):
        remote.query(SELECT)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("expected ORDER at 1:9\nmore", r"expected ORDER at 1:9$"),
        ("", "400 Bad Request"),
    ],
)
def test_a_rejected_query_is_a_query_error_and_not_tried_again(remote, endpoint, text, told):
    endpoint.will(400, text)
    with pytest.raises(QueryError, match=told):
        remote.query(SELECT)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("status", [401, 404])
def test_a_refusal_says_what_to_check_and_is_not_tried_again(remote, endpoint, status):
    endpoint.will(status, "no")
    with pytest.raises(StoreError, match="check address, user and password"):
        remote.query(SELECT)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("status", [403, 405, 413, 414, 415])
def test_another_refusal_is_a_store_error_and_not_tried_again(remote, endpoint, status):
    endpoint.will(status, "no")
    with pytest.raises(StoreError):
        remote.query(SELECT)
    assert len(endpoint.requests) == 1


def test_no_server_is_a_store_error_with_the_address(remote, endpoint, pauses):
    endpoint.server.shutdown()
    endpoint.server.server_close()
    with pytest.raises(StoreError, match=f"{endpoint.address} does not answer"):
        remote.query(SELECT)
    assert len(pauses) == 2


def test_an_endpoint_that_takes_too_long_is_a_store_error(remote, endpoint, monkeypatch):
    set_to(monkeypatch, LANZAROTE_QUERY_SECONDS="0.3")
    endpoint.will(200, ROWS, JSON, seconds=1.5)
    started = time.perf_counter()
    with pytest.raises(StoreError, match="timed out"):
        remote.query(SELECT)
    assert time.perf_counter() - started < 1.4
    assert len(endpoint.requests) == 1, "a query that takes too long would only load the engine again"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<html>hello</html>", "text/html"),
        ("", JSON),
        ("{}", JSON),
        ("[]", JSON),
        ("{", JSON),
        ("null", JSON),
        ('{"head": {}, "boolean": true}', JSON),
        ('{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "odd"}}]}}', JSON),
        ("\x00\x01", JSON),
    ],
)
def test_what_is_no_sparql_answer_is_a_store_error(remote, endpoint, text, kind):
    """A login page answers 200 too."""
    endpoint.will(200, text, kind)
    with pytest.raises(StoreError, match="sent no SPARQL answer"):
        remote.query(SELECT)


@pytest.mark.parametrize(
    ("query", "text"), [("ASK {}", ROWS), ("ASK {}", "yes"), ("DESCRIBE <http://x>", "<html>")]
)
def test_an_answer_of_another_form_is_a_store_error(remote, endpoint, query, text):
    endpoint.will(200, text, JSON)
    with pytest.raises(StoreError, match="sent no SPARQL answer"):
        remote.query(query)


def test_credentials_are_sent_only_when_they_are_set(remote, endpoint, monkeypatch):
    remote.query(SELECT)
    assert "Authorization" not in endpoint.requests[0][0]
    set_to(monkeypatch, LANZAROTE_ENDPOINT_USER="reader", LANZAROTE_ENDPOINT_PASSWORD=WORD)
    remote.query(SELECT)
    sent = endpoint.requests[1][0]["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent).decode() == f"reader:{WORD}"


def test_no_message_holds_the_password(remote, endpoint, monkeypatch):
    set_to(monkeypatch, LANZAROTE_ENDPOINT_USER="reader", LANZAROTE_ENDPOINT_PASSWORD=WORD)
    endpoint.will(401, "no")
    with pytest.raises(StoreError) as raised:
        remote.query(SELECT)
    assert WORD not in str(raised.value)


def test_a_query_goes_as_a_query_with_the_prefixes_of_the_atlas(remote, endpoint):
    remote.query("# DROP ALL\nSELECT ?a {}")
    headers, form = endpoint.requests[0]
    assert set(form) & {"query", "update"} == {"query"}
    assert form["query"][0].startswith("PREFIX lz: <https://w3id.org/lanzarote-atlas/ontology#>\n")
    assert form["query"][0].endswith("# DROP ALL\nSELECT ?a {}")
    assert JSON in headers["Accept"]


def test_triples_are_asked_for_as_turtle(remote, endpoint):
    endpoint.will(200, "<http://s> <http://p> <http://o> .", "text/turtle")
    assert len(remote.query("DESCRIBE <http://s>").triples) == 1
    assert "text/turtle" in endpoint.requests[0][0]["Accept"]


@pytest.mark.parametrize("query", ["DROP ALL", "SELECT * { SERVICE <http://x/> {} }", ""])
def test_an_unsafe_query_is_never_sent(remote, endpoint, query):
    with pytest.raises(QueryError):
        remote.query(query)
    assert endpoint.requests == []
