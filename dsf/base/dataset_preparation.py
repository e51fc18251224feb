"""The project's data set: read and split."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, final

import pandas as pd

from dsf.base.hooks import hook_errors, result_error
from dsf.core.errors import RunNotFoundError
from dsf.data import PARTS, LabelLayout, check_rows, name_text, split_configured

__all__ = ["DatasetPreparation"]


class DatasetPreparation(ABC):
    """Reads the labelled rows and splits them.

    ``Main`` calls :meth:`get_rows`, which calls :meth:`load`, then :meth:`get_parts`, which calls
    :meth:`split`.

    You must write: :meth:`load`.
    You may write: :meth:`split`.

    Attributes:
        dataset_path: Where the rows are; ``None`` if :meth:`load` knows by itself.
        dataset_config: Section of the config, with ``seed`` filled in, and ``label_names``: the
            labels there may be, ``None`` if only the rows say it.
    """

    def __init__(self, dataset_path: Path | str | None, dataset_config: dict[str, Any]) -> None:
        self.dataset_path = None if dataset_path is None else Path(dataset_path)
        self.dataset_config = dataset_config

    @abstractmethod
    def load(self) -> pd.DataFrame:
        """Read all labelled rows, one a row of a ``pandas.DataFrame``, and return them."""

    def split(self, rows: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
        """Split the rows into ``train``, ``validation`` and ``test``.

        As it stands: ``dataset_config["split_strategy"]`` with the ratios and the seed.

        Args:
            rows: What :meth:`load` gave, with a column ``row_id``.
        """
        return split_configured(rows, self.dataset_config)

    @final
    def get_rows(self) -> pd.DataFrame:
        """Give all rows, checked, each with a ``row_id``.

        Raises:
            RunNotFoundError: If ``dataset_path`` names nothing.
            HookResultError: If :meth:`load` gave no table.
            DataError: If the rows cannot be learned from.
        """
        if self.dataset_path is not None and not self.dataset_path.exists():
            raise RunNotFoundError(
                f"{self.dataset_path}: the data set must be here (dataset_config.dataset_path or "
                "the argument), but is not."
            )
        with hook_errors(self, "load"):
            rows = self.load()
        if not isinstance(rows, pd.DataFrame):
            raise result_error(
                self, "load", f"must return a pandas.DataFrame, but returned {type(rows).__name__}"
            )
        source = str(self.dataset_path or f"{type(self).__name__}.load")
        check_rows(
            rows,
            LabelLayout.of(self.dataset_config, rows),
            source,
            text_column=name_text(self.dataset_config),
            label_names=self.dataset_config.get("label_names"),
        )
        rows = rows.reset_index(drop=True)
        if "row_id" not in rows.columns:
            rows.insert(0, "row_id", range(len(rows)))
        return rows

    @final
    def get_parts(self, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """Give the parts, checked: non-empty tables, no row in two of them.

        Args:
            rows: What :meth:`get_rows` gave.

        Raises:
            HookResultError: If :meth:`split` gave anything else.
        """
        with hook_errors(self, "split"):
            parts: Any = self.split(rows)
        if isinstance(parts, tuple) and len(parts) == len(PARTS):
            parts = dict(zip(PARTS, parts, strict=True))
        if not isinstance(parts, Mapping) or set(parts) != set(PARTS):
            raise result_error(self, "split", f"must return tables for {', '.join(PARTS)}")
        for part, table in parts.items():
            if not (isinstance(table, pd.DataFrame) and len(table) and "row_id" in table.columns):
                raise result_error(
                    self, "split", f"must give rows for {part}, with their row_id, but did not"
                )
        ids = pd.concat([parts[part]["row_id"] for part in PARTS])
        if ids.duplicated().any():
            repeated = ids[ids.duplicated()].head(5).tolist()
            raise result_error(
                self, "split", f"must put a row in one part only, but repeats row_id {repeated}"
            )
        return {part: parts[part].reset_index(drop=True) for part in PARTS}
