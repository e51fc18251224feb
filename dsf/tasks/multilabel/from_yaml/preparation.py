"""The rows of a run that began with a YAML."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from dsf.base import DatasetPreparation
from dsf.data import PARTS
from dsf.tasks.multilabel.components.load_data import load_data
from dsf.tasks.multilabel.components.process_data import process_data
from dsf.tasks.multilabel.from_yaml.hooks import Hook
from dsf.tasks.multilabel.from_yaml.row_origin import describe_origin
from dsf.tasks.multilabel.from_yaml.state_file import read_state, write_state
from dsf.tasks.parts.rows import load_rows

__all__ = ["MultiLabelPreparation"]

log = logging.getLogger("dsf")


class MultiLabelPreparation(DatasetPreparation):
    """Reads and splits by the config's own functions where it names any, and keeps the parts.

    Attributes:
        source: File that the rows are read from; ``None`` if a hook reads them.
        state: File that keeps the parts; ``None`` for none.
    """

    def __init__(self, dataset_path: Path | str | None, dataset_config: dict[str, Any]) -> None:
        super().__init__(dataset_path, dataset_config)
        self._hooks: Mapping[str, Any] = dataset_config["hooks"]
        self.source = None if "load_data" in self._hooks else self.dataset_path
        configured, state = dataset_config.get("dataset_path"), dataset_config.get("state_file")
        # Other rows than those of the config have no state.
        other = self.dataset_path is not None and self.dataset_path != Path.cwd() / str(configured)
        self.state = None if state is None or other else Path(state)
        self._parts: dict[str, pd.DataFrame] | None = None
        if self._is_kept():
            self.dataset_path = None  # the rows are in the state file: no other need be there

    def load(self) -> pd.DataFrame:
        """Give the rows: of the state file, of the hook, or of the file."""
        if self.state is not None and self._is_kept():
            self._parts = read_state(self.state, self._origin())
            log.info("%-8s rows and parts come from the state file %s", "split", self.state)
            rows = pd.concat([self._parts[part] for part in PARTS], ignore_index=True)
            return rows.sort_values("row_id", ignore_index=True)
        if not self._hooks:
            return load_rows(self.source, self.dataset_config)
        rows = (
            self._call("load_data") if "load_data" in self._hooks else load_data(str(self.source))
        )
        if "process_data" in self._hooks:
            rows = self._call("process_data", rows)
        text, labels = self.dataset_config["text_column"], self.dataset_config["label_columns"]
        return process_data(rows, text, labels)

    def split(self, rows: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
        """Give the parts: of the state file, of the hook, or every label with its share."""
        if self._parts is not None:
            return self._parts
        if "split" not in self._hooks:
            return super().split(rows)
        parts: Any = Hook(self._hooks["split"], "dataset_config.hooks.split")(rows)
        if isinstance(parts, list | tuple) and len(parts) == len(PARTS):
            return dict(zip(PARTS, parts, strict=True))
        if isinstance(parts, Mapping):
            return {("validation" if name == "val" else name): one for name, one in parts.items()}
        return parts  # type: ignore[no-any-return]

    def keep(self, parts: Mapping[str, pd.DataFrame]) -> None:
        """Write the state file, if there is to be one and is none.

        Args:
            parts: What :meth:`get_parts` gave, and found to be right.
        """
        if self.state is not None and not self._is_kept():
            write_state(self.state, parts, self._origin())

    def _call(self, name: str, *args: Any) -> pd.DataFrame:
        hook = Hook(self._hooks[name], f"dataset_config.hooks.{name}")
        rows = hook(*args)
        if not isinstance(rows, pd.DataFrame):
            raise hook.wrong(f"must give a pandas.DataFrame, but gave {type(rows).__name__}")
        return rows

    def _origin(self) -> dict[str, Any]:
        return describe_origin(self.dataset_config, self.source)

    def _is_kept(self) -> bool:
        return self.state is not None and self.state.is_file()
