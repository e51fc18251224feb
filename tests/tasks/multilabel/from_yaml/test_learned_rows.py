"""A checkpoint goes on with the rows and the parts that its model has learned from."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import torch

from dsf.core.errors import RunMismatchError
from dsf.tasks.multilabel.from_yaml.learned_rows import check_learned_rows, hash_split

if TYPE_CHECKING:
    from pathlib import Path


def write_split(run: Path, data_hash: str, **parts: list[int]) -> Path:
    folder = run / "1_split"
    folder.mkdir(parents=True)
    for part, rows in parts.items():
        table = pd.DataFrame({"row_id": rows, "text": [f"text {row}" for row in rows]})
        table.to_parquet(folder / f"{part}.parquet")
    (folder / "split.json").write_text(json.dumps({"data_hash": data_hash}), encoding="utf-8")
    return run


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """Of a run with four rows."""
    run = write_split(tmp_path / "old", "abc", train=[0, 1], validation=[2], test=[3])
    content = {"state_dict": {}, "hyper_parameters": {"rows": hash_split(run)}}
    torch.save(content, tmp_path / "old.ckpt")
    return tmp_path / "old.ckpt"


def session_of(run: Path) -> Any:
    return SimpleNamespace(
        run=SimpleNamespace(path=run),
        record=SimpleNamespace(steps={"split": "done"}),
        folder=lambda step: run / step.folder,
    )


def test_the_same_rows_in_the_same_parts_go_on(tmp_path: Path, checkpoint: Path) -> None:
    run = write_split(tmp_path / "new", "abc", train=[0, 1], validation=[2], test=[3])
    session = session_of(run)
    check_learned_rows(session, checkpoint)
    assert session.record.steps
    assert (run / "1_split").is_dir()


@pytest.mark.parametrize(
    ("data_hash", "test", "told"),
    [
        ("xyz", [3], "the data set is another one: the hash of all .* was abc and is xyz"),
        (
            "abc",
            [1],
            r"the same data set is split in another way: .*: train \w{12} then, .* now",
        ),
    ],
)
def test_other_rows_are_refused_and_their_split_taken_back(
    tmp_path: Path, checkpoint: Path, data_hash: str, test: list[int], told: str
) -> None:
    train = [0, 1] if test == [3] else [0, 3]
    run = write_split(tmp_path / "new", data_hash, train=train, validation=[2], test=test)
    session = session_of(run)
    with pytest.raises(RunMismatchError, match=told):
        check_learned_rows(session, checkpoint)
    assert not session.record.steps
    assert not (run / "1_split").exists()
