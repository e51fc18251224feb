"""What fine-tuning was measured to do, side by side, with the goals."""

from __future__ import annotations

import math
import statistics
from typing import Any

from rich.table import Table

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
