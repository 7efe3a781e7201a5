"""How the atlas speaks HTTP to an engine: what every request to one needs, and no more.

A password goes to the host that it is meant for and to no other, whatever that host answers; certificates are
verified; an answer has a longest time and a largest size; a failure in passing is tried again, a bounded
number of times with growing pauses. Nothing here prints or logs a request.
"""

from __future__ import annotations

import random
import re
import ssl
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgr,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

from lanzarote_atlas.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRIES = 3
LONGEST_PAUSE = 20.0
"""Seconds that a server may ask to wait; one that asks for more is given up on."""
_FIRST_PAUSE = 0.2
_PIECE = 1 << 16
_SAID = 2000
_TAG = re.compile(r"<[^>]*>")
_PASSING = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_CREDENTIALS = {"authorization", "cookie", "proxy-authorization"}


@dataclass(frozen=True)
class Credentials:
    """User and password for one address; the password shows nowhere."""

    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Reply:
    """What a server sent: its headers and its whole body."""

    headers: HTTPMessage
    body: bytes


class TooLargeError(StoreError):
    """An answer is larger than the settings allow."""


class Transport:
    """Sends requests for one address; reads and other requests that may be repeated are tried again."""

    def __init__(
        self, address: str, credentials: Credentials, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """Keep the address; raise StoreError where it is none. Nothing is sent before the first request."""
        if not _is_web(address):
            message = f"endpoint {without_password(address)!r} is not an http address"
            raise StoreError(message)
        if urlsplit(address).username is not None:
            message = (
                f"{without_password(address)} has a user name in it, which addresses tell everyone; "
                "set LANZAROTE_ENDPOINT_USER and LANZAROTE_ENDPOINT_PASSWORD"
            )
            raise StoreError(message)
        self._address = address
        self._pause = pause
        self._opener = _opener(address, credentials)

    def read(self, request: Callable[[], Request], seconds: float, most: int) -> Reply:
        """Return the reply to a request that may be repeated; StoreError where none comes.

        An HTTPError that is not in passing goes through to the caller, who knows what it means. `request` is
        called anew for every try.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(request(), seconds, most)
            except (OSError, HTTPException) as error:
                wait = self._wait(error, attempt)
                if wait is None:
                    raise
            self._pause(wait)
        raise AssertionError  # the loop returns or raises

    def _once(self, request: Request, seconds: float, most: int) -> Reply:
        end = time.monotonic() + seconds
        with self._opener.open(request, timeout=seconds) as response:
            return Reply(response.headers, _whole(response, end, most))

    def _wait(self, error: Exception, attempt: int) -> float | None:
        """Return the seconds until the next try, or None where there is to be none."""
        if attempt == TRIES or not is_passing(error):
            return None
        asked = _retry_after(error)
        if asked > LONGEST_PAUSE:
            return None
        # Half of it by chance, so that readers turned away together do not come back together.
        growing = _FIRST_PAUSE * (1 << attempt - 1) * (1 + random.random())  # noqa: S311 - no secret
        return max(asked, growing)


def is_passing(error: Exception) -> bool:
    """Tell whether a failure may be gone the next time: the server is busy, or the connection was lost.

    A request that ran out of time is not sent again: it would only load the engine a second time.
    """
    if isinstance(error, HTTPError):
        return error.code in _PASSING
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError | ssl.SSLError):
        return False
    return isinstance(cause, OSError | HTTPException)


def explained(error: Exception) -> str:
    """Return why no answer came, in words that say what to do where that is known."""
    cause = error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not trusted ({cause.verify_message}); correct the address, or name the "
            "file of the authority that signed it in SSL_CERT_FILE"
        )
    if isinstance(cause, TimeoutError):
        return "timed out; LANZAROTE_QUERY_SECONDS sets the limit"
    return (str(cause).splitlines() or [type(cause).__name__])[0]


def said_by(error: HTTPError) -> str:
    """Return the first line that a server sent with its refusal, else that of the error."""
    sent = _TAG.sub("", error.read(_SAID).decode("utf-8", "replace")).strip()
    return sent.splitlines()[0].strip() if sent else f"{error.code} {error.reason}"


def without_password(address: str) -> str:
    """Return an address as it may be shown: without user, password and query."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _whole(response: HTTPResponse, end: float, most: int) -> bytes:
    """Read a body piece by piece: a server that sends a byte now and then is out of time too."""
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            message = (
                f"an answer of more than {most:,} bytes; narrow the query, or raise LANZAROTE_QUERY_BYTES"
            )
            raise TooLargeError(message)
        if time.monotonic() > end:
            raise TimeoutError
    if size < int(response.headers.get("Content-Length") or 0):
        message = "the connection ended within the answer"
        raise ConnectionResetError(message)
    return b"".join(pieces)


def _retry_after(error: Exception) -> float:
    """Return the seconds that the server asks to wait; a date, which hardly any sends, counts as none."""
    asked = str(error.headers.get("Retry-After")) if isinstance(error, HTTPError) else ""
    return float(asked) if asked.isascii() and asked.isdigit() else 0.0


def _opener(address: str, credentials: Credentials) -> OpenerDirector:
    opener = build_opener(_Redirects())
    if credentials.user:
        passwords = HTTPPasswordMgrWithDefaultRealm()
        parts = urlsplit(address)
        # Of this host alone: the manager gives the password to no other.
        passwords.add_password(
            None, f"{parts.scheme}://{parts.netloc}/", credentials.user, credentials.password
        )
        opener.add_handler(_Digest(passwords))
        opener.add_handler(_Basic(passwords))
    return opener


class _Basic(HTTPBasicAuthHandler):
    """Answers a challenge once, and sends its answer at once from then on: a body need not go twice."""

    _answer = ""

    def http_request(self, req: Request) -> Request:
        if self._answer and _knows(self.passwd, req):
            req.add_unredirected_header(self.auth_header, self._answer)
        return req

    https_request = http_request

    def retry_http_basic_auth(self, host: str, req: Request, realm: str) -> HTTPResponse | None:
        response = super().retry_http_basic_auth(host, req, realm)
        self._answer = req.get_header(self.auth_header, "") or ""
        return response


class _Digest(HTTPDigestAuthHandler):
    """As `_Basic`, for engines whose challenge is Digest; it is answered before Basic is."""

    passwd: HTTPPasswordMgr
    _challenge: Mapping[str, str] | None = None

    def http_request(self, req: Request) -> Request:
        asked = self._challenge if _knows(self.passwd, req) else None
        if asked and (answer := self.get_authorization(req, asked)):
            req.add_unredirected_header(self.auth_header, f"Digest {answer}")
        return req

    https_request = http_request

    def retry_http_digest_auth(self, req: Request, auth: str) -> HTTPResponse | None:
        self._challenge = parse_keqv_list(list(filter(None, parse_http_list(auth.partition(" ")[2]))))
        return super().retry_http_digest_auth(req, auth)


def _knows(passwords: HTTPPasswordMgr, request: Request) -> bool:
    """Tell whether there is a password for the host that the request goes to."""
    return passwords.find_user_password("", request.full_url)[0] is not None


class _Redirects(HTTPRedirectHandler):
    """Follows a redirect with the same method and body, but takes no password to another host."""

    max_redirections = 3

    def redirect_request(  # noqa: PLR0913, PLR0917 - urllib's own signature
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,  # noqa: ARG002 - as above
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        """Return the request to send instead, or raise an HTTPError that says why there is none."""
        source, target = urlsplit(req.full_url), urlsplit(newurl)
        if not _is_web(newurl) or (source.scheme == "https" and target.scheme != "https"):
            message = f"a redirect to {without_password(newurl)} is refused"
            raise HTTPError(req.full_url, code, message, headers, fp)
        elsewhere = _origin(source) != _origin(target)
        if elsewhere and req.get_method() not in {"GET", "HEAD"} and not _is_query(req):
            message = f"moved to {without_password(newurl)}; give that address"
            raise HTTPError(req.full_url, code, message, headers, fp)
        seen = code == HTTPStatus.SEE_OTHER
        left = _CREDENTIALS if elsewhere else set()
        dropped = left | ({"content-type", "content-length"} if seen else {"content-length"})
        # Only what came with the request: an answer to a challenge is made anew for each address.
        kept = {name: value for name, value in req.headers.items() if name.lower() not in dropped}
        method = "GET" if seen else req.get_method()
        return Request(newurl, None if seen else req.data, kept, method=method)  # noqa: S310 - checked above


def _is_query(request: Request) -> bool:
    """Tell whether a POST is a query: it changes nothing, so that another host may be asked it."""
    return (request.get_header("Content-type") or "").startswith(
        ("application/x-www-form-urlencoded", "application/sparql-query")
    )


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://")) and bool(urlsplit(address).hostname)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
