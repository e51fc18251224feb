"""The comparison on the terminal: all of it in 80 columns, and without colours."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from dsf.core.predictions import Predictions
from dsf.metrics import Bootstrap, ComparisonRules, compare_predictions
from dsf.report import comparison_panel

LABELS = np.array(["a", "b", "c"])


def render(comparison: Any, width: int = 80) -> str:
    output = io.StringIO()
    console = Console(file=output, width=width, color_system=None)
    console.print(comparison_panel(comparison))
    return output.getvalue()


def answer(right: float, seed: int) -> Predictions:
    random = np.random.default_rng(seed)
    truth = np.arange(120) % 3
    answers = np.where(random.random(120) < right, truth, random.integers(0, 3, 120))
    chances = np.full((120, 3), 0.1)
    chances[np.arange(120), answers] = 0.8
    return Predictions(np.arange(120), LABELS[truth], LABELS[answers], LABELS.tolist(), chances)


@pytest.fixture(scope="module")
def comparison() -> dict[str, Any]:
    names = ("accuracy", "f1", "log_loss", "expected_calibration_error", "roc_auc")
    languages = np.where(np.arange(120) < 70, "de", "en")
    return compare_predictions(
        answer(0.95, 1),
        answer(0.6, 2),
        dict.fromkeys(names, True),
        rules=ComparisonRules(rule="non_inferiority", margin=0.02),
        bootstrap=Bootstrap(n_iterations=100, percentile=5),
        rows=pd.DataFrame({"row_id": np.arange(120), "language": languages}),
        slices=["language"],
    )


def test_every_number_and_the_verdict_are_there_in_80_columns(comparison: dict[str, Any]) -> None:
    text = render(comparison)
    assert max(map(len, text.splitlines())) <= 80
    for metric, one in comparison["differences"].items():
        sides = comparison["metrics"][metric]
        for told in (
            f"{sides['trained']:.4f}",
            f"{sides['eval']:.4f}",
            f"{one['difference']:+.4f}",
            f"{one['lower']:+.4f} to {one['upper']:+.4f}",
        ):
            assert told in text
    for told in ("90 % interval", "Verdict: better", "(Holm)", "language: de", "language: en"):
        assert told in text
    words = " ".join(text.replace("│", " ").split())
    assert comparison["verdict"]["reason"] in words
    assert comparison["covers"] in words
    assert "Passes the rule: non-inferiority, with a margin of 0.02." in words
    assert "(less is" in text


def test_a_loss_that_falls_is_better(comparison: dict[str, Any]) -> None:
    (line,) = [line for line in render(comparison, 120).splitlines() if "log loss" in line]
    assert comparison["differences"]["log_loss"]["difference"] < 0
    assert line.split()[-1] == "better"


def test_models_are_called_by_their_names_as_they_are(comparison: dict[str, Any]) -> None:
    names = {"trained": "[red]v3[/nothing]", "eval": "old.csv"}
    text = render({**comparison, "names": names})
    assert "trained   [red]v3[/nothing]\nexisting  old.csv\n" in text


def test_what_could_not_be_done_is_said(comparison: dict[str, Any]) -> None:
    said = {"undefined": {"top_k_accuracy": "No probabilities"}, "notes": ["Rows were left out."]}
    text = render({**comparison, **said})
    assert "Not compared: top_k_accuracy. No probabilities." in text
    assert "Note: Rows were left out." in text


def test_numbers_alone_are_a_table_without_intervals() -> None:
    verdict = {"verdict": "undecided", "reason": "No [answers] to the rows.", "passed": False}
    metrics = {"accuracy": {"trained": 0.9, "eval": 0.8}}
    text = render({"metrics": metrics, "verdict": verdict})
    assert "not tested" in text
    assert "*" not in text
    assert "Verdict: undecided" in text
    assert "No [answers] to the rows." in text
    assert "Verdict" not in render({"metrics": metrics})
