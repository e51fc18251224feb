"""A CSV of as many rows as are wanted, made of real texts so that its rows differ."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read_pairs", "write_rows"]

LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))
LEAST = 20  # texts of a label, or it is left out: scikit-learn cannot split rare ones by label
WRONG = 0.1  # share of the rows with a wrong letter, so that words go on being new


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Read texts with their labels from JSON or from lines with a tab."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return list(_find_pairs(json.loads(content)))
    cells = (line.split("\t") for line in content.splitlines())
    return [(text, label) for text, label, *_ in (one for one in cells if len(one) > 1)]


def _find_pairs(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value):
        yield value[0], value[1]
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _find_pairs(inner)


def write_rows(data: Path, rows: int, path: Path) -> str:
    """Write a CSV with the columns text and label.

    Args:
        data: See :func:`read_pairs`.
        rows: How many.
        path: The CSV.

    Returns:
        What was written, in a sentence.
    """
    by_label: dict[str, list[list[str]]] = {}
    for text, label in read_pairs(data):
        by_label.setdefault(label, []).append(text.split())
    usual = {label: texts for label, texts in by_label.items() if len(texts) >= LEAST}
    if not usual:
        raise SystemExit(f"{data} must have a label with {LEAST} texts or more, but has none.")
    labels = [label for label, texts in usual.items() for _ in texts]
    draw = np.random.default_rng(0)
    texts: set[int] = set()
    words: set[str] = set()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        chosen = draw.integers(0, len(labels), rows)
        halves = draw.random((rows, 2))
        wrong = draw.random(rows) < WRONG
        for row in range(rows):
            label = labels[chosen[row]]
            made = _splice(usual[label], halves[row])
            if wrong[row]:
                _spoil(made, draw)
            text = " ".join(made)
            writer.writerow([text, label])
            texts.add(hash(text))
            words.update(made)
    size = path.stat().st_size / rows
    return (
        f"{rows:,} rows of {size:.0f} bytes with {len(usual)} labels; {len(texts):,} different "
        f"texts, {len(words):,} different words."
    )


def _splice(texts: list[list[str]], places: np.ndarray) -> list[str]:
    """Put the first half of one text before the second half of another."""
    first, second = (texts[int(place * len(texts))] for place in places)
    return [*first[: (len(first) + 1) // 2], *second[len(second) // 2 :]]


def _spoil(words: list[str], draw: np.random.Generator) -> None:
    """Change a letter of a word."""
    at = int(draw.integers(len(words)))
    place = int(draw.integers(len(words[at])))
    letter = str(draw.choice(LETTERS))
    words[at] = words[at][:place] + letter + words[at][place + 1 :]
