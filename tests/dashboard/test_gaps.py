"""The page of the gaps: what a secretariat officer finds there."""

from __future__ import annotations

import re

from lanzarote_atlas.dashboard.parts import ROWS

HUMAN = re.compile(r"\((\d[\d\u202f]*)\)$")


def counted(label: str) -> int:
    return int(HUMAN.search(label)[1].replace("\u202f", ""))


def box(app, name: str):
    return next(box for box in app.main.selectbox if box.label == name)


def total(app) -> int:
    shown = next(
        text.value for text in app.main.markdown if re.match(r"\*\*[\d\u202f]+ gaps?\*\*", text.value)
    )
    return int(re.search(r"[\d\u202f]+", shown)[0].replace("\u202f", ""))


def test_counts_are_those_that_each_choice_leads_to(opened) -> None:
    app = opened("gaps", status="open")
    for facet in ("Kind", "Severity", "Chapter"):
        label = box(app, facet).options[1]
        expected = counted(label)
        chosen = opened("gaps", status="open")
        box(chosen, facet).select_index(1).run()
        assert total(chosen) == expected, label


def test_the_count_of_a_state_is_that_of_its_own_list(opened) -> None:
    app = opened("gaps", kind="recommendation-open")
    albania = next(label for label in box(app, "State").options if label.startswith("Albania"))
    assert total(opened("gaps", kind="recommendation-open", of="ALB")) == counted(albania)


def test_all_states_come_in_pages(opened) -> None:
    app = opened("gaps", of="all")
    assert app.title[0].value == "Gaps: all States"
    assert f"1–{ROWS} of" in box(app, "Gaps").options[0]


def test_a_gap_tells_what_is_asked_what_is_known_and_who_does_it(opened) -> None:
    app = opened("gaps", gap="DNK/recommendation-open/II-10")
    assert [header.value for header in app.main.header] == [
        "What is asked",
        "On which basis",
        "What is known: Denmark",
        "Who already does it",
    ]
    text = " ".join(markdown.value for markdown in app.main.markdown)
    assert "id/gap/DNK/recommendation-open/II-10" in text
    assert "Article 23" in text
    assert "Only the Committee" in text


def test_a_gap_of_another_day_says_so(opened) -> None:
    app = opened("gaps", gap="DNK/recommendation-open/II-10", at="2023-05-01")
    assert any("is not there as at 1 May 2023" in info.value for info in app.info)


def test_before_its_answer_began_a_recommendation_is_open(opened) -> None:
    """Criminal Code § 231, which answers II-10, is in force since 1 July 2023."""
    asked = "Consider making grooming an offence"
    for day, status in (("2023-06-30", "open"), ("2023-07-01", "answer-reported")):
        app = opened("gaps", at=day, article="cets-201/art-23", kind="recommendation-open", status=status)
        assert any(asked in text.value for text in app.main.markdown), day


def test_before_the_report_nothing_was_recommended(opened) -> None:
    app = opened("gaps", at="2015-01-01")
    assert not any(label.startswith("Recommendation") for label in box(app, "Kind").options)
