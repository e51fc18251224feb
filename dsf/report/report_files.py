"""All that is told of a run, side by side: the page, the text for a terminal, the model card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.report.html_report import write_report
from dsf.report.model_card import write_model_card
from dsf.report.text_report import write_text_report

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CARD_FILE", "REPORT_FILE", "TEXT_FILE", "write_report_files"]

REPORT_FILE = "report.html"
TEXT_FILE = "report.txt"
CARD_FILE = "model_card.md"


def write_report_files(run_dir: Path, folder: Path, comparison: Path | None = None) -> Path:
    """Write the report of a run in all its forms.

    Args:
        run_dir: The run, tested at least.
        folder: Where the files go.
        comparison: The ``comparison.json`` to use; ``None``: the run's own.

    Returns:
        The page.

    Raises:
        RunNotFoundError: If the run was not tested; names what is missing.
        RunError: If a file of the run cannot be read, or is not as it must be; names it and the
            keys.
        StorageError: If the disk is full, read-only or not ours.
    """
    write_text_report(run_dir, folder / TEXT_FILE, comparison)
    write_model_card(run_dir, folder / CARD_FILE, comparison)
    return write_report(run_dir, folder / REPORT_FILE, comparison)
