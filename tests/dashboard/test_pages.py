from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import app
from lanzarote_atlas import builds, catalogue
from lanzarote_atlas.dashboard.parts import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from lanzarote_atlas.builds import Build

FACTSHEET = "002_28b99d224c07c2ff"
PAGES = tuple("" if place == 0 else entry.key for place, entry in enumerate(app.PAGES))
GOOD = [
    ("", {}),
    ("", {"state": "SWE"}),
    ("", {"criterion": "law.age-of-consent", "names": "da"}),
    ("", {"shape": "map"}),
    ("states", {}),
    ("states", {"union": "no", "text": "switz"}),
    ("state", {}),
    ("state", {"part": "positions"}),
    ("state", {"part": "positions", "theme": "iv-jurisdiction-rules", "state": "SWE"}),
    ("state", {"part": "observations", "polarity": "shortcoming"}),
    ("state", {"part": "measures"}),
    ("state", {"part": "form"}),
    ("recommendations", {}),
    ("recommendations", {"level": "require", "status": "open"}),
    ("recommendations", {"addressee": "DNK", "theme": "iv-jurisdiction-rules"}),
    ("recommendations", {"addressee": "parties-not-yet-doing-so"}),
    ("recommendations", {"text": "definition"}),
    ("recommendations", {"text": "no text has these words"}),
    ("recommendations", {"recommendation": "II-3"}),
    ("recommendations", {"recommendation": "X-unnumbered", "state": "SWE"}),
    ("compare", {}),
    ("compare", {"group": "parties", "theme": "all", "page": "3", "order": "chapters"}),
    ("compare", {"with": "SWE,NOR", "offence": "csam-distribution"}),
    ("compare", {"group": "nordic", "criterion": "jurisdiction.dual-criminality"}),
    ("compare", {"view": "differ", "with": "SWE", "theme": "all"}),
    ("compare", {"cell": "FRA/jurisdiction.active-nationality"}),
    ("compare", {"cell": "DNK/law.age-of-criminal-responsibility", "at": "2011-01-01"}),
    ("jurisdiction", {}),
    ("jurisdiction", {"criterion": "jurisdiction.complaint-required"}),
    ("jurisdiction", {"state": "USA"}),
    ("jurisdiction", {"view": "state", "state": "SWE"}),
    ("jurisdiction", {"principle": "jurisdiction.territoriality"}),
    ("jurisdiction", {"principle": "jurisdiction.dual-criminality"}),
    ("jurisdiction", {"principle": "jurisdiction.presence", "condition": "residence", "at": "2015-03-01"}),
    ("models", {}),
    ("models", {"has": "wholly", "state": "SWE"}),
    ("models", {"at": "1990-01-01"}),
    ("changes", {}),
    ("gaps", {}),
    ("gaps", {"of": "all", "kind": "standard-not-met"}),
    ("gaps", {"of": "all", "level": "require", "article": "cets-201/art-25", "status": "answer-reported"}),
    ("gaps", {"gap": "DNK/recommendation-open/II-10"}),
    ("gaps", {"gap": "CHE/standard-not-met/jurisdiction.dual-criminality/jurisdiction.active-nationality"}),
    ("provisions", {}),
    ("provisions", {"instrument": "DNK/straffeloven"}),
    ("provisions", {"instrument": "cets-201", "text": "25(2)"}),
    ("provisions", {"text": "no provision has these words"}),
    ("provisions", {"provision": "cets-201/art-25/2"}),
    ("provisions", {"provision": "DNK/straffeloven/235"}),
    ("provisions", {"provision": "DNK/straffeloven/231", "at": "2020-01-01"}),
    ("provisions", {"view": "all", "of": "international", "kind": "article"}),
    ("provisions", {"view": "all", "of": "DNK", "carries": "cets-201/art-25/2", "text": "code"}),
    ("case", {}),
    ("case", {"case": "umbrella"}),
    ("case", {"case": "umbrella", "at": "2016-01-01"}),
    ("timeline", {}),
    ("timeline", {"of": "all", "kind": "ratification"}),
    ("timeline", {"from": "2010", "to": "2015", "at": "2015-03-01"}),
    ("timeline", {"at": "1950-01-01"}),
    ("sources", {}),
    ("sources", {"grade": "official", "text": "convention"}),
    ("sources", {"year": "2022"}),
    ("sources", {"source": FACTSHEET}),
    ("scenario", {}),
    ("scenario", {"scenario": "resident-alien", "view": "trace"}),
    ("scenario", {"date": "2026-01-01", "offence": "grooming", "place-of-act": "none", "result": "unknown"}),
    ("query", {}),
    ("query", {"query": "recommendations", "level": "request"}),
    ("query", {"query": "provision-links", "provision": "cets-201/art-25/2"}),
    ("search", {}),
    ("search", {"text": "grooming"}),
    ("review", {}),
    ("review", {"type": "Recommendation", "document": "whole"}),
]
BAD = [
    ("", {"state": "XXX"}, "XXX"),
    ("", {"criterion": "law.groming"}, "groming"),
    ("states", {"union": "maybe"}, "maybe"),
    ("state", {"part": "everything"}, "everything"),
    ("compare", {"with": "SWE,XXX"}, "XXX"),
    ("compare", {"cell": "DNK/<b>law</b>"}, "law"),
    ("compare", {"group": "friends"}, "friends"),
    ("jurisdiction", {"principle": "jurisdiction.teritoriality"}, "teritoriality"),
    ("state", {"part": "positions", "theme": "xx"}, "xx"),
    ("recommendations", {"recommendation": "II-99"}, "II-99"),
    ("recommendations", {"level": "demand"}, "demand"),
    ("recommendations", {"status": "<b>"}, "<b>"),
    ("gaps", {"gap": "DNK/recommendation-open/II-99"}, "II-9"),
    ("gaps", {"gap": "not an id \\ {}"}, "not an id"),
    ("gaps", {"of": "XXX"}, "XXX"),
    ("gaps", {"level": "demand"}, "demand"),
    ("gaps", {"article": "cets-201/art-99"}, "art-99"),
    ("jurisdiction", {"criterion": "jurisdiction.pasive-personality"}, "pasive"),
    ("jurisdiction", {"principle": "jurisdiction.presence", "condition": "luck"}, "luck"),
    ("models", {"has": "some"}, "some"),
    ("models", {"criterion": "law.groming"}, "groming"),
    ("provisions", {"provision": "cets-201/art-99"}, "art-99"),
    ("provisions", {"provision": "not an id \\ {}"}, "not an id"),
    ("provisions", {"instrument": "nothing"}, "nothing"),
    ("provisions", {"view": "all", "of": "XXX"}, "XXX"),
    ("provisions", {"view": "all", "carries": "cets-201/art-99"}, "art-99"),
    ("case", {"case": "other"}, "other"),
    ("timeline", {"kind": "birthday"}, "birthday"),
    ("timeline", {"from": "soon"}, "soon"),
    ("sources", {"source": "none"}, "none"),
    ("sources", {"year": "1066"}, "1066"),
    ("query", {"query": "no-such-query"}, "no-such-query"),
    ("query", {"query": "recommendations", "level": "demand"}, "demand"),
    ("scenario", {"scenario": "elsewhere"}, "elsewhere"),
    ("scenario", {"place-of-act": "<b>"}, "<b>"),
    ("scenario", {"victim-age": "twelve"}, "twelve"),
    ("scenario", {"victim-age": "9" * 5000}, "is no age"),
    ("scenario", {"penalty-maximum": "DNK"}, "no list of laws"),
    ("scenario", {"penalty-maximum": "DNK:" + "9" * 5000}, "no number of years"),
    ("scenario", {"date": "1200-01-01"}, "1200"),
    *((page, {"at": "yesterday"}, "yesterday") for page in PAGES),
    *((page, {"at": "1200-01-01"}, "1200") for page in PAGES),
    *((page, {"names": "de"}, "de") for page in PAGES),
]


