"""What the fit settles on validation rows: answers, calibration, thresholds, abstaining."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeVar, cast

from dsf.base.decisions import (
    ABSTAIN_FILE,
    CALIBRATION_FILE,
    DECISION_FILES,
    THRESHOLDS_FILE,
    VALIDATION_FILE,
    Decisions,
)
from dsf.base.few_rows import tell_few_rows
from dsf.core.atomic import atomic_path
from dsf.core.errors import UserError
from dsf.core.excerpts import count, excerpt
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.data import name_text
from dsf.metrics.calibration import Calibration, fit_calibration
from dsf.metrics.noisy_labels import find_noisy_labels
from dsf.metrics.selective import Abstention, choose_abstention
from dsf.metrics.thresholds import Thresholds, best_thresholds, metric_text, threshold_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["NOISY_LABELS_FILE", "clear_decisions", "keep_decisions", "write_noisy_labels"]

log = logging.getLogger("dsf")

Kept = TypeVar("Kept", Calibration, Abstention)

NOISY_LABELS_FILE = "noisy_labels.csv"

_SHOWN = 20  # labels that a warning names


def keep_decisions(
    predictions: AnyPredictions, rows: pd.DataFrame, config: Mapping[str, Any], folder: Path
) -> None:
    """Write a model's answers on validation rows, and all that follows from them.

    What cannot be had, such as a calibration without probabilities, is said in a warning: a fit is
    not lost for it.

    Args:
        predictions: Answers of the fitted model on the validation rows, as it gave them.
        rows: The validation rows.
        config: The resolved config.
        folder: Folder of the fit.
    """
    predictions.write(folder / VALIDATION_FILE)
    calibration = _calibrate(predictions, config["calibration_config"]["method"], folder)
    thresholds = None
    if isinstance(predictions, MultiLabelPredictions):
        finished = Decisions(calibration).apply(predictions)
        assert isinstance(finished, MultiLabelPredictions)
        thresholds = _choose_thresholds(predictions, finished, config["model_config"])
        thresholds.write(folder / THRESHOLDS_FILE)
        _tell(thresholds)
    wish = config["abstain_config"]
    if wish["risk"] is not None or wish["coverage"] is not None:
        _abstain(Decisions(calibration, thresholds).apply(predictions), wish, folder)
    write_noisy_labels(predictions, rows, config["dataset_config"], folder)


def clear_decisions(folder: Path) -> None:
    """Remove all that :func:`keep_decisions` writes: half of it would mislead."""
    for name in (VALIDATION_FILE, NOISY_LABELS_FILE, *DECISION_FILES):
        (folder / name).unlink(missing_ok=True)


def write_noisy_labels(
    predictions: AnyPredictions,
    rows: pd.DataFrame,
    dataset_config: Mapping[str, Any],
    folder: Path,
) -> Path:
    """Write the labels that a person should look at again (:mod:`dsf.metrics.noisy_labels`).

    Args:
        predictions: Answers of a model that was not trained on the rows.
        rows: The rows.
        dataset_config: Names the column of the text.
        folder: Where ``noisy_labels.csv`` goes.

    Returns:
        The file.
    """
    column = name_text(dataset_config)
    texts = None
    if column is not None and column in rows.columns:
        texts = dict(zip(rows["row_id"].tolist(), rows[column].tolist(), strict=True))
    path = folder / NOISY_LABELS_FILE
    with atomic_path(path) as temporary:
        find_noisy_labels(predictions, texts).to_csv(temporary, index=False)
    return path


def _choose_thresholds(
    given: MultiLabelPredictions, calibrated: MultiLabelPredictions, model_config: Mapping[str, Any]
) -> Thresholds:
    """Take the model's thresholds; choose them anew once its probabilities are calibrated.

    A model that does not choose as the config says has a way of its own: its thresholds are
    calibrated with its probabilities.

    Args:
        given: The model's answers, with its thresholds.
        calibrated: The same, calibrated; or those themselves.
        model_config: Says how thresholds are searched.
    """
    options = threshold_options(model_config)
    chosen, ours = calibrated.thresholds, False
    if given.probabilities is not None and given.decided is None and len(given.row_ids):
        expected = best_thresholds(given.targets, given.probabilities, **options)
        ours = _answer_alike(given.probabilities, given.thresholds, expected)
    if ours and calibrated is not given:
        found = cast("NDArray[np.float64]", calibrated.probabilities)
        chosen = best_thresholds(calibrated.targets, found, **options)
    numbers = given.targets.astype(bool).sum(axis=0)
    return Thresholds(
        thresholds=dict(zip(given.labels, map(float, chosen), strict=True)),
        metric=metric_text(options.get("metric", "f1")) if ours else None,
        search=options.get("search", "grid") if ours else None,
        validation_rows=len(given.row_ids),
        rows_with_label=dict(zip(given.labels, map(int, numbers), strict=True)),
    )


def _answer_alike(
    probabilities: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64]
) -> bool:
    """Whether two sets of thresholds give the same answers."""
    return bool(((probabilities > one) == (probabilities > other)).all())


def _tell(thresholds: Thresholds) -> None:
    if without := thresholds.without_rows:
        named = without[:_SHOWN]
        shown = ", ".join(f"{name} {thresholds.thresholds[name]:.3g}" for name in named)
        log.warning(
            "fit      labels that no validation row has: their thresholds are not chosen: %s", shown
        )


def _calibrate(predictions: AnyPredictions, method: str | None, folder: Path) -> Calibration | None:
    """Learn a calibration, if one is asked for, and keep it."""
    if method is None:
        return None
    calibration = _try("calibration", lambda: fit_calibration(predictions, method))
    if calibration is not None:
        calibration.write(folder / CALIBRATION_FILE)
        log.info("fit      calibrated by %s on %s", method, count(calibration.rows, "row"))
        if notes := [note for part in calibration.parts for note in part.notes]:
            log.warning("fit      probabilities that stay as they are: %s", excerpt(notes))
        tell_few_rows(predictions, method)
    return calibration


def _abstain(predictions: AnyPredictions, wish: Mapping[str, Any], folder: Path) -> None:
    """Choose from which confidence on the model answers, and keep it."""
    abstention = _try("abstention", lambda: choose_abstention(predictions, **wish))
    if abstention is None:
        return
    abstention.write(folder / ABSTAIN_FILE)
    if not abstention.answered:
        log.warning(
            "fit      a %s of %g cannot be granted on %s: the model would answer nothing",
            abstention.wish,
            abstention.wished,
            count(abstention.rows, "validation row"),
        )
        return
    bound = abstention.confidence
    log.info(
        "fit      answers %s: %.1f %% of the validation rows, %.1f %% of them wrongly",
        "every row" if bound < 0 else f"above the confidence {bound:.4g}",
        100 * abstention.answered / abstention.rows,
        100 * abstention.errors / abstention.answered,
    )


def _try(name: str, make: Callable[[], Kept]) -> Kept | None:
    """Make something; ``None``, with a warning, if the answers do not allow it."""
    try:
        return make()
    except UserError as error:
        log.warning("fit      has no %s: %s", name, error)
        return None
