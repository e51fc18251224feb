"""The report in a real browser: it opens, stays by itself, filters, and is there for everybody."""

from __future__ import annotations

import json
from typing import Any

import pytest

KINDS = ["two", "ten", "many", "several", "outputs", "entities", "tags"]

VISIBLE = "table.differing tbody tr:visible"

# Own text, its colour, and the nearest background that is not transparent.
TEXT_COLOURS = """
() => [...document.querySelectorAll("body *")].flatMap((element) => {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || element.closest("figure svg, script, style, .skip, .unseen")) return [];
  if (!element.checkVisibility({ visibilityProperty: true })) return [];
  const style = getComputedStyle(element);
  const colour = element.closest("svg") ? style.fill : style.color;
  let ground = element;
  while (ground && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)")
    ground = ground.parentElement;
  const behind = ground ? getComputedStyle(ground).backgroundColor : "rgb(255, 255, 255)";
  return [[element.tagName + "." + element.className, colour, behind]];
})
"""

FOCUSABLE = """
() => {
  const all = document.querySelectorAll("a[href], summary, input, select, button, [tabindex='0']");
  const there = [...all].filter((e) => e.checkVisibility());
  there.forEach((e, place) => { e.dataset.place = place; });
  return there.length;
}
"""


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    def test_opens_without_a_complaint_and_loads_nothing(self, opened: Any, kind: str) -> None:
        report = opened(kind)
        assert report.wrong == []
        assert [url.rpartition("/")[2] for url in report.requests] == ["report.html"]
        assert report.page.locator("section").count() > 8

    def test_fits_a_phone(self, opened: Any, kind: str) -> None:
        page = opened(kind, width=360).page
        for details in page.query_selector_all("summary"):
            details.click()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert page.locator("h2").first.is_visible()


class TestFilters:
    def test_without_a_script_it_is_a_plain_table(self, opened: Any) -> None:
        page = opened("ten", java_script_enabled=False).page
        assert page.locator("#filters").is_hidden()
        assert (
            page.locator(VISIBLE).count() == page.locator("table.differing tbody tr").count() > 20
        )

    def test_search_keeps_the_rows_with_these_words(self, opened: Any) -> None:
        page = opened("ten").page
        whole = [row.lower() for row in page.locator(VISIBLE).all_inner_texts()]
        page.fill("input[name=search]", "Refund")
        found = [row.lower() for row in page.locator(VISIBLE).all_inner_texts()]
        assert found == [row for row in whole if "refund" in row]
        assert 0 < len(found) < len(whole)
        assert page.inner_text("#found") == f"{len(found)} of {len(whole)} rows shown"

    @pytest.mark.parametrize("kind", ["ten", "several"])
    def test_each_choice_keeps_its_rows_and_the_button_shows_all(
        self, opened: Any, kind: str
    ) -> None:
        page = opened(kind).page
        rows = page.eval_on_selector_all(
            "table.differing tbody tr",
            "all => all.map(r => [r.dataset.right, r.dataset.labels, r.dataset.slices])",
        )
        total = len(rows)
        label, language = (json.loads(rows[0][place])[0] for place in (1, 2))
        expected = {
            "select[name=right]": ("trained", sum(row[0] == "trained" for row in rows)),
            "select[name=label]": (label, sum(label in json.loads(row[1]) for row in rows)),
            "select[data-place='0']": (
                language,
                sum(json.loads(row[2])[0] == language for row in rows),
            ),
        }
        for selector, (value, count) in expected.items():
            page.select_option(selector, str(value))
            assert page.locator(VISIBLE).count() == count, selector
            assert 0 < count < total
            page.click("button[type=reset]")
            page.locator("tr[hidden]").first.wait_for(state="detached")
            assert page.locator(VISIBLE).count() == total

    def test_choices_hold_together(self, opened: Any) -> None:
        page = opened("ten").page
        page.select_option("select[name=right]", "existing")
        page.fill("input[name=search]", "no such words")
        assert page.locator(VISIBLE).count() == 0
        assert page.inner_text("#found").startswith("0 of ")


class TestForEverybody:
    def test_the_keyboard_reaches_everything_and_can_filter(self, opened: Any) -> None:
        page = opened("ten").page
        count = page.evaluate(FOCUSABLE)
        seen = set()
        for _ in range(count + 2):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("document.activeElement.dataset.place"))
        assert {str(place) for place in range(count)} <= seen
        assert count > 20
        before = page.locator(VISIBLE).count()
        page.focus("input[name=search]")
        page.keyboard.type("refund")
        page.keyboard.press("Enter")
        assert page.url.endswith("report.html")
        assert page.locator(VISIBLE).count() < before

    def test_the_first_tab_offers_to_skip_to_the_results(self, opened: Any) -> None:
        page = opened("two").page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [360, 1200])
    def test_every_text_has_contrast(self, opened: Any, scheme: str, width: int) -> None:
        page = opened("ten", width=width, color_scheme=scheme).page
        found = page.evaluate(TEXT_COLOURS)
        assert len(found) > 200
        poor = {
            (what, colour, behind)
            for what, colour, behind in found
            if contrast(colour, behind) < 4.5
        }
        assert not poor
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(channels(paper)) > 0.5) == (scheme == "light")

    def test_it_moves_only_where_one_may_like_it(self, opened: Any) -> None:
        for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
            page = opened("two", reduced_motion=wish).page
            style = "getComputedStyle(document.documentElement).scrollBehavior"
            assert page.evaluate(style) == behaviour