def test_every_page_is_tried() -> None:
    assert {page for page, _ in GOOD} == {*PAGES}


@pytest.mark.parametrize(("page", "parameters"), GOOD)
def test_a_page_renders_without_a_fault(page, parameters, opened: Callable[..., AppTest]) -> None:
    app = opened(page, **parameters)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.title


@pytest.mark.parametrize(("page", "parameters", "named"), BAD)
def test_a_bad_parameter_gets_a_plain_message_and_the_page_goes_on(page, parameters, named, opened) -> None:
    app = opened(page, **parameters)
    assert not app.exception
    assert any(named in warning.value.replace("\\", "") for warning in app.warning)
    assert app.title


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("gaps", {"theme": "[Sign in](https://example.org)"}),
        ("gaps", {"![x](https://example.org/x.png)": "1"}),
        ("compare", {"with": "[Sign in](https://example.org)"}),
        ("", {"state": "[Sign in](https://example.org)"}),
    ],
)
def test_what_an_address_says_is_never_markup(page, parameters, opened) -> None:
    app = opened(page, **parameters)
    assert app.warning
    assert not any(link in warning.value for warning in app.warning for link in ("Sign in](", "x]("))


@pytest.mark.parametrize("page", PAGES)
def test_an_unknown_parameter_name_gets_a_plain_message(page, opened) -> None:
    app = opened(page, colour="red")
    assert not app.exception
    assert any("colour" in warning.value for warning in app.warning)


