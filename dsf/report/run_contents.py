"""What a run folder holds, read for the report."""

from __future__ import annotations

import csv
import io
import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dsf.core.errors import DataError, RunError, RunNotFoundError
from dsf.core.run_record import RECORD_FILE, RunRecord
from dsf.report.picture_names import CONFUSION_MATRIX

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["RunContents", "read_run"]

_METRICS = "3_test/metrics.json"
_COMPARISON = "comparison.json"
_LEARNING = "2_fit/learning_curve.svg"
_PREDICTIONS = "predictions.parquet"
_ROWS = "3_test/rows.parquet"
_SIDES = {"trained": "3_test", "existing": "4_eval"}

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunContents:
    """The files of one run that a report is made from; ``None`` for each that is not there.

    Attributes:
        version: The folder's name, for example ``v3``.
        record: ``run.json``.
        config: ``config.yaml``, as text.
        split: ``1_split/split.json``.
        fit: ``2_fit/fit.json``.
        history: ``2_fit/history.csv``, a list of rows with the header first.
        trained: ``3_test/metrics.json``, the results of the trained model.
        existing: ``4_eval/metrics.json``, the results of the existing model.
        comparison: ``comparison.json``; empty without one.
        figures: The text of the SVG files that are there: ``learning``; and for each side,
            ``trained`` and ``existing``, its confusion matrix, or ``trained-1`` … for those of
            several outputs.
        decisions: What validation rows settled: ``thresholds``, ``calibration`` and ``abstain``,
            each of them if it was kept; what the test made of the last one is in it.
        noisy_labels: ``2_fit/noisy_labels.csv``, a list of rows with the header first.
        predictions: What each side answered; ``trained`` and ``existing``, where it was kept.
        rows: ``3_test/rows.parquet``: the rows themselves, with ``row_id``.
    """

    version: str
    record: RunRecord
    config: str | None
    split: dict[str, Any] | None
    fit: dict[str, Any] | None
    history: list[list[str]] | None
    trained: dict[str, Any]
    existing: dict[str, Any] | None
    comparison: dict[str, Any]
    figures: dict[str, str]
    decisions: dict[str, dict[str, Any]] = field(default_factory=dict)
    noisy_labels: list[list[str]] | None = None
    predictions: dict[str, AnyPredictions] = field(default_factory=dict)
    rows: pd.DataFrame | None = None


def read_run(run_dir: Path, out_dir: Path, *, answers: bool = True) -> RunContents:
    """Read a run folder.

    Args:
        run_dir: The run.
        out_dir: Where the report goes. A comparison that lies there is newer than the run's own:
            the step that compares has not yet put its folder in its place.
        answers: Whether the answers and the rows are read, too.

    Raises:
        RunNotFoundError: If ``run.json`` or the test's metrics are not there; names all missing.
        RunError: If a JSON file cannot be read.
    """
    missing = [name for name in (RECORD_FILE, _METRICS) if not (run_dir / name).is_file()]
    if missing:
        raise RunNotFoundError(
            f"{run_dir}: a report needs the files of a run that was tested, but there is no "
            f"{' and no '.join(missing)}. Run the steps up to `test` first."
        )
    comparison = _read_json(out_dir / _COMPARISON) or _read_json(
        run_dir / "5_compare/comparison.json"
    )
    texts = {name: _read_text(path) for name, path in _figures(run_dir).items()}
    return RunContents(
        version=run_dir.resolve().name,
        record=RunRecord.read(run_dir),
        config=_read_text(run_dir / "config.yaml"),
        split=_read_json(run_dir / "1_split/split.json"),
        fit=_read_json(run_dir / "2_fit/fit.json"),
        history=_read_rows(run_dir / "2_fit/history.csv"),
        trained=_read_json(run_dir / _METRICS) or {},
        existing=_read_json(run_dir / "4_eval/metrics.json"),
        comparison=comparison or {},
        figures={name: text for name, text in texts.items() if text is not None},
        decisions=_read_decisions(run_dir),
        noisy_labels=_read_rows(run_dir / "2_fit/noisy_labels.csv"),
        predictions=_read_predictions(run_dir) if answers else {},
        rows=_read_table(run_dir / _ROWS) if answers else None,
    )


def _read_decisions(run_dir: Path) -> dict[str, dict[str, Any]]:
    found = {
        name: _read_json(run_dir / "2_fit" / f"{name}.json")
        for name in ("thresholds", "calibration", "abstain")
    }
    found["abstain"] = _read_json(run_dir / "3_test/abstain.json") or found["abstain"]
    return {name: content for name, content in found.items() if content is not None}


def _read_predictions(run_dir: Path) -> dict[str, AnyPredictions]:
    """Read what both models answered; a file that cannot be read costs its sections alone."""
    from dsf.core.prediction_kinds import read_predictions

    found = {}
    for side, step in _SIDES.items():
        path = run_dir / step / _PREDICTIONS
        if path.is_file():
            try:
                found[side] = read_predictions(path)
            except (DataError, KeyError, OSError, ValueError) as error:
                _logger.warning("The report leaves out %s: %s", path, error)
    return found


def _read_table(path: Path) -> pd.DataFrame | None:
    if not path.is_file():
        return None
    import pandas as pd

    try:
        rows = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        _logger.warning("The report leaves out %s: %s", path, error)
        return None
    return rows if "row_id" in rows else None


def _figures(run_dir: Path) -> dict[str, Path]:
    """Find the pictures: name → file, which need not be there."""
    found = {"learning": run_dir / _LEARNING}
    for side, step in _SIDES.items():
        folder = run_dir / step
        found[side] = folder / f"{CONFUSION_MATRIX}.svg"
        for path in sorted(folder.glob(f"{CONFUSION_MATRIX}_*.svg")):
            number = path.stem.removeprefix(f"{CONFUSION_MATRIX}_").partition("_")[0]
            found[f"{side}-{number}"] = path
    return found


def _read_text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _read_json(path: Path) -> dict[str, Any] | None:
    text = _read_text(path)
    if text is None:
        return None
    try:
        content = json.loads(text)
    except ValueError as error:
        raise RunError(f"{path}: must be JSON, but cannot be read ({error}).") from error
    if not isinstance(content, dict):
        raise RunError(f"{path}: must hold a JSON object, but holds a {type(content).__name__}.")
    return content


def _read_rows(path: Path) -> list[list[str]] | None:
    text = _read_text(path)
    rows = list(csv.reader(io.StringIO(text))) if text else []
    return rows if len(rows) > 1 else None
