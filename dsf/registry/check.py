"""A logged model, loaded back from the store: does it answer as the run did?"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dsf.core.atomic import storage_errors
from dsf.core.errors import BundleError, DataError, Problem, UserError
from dsf.core.excerpts import count, excerpt, first_problems
from dsf.core.row_matching import find_rows
from dsf.registry.differences import describe_differences
from dsf.registry.saved_model import NO_PICKLE
from dsf.registry.signature import asked_columns
from dsf.tracking.hiding import scrub

if TYPE_CHECKING:
    import pandas as pd

    from dsf.core.bundle import Bundle
    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.tracking import TrackingSettings

__all__ = ["TOLERANCE", "check_logged_model"]

TOLERANCE = 1e-4
"""How far a probability may be off: rows of other batches round otherwise."""

_MODULE = "dsf.registry.answering"
_SAID = 5  # lines of what a process said at its end
_PATIENCE = 600  # seconds to load a model from a slow store
_ROWS_A_SECOND = 10  # what the slowest honest model answers


def check_logged_model(
    model_uri: str,
    bundle: Bundle,
    rows: pd.DataFrame,
    answers: AnyPredictions,
    *,
    settings: TrackingSettings,
    tolerance: float = TOLERANCE,
    python: Path | str = sys.executable,
    patience: float | None = None,
) -> None:
    """Load a model back from the store and let it answer all rows again.

    That is done in a process of its own, in which nothing of this one is loaded and MLflow refuses
    whatever is pickled.

    Args:
        model_uri: The model, as ``models:/m-…`` or ``models:/NAME/3``.
        bundle: The bundle that it was made of.
        rows: With ``row_id`` and the texts; any order, and there may be more than were answered.
        answers: What the run answered with that bundle.
        settings: Where the model is.
        tolerance: The largest difference of two probabilities that counts as none.
        python: Which Python loads it; its environment needs what the model requires.
        patience: Seconds that it may take; ``None``: 600, and one more for every 10 rows.

    Raises:
        BundleError: If the model cannot be loaded, or answers rows otherwise; lists the rows.
        DataError: If rows are lacking that were answered.
        StorageError: If a disk is full.
        UserError: If it takes longer.
    """
    asked = asked_columns(_tested_rows(rows, answers), bundle).reset_index(drop=True)
    if patience is None:
        patience = _PATIENCE + len(asked) / _ROWS_A_SECOND
    table = _answer(model_uri, asked, settings, str(python), patience)
    problems = describe_differences(answers, table, tolerance)
    if problems:
        raise _answers_otherwise(problems, len(asked), tolerance)


def _tested_rows(rows: pd.DataFrame, answers: AnyPredictions) -> pd.DataFrame:
    """Give the rows that were answered, in the order of the answers."""
    places = find_rows(answers.row_ids, rows["row_id"])
    if (places < 0).any():
        lacking = np.asarray(answers.row_ids)[places < 0]
        message = f"must be there for every answer of the run, but {excerpt(lacking)} are not."
        raise DataError("The model cannot be checked.", [Problem("row_id", message)])
    return rows.iloc[places]


def _answer(
    model_uri: str, asked: pd.DataFrame, settings: TrackingSettings, python: str, patience: float
) -> pd.DataFrame:
    import pandas as pd

    place = settings.find_place()
    with tempfile.TemporaryDirectory(prefix="dsf-check-") as temporary:
        work = Path(temporary)
        files = work / "asked.parquet", work / "answered.parquet"
        with storage_errors(work):
            asked.to_parquet(files[0])
        command = [python, "-m", _MODULE, model_uri, *map(str, files)]
        try:
            status, errors = _call(command, work, {"MLFLOW_TRACKING_URI": place.uri}, patience)
        except subprocess.TimeoutExpired:
            raise _too_slow(model_uri, len(asked), patience, place.shown) from None
        if status == 0:
            return pd.read_parquet(files[1])
    lines = scrub(errors, place.uri).strip().splitlines()[-_SAID:]
    said = "\n    ".join(lines) or f"it ended with status {status}"
    message = f"must load and answer in a fresh process, but does not:\n    {said}"
    raise BundleError("The registered model cannot be used.", [Problem(model_uri, message)])


def _answers_otherwise(problems: list[Problem], rows: int, tolerance: float) -> BundleError:
    return BundleError(
        f"The registered model must answer as its run did, to {tolerance:g}, but does not in "
        f"{count(len(problems), 'answer')} of {rows} rows. It is not used. Export and register the "
        "run again; if that does not help, its packages differ from the run's.",
        first_problems(problems),
    )


def _too_slow(model_uri: str, rows: int, patience: float, store: str) -> UserError:
    return UserError(
        f"The registered model must be loaded back and answer {count(rows, 'row')} in "
        f"{patience:g} s, but has not: {model_uri}. The process that did it was ended, and nothing "
        f"was registered. See whether {store} sends its files, and whether this machine is busy "
        "with other work. Then try again: dsf-cli register RUN."
    )


def _call(
    command: list[str], work: Path, variables: dict[str, str], patience: float
) -> tuple[int, str]:
    """Run a process that has ended when we go on, be it by Ctrl-C; give its status and errors."""
    with subprocess.Popen(
        command,
        cwd=work,  # what lies in our own working folder is not to be imported there
        env={
            **os.environ,
            **NO_PICKLE,
            "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
            **variables,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        try:
            _, errors = process.communicate(timeout=patience)
        except BaseException:
            process.kill()
            process.wait()
            raise
    return process.returncode, errors
