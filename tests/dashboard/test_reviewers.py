"""Who may review: nobody who is not surely at this machine, or signed in where that is configured."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lanzarote_atlas.dashboard import reviewers
from lanzarote_atlas.dashboard.reviewers import Visit

HERE = {"host": "127.0.0.1:8501", "origin": "http://127.0.0.1:8501"}
USER = {"is_logged_in": True, "email": "a@example.org", "email_verified": True, "name": "A", "sub": "1"}


@pytest.mark.parametrize(
    "visit",
    [
        Visit("127.0.0.1", "127.0.0.1", HERE),
        Visit("localhost", "127.0.0.2", {"host": "localhost:8501", "origin": "http://localhost:8501"}),
        Visit("::1", "::1", {"host": "[::1]:8501", "origin": "http://[::1]:8501"}),
    ],
)
def test_who_sits_at_this_machine_may_review(visit):
    assert reviewers.of_visit(visit).allowed


@pytest.mark.parametrize("listens_on", ["", "0.0.0.0", "::", "192.0.2.7", "atlas.example.org", "unix://a"])
def test_a_server_that_others_can_reach_is_closed(listens_on):
    found = reviewers.of_visit(Visit(listens_on, "127.0.0.1", HERE))
    assert not found.allowed
    assert "listens to other machines" in found.why
    assert "lanzarote app" in found.remedy


@pytest.mark.parametrize(
    "peer", ["", "192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7", "localhost.example.org"]
)
def test_who_comes_from_elsewhere_may_not(peer):
    assert not reviewers.of_visit(Visit("127.0.0.1", peer, HERE)).allowed


@pytest.mark.parametrize(
    "name",
    [
        *("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via", "x-real-ip"),
        *("true-client-ip", "cf-connecting-ip", "x-original-host", "x-envoy-external-address"),
    ],
)
@pytest.mark.parametrize("value", ["127.0.0.1", "localhost", ""])
def test_no_header_of_a_proxy_opens_review_whatever_it_says(name, value):
    found = reviewers.of_visit(Visit("127.0.0.1", "127.0.0.1", HERE | {name: value}))
    assert not found.allowed
    assert "proxy" in found.why


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "127.0.0.1:8501"},
        {"origin": "http://127.0.0.1:8501"},
        HERE | {"host": "atlas.example.org"},
        HERE | {"origin": "https://atlas.example.org"},
        HERE | {"origin": "null"},
        HERE | {"host": "127.0.0.1.example.org"},
        HERE | {"host": "127.0.0.1@example.org"},
        HERE | {"origin": "http://127.0.0.1:8501@example.org"},
        HERE | {"host": "[::1"},
    ],
)
def test_a_name_that_is_not_this_machines_own_closes_review(headers):
    """A page elsewhere whose name was bound to this machine, and a proxy that hides all else, show here."""
    assert not reviewers.of_visit(Visit("127.0.0.1", "127.0.0.1", headers)).allowed


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_headers_make_up_for_nothing(host):
    headers = {"host": host, "origin": f"http://{host}", "x-forwarded-for": "127.0.0.1"}
    for visit in (Visit("0.0.0.0", "127.0.0.1", headers), Visit("127.0.0.1", "192.0.2.7", headers)):
        assert not reviewers.of_visit(visit).allowed


def test_a_session_without_a_connection_is_closed():
    """As the test runner of pages has it, and whatever else runs the pages without a browser."""

    def page():
        import streamlit as st

        from lanzarote_atlas.dashboard import reviewers

        st.write(str(reviewers.present().allowed))

    assert AppTest.from_function(page).run().markdown[0].value == "False"


# --- signed in


def test_who_signed_in_reviews_under_the_address_given_by_the_provider():
    found = reviewers.of_user(USER, [None], "")
    assert (found.allowed, found.name) == (True, "a@example.org")


@pytest.mark.parametrize("verified", [False, "false"])
def test_an_address_that_is_not_verified_is_no_name(verified):
    found = reviewers.of_user(USER | {"email_verified": verified}, [None], "")
    assert (found.allowed, found.name) == (True, "A 1")
    assert not reviewers.of_user(USER | {"email_verified": verified}, [None], "a@example.org").allowed


@pytest.mark.parametrize("verified", [True, "true"])
def test_an_address_that_the_provider_verified_is_known_among_the_reviewers(verified):
    assert reviewers.of_user(USER | {"email_verified": verified}, [None], "a@example.org").allowed


@pytest.mark.parametrize("verified", [None, False, "false", "", "yes", 1])
def test_where_reviewers_are_named_an_address_that_nobody_verified_closes_review(verified):
    """Else whoever types a reviewer's address at a lenient provider is that reviewer."""
    user = {key: value for key, value in USER.items() if key != "email_verified"}
    user |= {} if verified is None else {"email_verified": verified}
    found = reviewers.of_user(user, [None], "a@example.org")
    assert (found.allowed, found.signed_in) == (False, True)
    assert "does not confirm" in found.why
    assert "email_verified" in found.remedy


