"""Which rows a model has learned from: checkpoints hold it, and only with them a fit goes on."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pandas as pd

from dsf.base.steps import SPLIT
from dsf.base.steps.step import SPLIT_FILE, SPLIT_FOLDER
from dsf.core.errors import RunMismatchError
from dsf.data import PARTS, hash_rows
from dsf.lightning.checkpoint_io import read_checkpoint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.base.session import Session

__all__ = ["check_learned_rows", "hash_split"]

_ALL = "all"


def hash_split(run: Path) -> dict[str, str]:
    """Give the hash of all rows under ``all``, and under each part that of its row numbers.

    Args:
        run: Folder of a run whose rows are split.
    """
    folder = run / SPLIT_FOLDER
    described: dict[str, Any] = json.loads((folder / SPLIT_FILE).read_text(encoding="utf-8"))
    parts = {
        part: hash_rows(pd.read_parquet(folder / f"{part}.parquet", columns=["row_id"]))
        for part in PARTS
    }
    return {_ALL: described["data_hash"], **parts}


def check_learned_rows(session: Session, checkpoint: Path) -> None:
    """Refuse a new run whose rows are not those of a checkpoint, and take its split back.

    Args:
        session: The run, its rows split.
        checkpoint: A file that the fit of another run has left.

    Raises:
        RunMismatchError: If the rows differ, or the parts that they were split into.
    """
    then = read_checkpoint(checkpoint)["hyper_parameters"]["rows"]
    now = hash_split(session.run.path)
    if then == now:
        return
    session.record.steps.clear()
    shutil.rmtree(session.folder(SPLIT))
    raise RunMismatchError(
        f"{checkpoint}: a fit goes on with the rows that it has learned from, but "
        f"{_difference(then, now)}. Rows to test on could be some that the model knows. Give it "
        "the same data set, split the same way, or train anew with the YAML file."
    )


def _difference(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    if then[_ALL] != now[_ALL]:
        return (
            "the data set is another one: the hash of all its rows (columns, values and order) "
            f"was {then[_ALL][:12]} and is {now[_ALL][:12]}"
        )
    hashes = [
        f"{part} {then[part][:12]} then, {now[part][:12]} now"
        for part in PARTS
        if then[part] != now[part]
    ]
    return (
        "the same data set is split in another way: the hashes of the numbers of the rows in a "
        f"part are: {'; '.join(hashes)}"
    )