# No query tells what changed between two builds: there a table stands with its command (test_kept_builds).
@pytest.mark.parametrize(("page", "parameters"), [one for one in GOOD if one[0] != "changes"])
def test_every_table_is_accompanied_by_its_query(page, parameters, opened, unfold) -> None:
    """Wherever a table stands, a SPARQL text of the catalogue stands with it."""
    app = unfold(opened(page, **parameters))
    assert not app.exception
    shown = [code.value for code in app.code if code.language == "sparql"]
    names = [caption.value.split("`")[1] for caption in app.caption if caption.value.startswith("`")]
    assert len(shown) == len(names)
    if app.table or app.dataframe:
        assert shown
    assert set(names) <= set(catalogue.queries())


def test_a_recommendation_shows_its_whole_story(opened) -> None:
    app = opened("recommendations", recommendation="II-3")
    headers = " ".join(header.value for header in app.header)
    for part in (
        "What it rests on",
        "What the Committee had noted",
        "reported or enacted",
        "The Committee's later word",
        "Who already does it",
        "Every State's position",
    ):
        assert part in headers
    assert any("recommendation/II-3" in markdown.value for markdown in app.markdown)


def test_a_further_number_leads_to_its_text(opened) -> None:
    app = opened("recommendations", recommendation="X-6")
    assert "X\\-5, X\\-6" in app.title[0].value


def test_a_choice_is_written_to_the_address(opened) -> None:
    app = opened("recommendations")
    app.selectbox(key="choice.level.").select("require").run()
    assert app.query_params["level"] in ("require", ["require"])
    app.selectbox(key="choice.level.require").select_index(0).run()
    assert "level" not in app.query_params


def test_kinds_of_emptiness_are_told_apart(opened) -> None:
    """Denmark was asked about Article 25(6) and gave no answer; on other points no source looked at all."""
    app = opened("state", part="positions")
    text = " ".join(markdown.value for markdown in app.markdown)
    assert "not reported" in text
    assert "not assessed" in text


@pytest.mark.parametrize("page", ["state", "jurisdiction"])
def test_what_holds_for_named_offences_stands_beside_the_general_rule(page, opened) -> None:
    """French law waives dual criminality for nationals where sexual offences against minors are concerned."""
    positions = {"part": "positions", "theme": "iv-jurisdiction-rules"}
    parameters = positions if page == "state" else {"view": "state"}
    app = opened(page, state="FRA", **parameters)
    text = " ".join(markdown.value for markdown in app.markdown)
    assert "For these offences instead" in text
    assert "since when is not known" in text


def test_each_position_tells_its_stage_dates_confidence_and_grade(opened) -> None:
    app = opened("state", part="positions", theme="ii-legal-frameworks")
    text = " ".join(markdown.value for markdown in app.markdown)
    for part in ("In force, since 1 July 2023", "high confidence", "official"):
        assert part in text
    assert "1 years" not in text


def test_the_state_goes_along_to_the_next_page(opened) -> None:
    app = opened("jurisdiction", state="SWE")
    assert app.title[0].value == "Jurisdiction: Sweden"
    assert app.selectbox(key="choice.state.SWE").value == "SWE"


@pytest.mark.parametrize(
    ("page", "parameters", "told"),
    [
        ("recommendations", {"state": "NLD"}, "asks of the Netherlands: of it by name"),
        (
            "compare",
            {"state": "DNK", "with": "NLD", "view": "differ"},
            "Where Denmark and the Netherlands differ",
        ),
        ("models", {"state": "GBR"}, "the Committee asks of the United Kingdom?"),
    ],
)
def test_a_state_whose_name_has_an_article_is_named_with_it(page, parameters, told, opened) -> None:
    app = opened(page, **parameters)
    assert told in " ".join(each.value for each in (*app.markdown, *app.header))


@pytest.mark.parametrize(
    ("page", "parameters", "why"),
    [
        ("recommendations", {"state": "USA"}, "is addressed to the United States of America."),
        ("models", {"state": "USA"}, "is addressed to the United States of America."),
        ("models", {"state": "DNK", "at": "1990-01-01"}, "at this day is addressed to Denmark."),
        ("recommendations", {"state": "DNK", "text": "zzzz"}, "No recommendation matches these choices."),
    ],
)
def test_an_empty_list_of_recommendations_says_why(page, parameters, why, opened) -> None:
    app = opened(page, **parameters)
    assert why in " ".join(each.value for each in app.markdown)


