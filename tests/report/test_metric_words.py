"""Which side the report calls the better one, and of which metrics less is better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dsf.metrics import METRICS
from dsf.report import write_model_card, write_text_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOSSES = sorted(name for name, metric in METRICS.items() if metric.less_is_better)


@pytest.fixture
def scores_of(run_copy: Path, report_of: Any, edit: Any) -> Callable[..., Any]:
    """Write the report of a run with these numbers of both models, and what compares them."""

    def write(
        trained: dict[str, Any], existing: dict[str, Any], comparison: dict[str, Any] | None = None
    ) -> Any:
        for step, scores in (("3_test", trained), ("4_eval", existing)):
            edit(run_copy / step / "metrics.json", lambda c, s=scores: (c.clear(), c.update(s)))
        path = run_copy / "5_compare/comparison.json"
        edit(path, lambda c: (c.clear(), c.update(comparison or {"metrics": {}})))
        return report_of(run_copy)

    return write


def one_output(**scores: float) -> dict[str, Any]:
    return {"accuracy": 0.9, "outputs": {"topic": scores}}


def described(word: str, less: bool = False) -> dict[str, Any]:
    found = {"trained": 0.02, "eval": 0.3, "difference": -0.28, "lower": -0.4, "upper": -0.1}
    return {**found, "verdict": word, **({"less_is_better": True} if less else {})}


def bold(page: Any) -> list[str]:
    return [text for text in page.texts("strong") if text.startswith("0.")]


class TestWithoutAnInterval:
    def test_no_word_and_no_bold_name_a_winner(self, scores_of: Any, run_copy: Path) -> None:
        sides = {"accuracy": 0.9, "fpr": 0.02}, {"accuracy": 0.8, "fpr": 0.3}
        both = {name: {"trained": sides[0][name], "eval": sides[1][name]} for name in sides[0]}
        page = scores_of(*sides, {"metrics": both})
        assert [row[-1] for row in page.table("same test rows")[1:]] == [
            "+0.1000 not tested",
            "−0.2800 not tested",  # noqa: RUF001
        ]
        assert bold(page) == []
        assert "better one" not in page.texts("caption")[0]
        text = write_text_report(run_copy, run_copy / "report.txt").read_text("utf-8")
        card = write_model_card(run_copy, run_copy / "card.md").read_text("utf-8")
        for said in (text.split("METRICS")[1], card.split("## Results")[1].split("## Limits")[0]):
            assert said.count("not tested") == 2
            assert "worse" not in said
            assert " better" not in said.replace("less is better", "")

    def test_an_output_has_neither(self, scores_of: Any) -> None:
        page = scores_of(one_output(fpr=0.02, f1=0.9), one_output(fpr=0.3, f1=0.8))
        assert [row[-1] for row in page.table("Each output by itself")[1:]] == [
            "−0.2800 not tested",  # noqa: RUF001
            "+0.1000 not tested",
        ]
        assert bold(page) == []


class TestWithAnInterval:
    @pytest.mark.parametrize(
        ("word", "less", "winner"),
        [
            ("better", True, ["0.0200"]),
            ("worse", False, ["0.3000"]),
            ("undecided", False, []),
            ("not worse", True, []),
        ],
    )
    def test_the_comparison_s_own_words_stand_in_every_table(
        self, scores_of: Any, word: str, less: bool, winner: list[str]
    ) -> None:
        cell = described(word, less)
        comparison = {
            "metrics": {"own": {"trained": 0.02, "eval": 0.3}},
            "differences": {"own": {**cell, "p_holm": 0.2}},
            "outputs": {"topic": {"own": cell}},
        }
        trained, existing = ({"own": v, "outputs": {"topic": {"own": v}}} for v in (0.02, 0.3))
        page = scores_of(trained, existing, comparison)
        said = f"−0.2800 {word}−0.4000 to −0.1000"  # noqa: RUF001
        marked = " less is better" if less else ""
        for caption, name in (("same test rows", "Own"), ("Each output", "topic: own")):
            (row,) = page.table(caption)[1:]
            assert row[:4] == [f"{name}{marked}", "0.0200", "0.3000", said]
        assert bold(page) == winner * 2
        drawn = [e.attributes.get("aria-label", "") for e in page.find("svg")]
        assert sum(label.startswith("own: difference") for label in drawn) == 3  # and on top


class TestLessIsBetter:
    @pytest.mark.parametrize("name", LOSSES)
    def test_the_table_of_metrics_is_asked(self, scores_of: Any, name: str) -> None:
        page = scores_of(one_output(**{name: 0.02}), one_output(**{name: 0.3}))
        (row,) = page.table("Each output by itself")[1:]
        assert row[0].endswith(" less is better")

    def test_a_name_is_no_reason(self, scores_of: Any, run_copy: Path) -> None:
        config = (
            "metrics:\n  no_error: {metric: accuracy}\n  regret: {metric: log_loss}\n"
            "  cost: {function: 'nowhere.at:all', less_is_better: true}\n"
            "  loss: {function: 'nowhere.at:all'}\n  fpr: 'nowhere.at:all'\n"
        )
        (run_copy / "config.yaml").write_text(config, encoding="utf-8")
        scores = dict.fromkeys(("no_error", "regret", "cost", "loss", "fpr", "who_knows"), 0.5)
        page = scores_of(scores, scores)
        marked = {row[0] for row in page.table("test rows")[1:] if "less is better" in row[0]}
        assert marked == {"Regret less is better", "Cost less is better"}

    def test_the_comparison_knows_best(self, scores_of: Any) -> None:
        cells = {"fpr": described("worse"), "gain": described("better", less=True)}
        metrics = {name: {"trained": 0.02, "eval": 0.3} for name in cells}
        page = scores_of(
            dict.fromkeys(cells, 0.02),
            dict.fromkeys(cells, 0.3),
            {"metrics": metrics, "differences": cells},
        )
        names = [row[0] for row in page.table("same test rows")[1:]]
        assert names == ["FPR", "Gain less is better"]
