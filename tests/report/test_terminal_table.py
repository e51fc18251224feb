from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from dsf.report import comparison_table

COMPARISON: dict[str, Any] = {
    "accuracy": {"trained": 0.97222, "eval": 0.96111},
    "f1": {"trained": 0.9, "eval": 0.95},
    "recall": {"trained": 0.90001, "eval": 0.90002},
    "val_loss": {"trained": 0.2, "eval": 0.3},
    "confusion_matrix": {"trained": {"tp": 1}, "eval": {"tp": 2}},
    "per_label": {"trained": [0.1], "eval": [0.2]},
    "cost": {"trained": 123456789.123, "eval": 5e-7},
    "flag": {"trained": True, "eval": False},
    "half": {"trained": 0.5},
}


def render(comparison: Any, **options: Any) -> str:
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(comparison_table(comparison, **options))
    output = console.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()


def cells(text: str, metric: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if f" {metric} " in line]
    return line.replace("│", " ").split()


@pytest.mark.parametrize(
    ("metric", "row"),
    [
        ("accuracy", ["accuracy", "0.9722", "0.9611", "+0.0111"]),
        ("f1", ["f1", "0.9000", "0.9500", "-0.0500"]),
        ("recall", ["recall", "0.9000", "0.9000", "0.0000"]),
        ("val_loss", ["val_loss", "0.2000", "0.3000", "-0.1000"]),
        ("cost", ["cost", "1.23457e+08", "0.0000", "+1.23457e+08"]),
    ],
)
def test_four_decimals_and_no_side_is_called_the_better_one(metric: str, row: list[str]) -> None:
    assert cells(render(COMPARISON), metric) == row


def test_what_is_no_single_number_is_no_row() -> None:
    text = render(COMPARISON)
    for name in ("confusion_matrix", "per_label", "flag", "half"):
        assert name not in text


def test_numbers_alone_are_said_to_be_untested() -> None:
    assert "more than chance was not tested" in " ".join(render(COMPARISON).split())
    assert "tested" not in render({})


def test_names_and_titles_are_taken_as_they_are() -> None:
    text = render({"[red]f1[/nothing]": {"trained": 1, "eval": 0}}, title="[bold]v3 [/x]")
    assert "[red]f1[/nothing]" in text
    assert "[bold]v3 [/x]" in text


def test_nothing_to_compare_is_an_empty_table() -> None:
    assert "metric" in render({})
    assert "metric" in render("No test results found.")


def test_a_side_without_a_number_is_named() -> None:
    nan = float("nan")
    text = render({"f1": {"trained": nan, "eval": 0.5}, "mcc": {"trained": nan, "eval": nan}})
    assert "f1: no number of the trained model." in " ".join(text.split())
    assert "mcc: no number of the trained and existing model." in " ".join(text.split())
    assert "nan" not in text
