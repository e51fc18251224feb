"""Which files of a run a report is drawn from, and what is said of those that do not fit."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from dsf.core.errors import RunError
from dsf.report import write_model_card, write_report, write_report_files, write_text_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OTHER = {"metrics": {"accuracy": {"trained": 0.5, "eval": 0.6}}}
LEFT_OUT = "The existing model is left out: it answered other rows than the trained one"
NOT_YET = "The two models are not compared yet"


def told(run: Path, folder: Path) -> dict[str, str]:
    """Write the report in all its forms: file → its text, on one line."""
    write_report_files(run, folder)
    return {path.name: " ".join(path.read_text("utf-8").split()) for path in folder.iterdir()}


class TestComparison:
    @pytest.mark.parametrize("write", [write_report, write_text_report, write_model_card])
    def test_one_that_lies_beside_the_output_is_not_ours(
        self, run_copy: Path, tmp_path: Path, write: Any
    ) -> None:
        (tmp_path / "comparison.json").write_text(json.dumps(OTHER), encoding="utf-8")
        text = write(run_copy, tmp_path / "out").read_text("utf-8")
        assert "0.9333" in text
        assert "0.5000" not in text

    def test_one_that_is_named_takes_the_place_of_the_run_s_own(
        self, run_copy: Path, tmp_path: Path
    ) -> None:
        named = tmp_path / "any.json"
        named.write_text(json.dumps(OTHER), encoding="utf-8")
        write_report_files(run_copy, tmp_path / "out", named)
        for path in (tmp_path / "out").iterdir():
            text = path.read_text("utf-8")
            assert "0.5000" in text, path
            assert "0.9000" not in text, path


class TestRows:
    def stamp(self, run: Path, **rows: str) -> None:
        for step, number in rows.items():
            (run / step[1:] / "step.json").write_text(json.dumps({"inputs": {"rows": number}}))

    def test_a_model_that_answered_other_rows_is_left_out_and_that_is_said(
        self, run_copy: Path, tmp_path: Path
    ) -> None:
        self.stamp(run_copy, _3_test="aa", _4_eval="bb")
        files = told(run_copy, tmp_path / "out")
        assert sorted(files) == ["model_card.md", "report.html", "report.txt"]
        for text in files.values():
            assert LEFT_OUT in text.replace("\\", "")
            assert "0.9333" in text
            assert "0.9100" not in text
        assert "same test rows" not in files["report.html"]
        assert "Existing model" not in files["report.html"].split("</style>")[1]

    def test_the_same_rows_stay_side_by_side(self, run_copy: Path, tmp_path: Path) -> None:
        self.stamp(run_copy, _3_test="aa", _4_eval="aa")
        for text in told(run_copy, tmp_path / "out").values():
            assert LEFT_OUT not in text
            assert "0.9100" in text

    def test_two_models_that_were_not_compared_are_said_to_be_so(
        self, run_copy: Path, tmp_path: Path
    ) -> None:
        shutil.rmtree(run_copy / "5_compare")
        for name, text in told(run_copy, tmp_path / "out").items():
            assert NOT_YET in text, name
            assert "+0.0333" not in text, name
        shutil.rmtree(run_copy / "4_eval")
        for text in told(run_copy, tmp_path / "alone").values():
            assert NOT_YET not in text


def put(**content: Any) -> Callable[[dict[str, Any]], None]:
    return lambda found: found.update(content)


SLICE = {"column": "language", "value": "de", "rows": 3, "metrics": {"f1": {"eval": 0.5}}}
SPOILED = [
    ("5_compare/comparison.json", put(verdict={"margin": "much"}), [r"verdict\.margin", '"much"']),
    ("5_compare/comparison.json", put(notes="one note"), ["notes", '"one note"']),
    (
        "5_compare/comparison.json",
        put(slices=[SLICE], differences={"f1": {"lower": "x"}}),
        [r"slices\.0\.metrics\.f1\.trained is missing", r"differences\.f1\.lower"],
    ),
    ("3_test/metrics.json", put(intervals=[1], outputs={"a": 1}), ["intervals", r"outputs\.a"]),
    ("4_eval/metrics.json", put(labels={"f1": 3}), [r"labels\.f1"]),
    ("3_test/metrics.json", put(accuracy="x"), ["accuracy must be a number", '"x"']),
    (
        "4_eval/metrics.json",
        put(outputs={"mood": {"f1": [1]}}),
        [r"outputs\.mood\.f1 must be a number, not \[1\]"],
    ),
    ("1_split/split.json", put(rows={"train": "many"}), [r"rows\.train"]),
    (
        "1_split/split.json",
        put(audit={"findings": [{"kind": "near", "parts": ["train", "test"], "examples": []}]}),
        [r"audit\.findings\.0\.train_rows", r"audit\.sizes\.test is missing"],
    ),
    ("2_fit/fit.json", put(best={"epoch": 1}), [r"best\.monitor is missing"]),
]


class TestSpoiledFiles:
    @pytest.mark.parametrize("write", [write_report, write_text_report, write_model_card])
    @pytest.mark.parametrize(("name", "change", "said"), SPOILED)
    def test_every_key_that_does_not_fit_is_named(
        self, run_copy: Path, edit: Any, write: Any, name: str, change: Any, said: list[str]
    ) -> None:
        edit(run_copy / name, change)
        with pytest.raises(RunError, match=name) as raised:
            write(run_copy, run_copy / "out")
        for words in said:
            raised.match(words)
        assert not (run_copy / "out").exists()

    @pytest.mark.parametrize(
        "name", ["config.yaml", "2_fit/history.csv", "2_fit/noisy_labels.csv", "2_fit/fit.json"]
    )
    def test_a_text_in_another_encoding_is_named(self, run_copy: Path, name: str) -> None:
        (run_copy / name).write_bytes("project: café\n".encode("latin-1"))
        with pytest.raises(RunError, match=rf"{name}: must be text in UTF-8"):
            write_report(run_copy, run_copy / "out.html")
