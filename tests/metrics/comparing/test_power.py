"""The simulation of false alarms and power runs, and tells a better model from an equal one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

CODE = """
from benchmarks.compared_models import Model, Pair
from benchmarks.comparison_power import simulate

metrics = ("accuracy", "f1_macro")
same, better = Pair(Model(2.3), Model(2.3)), Pair(Model(3.0), Model(2.3))
for one in simulate(same, 200, 100, 100, metrics):
    assert one.significant <= 0.13, one  # 5 %, and four standard errors
    assert one.verdicts["better"] <= 0.11, one
for one in simulate(better, 500, 20, 100, metrics):
    assert one.verdicts["better"] > 0.9, one
"""


def _run(*words: str) -> str:
    answer = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def test_equal_models_are_seldom_called_different_and_better_ones_often() -> None:
    _run("-c", CODE)


def test_the_command_prints_and_draws(tmp_path: Path) -> None:
    figure = tmp_path / "power.svg"
    said = _run("-m", "benchmarks.comparison_power", "--quick", "--figure", str(figure))
    assert "p < 0.05" in said
    assert "f1_macro" in said
    assert figure.read_text(encoding="utf-8").startswith("<?xml")
