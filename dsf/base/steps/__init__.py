"""The steps of a run: one file each, and one line in the table."""

from dsf.base.steps.compare import COMPARE, COMPARISON_FILE, REPORT_FILE
from dsf.base.steps.evaluate import EVALUATE
from dsf.base.steps.export import BUNDLE_FOLDER, EXPORT, EXPORT_FILE
from dsf.base.steps.fit import FIT, FIT_FILE
from dsf.base.steps.register import REGISTER, REGISTRATION_FILE
from dsf.base.steps.split import SPLIT
from dsf.base.steps.step import INERT_KEYS, Step, StepContext
from dsf.base.steps.table import STEPS
from dsf.base.steps.test import TEST, ask_model

__all__ = [
    "BUNDLE_FOLDER",
    "COMPARE",
    "COMPARISON_FILE",
    "EVALUATE",
    "EXPORT",
    "EXPORT_FILE",
    "FIT",
    "FIT_FILE",
    "INERT_KEYS",
    "REGISTER",
    "REGISTRATION_FILE",
    "REPORT_FILE",
    "SPLIT",
    "STEPS",
    "TEST",
    "Step",
    "StepContext",
    "ask_model",
]