def test_date_and_names_go_along_in_every_link(opened) -> None:
    app = opened("jurisdiction", view="state", state="SWE", at="2015-03-01", names="fr")
    assert app.title[0].value == "Jurisdiction: Suède"
    linked = [markdown.value for markdown in app.markdown if "](sources?" in markdown.value]
    assert linked
    assert all("at=2015-03-01" in line and "names=fr" in line for line in linked)


def test_another_date_than_today_is_said_with_the_way_back(opened) -> None:
    app = opened("state", at="2015-03-01")
    assert any("1 March 2015" in markdown.value for markdown in app.markdown)
    back = next(button for button in app.button if button.label == "Show today")
    back.click().run()
    assert "at" not in app.query_params
    assert not any("Shown as at" in markdown.value for markdown in app.markdown)


def test_a_new_build_is_noticed(
    built: Build, opened, use_store: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = tmp_path / "one"
    shutil.copytree(built.folder, folder)
    manifest = replace(built.manifest, build_id="a" * 64)
    builds.adopt(folder, manifest, tmp_path)
    app = opened("")
    use_store(tmp_path)
    app.run()
    assert not app.exception
    assert any("built anew" in info.value for info in app.info)


def test_without_a_build_the_page_says_how_to_make_one(opened, use_store, tmp_path: Path) -> None:
    app = opened("")
    use_store(tmp_path)
    app.run()
    assert not app.exception
    assert "lanzarote build" in app.error[0].value.replace("\\", "")


def test_a_long_list_comes_in_pages_kept_in_the_address(opened) -> None:
    app = opened("sources")
    first = app.table[0].value
    assert len(first) == ROWS
    app.selectbox(key="choice.page.1").select("2").run()
    assert app.query_params["page"] in ("2", ["2"])
    assert not app.table[0].value.equals(first)


def test_another_choice_begins_a_list_anew(opened) -> None:
    app = opened("sources", page="2")
    app.selectbox(key="choice.grade.").select("official").run()
    assert "page" not in app.query_params


def test_sources_can_be_narrowed_to_those_of_a_state(opened) -> None:
    shown = [markdown.value for markdown in opened("sources", of="DNK").markdown]
    every = [markdown.value for markdown in opened("sources").markdown]
    assert [line for line in shown if "Sources (" in line] != [line for line in every if "Sources (" in line]


def test_a_page_that_a_list_does_not_have_gets_a_plain_message(opened) -> None:
    app = opened("sources", page="999")
    assert any("999" in warning.value for warning in app.warning)
    assert len(app.table[0].value) == ROWS


def test_the_state_of_reference_stands_open_and_the_others_aside(opened) -> None:
    app = opened("recommendations", recommendation="II-3")
    assert any(expander.label.startswith("Other States (") for expander in app.expander)


@pytest.mark.parametrize(
    ("page", "parameters", "what"),
    [
        (
            "provisions",
            {"provision": "DNK/straffeloven/231"},
            "provision was not there: it begins on 1 July 2023",
        ),
        ("provisions", {"instrument": "cets-201"}, "instrument was not there: it begins on 25 October 2007"),
        ("case", {"case": "umbrella"}, "case was not there: it begins on 15 January 2018"),
        ("recommendations", {"recommendation": "II-3"}, "recommendation was not there: it begins on"),
        ("sources", {"source": FACTSHEET}, "source was not there"),
    ],
)
def test_what_was_not_there_at_the_date_is_shown_and_said_to_be_later(page, parameters, what, opened) -> None:
    app = opened(page, **parameters, at="2007-01-01")
    assert any(what in info.value for info in app.info)
    assert not opened(page, **parameters).info


def test_the_law_of_a_later_day_is_not_listed(opened) -> None:
    def listed(**parameters: str) -> str:
        app = opened("provisions", view="all", of="DNK", text="§ 231", **parameters)
        return " ".join(markdown.value for markdown in app.markdown)

    assert "Provisions (1)" in listed()
    assert "Provisions (0)" in listed(at="2023-06-30")


def test_a_case_is_listed_once_it_has_begun(opened) -> None:
    def listed(**parameters: str) -> str:
        return " ".join(markdown.value for markdown in opened("case", **parameters).markdown)

    assert "Cases (1)" in listed(at="2018-01-15")
    assert "Cases (0)" in listed(at="2018-01-14")


def test_laws_that_carry_a_provision_out_stand_under_the_name_of_their_state(opened) -> None:
    shown = [markdown.value for markdown in opened("provisions", provision="cets-201/art-25/2").markdown]
    assert shown.index("**Sweden**") < shown.index("**Switzerland**")
