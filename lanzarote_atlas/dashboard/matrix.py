"""The matrix of a comparison as an HTML table: criteria by States, or, for one criterion, a State a row.

A cell says sign, word, conditions, grade of the evidence, whether sources disagree; it leads to its story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanzarote_atlas.dashboard import comparison, marks, store
from lanzarote_atlas.dashboard.html import Html, element, joined, table
from lanzarote_atlas.dashboard.text import hrefs, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lanzarote_atlas.dashboard.comparison import Answer, Place, Row

VERDICTS = {
    comparison.DIFFERS: "The States differ",
    comparison.SAME: "The States that can be compared are alike",
    comparison.UNKNOWN: "Nobody can tell: fewer than two clear positions",
}
TALLIES = {
    comparison.DIFFERS: "they differ on **{}**",
    comparison.SAME: "those that can be compared are alike on **{}**",
    comparison.UNKNOWN: "nobody can tell on **{}**",
}
LEGEND = (
    "◆ official source · ◇ secondary source · ⚠ another source gives another position · "
    "§ special rules for named offences"
)


def stories(parameters: Mapping[str, str]) -> Callable[[Place], str]:
    """Return what gives the address of a cell's story; the page of comparisons shows it with `parameters`."""
    way = hrefs("compare", parameters, "cell")
    return lambda place: way("/".join(place))


class Drawing:
    """What every cell of a matrix is drawn with."""

    def __init__(
        self, names: Mapping[str, str], special: set[Place], story: Callable[[Place], str], reference: str
    ) -> None:
        """Take State names by code, places with special rules, a story's address, the State of reference."""
        self.names = names
        self._special = special
        self._story = story
        self._reference = reference

    def by_criterion(self, groups: Mapping[str, Sequence[Row]], states: Sequence[str], caption: str) -> Html:
        """Return the matrix with a criterion a row, under a heading for each group, and a State a column."""
        head = [self._head("Criterion"), *(self._head(self.names[state], state) for state in states)]
        bodies = [
            element(
                "tbody",
                *([self._group(title, len(members), len(states) + 1)] if title else []),
                *(self._row(row, states) for row in members),
            )
            for title, members in groups.items()
        ]
        return table(caption, head, bodies)

    def by_state(self, row: Row, states: Sequence[str], caption: str) -> Html:
        """Return the transposed matrix of one criterion: a State a row, so that any number of States fits."""
        body = element(
            "tbody",
            *(
                element(
                    "tr",
                    element("th", self.names[state], scope="row"),
                    self._cell(row, state),
                )
                for state in states
            ),
        )
        return table(caption, [self._head("State"), self._head(sentence(row.label))], [body])

    def heat(
        self, rows: Sequence[Row], states: Sequence[str], caption: str, way: Callable[[str], str]
    ) -> Html:
        """Return a table of signs and words, a State a row; `way` is the address of a criterion's page."""
        head = [self._head("State")] + [
            element("th", element("a", sentence(row.label), href=way(row.criterion)), scope="col")
            for row in rows
        ]
        body = element(
            "tbody",
            *(
                element(
                    "tr",
                    element("th", self.names[state], scope="row"),
                    *(self._short(row, state) for row in rows),
                    class_="of-reference" if state == self._reference else "",
                )
                for state in states
            ),
        )
        return table(caption, head, [body])

    def _short(self, row: Row, state: str) -> Html:
        answers = row.answers.get(state, [])
        place = comparison.Place(state, row.criterion)
        kinds = dict.fromkeys(condition for answer in answers for condition in answer.conditions)
        words = "; ".join(dict.fromkeys(f"{answer.sign} {answer.word}" for answer in answers)) or "–"
        link = self._link(words, place, row.label, "; ".join(kinds))
        counted = [f"{len(kinds)} condition{'s' if len(kinds) > 1 else ''}"] if kinds else []
        marked = counted + (["§"] if place in self._special else [])
        below = [element("div", " ".join(marked))] if marked else []
        shade = comparison.shade(answers)
        return element("td", link, *below, class_=f"is-{shade}" if shade else "")

    def _link(self, words: str, place: Place, label: str, title: str = "") -> Html:
        """Return a link to the story of a cell, which says also to those who hear it whose cell it is.

        It is heard from an attribute: a hidden piece of text in each cell would take the browser's time.
        """
        heard = f"{words} {self.names[place.state]}, {label}"
        return element("a", words, href=self._story(place), title=title, aria_label=heard)

    def _head(self, label: str, state: str = "") -> Html:
        return element("th", label, scope="col", class_="of-reference" if state == self._reference else "")

    @staticmethod
    def _group(title: str, number: int, width: int) -> Html:
        return element("tr", element("th", f"{title} ({number})", scope="rowgroup", colspan=str(width)))

    def _row(self, row: Row, states: Sequence[str]) -> Html:
        cells = (self._cell(row, state) for state in states)
        return element("tr", element("th", sentence(row.label), scope="row"), *cells)

    def _cell(self, row: Row, state: str) -> Html:
        place = comparison.Place(state, row.criterion)
        answers = row.answers.get(state, [])
        said: list[str] = [self._answer(answer, place, row.label) for answer in answers] or ["–"]
        if any(answer.reach == comparison.THIS_OFFENCE for answer in answers):
            said.append(element("div", "told for this offence"))
        if place in self._special:
            said.append(element("div", "§ special rules for named offences"))
        return element("td", *said, class_="of-reference" if state == self._reference else "")

    def _answer(self, answer: Answer, place: Place, label: str) -> Html:
        link = self._link(f"{answer.sign} {answer.word}", place, label)
        confined = [element("em", f"{sentence(answer.principle)}: ")] if answer.principle else []
        return element("div", *confined, link, _grade(answer.grade), _conditions(answer), _remarks(answer))


def _grade(grade: str) -> Html:
    if not grade:
        return Html()
    label = store.word("evidence-grade", grade).label
    sign = marks.grade_sign(grade)
    return joined((" ", element("span", sign, title=label, role="img", aria_label=f"{label} source")))


def _conditions(answer: Answer) -> Html:
    limits = [element("li", condition) for condition in answer.conditions]
    return element("ul", *limits) if limits else Html()


def _remarks(answer: Answer) -> Html:
    remarks = []
    if answer.status == "conflicting":
        remarks.append(f"The best sources differ: {answer.others}")
    elif answer.others:
        remarks.append(f"⚠ another source: {answer.others}")
    if answer.reach == comparison.OTHERS_ONLY:
        remarks.append("said of other offences only")
    return joined(element("div", remark) for remark in remarks)
