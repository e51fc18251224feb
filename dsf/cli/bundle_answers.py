"""Bundles that are named to be compared are asked first: all sides are files of predictions."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from dsf.cli.comparing_options import ComparingOptions
    from dsf.cli.prediction_sources import PredictionSource
    from dsf.core.bundle import BundleLabels
    from dsf.core.prediction_columns import PredictionColumns
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["answered_bundles"]


@contextmanager
def answered_bundles(
    sources: Sequence[PredictionSource], options: ComparingOptions, columns: PredictionColumns
) -> Iterator[tuple[list[Path], list[str]]]:
    """Let bundles answer; give the file of predictions of each side, and what is to be known.

    Args:
        sources: What was named.
        options: Has the rows, and what their columns are called.
        columns: How columns are called in files.

    Raises:
        UsageError: If there is nothing to ask a bundle about.
        BundleError: If a bundle is not what was exported.
        DataError: If the rows cannot be answered.
    """
    if not any(one.is_bundle for one in sources):
        yield [one.file for one in sources], []
        return
    with tempfile.TemporaryDirectory() as folder:
        files, notes = [], []
        for number, source in enumerate(sources):
            file = source.file
            if source.is_bundle:
                file = Path(folder) / f"{number}.parquet"
                asked = BundleQuestion(source, sources[1 - number], options, columns)
                answers, remarks = asked.answer()
                answers.write(file)
                notes += remarks
            files.append(file)
        yield files, notes


@dataclass(frozen=True)
class BundleQuestion:
    """What a bundle is asked, to be compared with another side.

    Attributes:
        bundle: The bundle.
        other: What it is compared with; it may have kept the rows, and know what is true of them.
        options: Has the rows, and what their columns are called.
        columns: How columns are called in files.
    """

    bundle: PredictionSource
    other: PredictionSource
    options: ComparingOptions
    columns: PredictionColumns

    def answer(self) -> tuple[AnyPredictions, list[str]]:
        """Ask it; give its answers, and what has to be known of them.

        Raises:
            UsageError: If there is nothing to ask it about.
            BundleError: If it is not what was exported.
            DataError: If the rows cannot be answered, or nobody knows what is true of them.
        """
        from dsf.data import LabelLayout
        from dsf.incumbents import BundleIncumbent
        from dsf.incumbents.known_truth import join_labels
        from dsf.inference import Predictor

        bundle = Predictor(self.bundle.named).bundle
        labels, inputs = bundle.labels, bundle.metadata.inputs
        layout = LabelLayout(labels.kind, tuple(labels.columns), labels.scheme)
        rows = self._label(self._read_rows(inputs.columns), labels)
        text = inputs.text_column or "text"
        if self.options.text_column in rows.columns:
            text = str(self.options.text_column)
        elif text not in rows.columns and "text" in rows.columns:
            text = "text"
        incumbent = BundleIncumbent(
            self.bundle.named,
            text_column=text,
            label_columns=labels.columns,
            label_kind=labels.kind,
            label_names=join_labels(labels, layout.names([rows])),
            tag_scheme=labels.scheme,
        )
        return incumbent.predict(rows), incumbent.notes

    def _read_rows(self, columns: Sequence[str]) -> pd.DataFrame:
        """Read the rows that were named, or those that the other side has answered."""
        import numpy as np

        from dsf.cli.prediction_sources import read_rows

        if self.options.rows is not None:
            rows = read_rows(self.options.rows, self.columns.row_id)
            # Without ids they are numbered from 0, as those of every data set are.
            return rows if "row_id" in rows.columns else rows.assign(row_id=np.arange(len(rows)))
        kept = self.other.rows_with(columns)
        if kept is None:
            raise click.UsageError(
                f"{self.bundle.named} must be asked about rows: name their file by --rows, or "
                "compare with a run that has kept its own."
            )
        return read_rows(kept, "row_id")

    def _label(self, rows: pd.DataFrame, labels: BundleLabels) -> pd.DataFrame:
        """Find out what is true of the rows: it stands in them, or the other side knows it."""
        from dsf.core.prediction_tables import read_prediction_table
        from dsf.incumbents.known_truth import spell_labels, take_truth

        first, target = labels.columns[0], self.columns.target
        if labels.kind == "single" and first not in rows.columns and target in rows.columns:
            rows = rows.rename(columns={target: first})
        missing = [name for name in labels.columns if name not in rows.columns]
        if not missing:
            return spell_labels(rows, labels)
        if self.other.is_bundle:
            raise click.UsageError(
                f"--rows: the columns {', '.join(missing)} must say what is true of the rows, for "
                f"{self.bundle.named}, but are not there."
            )
        return take_truth(rows, read_prediction_table(self.other.file, self.columns), labels)
