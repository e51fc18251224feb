"""The labelled rows of a text task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.data.readers import read_configured

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

__all__ = ["load_rows"]


def load_rows(dataset_path: Path | None, dataset_config: Mapping[str, Any]) -> pd.DataFrame:
    """Read the rows as the config says.

    Args:
        dataset_path: The file.
        dataset_config: Section of the config: ``format``, columns, labels.

    Raises:
        ConfigError: If no file is named, or the config does not fit together.
        DataError: If the rows cannot be used; lists row and column of everything that is wrong.
    """
    if dataset_path is None:
        message = "must name the file with the rows, but is null."
        raise ConfigError("There are no rows.", [Problem("dataset_config.dataset_path", message)])
    return read_configured(dataset_path, dataset_config)
