"""Who may review: whoever signed in where signing in is configured, else whoever sits at this machine.

Review writes files, so everything here fails closed. Signing in is Streamlit's own (OpenID Connect, `[auth]`
in secrets.toml). Without it a connection must show on every count that it comes from this machine, and no
header can make up for another: headers only ever close. That keeps out other machines and the pages of other
sites. It keeps out nobody whom something on this machine lets through to the port: a plain forward (socat,
`ssh -R`, a reverse proxy as it comes) looks like this machine, and a stranger behind it writes Host and
Origin as he likes. Whoever forwards the port to others must configure signing in (docs/ingesting.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import streamlit as st

from lanzarote_atlas import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROXIED = re.compile(
    r"x-forwarded.*|x-original-.*|forwarded|via|x-real-ip|.*client-ip|.*connecting-ip|x-envoy-.*",
    re.IGNORECASE,
)
"""Headers that a proxy adds."""
_LOCAL_START = (
    "Start the dashboard with `lanzarote app` and open it on the same machine, or configure signing in."
)
_NOT_PROVIDERS = frozenset({"client_kwargs"})


@dataclass(frozen=True)
class Reviewer:
    """Whether review is open to this reader: under which name, else why not and what to do."""

    allowed: bool
    name: str = ""
    """Who signed in; empty where the reader says who it is."""
    why: str = ""
    remedy: str = ""
    """What opens it, as Markdown: words of our own."""
    providers: tuple[str | None, ...] = ()
    """Where the reader can sign in; None is the one provider without a name."""
    signed_in: bool = False


@dataclass(frozen=True)
class Visit:
    """What is known of a connection: the address that the server listens on, the peer's, the headers."""

    listens_on: str
    peer: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """By names in lower case."""


def present() -> Reviewer:
    """Return whether the reader of this session may review."""
    if _secrets_are_unreadable():
        return Reviewer(
            allowed=False,
            why="secrets.toml cannot be read, so it is not known whether signing in is asked for.",
            remedy="Correct the file and start the dashboard anew.",
        )
    providers = _providers()
    if providers:
        return of_user(st.user.to_dict(), providers, settings.current().reviewers)
    return of_visit(_visit())


def of_user(user: Mapping[str, Any], providers: Sequence[str | None], reviewers: str) -> Reviewer:
    """Return whether a user may review; `reviewers` are addresses apart by commas, empty: all who sign in."""
    if user.get("is_logged_in") is not True:
        return Reviewer(
            allowed=False,
            why="This installation asks its reviewers to sign in.",
            remedy="Sign in; the rest of the atlas can be read without.",
            providers=tuple(providers),
        )
    name = _name(user)
    invited = {one.strip().casefold() for one in reviewers.split(",") if one.strip()}
    if invited and _text(user, "email") and not _is_verified(user):
        return Reviewer(
            allowed=False,
            why="Reviewers are known by their address here, and your provider does not confirm yours.",
            remedy="Confirm the address with the provider and sign in anew. A provider that never gives "
            "`email_verified` cannot be used together with LANZAROTE_REVIEWERS.",
            signed_in=True,
        )
    if not name or (invited and _address(user).casefold() not in invited):
        return Reviewer(
            allowed=False,
            why=f"You are signed in as {name or 'nobody known'}, who is not among the reviewers here.",
            remedy="Ask whoever runs this installation; LANZAROTE_REVIEWERS names the reviewers.",
            signed_in=True,
        )
    return Reviewer(allowed=True, name=name, signed_in=True)


def _is_verified(user: Mapping[str, Any]) -> bool:
    """Return whether the provider says that it verified the address; some say so in a text."""
    said = user.get("email_verified")
    return said is True or said == "true"


def of_visit(visit: Visit) -> Reviewer:
    """Return whether a connection surely comes from this machine, and where it fails."""
    why = _not_here(visit)
    return Reviewer(allowed=not why, why=why, remedy=_LOCAL_START if why else "")


def _not_here(visit: Visit) -> str:
    """Return why a connection does not count as one from this machine; an empty text where it does."""
    if not is_loopback(visit.listens_on):
        return "The dashboard listens to other machines than this one, and nobody has to sign in."
    if not is_loopback(visit.peer):
        return "You come from another machine, and nobody has to sign in."
    if any(_PROXIED.fullmatch(name) for name in visit.headers):
        return "You come through a proxy, and nobody has to sign in."
    named = (f"//{visit.headers.get('host', '')}", visit.headers.get("origin", ""))
    if not all(is_loopback(_host(address)) for address in named):
        return (
            "The dashboard was opened under another name than this machine's own, and nobody has to sign in."
        )
    return ""


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine by its loopback address or as `localhost`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _visit() -> Visit:
    headers = {name.lower(): value for name, value in st.context.headers.to_dict().items()}
    # Streamlit gives no address for the loopback one; and none without a connection, which has no headers.
    peer = st.context.ip_address or ("127.0.0.1" if headers else "")
    return Visit(str(st.get_option("server.address") or ""), peer, headers)


def _secrets_are_unreadable() -> bool:
    there = any(Path(path).exists() for path in st.get_option("secrets.files") or ())
    return there and not st.secrets.load_if_toml_exists()


def _providers() -> list[str | None]:
    """Return the providers of `[auth]`, as `st.login` takes them; an incomplete section has one too."""
    section = st.secrets.get("auth") if st.secrets.load_if_toml_exists() else None
    if section is None:
        return []
    named = [
        name for name, entry in section.items() if isinstance(entry, Mapping) and name not in _NOT_PROVIDERS
    ]
    return [None] if "client_id" in section or not named else [*named]


def _name(user: Mapping[str, Any]) -> str:
    """Return under which name a user's decisions stand: the address, else the name and the provider's key."""
    known = _address(user) or " ".join(filter(None, (_text(user, "name"), _text(user, "sub"))))
    return " ".join(known.split())


def _address(user: Mapping[str, Any]) -> str:
    """Return a user's address; one that the provider calls unverified is none."""
    return "" if user.get("email_verified") in (False, "false") else _text(user, "email")


def _text(user: Mapping[str, Any], name: str) -> str:
    value = user.get(name)
    return value.strip() if isinstance(value, str) else ""
