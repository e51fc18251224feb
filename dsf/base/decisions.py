"""What validation rows settle once a model is fitted: kept by the fit, applied by the test."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from dsf.base.carried import read_carried
from dsf.core.atomic import write_json
from dsf.core.hashing import hash_files
from dsf.metrics.calibration import Calibration, calibrate
from dsf.metrics.selective import Abstention
from dsf.metrics.thresholds import Thresholds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = [
    "ABSTAIN_FILE",
    "CALIBRATION_FILE",
    "DECISION_FILES",
    "FIT_FILE",
    "THRESHOLDS_FILE",
    "VALIDATION_FILE",
    "Decisions",
    "finish_answers",
    "hash_decisions",
]

log = logging.getLogger("dsf")

VALIDATION_FILE = "validation_predictions.parquet"
THRESHOLDS_FILE = "thresholds.json"
CALIBRATION_FILE = "calibration.json"
ABSTAIN_FILE = "abstain.json"

FIT_FILE = "fit.json"
"""Says which file is the model, and how it came about."""

DECISION_FILES = (CALIBRATION_FILE, THRESHOLDS_FILE, ABSTAIN_FILE)
"""What decides answers, beside the model."""


@dataclass(frozen=True)
class Decisions:
    """How a model's answers are finished.

    Attributes:
        calibration: Changes its probabilities; ``None``: they stay.
        thresholds: Of each label, if a row may have several.
        abstention: When it keeps still; ``None``: never.
    """

    calibration: Calibration | None = None
    thresholds: Thresholds | None = None
    abstention: Abstention | None = None

    @classmethod
    def read(cls, folder: Path) -> Decisions:
        """Read what the fit in a folder kept; what is not there is ``None``."""
        calibration, thresholds, abstention = (folder / name for name in DECISION_FILES)
        return cls(
            Calibration.read(calibration) if calibration.is_file() else None,
            Thresholds.read(thresholds) if thresholds.is_file() else None,
            Abstention.read(abstention) if abstention.is_file() else None,
        )

    @classmethod
    def of_model(cls, model_path: Path) -> Decisions:
        """Read what the fit kept that left the file of a model: in the file, or beside it.

        Args:
            model_path: The file; it may come from another run, or from elsewhere.
        """
        carried = read_carried(model_path)
        if carried is None:
            folder = _fit_folder(model_path)
            return cls() if folder is None else cls.read(folder)
        with TemporaryDirectory() as name:
            for file, content in carried.items():
                (Path(name) / file).write_bytes(content)
            return cls.read(Path(name))

    def apply(self, predictions: AnyPredictions) -> AnyPredictions:
        """Calibrate answers; thresholds without a calibration are those of the model already.

        Raises:
            DataError: If they are of another kind than the validation rows' were.
        """
        if self.calibration is None:
            return predictions
        chosen = None if self.thresholds is None else self.thresholds.thresholds
        return calibrate(predictions, self.calibration, chosen)


def finish_answers(
    predictions: AnyPredictions, model_path: Path, config: Mapping[str, Any], folder: Path
) -> AnyPredictions:
    """Calibrate what a model answered, and say what comes of its abstaining.

    Args:
        predictions: As the model gave them.
        model_path: Its file; what its fit kept beside it decides.
        config: The resolved config; what it asks for and the fit did not keep is said.
        folder: Where ``abstain.json`` goes, with the risk and the coverage on these rows.

    Raises:
        DataError: If the answers are of another kind than those on the validation rows were.
    """
    decisions = Decisions.of_model(model_path)
    wish = config["abstain_config"]
    wished = {
        CALIBRATION_FILE: config["calibration_config"]["method"] is not None,
        ABSTAIN_FILE: wish["risk"] is not None or wish["coverage"] is not None,
    }
    kept = {CALIBRATION_FILE: decisions.calibration, ABSTAIN_FILE: decisions.abstention}
    lacking = [name for name, wanted in wished.items() if wanted and kept[name] is None]
    if lacking:
        log.warning("test     goes without %s: the model's fit has kept none", ", ".join(lacking))
    finished = decisions.apply(predictions)
    if decisions.abstention is not None:
        measured = decisions.abstention.measure(finished)
        write_json(folder / ABSTAIN_FILE, {**asdict(decisions.abstention), "test": measured})
    return finished


def hash_decisions(model_path: Path) -> dict[str, str]:
    """Hash the files that decide a model's answers beside the model itself.

    Args:
        model_path: File of the model; what it carries is hashed with it.
    """
    folder = None if read_carried(model_path) is not None else _fit_folder(model_path)
    if folder is None:
        return {}
    return hash_files([folder / one for one in DECISION_FILES if (folder / one).is_file()], folder)


def _fit_folder(model_path: Path) -> Path | None:
    """Find the folder of the fit that left a model; another checkpoint of it is not that model."""
    for folder in model_path.parents:
        if (folder / VALIDATION_FILE).is_file():
            fit = json.loads((folder / FIT_FILE).read_text(encoding="utf-8"))
            return folder if (folder / fit["model"]).resolve() == model_path.resolve() else None
    return None
