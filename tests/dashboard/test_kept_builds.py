"""Old builds on the pages: what they said then, marked superseded, and what changed since."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st

from lanzarote_atlas import builds, changes, citation, permanent_addresses
from lanzarote_atlas.dashboard.pages import changes as page_of_changes
from lanzarote_atlas.errors import StoreError
from tests.dashboard.conftest import open_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from lanzarote_atlas.builds import Build
    from tests.conftest import KeptBuilds

ADDRESS = re.compile(r"https://atlas\.example/changes\?[\w=&-]+")
CELL = "DNK/jurisdiction.passive-personality"
PAGES = [
    ("", {}),
    ("compare", {"with": "SWE"}),
    ("compare", {"cell": CELL}),
    ("scenario", {"scenario": "victim-only-above-six-years"}),
    ("recommendations", {"recommendation": "II-3"}),
    ("gaps", {}),
    ("state", {}),
    ("search", {"text": "grooming"}),
    ("query", {"query": "recommendations"}),
    ("models", {}),
    ("changes", {}),
]


@pytest.fixture
def archive(kept_builds: KeptBuilds, use_store: Callable[[Path], None]) -> KeptBuilds:
    """Point the dashboard at the two kept builds."""
    use_store(kept_builds.out)
    return kept_builds


@pytest.fixture
def then(archive: KeptBuilds) -> str:
    return archive.older.manifest.build_id[:16]


@pytest.fixture
def now(archive: KeptBuilds) -> str:
    return archive.current.manifest.build_id[:16]


def told(app: AppTest) -> str:
    """Return all text of a page, tables and drawn matrices included."""
    shown = [element.value for element in app.markdown] + [table.value.to_string() for table in app.table]
    return "\n".join(shown + [str(element.proto.body) for element in app.get("html")])


def links(app: AppTest) -> dict[str, str]:
    """Return where each link to a page of the dashboard leads, by its label."""
    return {link.proto.label: link.proto.query_string for link in app.get("page_link")}


@pytest.mark.parametrize(("page", "parameters"), PAGES)
def test_every_page_opens_in_an_old_build_and_says_that_it_is_superseded(
    then: str, page: str, parameters: dict[str, str]
) -> None:
    app = open_page(page, build=then, **parameters)
    assert not app.exception
    assert "**Superseded.**" in told(app)
    assert "What it says now" in links(app)
    assert f"Build `{then[:12]}`" in app.sidebar.caption[0].value


def test_an_old_build_says_what_it_said_and_the_present_what_it_says(archive: KeptBuilds, then: str) -> None:
    """One after the other in one process: neither takes the other's kept answers."""
    for _ in range(2):
        for build, said, not_said in (
            (then, archive.SAID_THEN, archive.SAYS_NOW),
            ("", archive.SAYS_NOW, archive.SAID_THEN),
        ):
            app = open_page("compare", **{"with": "SWE", "build": build})
            assert said in told(app)
            assert not_said not in told(app)


def test_the_current_build_by_its_address_is_not_superseded(now: str) -> None:
    app = open_page("compare", build=now)
    assert "**Superseded.**" not in told(app)
    assert "it will say the same after a later build" in told(app)


def test_links_of_an_old_build_stay_in_it_and_one_leads_out(then: str) -> None:
    app = open_page("recommendations", recommendation="II-3", build=then)
    found = links(app)
    assert f"build={then}" in found["Overview"]
    assert "build=" not in found["What it says now"]
    assert "recommendation=II-3" in found["What it says now"]
    assert f"from={then}" in found["What changed since"]


@pytest.mark.parametrize(("day", "stays"), [("2015-03-01", True), ("2099-01-01", False)])
def test_the_way_to_the_present_keeps_a_day_before_the_data(then: str, day: str, *, stays: bool) -> None:
    found = links(open_page("compare", build=then, at=day))
    assert (f"at={day}" in found["What it says now"]) is stays


@pytest.mark.parametrize(("build", "said"), [("9" * 16, "is kept no more"), ("8" * 16, "no build")])
def test_a_build_that_is_not_kept_is_said_clearly_with_the_way_to_the_present(
    archive: KeptBuilds, build: str, said: str
) -> None:
    app = open_page("compare", build=build)
    assert not app.exception
    assert said in app.error[0].value
    assert archive.older.manifest.build_id[:16] in app.error[0].value
    assert "build=" not in links(app)["What it says now"]


def test_what_is_no_build_gets_a_plain_message(archive: KeptBuilds) -> None:
    app = open_page("compare", build="<b>")
    assert not app.exception
    assert any("no identifier of a build" in warning.value for warning in app.warning)
    assert archive.SAYS_NOW in told(open_page("compare", build="<b>", **{"with": "SWE"}))


def test_a_comparison_shows_its_permanent_address(now: str) -> None:
    app = open_page("compare", at="2026-11-22", **{"with": "SWE", "theme": "iv-jurisdiction-rules"})
    made = permanent_addresses.Comparison("2026-11-22", ("DNK", "SWE"), "iv-jurisdiction-rules")
    assert permanent_addresses.in_build(made.address, now) in told(app)


def test_a_scenario_shows_its_permanent_address_with_the_facts(now: str) -> None:
    app = open_page("scenario", date="2026-01-01", offence="grooming", **{"place-of-act": "DNK"})
    address = permanent_addresses.of_scenario(
        {"date": "2026-01-01", "offence": "grooming", "place-of-act": "DNK"}
    )
    assert permanent_addresses.in_build(address, now) in told(app)


