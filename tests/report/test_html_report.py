from __future__ import annotations

import itertools
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECTIONS = [
    "Accuracy on the test rows",
    "Metrics",
    "Labels",
    "Confusion matrices",
    "Learning curve",
    "Data",
    "Steps",
    "How this run was made",
]


@pytest.fixture(scope="module")
def page(
    finished_run: Path,
    report_of: Callable[[Path], Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    return report_of(shutil.copytree(finished_run, tmp_path_factory.mktemp("page") / "v3"))


class TestWhole:
    def test_has_every_section_in_order(self, page: Any) -> None:
        assert page.texts("h2") == SECTIONS
        assert page.texts("h1") == ["Pets <script>alert(1)</script> v3"]

    def test_the_headline_shows_both_models(self, page: Any) -> None:
        assert page.texts("dd") == ["0.9333", "0.9000", "+0.0333"]
        (said,) = [text for text in page.texts("p") if "chance" in text]
        assert said == (
            "In accuracy, the trained model is 0.0333 above the existing one. "
            "Whether the difference is more than chance was not tested."
        )
        assert "Counted on 60 test rows." in page.texts("p")

    def test_the_comparison_has_one_row_a_metric(self, page: Any) -> None:
        assert page.table("same test rows") == [
            ["Metric", "Trained", "Existing", "Difference"],
            ["Accuracy", "0.9333", "0.9000", "+0.0333 not tested"],
            ["Precision", "0.9321", "0.9412", "−0.0091 not tested"],  # noqa: RUF001
            ["Recall", "0.9358", "0.9358", "0.0000 not tested"],
            ["F1", "0.9334", "0.9100", "+0.0234 not tested"],
        ]

    def test_counts_epochs_parts_and_steps_are_tables(self, page: Any) -> None:
        assert page.table("Trained model: true labels in rows")[1] == ["cat", "20", "1", "0"]
        assert page.table("One row an epoch")[1][:4] == ["0", "10", "0.001", "2"]
        data = page.table("600 rows, split stratified with seed 42")
        assert data[:3] == [
            ["Label", "Train", "Validation", "Test"],
            ["All rows", "450", "90", "60"],
            ["Share", "75.0 %", "15.0 %", "10.0 %"],
        ]
        assert data[3] == ["cat", "150", "30", "21"]
        assert page.table("What the run did")[1:] == [
            ["split", "done", "0.3 s"],
            ["fit", "done", "3 min 05 s"],
            ["test", "done", "1.3 s"],
            ["eval", "done", "2.0 s"],
            ["compare", "writes this report", "–"],  # noqa: RUF001
        ]

    def test_config_and_versions_are_kept_in_details(self, page: Any) -> None:
        (config,) = page.find("pre")
        assert "details" in config.parents
        assert config.text.startswith("project: pets  # <script>")
        assert ["torch", "2.13.0"] in page.table("can be repeated")


class TestSelfContained:
    def test_nothing_is_loaded_from_elsewhere(self, page: Any, finished_run: Path) -> None:
        for element in page.elements:
            assert element.tag not in ("script", "link", "img", "iframe", "object", "embed", "base")
            for name, value in element.attributes.items():
                assert not name.startswith("on")
                assert name != "src"
                if name == "href":
                    assert value.startswith(("#", "data:image/png"))
                assert not re.search(r"https?:|//|javascript:", value), (element.tag, name, value)
        (style,) = page.texts("style")
        assert not re.search(r"https?:|url\(|@import", style)

    def test_an_address_in_the_page_is_text_at_most(
        self, report_of: Callable[[Path], Any], run_copy: Path
    ) -> None:
        (run_copy / "config.yaml").write_text("url: https://example.org\n", encoding="utf-8")
        page = report_of(run_copy)
        assert "https://example.org" in page.texts("pre")[0]

    def test_pictures_are_part_of_it_and_their_ids_differ(self, page: Any) -> None:
        assert len(page.figures()) == 3
        ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
        assert len(ids) == len(set(ids))
        links = [e.attributes["href"] for e in page.elements if "href" in e.attributes]
        assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
        clips = [e.attributes["clip-path"] for e in page.elements if "clip-path" in e.attributes]
        assert clips
        assert {clip[5:-1] for clip in clips} <= set(ids)


class TestAccessible:
    def test_the_page_names_its_language_and_fits_a_phone(self, page: Any) -> None:
        assert page.declarations == ["DOCTYPE html"]
        assert page.find("html")[0].attributes["lang"] == "en"
        metas = {e.attributes.get("name"): e.attributes.get("content") for e in page.find("meta")}
        assert metas["viewport"] == "width=device-width, initial-scale=1"
        assert "prefers-color-scheme: dark" in page.texts("style")[0]
        assert page.texts("title") == ["Pets <script>alert(1)</script> v3: report"]

    def test_headings_go_down_one_level_at_a_time(self, page: Any) -> None:
        levels = [int(e.tag[1]) for e in page.elements if re.fullmatch("h[1-6]", e.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        steps = [lower - upper for upper, lower in itertools.pairwise(levels)]
        assert max(steps) == 1

    def test_every_table_has_a_caption_and_every_header_a_scope(self, page: Any) -> None:
        assert len(page.find("caption")) == len(page.find("table")) > 5
        assert all(e.text.strip() for e in page.find("caption"))
        assert {e.attributes.get("scope") for e in page.find("th")} == {"row", "col"}

    def test_every_picture_says_what_it_shows(self, page: Any) -> None:
        seen = [e for e in page.find("svg") if "svg" not in e.parents]
        hidden = [e for e in seen if "aria-label" not in e.attributes]
        assert {e.attributes["role"] for e in seen if e not in hidden} == {"img"}
        assert all("aria-hidden" in e.attributes or "p" in e.parents for e in hidden)
        assert [e.attributes["aria-label"] for e in page.figures()] == [
            "Confusion matrix of the trained model. 56 of 60 rows right, 3 labels. "
            "Most frequent error: dog taken for cat, 2 times.",
            "Confusion matrix of the existing model. 56 of 60 rows right, 3 labels. "
            "Most frequent error: dog taken for cat, 2 times.",
            "Learning curve: loss and metrics on training and validation rows. "
            "8 epochs, 0 to 7. Best: epoch 7, with val_loss 0.1234.",
        ]

    def test_what_scrolls_can_be_reached_and_has_a_name(self, page: Any) -> None:
        scrolls = [e for e in page.elements if "scroll" in e.classes]
        assert scrolls
        for element in scrolls:
            assert element.attributes["tabindex"] == "0"
            assert element.attributes["aria-label"]
        ids = {e.attributes.get("id") for e in page.elements}
        named = [e.attributes["aria-labelledby"] for e in page.find("section")]
        assert set(named) <= ids
        skip, *sections = page.find("a")
        assert {link.attributes["href"][1:] for link in sections} <= set(named)
        assert skip.attributes["href"] == "#main"

    @pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
    def test_text_has_contrast(self, page: Any, place: int) -> None:
        style = page.texts("style")[0]
        colours = {
            name: re.findall(rf"--{name}: (#[0-9a-f]{{6}})", style)[place]
            for name in ("paper", "soft", "ink", "muted", "link")
        }
        for text, ground in (
            ("ink", "paper"),
            ("ink", "soft"),
            ("muted", "paper"),
            ("link", "paper"),
        ):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def _contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        values = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)
