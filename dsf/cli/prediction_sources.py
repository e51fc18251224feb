"""What a person names to be compared: a run, a step of it, a bundle, or a file of predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsf.core.errors import RunNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from dsf.core.prediction_columns import PredictionColumns
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["PredictionSource", "find_predictions", "name_apart", "read_pair", "read_rows"]

_PREDICTIONS = "predictions.parquet"
_TEST = "3_test"
_CONFIG = "config.yaml"
_ROWS = ("rows.parquet", "../1_split/test.parquet")
_MANIFEST = "MANIFEST.json"
_BUNDLE_CONFIG = "training_config.json"


@dataclass(frozen=True)
class PredictionSource:
    """Where a model's predictions are.

    Attributes:
        named: What was named.
        file: The predictions; of a bundle, where they are once it has answered.
        is_bundle: Whether it has to be asked.
    """

    named: Path
    file: Path
    is_bundle: bool = False

    @property
    def rows(self) -> Path | None:
        """The rows themselves, if they were kept with the predictions."""
        return next(iter(self._kept_rows()), None)

    def rows_with(self, columns: Sequence[str]) -> Path | None:
        """Give the rows themselves, with some columns if any file of them has these.

        Args:
            columns: A wide table is kept without them beside the predictions, but whole in its
                split.
        """
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        kept = self._kept_rows()
        whole = (path for path in kept if set(columns) <= set(pq.read_schema(path).names))
        return next(whole, self.rows)

    def _kept_rows(self) -> list[Path]:
        if self.is_bundle or self.file.name != _PREDICTIONS:
            return []
        return [path for path in (self.file.parent / name for name in _ROWS) if path.is_file()]

    @property
    def run(self) -> Path | None:
        """The run, if its folder was named or that of a step; a file stands for itself."""
        of_run = self.named.is_dir() and not self.is_bundle
        return self.file.resolve().parent.parent if of_run else None

    @property
    def config(self) -> Path | None:
        """The config of the run, or of the bundle, if it was kept."""
        if self.is_bundle:
            return self.named / _BUNDLE_CONFIG
        path = None if self.run is None else self.run / _CONFIG
        return path if path is not None and path.is_file() else None


def find_predictions(path: Path) -> PredictionSource:
    """Find the predictions of what was named.

    Args:
        path: A run folder, a folder of one of its steps, a bundle, or a file.

    Raises:
        RunNotFoundError: If there is nothing, or no predictions in it.
    """
    if path.is_file():
        return PredictionSource(path, path)
    if (path / _MANIFEST).is_file():
        return PredictionSource(path, path, is_bundle=True)
    places = [path / _TEST / _PREDICTIONS, path / _PREDICTIONS]
    for file in places:
        if file.is_file():
            return PredictionSource(path, file)
    if not path.is_dir():
        raise RunNotFoundError(
            f"{path}: a run, a step's folder, a bundle or a file must be here, but is not."
        )
    runs = sorted(one.name for one in path.glob("v*") if (one / _TEST / _PREDICTIONS).is_file())
    hint = f" Name one of the runs in it: {', '.join(runs)}." if runs else ""
    hint = hint or " Test the model first, with a Test that gives its answers to the rows."
    raise RunNotFoundError(
        f"{path}: predictions must be in the folder, as {_TEST}/{_PREDICTIONS} or {_PREDICTIONS}, "
        f"but are not.{hint}"
    )


def name_apart(first: Path, second: Path) -> tuple[str, str]:
    """Call two files by their names, or by their paths if the names are the same."""
    names = first.name or str(first), second.name or str(second)
    return names if names[0] != names[1] else (str(first), str(second))


def read_pair(
    first: Path, second: Path, columns: PredictionColumns, *, common_rows: bool
) -> tuple[AnyPredictions, AnyPredictions]:
    """Read the predictions of two models; one may take the truth from the other.

    Raises:
        DataError: If a file cannot be used, or neither says what is true.
    """
    from dsf.core.prediction_tables import PredictionTable

    one, other = (PredictionTable.open(path, columns) for path in (first, second))
    # What dsf wrote comes first, for the order of its labels; then what knows the truth.
    leads = max((one, other), key=lambda table: (table.frame is None, table.has_truth))
    follows = other if leads is one else one
    leading = leads.read()
    following = follows.read(truth=leading, common_rows=common_rows)
    return (leading, following) if leads is one else (following, leading)


def read_rows(path: Path, id_column: str) -> pd.DataFrame:
    """Read the rows that were answered, with their ids as ``row_id``; a CSV file's ids are text.

    Raises:
        RunNotFoundError: If there is no such file.
        DataError: If it is no table.
    """
    from dsf.core.table_files import read_table

    rows = read_table(path, types=True)
    if id_column in rows.columns:
        if path.suffix != ".parquet":  # 007 is an id, and not 7
            rows[id_column] = read_table(path)[id_column].to_numpy()
        rows = rows.drop(columns="row_id", errors="ignore") if id_column != "row_id" else rows
        rows = rows.rename(columns={id_column: "row_id"})
    return rows