@pytest.mark.parametrize("name", ["page", "icon", "label", "given", "key"])
def test_no_name_in_an_address_breaks_the_way_to_the_present(
    archive: KeptBuilds, then: str, name: str
) -> None:
    for page, build in (("gaps", "8" * 16), ("gaps", then), ("query", then)):
        app = open_page(page, build=build, **{name: "2"})
        assert not app.exception
        assert f"{name}=2" in links(app)["What it says now"]


def test_the_builds_that_are_kept_are_each_named_once(tmp_path: Path, archive: KeptBuilds, use_store) -> None:
    for name in ("one", "two"):
        (tmp_path / name).symlink_to(archive.current.folder)
    (tmp_path / "current").write_text("one\n", encoding="utf-8")
    use_store(tmp_path)
    message = open_page("gaps", build="8" * 16).error[0].value
    assert message.count(archive.current.manifest.short) == 1


def test_the_link_of_an_own_query_names_the_build_that_answered(then: str) -> None:
    app = open_page("query", part="own", sparql="ASK { ?s a lz:State }", build=then)
    (linked,) = [code.value for code in app.code if "sparql=" in code.value]
    assert f"build={then}" in linked


# --- changes


def test_changes_tell_what_differs_by_state_with_links(archive: KeptBuilds) -> None:
    app = open_page("changes")
    assert not app.exception
    assert archive.TITLE_THEN in told(app)
    assert archive.TITLE_NOW in told(app)
    assert "**1 change**" in told(app)
    assert "Denmark" in [heading.value for heading in app.header]
    assert any(
        "](state?" in markdown.value and archive.TITLE_NOW in markdown.value for markdown in app.markdown
    )


def test_the_way_back_shows_the_same_change_the_other_way(archive: KeptBuilds, then: str, now: str) -> None:
    app = open_page("changes", **{"from": now, "to": then})
    line = next(markdown.value for markdown in app.markdown if "→" in markdown.value).partition("  \n")[2]
    assert line.index(archive.TITLE_NOW) < line.index(archive.TITLE_THEN)


def test_facets_narrow_the_changes_and_say_what_matches_none(archive: KeptBuilds) -> None:
    app = open_page("changes", of="DNK", change="changed")
    assert archive.TITLE_NOW in told(app)
    app = open_page("changes", change="gap-opened")
    assert "No change matches" in told(app)


def test_changes_are_not_worked_out_on_the_way_to_the_page_again(
    archive: KeptBuilds, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page("changes")
    assert list(archive.current.folder.glob("changes-*.json"))
    monkeypatch.setattr(changes, "between", lambda *_: pytest.fail("worked out on the page's path"))
    assert "**1 change**" in told(open_page("changes"))


def test_the_same_build_twice_has_no_changes(now: str) -> None:
    assert "the same build" in told(open_page("changes", **{"from": now, "to": now}))


def test_where_one_build_is_kept_the_page_says_why_and_what_to_do(
    opened, built: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builds, "kept", lambda _out: (built,))
    shown = told(opened("changes"))
    assert "Only one build is kept" in shown
    assert "lanzarote build" in shown


def test_where_no_build_is_whole_the_page_says_so_and_speaks_of_no_endpoint(
    opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builds, "kept", lambda _out: ())
    shown = told(opened("changes"))
    assert "No build is kept whole" in shown
    assert "lanzarote build" in shown
    assert "endpoint" not in shown


def test_the_table_of_changes_stands_with_its_command(archive: KeptBuilds, then: str, now: str) -> None:
    app = open_changes()
    assert app.table
    assert [code.value for code in app.code if code.language == "shell"] == [f"lanzarote diff {then} {now}"]


def test_the_citation_of_changes_names_both_builds_though_the_page_chose_them(
    archive: KeptBuilds, then: str, now: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(st.context), "url", property(lambda _self: "https://atlas.example/changes"))
    addresses = [ADDRESS.findall(code.value) for code in open_changes().code if code.language != "shell"]
    assert len(addresses) == len(citation.FORMATS)
    for (address,) in addresses:
        given = parse_qs(urlsplit(address).query)
        assert (given["from"], given["to"], given["build"]) == ([then], [now], [now])


def open_changes() -> AppTest:
    """Open the page with what is folded under its table."""
    app = open_page("changes")
    (folded,) = [one for one in app.expander if one.label.startswith("Command, download, cite: ")]
    app.session_state[folded.proto.id.split("-", 2)[-1]] = True
    return app.run()


def test_a_build_that_was_removed_meanwhile_is_no_pair_without_changes(
    archive: KeptBuilds, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_of_changes._between.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(builds, "standing", lambda _folder: None)
        with pytest.raises(StoreError, match="older is kept no more"):
            page_of_changes._between(archive.older.folder, archive.current.folder, "a", "b")
    assert page_of_changes._between(archive.older.folder, archive.current.folder, "a", "b")


@pytest.mark.parametrize("name", ["from", "to"])
def test_an_unknown_build_to_compare_gets_a_plain_message(archive: KeptBuilds, name: str) -> None:
    app = open_page("changes", **{name: "nothing"})
    assert not app.exception
    assert any("nothing" in warning.value for warning in app.warning)
    assert archive.TITLE_NOW in told(app)
