"""What a person looks at, drawn from results on disk: pictures, tables, ``report.html``."""

from __future__ import annotations

from dsf.report.figures import (
    confusion_matrix_figure,
    label_scores_figure,
    learning_curve_figure,
    save_figure,
)
from dsf.report.html_report import write_report
from dsf.report.model_card import write_model_card
from dsf.report.report_files import CARD_FILE, REPORT_FILE, TEXT_FILE, write_report_files
from dsf.report.terminal_table import comparison_panel, comparison_table
from dsf.report.text_report import write_text_report

__all__ = [
    "CARD_FILE",
    "REPORT_FILE",
    "TEXT_FILE",
    "comparison_panel",
    "comparison_table",
    "confusion_matrix_figure",
    "label_scores_figure",
    "learning_curve_figure",
    "save_figure",
    "write_model_card",
    "write_report",
    "write_report_files",
    "write_text_report",
]
