"""Models to borrow from: on the list, the recommendation's page and the gap's, in one order with reasons."""

from __future__ import annotations

import re

import pytest

PLACE = re.compile(r"^(\d+) · .*\*\*(.+?)\*\*")
WHY = re.compile(r"Why in this place: (official|secondary) evidence; ")


def shown(app) -> list[str]:
    """Return the States of the models, in the order of the page."""
    found = [PLACE.match(markdown.value) for markdown in app.markdown]
    return [match[2] for match in found if match]


def test_the_recommendation_and_its_gap_show_the_same_models_in_the_same_order(opened) -> None:
    on_page = shown(opened("recommendations", recommendation="II-10"))
    assert on_page[0] != "Denmark"
    assert len(on_page) > 20
    assert shown(opened("gaps", gap="DNK/recommendation-open/II-10")) == on_page


def test_another_borrower_has_another_nearest(opened) -> None:
    danish = shown(opened("recommendations", recommendation="II-10"))
    swedish = shown(opened("recommendations", recommendation="II-10", state="SWE"))
    assert "Denmark" in swedish
    assert "Sweden" not in swedish
    assert [name for name in swedish if name in danish] != [name for name in danish if name in swedish]


def test_each_model_says_why_it_stands_where_it_stands(opened) -> None:
    app = opened("recommendations", recommendation="IV-9")
    grades = [match[1] for markdown in app.markdown if (match := WHY.search(markdown.value))]
    assert len(grades) == len(shown(app)) > 20
    assert grades == sorted(grades)


def test_a_criterion_without_a_preferred_answer_has_no_model(opened) -> None:
    app = opened("gaps", gap="EST/not-assessed/law.self-generated-reference", state="EST")
    told = [markdown.value for markdown in app.markdown]
    assert "**Expected:** no one answer" in "\n".join(told)
    assert "The Convention prefers no answer to this question, so none is a model." in told
    assert shown(app) == []


def cards(app) -> list[str]:
    found = [link.proto.label for link in app.get("page_link") if link.proto.label.startswith("**")]
    return [label.replace("\\", "") for label in found]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"has": "none"}, "no State on record does it"),
        ({"has": "wholly"}, "** wholly"),
        ({"theme": "iv-jurisdiction-rules"}, "IV. Jurisdiction rules"),
        ({"criterion": "law.grooming"}, "II-10"),
    ],
)
def test_the_list_is_narrowed_by_chapter_criterion_and_who_has_none(opened, chosen, said) -> None:
    every, some = opened("models"), opened("models", **chosen)
    assert cards(some)
    assert cards(some) != cards(every)
    told = [element.value for element in (*some.markdown, *some.header)] + cards(some)
    assert any(said in text for text in told)


def test_choices_that_leave_nothing_say_so(opened) -> None:
    app = opened("models", theme="iv-jurisdiction-rules", has="none", criterion="law.grooming")
    assert any("No recommendation matches" in markdown.value for markdown in app.markdown)


# --- who has none


def test_the_page_of_a_principle_says_who_has_a_condition_and_who_has_none(opened) -> None:
    app = opened("jurisdiction", principle="jurisdiction.passive-personality", condition="minimum-penalty")
    having = next(table for table in app.table if "Years" in table.value.columns).value
    without = next(table for table in app.table if "Other conditions" in table.value.columns).value
    denmark = having[having["State"].str.contains("Denmark")].iloc[0]
    assert denmark["Years"] == "6"
    assert "§ 7 a" in denmark["Provision"]
    assert not without["State"].str.contains("Denmark").any()
    assert without["State"].str.contains("Sweden").any()
    headings = [heading.value for heading in app.subheader]
    assert any(heading.startswith("Without it: who has none (") for heading in headings)
    assert any("never none" in heading for heading in headings)


def test_every_condition_of_a_principle_leads_to_who_has_none_of_its_kind(opened) -> None:
    app = opened("jurisdiction", principle="jurisdiction.passive-personality")
    drawn = next(
        str(element.proto.body)
        for element in app.get("html")
        if "Conditions across" in str(element.proto.body)
    )
    kinds = drawn.count('scope="row"')
    assert kinds > 5
    assert drawn.count("condition=") == kinds
