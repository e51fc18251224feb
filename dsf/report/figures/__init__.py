"""Pictures by matplotlib, and how they get into files and into the page."""

from __future__ import annotations

from dsf.report.figures.confusion_figure import confusion_matrix_figure
from dsf.report.figures.curve_figure import Line, curve_figure
from dsf.report.figures.figure_files import render_svg, save_figure
from dsf.report.figures.inline_svg import inline_svg
from dsf.report.figures.label_scores_figure import label_scores_figure
from dsf.report.figures.learning_figure import learning_curve_figure

__all__ = [
    "Line",
    "confusion_matrix_figure",
    "curve_figure",
    "inline_svg",
    "label_scores_figure",
    "learning_curve_figure",
    "render_svg",
    "save_figure",
]
