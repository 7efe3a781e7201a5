"""A reader writes a query: coloured as typed, wrong where it is marked, without a mouse, on a phone."""

from __future__ import annotations

import re
import statistics

import pytest

pytest.importorskip("playwright")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import opened, settled
from tests.browser.test_every_page import serious
from tests.browser.test_querypage import editor

pytestmark = pytest.mark.browser

OWN = "query?part=own"
EACH_KIND = (
    "# why\nPREFIX ex: <https://example.org/>\n"
    "SELECT ?s (COUNT(?o) AS ?n) { ?s a lz:State ; ex:p 'x'@en , 1.5 , _:b . FILTER(?o = true || stat) }"
)
KINDS = {
    "comment": ["# why"],
    "keyword": ["PREFIX", "SELECT", "AS", "a", "FILTER"],
    "function": ["COUNT"],
    "prefixed": ["ex:", "lz:State", "ex:p"],
    "iri": ["<https://example.org/>"],
    "variable": ["?s", "?o", "?n", "?s", "_:b", "?o"],
    "literal": ["'x'", "@en"],
    "number": ["1.5", "true"],
    "error": ["stat"],
}
ENOUGH = 4.5
"""The contrast of letters with what they stand on that WCAG asks for."""
AWKWARD = "\n".join(
    (
        "\t# tabs\tand " + "long" * 60,
        "SELECT DISTINCT ?a { ?a lz:é '" + "語😀 ﬁ fi -> " * 20 + "' }   ",
        "<https://example.org/" + "a-b/" * 60 + ">",
        "",
        "FILTER(" + "REGEX(?a, 'b') || " * 20 + "true)",
        "",
    )
)
LARGE = "SELECT ?x { VALUES ?x {\n" + "  'one'@en lz:State id:state\\/DNK 4.5 # why\n" * 480 + "} }"


def parts(page, kind) -> list[str]:
    return page.locator(f".atlas-editor .layer .{kind}").all_inner_texts()


def rgb(color) -> tuple[float, ...]:
    """Return a computed colour's parts between 0 and 1."""
    found = [float(part) for part in re.findall(r"[\d.]+", color)[:3]]
    return tuple(found if color.startswith("color(") else [part / 255 for part in found])


