"""Signing in by OpenID Connect, at a provider of the test's own: review opens under the address it gives."""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

pytest.importorskip("playwright")
pytest.importorskip("authlib", reason="signing in needs the extra sign-in")
pytest.importorskip("httpx", reason="signing in needs the extra sign-in")

from joserfc import jwk, jwt
from playwright.sync_api import expect

from tests.browser.conftest import HERE, SECONDS, opened, serving

pytestmark = pytest.mark.browser

CLIENT = "atlas"


class Provider(BaseHTTPRequestHandler):
    """Signs whoever comes in as the server's user, without a question."""

    def do_GET(self):
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path == "/authorize":
            self.server.nonce = query.get("nonce", "")
            back = f"{query['redirect_uri']}?{urlencode({'code': 'x', 'state': query['state']})}"
            self.send_response(302)
            self.send_header("Location", back)
            self.end_headers()
        else:
            self._answer(self.server.pages[asked.path])

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        now = int(time.time())
        claims = {
            "iss": self.server.home,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 600,
            "nonce": self.server.nonce,
        }
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims | self.server.user, self.server.key)
        self._answer({"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": token})

    def _answer(self, body):
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def provider(user):
    server = ThreadingHTTPServer((HERE, 0), Provider)
    server.home = home = f"http://{HERE}:{server.server_port}"
    server.user, server.nonce = user, ""
    server.key = jwk.RSAKey.generate_key(2048, parameters={"kid": "1", "alg": "RS256", "use": "sig"})
    server.pages = {
        "/keys": {"keys": [server.key.as_dict(private=False)]},
        "/.well-known/openid-configuration": {
            "issuer": home,
            "authorization_endpoint": f"{home}/authorize",
            "token_endpoint": f"{home}/token",
            "jwks_uri": f"{home}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        },
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield home
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def dashboard(built, tmp_path, home, listens_on, **environment):
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://{HERE}:{{port}}/oauth2callback"
cookie_secret = "a text of the test that is long enough to sign with"
client_id = "{CLIENT}"
client_secret = "x"
server_metadata_url = "{home}/.well-known/openid-configuration"
""",
        encoding="utf-8",
    )
    own = {"LANZAROTE_STORE": str(built.folder.parent), "LANZAROTE_DATA": str(tmp_path / "local")}
    with serving(listens_on, STREAMLIT_SECRETS_FILES=str(secrets), **own, **environment) as address:
        yield address


def sign_in(page) -> None:
    """Press the button and wait until the provider has sent the reader back."""
    page.get_by_role("button", name="Sign in").click()
    end = time.monotonic() + SECONDS
    while not any(one["name"].startswith("_streamlit_user") for one in page.context.cookies()):
        assert time.monotonic() < end, f"not signed in: {page.url}"
        page.wait_for_timeout(100)
    # What brought the cookie leads on to the bare address: a page opened before that is there is lost.
    page.wait_for_url(re.compile(r":\d+/$"))


USER = {"sub": "7", "email": "a@example.org", "email_verified": True, "name": "A"}


def test_who_signs_in_reviews_under_the_providers_address_from_anywhere(page, built, tmp_path) -> None:
    with provider(USER) as home, dashboard(built, tmp_path, home, "0.0.0.0") as address:
        opened(page, address, "review")
        expect(page.get_by_text("This installation asks its reviewers to sign in.")).to_be_visible()
        expect(page.locator("input[type=file]")).to_have_count(0)
        sign_in(page)
        opened(page, address, "review")
        expect(page.get_by_role("button", name="Read the document")).to_be_visible()


def test_who_is_not_among_the_reviewers_is_told_so(page, built, tmp_path) -> None:
    with (
        provider(USER) as home,
        dashboard(built, tmp_path, home, HERE, LANZAROTE_REVIEWERS="b@example.org") as address,
    ):
        opened(page, address, "review")
        sign_in(page)
        opened(page, address, "review")
        expect(page.get_by_text("who is not among the reviewers here")).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        expect(page.locator("input[type=file]")).to_have_count(0)
