"""What a person looks at, drawn from results on disk: pictures, tables, ``report.html``."""

from __future__ import annotations

from dsf.report.confusion_figure import confusion_matrix_figure
from dsf.report.figure_files import save_figure
from dsf.report.html_report import write_report
from dsf.report.label_scores_figure import label_scores_figure
from dsf.report.learning_figure import learning_curve_figure
from dsf.report.terminal_table import comparison_table

__all__ = [
    "comparison_table",
    "confusion_matrix_figure",
    "label_scores_figure",
    "learning_curve_figure",
    "save_figure",
    "write_report",
]
