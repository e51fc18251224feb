"""Probabilities that mean what they say: learned from validation rows, applied to any."""

from __future__ import annotations

from dsf.metrics.calibration.applying import calibrate
from dsf.metrics.calibration.calibration import Calibration, CalibrationPart
from dsf.metrics.calibration.curve import IsotonicCurve
from dsf.metrics.calibration.fitting import CALIBRATION_METHODS, fit_calibration
from dsf.metrics.calibration.temperature import Temperature

__all__ = [
    "CALIBRATION_METHODS",
    "Calibration",
    "CalibrationPart",
    "IsotonicCurve",
    "Temperature",
    "calibrate",
    "fit_calibration",
]
