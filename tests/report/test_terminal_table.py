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
        ("accuracy", ["accuracy", "0.9722*", "0.9611", "+0.0111"]),
        ("f1", ["f1", "0.9000", "0.9500*", "-0.0500"]),
        ("recall", ["recall", "0.9000", "0.9000", "0.0000"]),
        ("val_loss", ["val_loss", "0.2000*", "0.3000", "-0.1000"]),
    ],
)
def test_four_decimals_and_a_star_at_the_better_one(metric: str, row: list[str]) -> None:
    assert cells(render(COMPARISON), metric) == row


def test_what_is_no_single_number_is_no_row() -> None:
    text = render(COMPARISON)
    for name in ("confusion_matrix", "per_label", "flag", "half"):
        assert name not in text


def test_the_star_is_explained_when_there_is_one() -> None:
    assert "* the better one" in render(COMPARISON)
    assert "*" not in render({"f1": {"trained": 1.0, "eval": 1.0}})


def test_names_and_titles_are_taken_as_they_are() -> None:
    text = render({"[red]f1[/nothing]": {"trained": 1, "eval": 0}}, title="[bold]v3 [/x]")
    assert "[red]f1[/nothing]" in text
    assert "[bold]v3 [/x]" in text


def test_nothing_to_compare_is_an_empty_table() -> None:
    assert "metric" in render({})
    assert "metric" in render("No test results found.")


def test_what_is_not_a_number_has_no_better_side() -> None:
    nan = float("nan")
    assert cells(render({"f1": {"trained": nan, "eval": 0.5}}), "f1") == [
        "f1",
        "nan",
        "0.5000",
        "+nan",
    ]
