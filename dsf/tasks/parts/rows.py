"""The labelled rows of a text task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dsf.core.errors import ConfigError, Problem
from dsf.core.references import resolve
from dsf.data.readers import read_configured
from dsf.data.splits.configured import rows_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["load_rows"]

_STORE = "rows.arrow"


def load_rows(dataset_path: Path | None, dataset_config: Mapping[str, Any]) -> pd.DataFrame:
    """Read the rows as the config says.

    Args:
        dataset_path: The file; may be ``None`` if ``load_data`` needs none.
        dataset_config: Section of the config: ``load_data``, ``format``, columns, labels;
            ``rows_path`` is the folder whose file then holds the rows, in place of memory.
            ``load_data`` is a reference to a function that gives a ``pandas.DataFrame`` in the
            normal form of rows, a ``Dataset`` of Hugging Face, or the place of a file.

    Raises:
        ConfigError: If no file is named, or the config does not fit together.
        DataError: If the rows cannot be used; lists row and column of everything that is wrong.
        StorageError: If ``rows_path`` cannot be written.
    """
    source: Any = dataset_path
    reference = dataset_config.get("load_data")
    if reference is not None:
        load: Any = resolve(reference, where="dataset_config.load_data")
        source = load() if dataset_path is None else load(file_path=str(dataset_path))
    if isinstance(source, pd.DataFrame):
        return source
    if source is None:
        message = "must name the file with the rows, but is null."
        raise ConfigError("There are no rows.", [Problem("dataset_config.dataset_path", message)])
    folder = rows_path(dataset_config)
    store = None if folder is None else folder / _STORE
    return read_configured(source, dataset_config, store=store)
