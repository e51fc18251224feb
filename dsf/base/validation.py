"""What a fitted model answers on the validation rows, asked as the test asks it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from dsf.base.outcome import as_predictions
from dsf.base.steps.test import ask_model
from dsf.core.atomic import WORK_SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from dsf.base.steps.step import StepContext
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["answer_validation_rows"]

log = logging.getLogger("dsf")

_FOLDER = f".validation{WORK_SUFFIX}"
_ASKED = "self.dataset_test (the validation rows here)"


def answer_validation_rows(
    context: StepContext, model_path: Path, rows: pd.DataFrame
) -> AnyPredictions | None:
    """Let the project's own ``Test`` answer the validation rows in place of test rows.

    It works in a folder of its own, which is removed afterwards. No test row is read.

    Args:
        context: Of the fit.
        model_path: The fitted model.
        rows: The validation rows.

    Returns:
        The answers; ``None`` if the project's test gives numbers only.

    Raises:
        HookError: If the project's classes fail, or the answers are of other rows.
    """
    folder = context.run / _FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        asked = replace(
            context, folder=folder, options={"model_path": model_path, "rows": rows.copy()}
        )
        test, answers = ask_model(asked)
        if isinstance(answers, Mapping):
            return None
        layout = context.label_layout
        return as_predictions(test, answers, rows, layout, context.model_config(), _ASKED)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
