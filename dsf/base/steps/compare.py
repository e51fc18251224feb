"""compare: the new model's numbers next to the existing one's, and a report to look at."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dsf.base.outcome import METRICS_FILE
from dsf.base.steps.comparing import compare_with_existing
from dsf.base.steps.step import Step, files_named
from dsf.base.steps.test import TEST
from dsf.core.atomic import write_json
from dsf.core.run_record import STEP_FILE
from dsf.report import CARD_FILE, REPORT_FILE, TEXT_FILE, write_report_files

if TYPE_CHECKING:
    from dsf.base.steps.step import StepContext

__all__ = ["COMPARE", "COMPARISON_FILE", "REPORT_FILE"]

log = logging.getLogger("dsf")

COMPARISON_FILE = "comparison.json"


def _perform(context: StepContext) -> None:
    """Read both results from the run, let the project compare them, and draw the report."""
    comparison = compare_with_existing(context, context.run / TEST.folder)
    write_json(context.folder / COMPARISON_FILE, comparison)
    log.info("%-8s verdict: %s", COMPARE.name, comparison["verdict"]["verdict"])
    write_report_files(context.run, context.folder, context.folder / COMPARISON_FILE)


COMPARE = Step(
    name="compare",
    folder="5_compare",
    sections=("comparison_config", "bootstrap_config", "metrics"),
    after=("test", "eval"),
    reads=(
        f"3_test/{METRICS_FILE}",
        f"4_eval/{METRICS_FILE}",
        f"3_test/{STEP_FILE}",
        f"4_eval/{STEP_FILE}",
    ),
    classes=("comparison_class",),
    perform=_perform,
    results=files_named(COMPARISON_FILE, REPORT_FILE, TEXT_FILE, CARD_FILE),
)