def luminance(color) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def style(page, selector, name) -> str:
    return page.locator(selector).first.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def height_of_text(page) -> tuple[float, float]:
    """Return how high the box's own text is and how high the layer over it."""
    return page.evaluate(
        """() => {
          const box = document.querySelector(".atlas-editor textarea");
          box.style.height = "0";
          const layer = document.querySelector(".atlas-editor .layer");
          const padding = parseFloat(getComputedStyle(box).paddingTop);
          const found = [box.scrollHeight - padding, layer.offsetHeight];
          box.style.height = "";
          return found;
        }"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_kind_of_word_has_its_own_legible_colour_as_it_is_typed(page, address, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, address, OWN)
    editor(page).fill("")
    editor(page).press_sequentially(EACH_KIND)
    assert {kind: parts(page, kind) for kind in KINDS} == KINDS
    ground = style(page, ".atlas-editor .page", "backgroundColor")
    colors = {kind: style(page, f".atlas-editor .layer .{kind}", "color") for kind in KINDS}
    assert {
        kind: found for kind, color in colors.items() if (found := contrast(color, ground)) < ENOUGH
    } == {}
    colors.pop("function")  # of one colour with the keywords, set in another weight
    assert len(set(colors.values())) == len(colors)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_layer_breaks_lines_where_the_box_does(page, address, width) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    opened(page, address, OWN)
    editor(page).fill(AWKWARD)
    box, layer = height_of_text(page)
    assert layer > 300
    assert abs(box - layer) <= 1
    assert "".join(page.locator(".atlas-editor .line").all_text_contents()) == AWKWARD.replace("\n", "")


@pytest.mark.parametrize(
    ("query", "words", "place"),
    [
        ('ASK {\n  ?s a "😀😀" WRONG\n}', "Line 2, column 13: ", "WRONG"),
        ("ASK {\n  ?s a", "Line 2, column 7: ", ""),
        ("ASK { SERVICE <http://127.0.0.1:1/> {} }", "Line 1, column 7: ", "SERVICE"),
    ],
)
def test_a_fault_is_marked_and_the_caret_goes_there(page, address, query, words, place) -> None:
    opened(page, address, OWN)
    editor(page).fill(query)
    fault = page.get_by_role("button", name=words)
    expect(fault).to_be_visible()
    assert parts(page, "place") == [place]
    assert (
        page.locator(".faulty").evaluate("line => line.parentNode.children.length") == query.count("\n") + 1
    )
    expect(editor(page)).to_have_attribute("aria-invalid", "true")
    fault.click()
    expect(editor(page)).to_be_focused()
    before = query[: query.index(place) if place else len(query)]
    assert editor(page).evaluate("box => box.value.slice(0, box.selectionEnd)") == before
    page.keyboard.type("# ")
    expect(page.locator(".place")).to_have_count(0)


def test_a_query_is_written_asked_and_left_by_the_keyboard_alone(page, address) -> None:
    opened(page, address, OWN)
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == "atlas-editor-box":
            break
        page.keyboard.press("Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT ?s {\n?s a lz:State")
    page.keyboard.press("Control+]")
    page.keyboard.press("Enter")
    page.keyboard.type("}")
    page.keyboard.press("Control+[")
    page.keyboard.type(" LIMIT 3")
    expect(editor(page)).to_have_value("SELECT ?s {\n  ?s a lz:State\n} LIMIT 3")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("3 rows", exact=True)).to_be_visible()
    page.wait_for_url("**sparql=**")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ask")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Z")
    expect(editor(page)).not_to_have_value(re.compile("LIMIT 3"))


def test_several_lines_are_indented_and_taken_back(page, address) -> None:
    opened(page, address, OWN)
    editor(page).fill("a\n b\nc")
    editor(page).evaluate("box => box.setSelectionRange(0, 3)")
    page.keyboard.press("Control+]")
    expect(editor(page)).to_have_value("  a\n   b\nc")
    for _ in range(3):
        page.keyboard.press("Control+[")
    expect(editor(page)).to_have_value("a\nb\nc")
    page.keyboard.press("Control+Z")
    expect(editor(page)).to_have_value("a\n b\nc")


def test_an_empty_first_line_is_indented_and_no_other(page, address) -> None:
    opened(page, address, OWN)
    editor(page).fill("\nabc")
    editor(page).evaluate("box => box.setSelectionRange(0, 0)")
    page.keyboard.press("Control+]")
    expect(editor(page)).to_have_value("  \nabc")


def test_what_looks_like_markup_stays_text(page, address) -> None:
    hostile = 'ASK { ?s ?p "<img src=x onerror=alert(1)>" } <img src=x onerror=alert(1)> </textarea><b>'
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    opened(page, address, OWN)
    editor(page).fill(hostile)
    expect(page.locator(".atlas-editor .place")).to_be_visible()
    expect(page.locator(".atlas-editor .line")).to_have_text([hostile])
    assert page.locator(".atlas-editor .layer *:not(div, span), .atlas-editor .fault *").count() == 0
    assert dialogs == []


def test_the_text_typed_last_outlives_every_run_of_the_page(page, address) -> None:
    opened(page, address, OWN)
    editor(page).fill("")
    for line in range(4):
        # Longer than the pause after which the page is told: it runs while the next line is written.
        page.keyboard.type(f"# line {line} of what a reader writes", delay=30)
        page.keyboard.press("Enter")
        page.wait_for_timeout(620)
    whole = "".join(f"# line {line} of what a reader writes\n" for line in range(4))
    settled(page)
    expect(editor(page)).to_have_value(whole)
    page.get_by_role("radio", name="Named queries").click()
    expect(editor(page)).to_have_count(0)
    page.get_by_role("radio", name="Your own query").click()
    expect(editor(page)).to_have_value(whole)


def test_the_way_back_brings_back_the_query_asked_before(page, address) -> None:
    opened(page, address, f"{OWN}&sparql=ASK {{}}")
    editor(page).fill("SELECT (1 AS ?x) {}")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    page.wait_for_url("**SELECT**")
    page.go_back()
    expect(editor(page)).to_have_value("ASK {}")
    expect(page.get_by_text("Yes", exact=True)).to_be_visible()


def test_a_query_too_long_for_an_address_is_answered_and_says_so(page, address) -> None:
    opened(page, address, OWN)
    editor(page).fill("SELECT (1 AS ?x) {} # " + "x" * 6000)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    page.get_by_text("Link that asks this query anew").click()
    expect(page.get_by_text("too long for an address")).to_be_visible()
    expect(page).not_to_have_url(re.compile("sparql="))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_a_faulty_query(page, address, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, address, OWN)
    editor(page).fill(EACH_KIND)
    expect(page.locator(".atlas-editor .place")).to_be_visible()
    assert serious(Axe().run(page)) == []


def test_a_long_query_is_written_on_a_phone(page, address) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, address, OWN)
    editor(page).fill(LARGE)
    editor(page).press("Control+End")
    page.keyboard.type("\n\nLIMIT 1")
    expect(page.locator(".line").last).to_be_in_viewport()
    for element in (page.get_by_test_id("stMain"), page.locator("html"), page.locator(".atlas-editor .page")):
        assert element.evaluate("element => element.scrollWidth - element.clientWidth") <= 1
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text(re.compile(r"^\d+ rows?$"))).to_be_visible()
    assert float(style(page, ".atlas-editor textarea", "fontSize").removesuffix("px")) >= 16


def test_numbers_of_lines_have_room(page, address) -> None:
    opened(page, address, OWN)
    wide = {}
    for count in (9, 99, 100, 1000):
        editor(page).fill("#\n" * (count - 1))
        wide[count] = float(style(page, ".atlas-editor textarea", "paddingLeft").removesuffix("px"))
        assert style(page, ".atlas-editor .line", "paddingLeft") == f"{wide[count]:g}px"
    digit = wide[100] - wide[99]
    assert wide[9] == wide[99]
    assert digit > 5
    assert wide[1000] - wide[100] == pytest.approx(digit, abs=0.1)


def test_where_the_system_sets_the_colours_the_text_is_seen_once(page, address) -> None:
    page.emulate_media(forced_colors="active")
    opened(page, address, f"{OWN}&sparql=ASK {{}}")
    assert style(page, ".atlas-editor textarea", "color") == "rgb(0, 0, 0)"
    assert style(page, ".atlas-editor .layer .keyword", "visibility") == "hidden"
    # Such a system lays a ground behind letters, hidden ones too: the box has to stand over the layer.
    over, under = (style(page, f".atlas-editor {part}", "zIndex") for part in ("textarea", ".layer"))
    assert int(over) > int(under)


def test_a_key_pressed_in_a_large_query_is_shown_without_lag(page, address) -> None:
    """From before the key takes effect until box and layer are laid out anew, half of the times at least."""
    opened(page, address, OWN)
    editor(page).fill(LARGE)
    editor(page).evaluate(
        """box => {
          box.setSelectionRange(9000, 9000);
          window.taken = [];
          box.addEventListener("beforeinput", () => { window.began = performance.now(); });
          box.addEventListener("input", () => {
            box.getBoundingClientRect();
            window.taken.push(performance.now() - window.began);
          });
        }"""
    )
    editor(page).press_sequentially("x" * 30)
    taken = page.evaluate("window.taken")
    assert len(LARGE) > 20_000
    assert len(taken) == 30
    assert statistics.median(taken) < 50, sorted(taken)