class TestPhone:
    def test_every_interval_has_the_numbers_of_its_axis(self, opened: Any) -> None:
        page = opened("outputs", width=390).page
        missing = page.eval_on_selector_all(
            "td.picture svg.mark[role=img]",
            """all => all.filter(m => ![...m.closest("td").querySelectorAll(".axis text")]
            .some(t => t.checkVisibility()))""",
        )
        assert page.locator("td.picture svg.mark[role=img]").count() > 20
        assert not missing
        wide = opened("outputs").page
        assert wide.locator("td .axis text").locator("visible=true").count() == 0

    @pytest.mark.parametrize("kind", ["ten", "many"])
    def test_names_in_pictures_can_be_read(self, opened: Any, kind: str) -> None:
        page = opened(kind, width=390).page
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        sizes = page.eval_on_selector_all(
            "figure.matrix svg text",
            """all => all.filter(t => /[a-z]/.test(t.textContent)).map(t => {
              const seen = t.getScreenCTM();  // some are turned
              return parseFloat(getComputedStyle(t).fontSize) * Math.hypot(seen.a, seen.b);
            })""",
        )
        assert len(sizes) > 20
        assert min(sizes) >= 9.5

    def test_no_word_and_no_number_is_broken(self, opened: Any) -> None:
        page = opened("ten", width=390).page
        broken = page.evaluate(
            """() => {
              const cells = "table:not(.cards) :is(th, td):not(.words)";
              return [...document.querySelectorAll(cells)].flatMap((cell) => {
                const text = [...cell.childNodes].find((n) => n.nodeType === 3);
                if (!text || !cell.checkVisibility()) return [];
                return [...text.textContent.matchAll(/\\S+/g)].filter((word) => {
                  const range = document.createRange();
                  range.setStart(text, word.index);
                  range.setEnd(text, word.index + word[0].length);
                  return range.getClientRects().length > 1;
                }).map((word) => word[0]);
              });
            }"""
        )
        assert broken == []
        shares = page.locator("th:text-is('Share') ~ td").all()
        lines = {cell.evaluate("e => e.getBoundingClientRect().height") for cell in shares}
        assert len(shares) == 3
        assert max(lines) < 40


@pytest.mark.parametrize("kind", ["ten", "outputs"])
def test_on_a_screen_whole_matrices_stand_beside_each_other(opened: Any, kind: str) -> None:
    page = opened(kind).page
    figures = page.locator("figure.matrix")
    boxes = [figures.nth(place).bounding_box() for place in range(figures.count())]
    hidden = page.eval_on_selector_all(
        "figure.matrix", "all => all.map(f => f.scrollWidth - f.clientWidth)"
    )
    assert len(boxes) >= 2
    assert max(hidden) <= 0
    assert boxes[1]["x"] > boxes[0]["x"] + boxes[0]["width"]


def test_a_heading_keeps_away_from_the_table_above_it(opened: Any) -> None:
    page = opened("many").page
    gaps = page.eval_on_selector_all(
        "#confusion ~ .scroll",
        """all => all.map(e => e.nextElementSibling.getBoundingClientRect().top
        - e.getBoundingClientRect().bottom)""",
    )
    assert min(gaps) >= 16


class TestPrint:
    def test_paper_has_what_can_be_read_and_nothing_to_press(self, opened: Any) -> None:
        page = opened("ten").page
        page.emulate_media(media="print")
        assert page.locator("#filters, nav, .skip").locator("visible=true").count() == 0
        total = page.locator("table.differing tbody tr").count()
        assert page.locator(VISIBLE).count() == 30 < total
        assert (
            page.locator(".printed")
            .inner_text()
            .startswith(f"In print, the first 30 of these {total} rows")
        )
        assert page.locator(".printed").is_visible()
        assert page.locator("pre").is_visible()
        assert page.pdf(format="A4").startswith(b"%PDF")

    def test_chosen_rows_are_printed_all(self, opened: Any) -> None:
        page = opened("ten").page
        page.select_option("select[name=right]", "existing")
        chosen = page.locator(VISIBLE).count()
        assert page.locator(".printed").is_hidden()
        page.emulate_media(media="print")
        assert page.locator(VISIBLE).count() == chosen
        assert page.locator(".printed").is_hidden()


def channels(colour: str) -> list[float]:
    """Linear red, green and blue of ``rgb(1, 2, 3)``."""
    values = [float(part) / 255 for part in colour.strip("rgba()").split(",")[:3]]
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21, as WCAG 2.2 has it."""
    weights = (0.2126, 0.7152, 0.0722)
    levels = [
        sum(w * c for w, c in zip(weights, channels(colour), strict=True))
        for colour in (one, other)
    ]
    dark, light = sorted(levels)
    return (light + 0.05) / (dark + 0.05)
