"""The simulation of coverage runs, and tells intervals that cover from those that do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# 95 % are promised; 0.85 is four standard errors below them.
CODE = """
from argparse import Namespace
from benchmarks.coverage import simulate
from benchmarks.made_populations import POPULATIONS

given = Namespace(datasets=80, samples=200, large=50_000, seed=1, by_label=False)
documents, = (one for one in POPULATIONS if "documents" in one.name)
lines = {(one.way, one.metric): one for one in simulate(documents, 600, given)}
assert lines["rows", "accuracy"].coverage < 0.84, lines["rows", "accuracy"].coverage
assert lines["clusters", "accuracy"].coverage > 0.85, lines["clusters", "accuracy"].coverage
"""


def _run(*words: str) -> str:
    answer = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def test_intervals_cover_where_rows_are_drawn_as_they_came_to_be() -> None:
    """Rows of one document are alike: drawn one by one, they promise too much."""
    _run("-c", CODE)


def test_the_command_prints_every_population() -> None:
    said = _run("-m", "benchmarks.coverage", "--quick", "--why")
    for words in ("one of five labels", "six labels", "sentences", "clusters", "stratified"):
        assert words in said
    assert "bias-corrected" in said
