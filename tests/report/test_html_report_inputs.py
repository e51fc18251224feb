from __future__ import annotations

import json
import logging
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from dsf.core.errors import RunError, RunNotFoundError
from dsf.report import write_report

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


def edit(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


class TestMissingPieces:
    @pytest.mark.parametrize(
        ("gone", "sections"),
        [
            (["4_eval", "5_compare"], []),
            (["2_fit"], ["Learning curve"]),
            (["1_split"], ["Data"]),
            (["config.yaml", "2_fit/fit.json"], []),
            (["3_test/confusion_matrix.svg", "2_fit/learning_curve.svg"], []),
        ],
        ids=lambda value: "+".join(value) or "none",
    )
    def test_leave_out_their_section(
        self, report_of: Callable[[Path], Any], run_copy: Path, gone: list[str], sections: list[str]
    ) -> None:
        for name in gone:
            path = run_copy / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        expected = [name for name in SECTIONS if name not in sections]
        if "4_eval" in gone:
            expected = [name.replace("matrices", "matrix") for name in expected]
        assert report_of(run_copy).texts("h2") == expected

    def test_metrics_alone_are_enough(
        self, report_of: Callable[[Path], Any], run_copy: Path, tmp_path: Path
    ) -> None:
        bare = tmp_path / "v1"
        (bare / "3_test").mkdir(parents=True)
        shutil.copy(run_copy / "run.json", bare)
        (bare / "3_test/metrics.json").write_text('{"f1": 0.5}', encoding="utf-8")
        edit(bare / "run.json", lambda record: record.update(git=None, project="", data_hash=""))
        page = report_of(bare)
        assert page.texts("h2")[:2] == ["F1 on the test rows", "Metrics"]
        assert page.texts("h2")[2:] == ["Steps", "How this run was made"]
        assert page.texts("dd") == ["0.5000"]
        assert page.texts("h1") == ["Run v1"]

    def test_no_metric_at_all_has_no_headline(
        self, report_of: Callable[[Path], Any], run_copy: Path
    ) -> None:
        (run_copy / "3_test/metrics.json").write_text("{}", encoding="utf-8")
        shutil.rmtree(run_copy / "5_compare")
        shutil.rmtree(run_copy / "4_eval")
        assert report_of(run_copy).texts("h2")[0] == "Learning curve"

    def test_the_headline_is_the_accuracy_wherever_it_stands(
        self, report_of: Callable[[Path], Any], run_copy: Path
    ) -> None:
        def put_last(content: dict[str, Any]) -> None:
            content["metrics"]["accuracy"] = content["metrics"].pop("accuracy")

        edit(run_copy / "5_compare/comparison.json", put_last)
        assert report_of(run_copy).texts("h2")[0] == "Accuracy on the test rows"

    def test_a_run_without_a_comparison_has_no_difference(
        self, report_of: Callable[[Path], Any], run_copy: Path
    ) -> None:
        answer = {"metrics": "No test results found."}
        edit(run_copy / "5_compare/comparison.json", lambda content: content.update(answer))
        page = report_of(run_copy)
        assert "Difference" not in page.texts("dt")
        assert page.texts("dd") == ["0.9333", "0.9000"]

    def test_a_picture_that_cannot_be_read_is_left_out_and_told(
        self, report_of: Callable[[Path], Any], run_copy: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (run_copy / "3_test/confusion_matrix.svg").write_text("<svg", encoding="utf-8")
        with caplog.at_level(logging.WARNING):
            page = report_of(run_copy)
        assert len(page.figures()) == 2
        assert "leaves out the picture 'trained'" in caplog.text

    def test_all_required_files_are_named_together(self, tmp_path: Path) -> None:
        with pytest.raises(RunNotFoundError, match=r"run\.json and no 3_test/metrics\.json"):
            write_report(tmp_path, tmp_path / "report.html")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("text", ["{", "[1]", "null"])
    def test_a_broken_file_is_named(
        self, report_of: Callable[[Path], Any], run_copy: Path, text: str
    ) -> None:
        (run_copy / "4_eval/metrics.json").write_text(text, encoding="utf-8")
        with pytest.raises(RunError, match=r"4_eval/metrics\.json: must "):
            report_of(run_copy)


class TestVariants:
    def test_two_labels_get_their_names_from_the_split(
        self, report_of: Callable[[Path], Any], run_copy: Path
    ) -> None:
        counts = {"confusion_matrix": {"tp": 5, "tn": 7, "fp": 1, "fn": 2}}
        for step in ("3_test", "4_eval"):
            edit(run_copy / step / "metrics.json", lambda content: content.update(counts))
        edit(run_copy / "1_split/split.json", lambda content: content.update(label_names=["a", 1]))
        table = report_of(run_copy).table("Trained model: true labels")
        assert table == [["True label", "a", "1"], ["a", "7", "1"], ["1", "2", "5"]]

    def test_without_a_split_two_labels_are_negative_and_positive(
        self, report_of: Callable[[Path], Any], run_copy: Path
    ) -> None:
        counts = {"confusion_matrix": {"tp": 5, "tn": 7, "fp": 1, "fn": 2}}
        edit(run_copy / "3_test/metrics.json", lambda content: content.update(counts))
        shutil.rmtree(run_copy / "1_split")
        table = report_of(run_copy).table("Trained model: true labels")
        assert table[0] == ["True label", "negative", "positive"]

    def test_everything_from_the_user_is_escaped(
        self, report_of: Callable[[Path], Any], run_copy: Path
    ) -> None:
        evil = '"><img src=x onerror=alert(1)>'

        def poison(record: dict[str, Any]) -> None:
            record.update(project=evil, task=evil, versions={evil: evil})
            record["git"] = {"commit": evil, "dirty": False}
            record["steps"]["fit"].update(status="failed", error=evil)

        edit(run_copy / "run.json", poison)
        edit(run_copy / "1_split/split.json", lambda c: c.update(strategy=evil))
        edit(run_copy / "1_split/split.json", lambda c: c["labels"]["train"].update({evil: 1}))
        edit(
            run_copy / "4_eval/metrics.json",
            lambda c: c["confusion_matrix"].update(labels=[evil, "b", "c"]),
        )
        edit(run_copy / "2_fit/fit.json", lambda c: c["best"].update(monitor=evil))
        edit(
            run_copy / "5_compare/comparison.json",
            lambda c: c["metrics"].update({evil: {"trained": 1, "eval": 0}}),
        )
        (run_copy / "config.yaml").write_text(f"a: '{evil}'\n", encoding="utf-8")
        (run_copy / "2_fit/history.csv").write_text(f"epoch,<b>\n0,{evil}\n", encoding="utf-8")
        page = report_of(run_copy)
        assert not page.find("img")
        assert not page.find("b")
        assert page.texts("h1")[0].startswith(evil)

    def test_a_name_that_utf_8_cannot_write_is_replaced(
        self, report_of: Callable[[Path], Any], run_copy: Path
    ) -> None:
        edit(run_copy / "1_split/split.json", lambda split: split.update(strategy="half \ud800"))
        assert "600 rows, split half ? with seed 42." in report_of(run_copy).texts("caption")

    @pytest.mark.parametrize(
        ("seconds", "said"),
        [(0.04, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 00 s"), (3599.6, "1 h 00 min")],
    )
    def test_durations_are_written_as_people_do(
        self, report_of: Callable[[Path], Any], run_copy: Path, seconds: float, said: str
    ) -> None:
        edit(run_copy / "run.json", lambda record: record["steps"]["fit"].update(seconds=seconds))
        assert ["fit", "done", said] in report_of(run_copy).table("What the run did")
