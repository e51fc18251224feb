"""The report of a run is drawn again from what the run has kept."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

    Call = Callable[..., Answer]

FEW = ("--set", "model_config.trees=3")


@pytest.fixture
def run(call: Call, project: Path) -> Path:
    """A run that was tested and not yet compared."""
    for step in ("split", "fit", "test"):
        assert call(step, *FEW).code == 0
    return project / "training_output" / "v1"


def test_a_run_that_was_only_tested_has_a_report(call: Call, run: Path) -> None:
    answer = call("report", run)
    assert answer.code == 0, answer.err
    assert answer.out == f"{run / '5_compare' / 'report.html'}\n"
    for name in ("report.html", "report.txt", "model_card.md"):
        assert "v1" in (run / "5_compare" / name).read_text(encoding="utf-8")
    assert call("eval", *FEW).code == 0
    assert call("compare", *FEW).code == 0
    assert (run / "5_compare" / "comparison.json").is_file()


def test_a_version_stands_for_its_run(call: Call, run: Path) -> None:
    assert call("report", "v1").out == f"{run / '5_compare' / 'report.html'}\n"
    assert call("eval", *FEW, "--run-dir", "v1").code == 0
    assert (run / "4_eval" / "metrics.json").is_file()
    compared = call("compare", "v1", "v1", "--json")
    assert json.loads(compared.out)["names"] == {"trained": str(run), "eval": str(run)}
    unknown = call("compare", "v1", "v7")
    assert unknown.code == 2
    assert "v7: a run, a step's folder, a bundle or a file must be here" in unknown.err


def test_a_report_that_was_lost_or_is_old_is_drawn_again(call: Call, run: Path) -> None:
    assert call("eval", *FEW).code == 0
    assert call("compare", *FEW).code == 0
    report = run / "5_compare" / "report.html"
    before = report.read_text(encoding="utf-8")
    record = run / "run.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"seed": ', '"seed": 1'))
    assert call("report", run, "--json").code == 0
    assert report.read_text(encoding="utf-8") != before
    again = call("compare", *FEW)
    assert "skipped: done before" in again.err  # the step knows its new report


def test_what_somebody_changed_stays_found_out(call: Call, run: Path) -> None:
    assert call("eval", *FEW).code == 0
    assert call("compare", *FEW).code == 0
    comparison = run / "5_compare" / "comparison.json"
    comparison.write_text(comparison.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert call("report", run).code == 0
    assert "skipped" not in call("compare", *FEW).err


def test_another_place(call: Call, run: Path, tmp_path: Path) -> None:
    answer = call("report", run, "--output", tmp_path / "a" / "mine.html", "--json")
    said = json.loads(answer.out)
    assert said["report"] == str(tmp_path / "a" / "mine.html")
    assert (tmp_path / "a" / "mine.html").is_file()
    assert not (run / "5_compare").exists()


def test_what_is_wrong_is_said(call: Call, run: Path, tmp_path: Path) -> None:
    nowhere = call("report", tmp_path / "v9")
    assert nowhere.code == 2
    assert "a run folder (with run.json) must be here, but is not" in nowhere.err
    (run / "3_test" / "metrics.json").unlink()
    untested = call("report", run)
    assert untested.code == 2
    assert "no 3_test/metrics.json" in untested.err
    assert call("report").code == 2


def test_a_comparison_beside_another_place_is_not_taken(
    call: Call, run: Path, tmp_path: Path
) -> None:
    compared = {"metrics": {}, "verdict": {"verdict": "better", "reason": "Of others."}}
    (tmp_path / "comparison.json").write_text(json.dumps(compared), encoding="utf-8")
    assert call("report", run, "--output", tmp_path / "mine.html").code == 0
    assert "Of others." not in (tmp_path / "mine.html").read_text(encoding="utf-8")


def test_other_rows_are_not_put_side_by_side(call: Call, run: Path) -> None:
    assert call("eval", *FEW).code == 0
    assert call("report", run).code == 0
    page = run / "5_compare" / "report.html"
    assert "are not compared yet" in page.read_text(encoding="utf-8")
    stamp = run / "4_eval" / "step.json"
    content = json.loads(stamp.read_text(encoding="utf-8"))
    content["inputs"]["rows"] = "0" * 64
    stamp.write_text(json.dumps(content), encoding="utf-8")
    assert call("report", run).code == 0
    text = page.read_text(encoding="utf-8")
    assert "answered other rows than the trained one" in text
    assert "Existing" not in text.split("</style>")[1]


def test_the_folder_of_all_runs_or_of_the_project_names_the_latest(call: Call, run: Path) -> None:
    shutil.copytree(run, run.parent / "v10")
    for folder in (run.parent, run.parent.parent):
        answer = call("report", folder)
        assert answer.code == 2
        latest = run.parent / "v10"
        assert f"The latest run below it is {latest}: `dsf-cli report {latest}`." in answer.err
    assert not (latest / "5_compare").exists()
