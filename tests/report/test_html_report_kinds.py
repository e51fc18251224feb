"""The report of a run whose rows have several outputs, several labels, or entities."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dsf.report import (
    confusion_matrix_figure,
    label_scores_figure,
    save_figure,
    write_model_card,
    write_text_report,
)
from dsf.report.picture_names import output_matrix

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TOPIC = {"labels": ["bill", "login", "<i>"], "matrix": [[9, 1, 0], [0, 8, 2], [0, 0, 10]]}
URGENT = {"tp": 5, "tn": 20, "fp": 3, "fn": 2}
OUTPUTS: dict[str, Any] = {
    "accuracy": 0.8,
    "f1": 0.85,
    "confusion_matrix": {"topic": TOPIC, "urgent": URGENT},
    "outputs": {"topic": {"accuracy": 0.9, "f1": 0.9}, "urgent": {"accuracy": 0.83, "f1": 0.8}},
}
LABELS: dict[str, Any] = {
    "accuracy": 0.9,
    "f1": 0.6,
    "confusion_matrix": {
        "rare <b>": {"tp": 0, "tn": 95, "fp": 0, "fn": 5},
        "often": {"tp": 40, "tn": 40, "fp": 10, "fn": 10},
    },
}
ENTITIES: dict[str, Any] = {
    "accuracy": 0.97,
    "precision": 0.75,
    "f1": 0.6,
    "confusion_matrix": {"city": {"tp": 3, "fp": 1, "fn": 3}, "day": {"tp": 0, "fp": 0, "fn": 0}},
}


@pytest.fixture
def page_of(run_copy: Path, report_of: Callable[[Path], Any]) -> Callable[..., Any]:
    """Write the report of a run with these results of both models."""

    def write(metrics: dict[str, Any], label_names: Any, *, both: bool = True) -> Any:
        for step in ("3_test", "4_eval"):
            for path in (run_copy / step).iterdir():
                path.unlink()
            if both or step == "3_test":
                (run_copy / step / "metrics.json").write_text(json.dumps(metrics), "utf-8")
                if "confusion_matrix" in metrics:
                    _draw(metrics["confusion_matrix"], run_copy / step)
        split = json.loads((run_copy / "1_split/split.json").read_text("utf-8"))
        split["label_names"] = label_names
        (run_copy / "1_split/split.json").write_text(json.dumps(split), "utf-8")
        compared = {name: {"trained": value, "eval": value} for name, value in metrics.items()}
        (run_copy / "5_compare/comparison.json").write_text(
            json.dumps({"metrics": compared if both else None}), "utf-8"
        )
        return report_of(run_copy)

    return write


def _draw(matrix: dict[str, Any], folder: Path) -> None:
    if "topic" in matrix:
        for number, output in enumerate(("topic", "urgent"), start=1):
            figure = confusion_matrix_figure([[1, 0], [0, 1]], ["a", "b"])
            save_figure(figure, folder / output_matrix(number, output))
    elif "labels" not in matrix:
        half = dict.fromkeys(("precision", "recall", "f1"), [0.5] * len(matrix))
        figure = label_scores_figure(list(matrix), half, [1] * len(matrix))
        save_figure(figure, folder / "label_scores")


class TestOutputs:
    def test_each_output_has_its_scores_and_its_matrices(self, page_of: Any) -> None:
        names = {"topic": TOPIC["labels"], "urgent": ["no", "yes"]}
        page = page_of(OUTPUTS, names)
        assert page.texts("h2")[:5] == [
            *["Accuracy on the test rows", "Metrics", "Outputs", "Labels", "Confusion matrices"]
        ]
        assert page.table("Each output by itself")[1:] == [
            ["topic: accuracy", "0.9000", "0.9000", "0.0000 not tested"],
            ["topic: F1", "0.9000", "0.9000", "0.0000 not tested"],
            ["urgent: accuracy", "0.8300", "0.8300", "0.0000 not tested"],
            ["urgent: F1", "0.8000", "0.8000", "0.0000 not tested"],
        ]
        sides = ("trained model", "existing model")
        assert page.texts("h3")[2:] == [f"{name}: {side}" for name in names for side in sides]
        pictures = [e.attributes["aria-label"] for e in page.figures()]
        assert [text.split(".")[0] for text in pictures[:4]] == [
            f"Confusion matrix of the {side} for {name}" for name in names for side in sides
        ]
        assert page.table("urgent: trained model: true labels in rows")[1:] == [
            ["no", "20", "3"],
            ["yes", "2", "5"],
        ]
        assert any("right in every output" in text for text in page.texts("p"))
        assert any("Counted on 30 test rows" in text for text in page.texts("p"))

    def test_without_an_existing_model_there_is_no_difference(self, page_of: Any) -> None:
        page = page_of(OUTPUTS, {"topic": [], "urgent": ["no", "yes"]}, both=False)
        assert page.table("Each output by itself")[:2] == [
            ["Output and metric", "Trained"],
            ["topic: accuracy", "0.9000"],
        ]
        assert page.texts("h3")[2:] == ["topic: trained model", "urgent: trained model"]

    def test_matrices_alone_are_found_by_the_labels_of_the_split(self, page_of: Any) -> None:
        alone = {"confusion_matrix": {"topic": URGENT, "urgent": URGENT}}
        page = page_of(alone, {"topic": ["a", "b"], "urgent": ["no", "yes"]})
        assert page.table("topic: trained model: true")[1] == ["a", "20", "3"]


class TestLabels:
    def test_several_labels_have_their_scores_the_worst_first(self, page_of: Any) -> None:
        page = page_of(LABELS, ["rare <b>", "often"])
        assert page.texts("h2")[:3] == ["F1 on the test rows", "Metrics", "Labels"]
        assert page.table("F1 of each label")[1:] == [
            ["rare <b>", "5", "0.0000", "0.0000"],
            ["often", "50", "0.8000", "0.8000"],
        ]
        assert page.table("2 labels, the worst first")[1:] == [
            ["rare <b>", "5", *["0", "0.0000", "0.0000", "0.0000"] * 2],
            ["often", "50", *["50", "0.8000", "0.8000", "0.8000"] * 2],
        ]
        assert page.table("Each label by itself against all others") == [
            ["Label", "Trained: TP", *["FN", "FP", "TN"], "Existing: TP", *["FN", "FP", "TN"]],
            ["often", *["40", "10", "10", "40"] * 2],
            ["rare <b>", *["0", "5", "0", "95"] * 2],
        ]

    def test_labels_of_a_matrix_are_counted_against_all_others(self, page_of: Any) -> None:
        page = page_of(OUTPUTS, {"topic": TOPIC["labels"], "urgent": ["no", "yes"]})
        assert page.table("Each label of topic by itself")[1:] == [
            ["bill", *["9", "1", "0", "20"] * 2],
            ["login", *["8", "2", "1", "19"] * 2],
            ["<i>", *["10", "0", "2", "18"] * 2],
        ]
        assert not any("Each label of urgent by itself" in text for text in page.texts("caption"))

    def test_entities_that_never_occur_are_last_and_the_accuracy_is_explained(
        self, page_of: Any
    ) -> None:
        page = page_of(ENTITIES, ["O", "B-city", "I-city"], both=False)
        assert page.texts("dd")[0] == "0.6000"
        assert page.table("F1 of each label")[1:] == [
            ["city", "6", "0.6000"],
            ["day", "0", "–"],  # noqa: RUF001
        ]
        assert page.table("Each label by itself, in entities")[1:] == [
            ["city", "3", "3", "1"],
            ["day", "0", "0", "0"],
        ]
        assert any("share of the tokens that got their tag" in text for text in page.texts("p"))

    def test_tags_that_stand_alone_are_counted_as_tokens(self, page_of: Any) -> None:
        tags = {"accuracy": 0.9, "confusion_matrix": TOPIC | {"counted": "tokens"}}
        page = page_of(tags, TOPIC["labels"])
        assert any("Counted on 30 tokens of the test rows." in text for text in page.texts("p"))
        assert any(text.startswith("27 of 30 tokens right") for text in page.texts("p"))


class TestSupport:
    """How often labels are true, as results say it, and those that are true too seldom."""

    LUCK = "True fewer than 20 times, or an interval without width: it rests on luck."

    def cells(self, *names: str) -> dict[str, Any]:
        return {name: {"value": 0.5, "lower": 0.4, "upper": 0.6} for name in names}

    def results(self, **support: int) -> dict[str, Any]:
        return {"f1": 0.5, "labels": {"f1": self.cells("a", "b"), "support": support}}

    def test_its_numbers_are_shown_and_few_of_them_are_marked_in_every_form(
        self, page_of: Any, run_copy: Path
    ) -> None:
        page = page_of(self.results(a=19, b=20), ["a", "b"], both=False)
        rows = page.table("F1 of each label")
        assert rows[0][:2] == ["Label", "Times true"]
        assert sorted(row[:2] for row in rows[1:]) == [["a", "19 *"], ["b", "20"]]
        assert page.texts("p").count(f"* {self.LUCK}") == 1
        text = write_text_report(run_copy, run_copy / "report.txt").read_text("utf-8")
        assert f"* {self.LUCK}" in text
        assert [line.split()[:3] for line in text.splitlines() if line.startswith("a ")] == [
            ["a", "19", "*"]
        ]
        card = write_model_card(run_copy, run_copy / "card.md").read_text("utf-8")
        assert "| a | 19 \\* |" in card
        assert f"\\* {self.LUCK}" in card

    def test_outputs_have_their_own(self, page_of: Any) -> None:
        outputs = {"topic": self.results(a=3, b=99), "urgent": self.results(a=40, b=50)}
        page = page_of({"f1": 0.5, "outputs": outputs}, {}, both=False)
        assert [row[1] for row in page.table("F1 of each label of topic")[1:]] == ["99", "3 *"]
        assert [row[1] for row in page.table("F1 of each label of urgent")[1:]] == ["50", "40"]
        assert page.texts("p").count(f"* {self.LUCK}") == 1

    def test_a_number_without_an_interval_is_not_marked(self, page_of: Any) -> None:
        page = page_of(LABELS, ["rare <b>", "often"])
        assert not any(self.LUCK in text for text in page.texts("p"))


def test_very_many_labels_do_not_fill_the_page(run_copy: Path, report_of: Any) -> None:
    path = run_copy / "1_split/split.json"
    split = json.loads(path.read_text("utf-8"))
    split["labels"] = {"train": {f"intent {number}": 1 for number in range(61)}}
    path.write_text(json.dumps(split), "utf-8")
    page = report_of(run_copy)
    assert len(page.table("The counts of its 61 labels are in split.json.")) == 3
