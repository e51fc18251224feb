"""What fine-tuning reaches on public data: the generated project of each task, run from end to end.

    python -m benchmarks.accuracy clinc150 --data FOLDER

FOLDER holds the data set as it is published. The project is made by ``dsf-cli new-project``; the
data set is written into it as one file that names the part of each row; the run is that of a user.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dsf.core.run_folder import RunFolder
from dsf.data.readers import ColumnNames, read_rows

Rows = Iterator[dict[str, Any]]

CLI = [sys.executable, "-m", "dsf.cli"]


@dataclass(frozen=True)
class Benchmark:
    """A data set, the task that learns it, and what must be reached.

    Attributes:
        task: As in ``dsf-cli new-project --task``.
        read: Gives the rows of a folder, each with its ``part``.
        overrides: What the config of the project gets.
        score: The number that counts, of ``metrics.json``.
        floor: What it must be at least; ``None`` if it is only reported.
        stretch: What it should be.
    """

    task: str
    read: Callable[[Path], Rows]
    overrides: tuple[str, ...]
    score: str
    floor: float | None = None
    stretch: float | None = None


def read_clinc150(folder: Path) -> Rows:
    """Give the queries of the 150 intents, without those out of scope."""
    content = json.loads((folder / "data_full.json").read_text(encoding="utf-8"))
    for name in ("train", "val", "test"):
        for text, intent in content[name]:
            yield {"text": text, "intent": intent, "part": name}


def read_goemotions(folder: Path) -> Rows:
    """Give comments with the names of their emotions."""
    names = (folder / "labels.txt").read_text(encoding="utf-8").split()
    for part in ("train", "dev", "test"):
        lines = (folder / f"{part}.tsv").read_text(encoding="utf-8").splitlines()
        for text, numbers, _ in (line.split("\t") for line in lines):
            labels = [names[int(number)] for number in numbers.split(",")]
            yield {"text": text, "labels": labels, "part": part}


def read_bc5cdr(folder: Path) -> Rows:
    """Give sentences with the tags of chemicals and diseases."""
    parts = {"train": "train", "devel": "dev", "test": "test"}
    for file, part in parts.items():
        yield from _tagged(read_rows(folder / f"{file}.tsv", format="iob2"), part)


def read_atis(folder: Path) -> Rows:
    """Give sentences with universal parts of speech."""
    for part in ("train", "dev", "test"):
        path = folder / f"en_atis-ud-{part}.conllu"
        yield from _tagged(read_rows(path, columns=ColumnNames(kind="tags")), part)


def read_sib200(folder: Path) -> Rows:
    """Give sentences with their topics."""
    for part in ("train", "dev", "test"):
        rows = read_rows(
            folder / f"{part}.tsv", columns=ColumnNames(text="text", labels=("category",))
        )
        for text, label in zip(rows["text"], rows["category"], strict=True):
            yield {"text": text, "label": label, "part": part}


def _tagged(rows: Any, part: str) -> Rows:
    for tokens, tags in zip(rows["tokens"], rows["tags"], strict=True):
        yield {"tokens": list(tokens), "tags": list(tags), "part": part}


PREDEFINED = ("dataset_config.split_strategy=predefined", "dataset_config.split_column=part")

BENCHMARKS = {
    "clinc150": Benchmark(
        "intent_classification",
        read_clinc150,
        (*PREDEFINED, "model_config.learning_rate=1e-4", "trainer_config.max_epochs=6"),
        "accuracy",
        0.955,
        0.965,
    ),
    "goemotions": Benchmark(
        "multilabel",
        read_goemotions,
        (
            *PREDEFINED,
            "dataset_config.text_column=text",
            "dataset_config.label_columns=[labels]",
            "model_config.learning_rate=1e-4",
            "trainer_config.max_epochs=4",
        ),
        "f1",
        0.44,
        0.48,
    ),
    "bc5cdr": Benchmark(
        "ner",
        read_bc5cdr,
        (*PREDEFINED, "model_config.learning_rate=2e-4", "trainer_config.max_epochs=6"),
        "f1",
        0.78,
        0.82,
    ),
    "atis": Benchmark(
        "pos",
        read_atis,
        (*PREDEFINED, "model_config.learning_rate=2e-4", "trainer_config.max_epochs=5"),
        "accuracy",
        0.98,
        0.988,
    ),
    "sib200": Benchmark(
        "text_classification",
        read_sib200,
        (
            *PREDEFINED,
            "dataset_config.label_kind=single",
            "dataset_config.label_columns=[]",
            "dataset_config.label_column=label",
            "model_config.learning_rate=1e-3",
            "trainer_config.max_epochs=15",
        ),
        "accuracy",
    ),
}


def main() -> int:
    """Run one data set; exit 1 if the floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=sorted(BENCHMARKS))
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--set", action="append", default=[], help="an override of the config")
    parser.add_argument("--scratch", action="store_true", help="an encoder that knows nothing yet")
    parser.add_argument("--keep", type=Path, help="folder for the project and its run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return _run(BENCHMARKS[given.name], given, given.keep or Path(folder))


def make_project(benchmark: Benchmark, rows: list[dict[str, Any]], folder: Path) -> Path:
    """Make the project of a benchmark with its rows in it; one that is there stays as it is.

    Args:
        benchmark: Names the task.
        rows: All rows, each with its ``part``.
        folder: Where the project goes.

    Returns:
        The project, ``folder/bench``.
    """
    project = folder / "bench"
    if not project.exists():
        new = ["new-project", "bench", "--task", benchmark.task, "--no-input"]
        told = subprocess.DEVNULL
        subprocess.run([*CLI, *new, "--output-dir", str(folder)], check=True, stdout=told)
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        text = "\n".join(lines) + "\n"
        (project / "data" / "rows.jsonl").write_text(text, encoding="utf-8")
    return project


def config_options(benchmark: Benchmark, overrides: Sequence[str] = ()) -> list[str]:
    """Give the ``--set`` options of a benchmark's project.

    Args:
        benchmark: What it overrides.
        overrides: More, ``key=value``.
    """
    wanted = ["dataset_config.dataset_path=data/rows.jsonl", *benchmark.overrides, *overrides]
    return [word for override in wanted for word in ("--set", override)]


def _run(benchmark: Benchmark, given: argparse.Namespace, folder: Path) -> int:
    rows = list(benchmark.read(given.data))
    project, overrides = make_project(benchmark, rows, folder), list(given.set)
    if given.scratch:
        overrides.append(f"model_config.encoder={_make_encoder(rows, folder / 'encoder')}")
    started = time.monotonic()
    subprocess.run([*CLI, "run", *config_options(benchmark, overrides)], cwd=project, check=True)
    minutes = (time.monotonic() - started) / 60
    return _report(benchmark, latest_run(project), minutes)


def latest_run(project: Path) -> Path:
    """Give the folder of the run that was made last."""
    return RunFolder.latest(project / "training_output").path


def _make_encoder(rows: list[dict[str, Any]], folder: Path) -> str:
    """Make an encoder from the words of the training rows."""
    from dsf.networks import new_encoder

    return new_encoder(folder, [row["text"] for row in rows if row["part"] == "train"])


def _report(benchmark: Benchmark, run: Path, minutes: float) -> int:
    ours, baseline = (
        json.loads((run / step / "metrics.json").read_text(encoding="utf-8"))[benchmark.score]
        for step in ("3_test", "4_eval")
    )
    print(f"{benchmark.task}: test {benchmark.score} {ours:.4f}, baseline {baseline:.4f}, ", end="")
    print(f"floor {benchmark.floor}, stretch {benchmark.stretch}, {minutes:.1f} minutes")
    return int(benchmark.floor is not None and ours < benchmark.floor)


if __name__ == "__main__":
    sys.exit(main())
