"""Whether a model that is only trained again, with another seed, is called better: on CLINC150.

    python -m benchmarks.retrained --data clinc150 --keep FOLDER

The same recipe is fitted with a seed to begin with and with ten others; each of the ten is compared
with the first, as ``dsf-cli compare`` does, and the first with a copy of its own answers. What is
done already in FOLDER is not done again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.accuracy import BENCHMARKS, CLI, config_options, make_project

NAME = "clinc150"
FIRST = 42
SEEDS = tuple(range(43, 53))
MOST_BETTER = 1
STEPS = ("split", "fit", "test")
ANSWERS = Path("3_test") / "predictions.parquet"


def main() -> int:
    """Fit, compare and print; exit 1 if seeds alone are called better more than once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--keep", type=Path, required=True, help="folder for the project")
    parser.add_argument("--first", type=int, default=FIRST, help="seed of the model in use")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="of the others")
    parser.add_argument("--set", action="append", default=[], help="an override of the config")
    given = parser.parse_args()
    project = make_project(BENCHMARKS[NAME], list(BENCHMARKS[NAME].read(given.data)), given.keep)
    first = fit(project, given.first, given.set)
    found = {}
    for seed in given.seeds:
        found[f"seed {seed}"] = compare(fit(project, seed, given.set), first)
        tell(f"seed {seed}", found[f"seed {seed}"])
    copy = given.keep / "copy.parquet"
    shutil.copyfile(first / ANSWERS, copy)
    found["a copy of its answers"] = compare(copy, first / ANSWERS)
    Console(width=100).print(make_table(found, given.first))
    words = [one["verdict"]["verdict"] for one in found.values()]
    same = found["a copy of its answers"]["differences"]["accuracy"]
    return int(words.count("better") > MOST_BETTER or words[-1] != "not worse" or same["upper"] > 0)


def fit(project: Path, seed: int, overrides: list[str]) -> Path:
    """Fit and test the model of a seed; give its run."""
    run = project / "training_output" / f"v{seed}"
    options = config_options(BENCHMARKS[NAME], [*overrides, f"model_config.seed={seed}"])
    for step in STEPS:
        command = [*CLI, "step", step, "--run-dir", str(run.relative_to(project)), *options]
        subprocess.run(command, cwd=project, check=True, stdout=sys.stderr)
    return run


def compare(trained: Path, existing: Path) -> dict[str, Any]:
    """Compare two runs, or two files of answers, by their accuracy."""
    command = [*CLI, "compare", str(trained), str(existing), "--metric", "accuracy", "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    compared: dict[str, Any] = json.loads(done.stdout)
    return compared


def tell(name: str, compared: dict[str, Any]) -> None:
    """Say how one comparison ended, while others go on."""
    print(f"{name}: {compared['verdict']['reason']}", file=sys.stderr, flush=True)


def make_table(found: dict[str, dict[str, Any]], first: int) -> Table:
    """Put the comparisons into a table."""
    table = Table(title=f"Each against the model of seed {first}", title_justify="left")
    table.add_column("model")
    for name in ("accuracy", "difference", "95 % interval", "p"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    for name, compared in found.items():
        one, value = compared["differences"]["accuracy"], compared["metrics"]["accuracy"]["trained"]
        interval = f"{one['lower']:+.4f} to {one['upper']:+.4f}"
        numbers = f"{value:.4f}", f"{one['difference']:+.4f}", interval, f"{one['p_value']:.3f}"
        table.add_row(name, *numbers, compared["verdict"]["verdict"])
    return table


if __name__ == "__main__":
    sys.exit(main())
