"""What a run folder holds, read for the report."""

from __future__ import annotations

import csv
import io
import json
import logging
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from dsf.core.atomic import storage_errors
from dsf.core.errors import DataError, RunError, RunNotFoundError
from dsf.core.run_record import RECORD_FILE, STEP_FILE, RunRecord
from dsf.report.file_shapes import (
    Comparison,
    Decision,
    Fit,
    Results,
    Split,
    Stamp,
    check_shape,
)
from dsf.report.picture_names import CONFUSION_MATRIX

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["RunContents", "read_run"]

_METRICS = "3_test/metrics.json"
_COMPARISON = "5_compare/comparison.json"
_LEARNING = "2_fit/learning_curve.svg"
_PREDICTIONS = "predictions.parquet"
_ROWS = "3_test/rows.parquet"
_SIDES = {"trained": "3_test", "existing": "4_eval"}

_OTHER_ROWS = (
    "The existing model is left out: it answered other rows than the trained one, so that their "
    "numbers cannot be compared. Do `test` and `eval` again with the same rows."
)
_NOT_COMPARED = (
    "The two models are not compared yet, so that nothing is known of whether a difference is more "
    "than chance: `dsf-cli compare` tells it."
)

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
        remarks: What is to be known of how the two models stand to each other.
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
    remarks: tuple[str, ...] = ()

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The config's content; empty if it is not there or is no YAML."""
        try:
            content = yaml.safe_load(self.config or "")
        except yaml.YAMLError:
            return {}
        return content if isinstance(content, dict) else {}

    def section(self, name: str) -> dict[str, Any]:
        """Give a section of the config; empty without one."""
        found = self.settings.get(name)
        return found if isinstance(found, dict) else {}


def read_run(run_dir: Path, comparison: Path | None = None, *, answers: bool = True) -> RunContents:
    """Read a run folder.

    A side that answered other rows is left out, with its comparison, and a remark says so.

    Args:
        run_dir: The run.
        comparison: The ``comparison.json`` to use; ``None``: the run's own. The step that compares
            has not yet put its folder in its place.
        answers: Whether the answers and the rows are read, too.

    Raises:
        RunNotFoundError: If ``run.json`` or the test's metrics are not there; names all missing.
        RunError: If a file cannot be read, or is not as it must be; names the file and the keys.
        StorageError: If the disk does not let us read.
    """
    missing = [name for name in (RECORD_FILE, _METRICS) if not (run_dir / name).is_file()]
    if missing:
        raise RunNotFoundError(
            f"{run_dir}: a report needs the files of a run that was tested, but there is no "
            f"{' and no '.join(missing)}. Run the steps up to `test` first."
        )
    same = _same_rows(run_dir)
    existing = _read_json(run_dir / "4_eval/metrics.json", Results) if same else None
    compared = _read_json(comparison or run_dir / _COMPARISON, Comparison) if same else None
    sides = _SIDES if same else {"trained": _SIDES["trained"]}
    remarks = [] if same else [_OTHER_ROWS]
    if existing is not None and compared is None:
        remarks.append(_NOT_COMPARED)
    return RunContents(
        version=run_dir.resolve().name,
        record=RunRecord.read(run_dir),
        config=_read_text(run_dir / "config.yaml"),
        split=_read_json(run_dir / "1_split/split.json", Split),
        fit=_read_json(run_dir / "2_fit/fit.json", Fit),
        history=_read_rows(run_dir / "2_fit/history.csv"),
        trained=_read_json(run_dir / _METRICS, Results) or {},
        existing=existing,
        comparison=compared or {},
        figures=_read_figures(run_dir, sides),
        decisions=_read_decisions(run_dir),
        noisy_labels=_read_rows(run_dir / "2_fit/noisy_labels.csv"),
        predictions=_read_predictions(run_dir, sides) if answers else {},
        rows=_read_table(run_dir / _ROWS) if answers else None,
        remarks=tuple(remarks),
    )


def _same_rows(run_dir: Path) -> bool:
    """Whether both models answered the same rows, as far as the stamps of their steps tell."""
    stamps = [_read_json(run_dir / step / STEP_FILE, Stamp) or {} for step in _SIDES.values()]
    hashes = {(stamp.get("inputs") or {}).get("rows") for stamp in stamps} - {None}
    return len(hashes) < 2


def _read_decisions(run_dir: Path) -> dict[str, dict[str, Any]]:
    found = {
        name: _read_json(run_dir / "2_fit" / f"{name}.json", Decision)
        for name in ("thresholds", "calibration", "abstain")
    }
    found["abstain"] = _read_json(run_dir / "3_test/abstain.json", Decision) or found["abstain"]
    return {name: content for name, content in found.items() if content is not None}


def _read_predictions(run_dir: Path, sides: Mapping[str, str]) -> dict[str, AnyPredictions]:
    """Read what both models answered; a file that cannot be read costs its sections alone."""
    from dsf.core.prediction_kinds import read_predictions

    found = {}
    for side, step in sides.items():
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


def _read_figures(run_dir: Path, sides: Mapping[str, str]) -> dict[str, str]:
    """Read the pictures that are there, by name; whether they are pictures shows when drawn."""
    found = {"learning": run_dir / _LEARNING}
    for side, step in sides.items():
        folder = run_dir / step
        found[side] = folder / f"{CONFUSION_MATRIX}.svg"
        for path in sorted(folder.glob(f"{CONFUSION_MATRIX}_*.svg")):
            number = path.stem.removeprefix(f"{CONFUSION_MATRIX}_").partition("_")[0]
            found[f"{side}-{number}"] = path
    return {
        name: path.read_text(encoding="utf-8", errors="replace")
        for name, path in found.items()
        if path.is_file()
    }


def _read_text(path: Path) -> str | None:
    if not path.is_file():
        return None
    with storage_errors(path):
        content = path.read_bytes()
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RunError(
            f"{path}: must be text in UTF-8, but is not (byte {error.start}: {error.reason}). "
            "Write it again in UTF-8."
        ) from error


def _read_json(path: Path, shape: type) -> dict[str, Any] | None:
    text = _read_text(path)
    if text is None:
        return None
    try:
        content = json.loads(text)
    except ValueError as error:
        raise RunError(f"{path}: must be JSON, but cannot be read ({error}).") from error
    if not isinstance(content, dict):
        raise RunError(f"{path}: must hold a JSON object, but holds a {type(content).__name__}.")
    check_shape(content, shape, path)
    return content


def _read_rows(path: Path) -> list[list[str]] | None:
    text = _read_text(path)
    rows = list(csv.reader(io.StringIO(text))) if text else []
    return rows if len(rows) > 1 else None