@pytest.mark.parametrize(
    "user", [{}, {"is_logged_in": False}, {"is_logged_in": "yes"}, USER | {"is_logged_in": None}]
)
def test_who_did_not_sign_in_is_asked_to(user):
    found = reviewers.of_user(user, ["one", "two"], "")
    assert (found.allowed, found.providers) == (False, ("one", "two"))


def test_only_the_reviewers_named_may_review_where_some_are():
    assert reviewers.of_user(USER, [None], "b@example.org, A@Example.org").allowed
    found = reviewers.of_user(USER, [None], "b@example.org")
    assert (found.allowed, found.signed_in) == (False, True)
    assert "a@example.org" in found.why


def test_a_user_without_name_and_key_is_nobody():
    assert not reviewers.of_user({"is_logged_in": True, "email": 7, "name": " "}, [None], "").allowed


# --- what is configured


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """Write secrets.toml where this session's Streamlit looks for it."""
    path = tmp_path / "secrets.toml"

    def write(text):
        path.write_text(text, encoding="utf-8")
        st.secrets._reset()

    monkeypatch.setattr(
        reviewers.st, "get_option", lambda name: [str(path)] if name == "secrets.files" else "127.0.0.1"
    )
    monkeypatch.setattr(
        "streamlit.config.get_option", lambda name: [str(path)] if name == "secrets.files" else None
    )
    monkeypatch.setattr(reviewers, "_visit", lambda: Visit("127.0.0.1", "127.0.0.1", HERE))
    st.secrets._reset()
    yield write
    monkeypatch.undo()
    st.secrets._reset()


def test_without_secrets_this_machine_decides(secrets):
    assert reviewers.present().allowed


def test_secrets_of_something_else_change_nothing(secrets):
    secrets("[other]\nkey = 'x'\n")
    assert reviewers.present().allowed


def test_where_signing_in_is_configured_this_machine_opens_nothing(secrets):
    secrets("[auth]\nclient_id = 'x'\n")
    found = reviewers.present()
    assert (found.allowed, found.providers) == (False, (None,))


def test_several_providers_are_offered_by_name(secrets):
    secrets("[auth]\ncookie_secret = 'x'\n[auth.one]\nclient_id = 'x'\n[auth.two]\nclient_id = 'y'\n")
    assert reviewers.present().providers == ("one", "two")


@pytest.mark.parametrize("text", ["[auth", "[auth]\nclient_id =\n"])
def test_secrets_that_cannot_be_read_close_review(secrets, text):
    secrets(text)
    found = reviewers.present()
    assert not found.allowed
    assert "secrets.toml cannot be read" in found.why


def test_an_empty_section_asks_to_sign_in(secrets):
    secrets("[auth]\n")
    assert not reviewers.present().allowed
