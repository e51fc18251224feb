"""The sections of a report: what a run's files hold, as the views that all its forms show."""

from __future__ import annotations

from dsf.report.sections.curve_views import curve_groups
from dsf.report.sections.data_view import data_view
from dsf.report.sections.decision_view import decision_view
from dsf.report.sections.differing_rows import differing_rows
from dsf.report.sections.label_rows import label_groups
from dsf.report.sections.learning_view import learning_view
from dsf.report.sections.matrix_views import matrix_views
from dsf.report.sections.measures import nominal_percent
from dsf.report.sections.metric_rows import metric_rows, output_rows
from dsf.report.sections.slice_rows import slice_rows
from dsf.report.sections.verdict_view import verdict_view

__all__ = [
    "curve_groups",
    "data_view",
    "decision_view",
    "differing_rows",
    "label_groups",
    "learning_view",
    "matrix_views",
    "metric_rows",
    "nominal_percent",
    "output_rows",
    "slice_rows",
    "verdict_view",
]
