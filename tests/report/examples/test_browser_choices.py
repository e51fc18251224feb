"""The rows on which models differ can be chosen by every label and slice, in a real browser."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dsf.core.prediction_kinds import read_predictions
from dsf.core.predictions import Predictions
from dsf.metrics import Bootstrap, ComparisonRules, compare_predictions
from dsf.report import write_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VISIBLE = "table.differing tbody tr:visible"
LABELS = [
    *("Apple", "apple", "two  spaces", "two spaces", "<b>&amp;</b>", '"quoted"', "a\nb", "a\r\nb"),
    *("שלום", "rest"),
]


@pytest.fixture(scope="module")
def odd_run(
    example: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A run of labels that are easily taken for each other, and its comparison by slices."""
    run = Path(shutil.copytree(example("ten", rows=120), tmp_path_factory.mktemp("odd") / "v7"))
    sides = []
    for step in ("3_test", "4_eval"):
        one = read_predictions(run / step / "predictions.parquet")
        names = dict(zip(one.labels, LABELS, strict=True))
        targets, answers = (
            np.array([names[label] for label in values])
            for values in (one.targets, one.predictions)
        )
        sides.append(Predictions(one.row_ids, targets, answers, LABELS, one.probabilities))
        sides[-1].write(run / step / "predictions.parquet")
    rows = pd.read_parquet(run / "3_test/rows.parquet")
    rows["language"] = rows["language"].where(rows["row_id"] % 4 > 0)
    rows.to_parquet(run / "3_test/rows.parquet")
    compared = compare_predictions(
        *sides,
        {"accuracy": True},
        bootstrap=Bootstrap(n_iterations=20),
        rules=ComparisonRules(smallest_slice=1),
        rows=rows,
        slices=("language", "length"),
        text_column="text",
    )
    (run / "5_compare/comparison.json").write_text(json.dumps(compared), encoding="utf-8")
    write_report(run, run / "5_compare/report.html")
    return run, compared


class TestChoices:
    """Every label and every slice of the shown rows can be chosen, whatever it is called."""

    @pytest.fixture
    def page(self, browser: Any, odd_run: tuple[Path, Any]) -> Iterator[Any]:
        page = browser.new_page()
        page.goto((odd_run[0] / "5_compare/report.html").as_uri())
        yield page
        page.close()

    def options(self, page: Any, selector: str) -> dict[str, str]:
        found: list[list[str]] = page.eval_on_selector_all(
            f"{selector} option", "all => all.map(o => [o.textContent, o.value])"
        )
        return dict(found[1:])

    def test_labels(self, page: Any) -> None:
        options = self.options(page, "select[name=label]")
        # A page knows one kind of line break: what differs in that alone is two options still.
        values = page.locator("select[name=label] option").count() - 1
        assert values == len(LABELS)
        assert {label.replace("\r\n", "\n") for label in LABELS} == set(options)
        told = page.eval_on_selector_all(
            "table.differing tbody tr",
            "all => all.map(r => [...r.querySelectorAll('td.words:not(.text)')]"
            ".map(c => c.firstChild.textContent.trim()))",
        )
        for label in ("Apple", "apple", "two  spaces", "two spaces", "<b>&amp;</b>"):
            page.select_option("select[name=label]", options[label])
            expected = sum(label in row for row in told)
            assert page.locator(VISIBLE).count() == expected > 0, label

    def test_words_are_searched_for_as_they_are_seen(self, page: Any) -> None:
        found = []
        for words in ("two spaces", "Two   SPACES"):
            page.fill("input[name=search]", words)
            found.append(page.locator(VISIBLE).count())
        options = self.options(page, "select[name=label]")
        page.fill("input[name=search]", "")
        page.select_option("select[name=label]", options["two  spaces"])
        assert found[0] == found[1] > page.locator(VISIBLE).count() > 0

    def test_slices_have_the_names_of_the_comparison(
        self, page: Any, odd_run: tuple[Path, dict[str, Any]]
    ) -> None:
        total = page.locator(VISIBLE).count()
        compared = odd_run[1]["slices"]
        for place, column in enumerate(("language", "length")):
            names = [one["value"] for one in compared if one["column"] == column]
            selector = f"select[data-place='{place}']"
            options = self.options(page, selector)
            assert list(options) == names
            shown = {}
            for name, value in options.items():
                page.select_option(selector, value)
                shown[name] = page.locator(VISIBLE).count()
            page.select_option(selector, "")
            assert sum(shown.values()) == total
            assert all(shown.values())
        assert "(missing)" in self.options(page, "select[data-place='0']")
