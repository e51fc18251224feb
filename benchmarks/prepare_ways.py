"""The ways from a CSV to split and encoded arrays: ours, and what a good user would write."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SHARES = {"train": 0.75, "validation": 0.15, "test": 0.10}
MAX_LENGTH = 128
STEPS = ("read", "split", "encode")

Prepared = tuple[dict[str, Any], Callable[[], Any]]
"""Seconds of each step with the number of tokens, and what audits the split."""

Prepare = Callable[[Path, Path], Prepared]
"""Takes the CSV and a folder for files of its own."""


class Clock:
    """Takes the seconds between one call and the next."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Note the time since the last lap under a name."""
        now = time.perf_counter()
        self.seconds[name] = now - self._last
        self._last = now


def start_ours(source: str) -> Prepare:
    """Import what ours needs."""
    from dsf.data import LabelLayout, audit_split, encode_labels, list_labels, split_rows
    from dsf.data.encoding import encode_texts
    from dsf.data.readers import read_rows
    from dsf.networks import load_tokenizer

    tokenizer, labels = load_tokenizer(source), LabelLayout("single", ("label",))

    def prepare(path: Path, folder: Path) -> Prepared:
        clock = Clock()
        rows = read_rows(path, store=folder / "rows.arrow")
        clock.lap("read")
        parts = split_rows(rows, SHARES, store=folder)
        clock.lap("split")
        names = list_labels([part["label"] for part in parts.values()])
        encoded = [
            (encode_texts(part["text"], tokenizer, max_length=MAX_LENGTH),
             encode_labels(part["label"], names))
            for part in parts.values()
        ]  # fmt: skip
        clock.lap("encode")
        tokens = sum(len(texts.ids) for texts, _ in encoded)
        return clock.seconds | {"tokens": tokens}, lambda: audit_split(parts, "text", labels)

    return prepare


def start_rival(source: str, processes: int | None) -> Prepare:
    """Import what a rival needs."""
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if processes is None else "false"
    import datasets
    import pandas as pd
    import sklearn.model_selection

    from dsf.networks import load_tokenizer

    datasets.disable_progress_bars()
    tokenizer = load_tokenizer(source)

    def prepare(path: Path, _: Path) -> Prepared:
        clock = Clock()
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        clock.lap("read")
        parts = split_frame(frame, sklearn.model_selection.train_test_split)
        clock.lap("split")
        numbers = {label: number for number, label in enumerate(sorted(frame["label"].unique()))}
        encode = make_encode(tokenizer, numbers)
        encoded = [
            datasets.Dataset.from_pandas(part, preserve_index=False).map(
                encode, batched=True, num_proc=processes, remove_columns=["text"]
            )
            for part in parts
        ]
        clock.lap("encode")
        chunks = [chunk for part in encoded for chunk in part.data.column("input_ids").chunks]
        return clock.seconds | {"tokens": sum(len(chunk.flatten()) for chunk in chunks)}, bool

    return prepare


def split_frame(frame: pd.DataFrame, cut: Callable[..., Any]) -> list[pd.DataFrame]:
    """Split twice by label, as the manual of scikit-learn does."""
    rest, test = cut(frame, stratify=frame["label"], random_state=42, test_size=SHARES["test"])
    share = SHARES["validation"] / (1 - SHARES["test"])
    train, validation = cut(rest, stratify=rest["label"], random_state=42, test_size=share)
    return [train, validation, test]


def make_encode(tokenizer: Any, numbers: dict[str, int]) -> Callable[[dict[str, Any]], Any]:
    """Make what ``datasets.map`` is given: ids without padding, and numbers of labels."""

    def encode(batch: dict[str, Any]) -> dict[str, Any]:
        found = tokenizer(
            batch["text"],
            truncation=True,
            max_length=MAX_LENGTH,
            return_attention_mask=False,
            return_token_type_ids=False,
        )
        labels = [numbers[label] for label in batch["label"]]
        return {"input_ids": found["input_ids"], "label": labels}

    return encode


WAYS: dict[str, tuple[Callable[..., Prepare], tuple[Any, ...]]] = {
    "ours": (start_ours, ()),
    "map, 2 processes": (start_rival, (2,)),
    "map, threads": (start_rival, (None,)),
}
"""Name of a way → what imports it, and its arguments."""
