"""Columns of rows that were read for intervals, slices and the existing model alone."""

from __future__ import annotations

__all__ = ["SCORING_ATTRIBUTE"]

SCORING_ATTRIBUTE = "scoring_columns"
"""Entry of ``rows.attrs`` that names them, so that they decide nothing else."""
