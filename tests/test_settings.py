import dataclasses

import pytest

from lanzarote_atlas import resources, settings
from lanzarote_atlas.errors import UsageError

LIMITS = [setting.name for setting in settings.SETTINGS if setting.default.isdigit()]
FRACTIONS = {
    "LANZAROTE_QUERY_SECONDS",
    "LANZAROTE_RATE",
    "LANZAROTE_DOCUMENT_MEGABYTES",
    "LANZAROTE_DOCUMENT_SECONDS",
}


def test_every_setting_has_a_field_a_default_and_a_line_of_help():
    fields = {field.name for field in dataclasses.fields(settings.Settings)}
    assert {setting.name.removeprefix("LANZAROTE_").lower() for setting in settings.SETTINGS} == fields
    for setting in settings.SETTINGS:
        assert setting.help.endswith(".")
        assert len(setting.help) > 20


def test_nothing_set_means_the_defaults():
    read = settings.read({})
    assert read.base == "https://w3id.org/lanzarote-atlas/"
    assert (read.store, read.endpoint, read.endpoint_user, read.endpoint_password) == ("", "", "", "")
    assert (read.query_seconds, read.query_rows) == (10.0, 50_000)


def test_what_is_set_counts_and_blanks_do_not():
    environ = {
        "LANZAROTE_BASE": " http://localhost:8000/ ",
        "LANZAROTE_STORE": "  ",
        "LANZAROTE_QUERY_SECONDS": "0.5",
        "LANZAROTE_QUERY_ROWS": "7",
        "OTHER": "x",
    }
    read = settings.read(environ)
    assert (read.base, read.store, read.query_seconds, read.query_rows) == (
        "http://localhost:8000/",
        "",
        0.5,
        7,
    )


@pytest.mark.parametrize("value", ["0", "-1", "ten", "nan", "inf", "-inf", "1e999", "0x10"])
@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_a_number_above_zero(name, value):
    with pytest.raises(UsageError, match=f"{name} is '{value}': expected a number above zero"):
        settings.read({name: value})


@pytest.mark.parametrize("value", ["0.5", "1.5"])
@pytest.mark.parametrize("name", [name for name in LIMITS if name not in FRACTIONS])
def test_a_limit_on_rows_is_a_whole_number(name, value):
    """Half a row would be none, and every query would answer with nothing."""
    with pytest.raises(UsageError, match="expected a whole number"):
        settings.read({name: value})


def test_the_guides_name_every_limit():
    docs = resources.PACKAGE.parent / "docs"
    guides = "".join((docs / name).read_text(encoding="utf-8") for name in ("querying.md", "ingesting.md"))
    assert [name for name in LIMITS if name not in guides] == []


@pytest.mark.parametrize(
    "value",
    [
        "w3id.org/x/",
        "https://w3id.org/x",
        "http://",
        "https:///",
        "ftp://x/",
        "http://x y/",
        "http://x/<a>/",
        'http://x/"/',
        "http://x/#/",
        "http://x/?q/",
        "http://x/{a}/",
        "http://x/\\/",
    ],
)
@pytest.mark.parametrize("name", ["LANZAROTE_BASE", "LANZAROTE_DASHBOARD", "LANZAROTE_SERVICE"])
def test_a_base_is_an_http_address_that_ends_with_a_slash(name, value):
    with pytest.raises(UsageError, match=f"{name} is .*: expected an http address that ends with a slash"):
        settings.read({name: value})


@pytest.mark.parametrize(
    "value", ["http://localhost/", "http://localhost:8000/atlas/", "https://æ.dk/å/", "http://x//"]
)
def test_such_an_address_is_taken(value):
    assert settings.read({"LANZAROTE_BASE": value}).base == value


def test_the_environment_is_read_once(monkeypatch):
    settings.current.cache_clear()
    try:
        monkeypatch.setenv("LANZAROTE_QUERY_ROWS", "3")
        assert settings.current().query_rows == 3
        monkeypatch.setenv("LANZAROTE_QUERY_ROWS", "4")
        assert settings.current().query_rows == 3
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
