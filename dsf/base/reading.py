"""The rows that the steps work on: from the project's ``load``, or from the run's own split."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from dsf.base.scoring import check_scored_rows, name_scoring_columns
from dsf.base.steps.step import PART_KEYS, SPLIT_FILE, SPLIT_FOLDER, place_folders
from dsf.core.errors import ConfigError, Problem, RunNotFoundError
from dsf.core.hashing import hash_files, hash_value
from dsf.data import PARTS, hash_rows, read_part, share_label_columns
from dsf.data.scoring_columns import SCORING_ATTRIBUTE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.base.dataset_preparation import DatasetPreparation
    from dsf.base.main import Main

__all__ = ["prepare", "read_all_rows", "read_test_rows"]


def prepare(
    project: Main,
    config: Mapping[str, Any],
    path: Path | str | None,
    label_names: Any = None,
    *,
    scored: bool = True,
) -> DatasetPreparation:
    """Make the project's ``DatasetPreparation`` for a place, with seed and labels filled in.

    Filled in are also ``scoring_columns``, which no other section of the data names.

    Args:
        project: Names the class.
        config: The resolved config.
        path: Place of the rows; ``None`` for the configured one. Relative to the project.
        label_names: The labels there may be; ``None`` for the configured ones.
        scored: Whether there are rows to test on among them, which have those columns.
    """
    section = place_folders(config["dataset_config"], project.project_dir())
    if section.get("seed") is None:
        section["seed"] = config["model_config"]["seed"]
    section["label_names"] = label_names or config["model_config"].get("label_names")
    section["scoring_columns"] = name_scoring_columns(config) if scored else []
    chosen = section.get("dataset_path") if path is None else path
    place = None if chosen is None else project.project_dir() / chosen
    return project.dataset_preparation_class(place, section)


def read_all_rows(project: Main, config: Mapping[str, Any]) -> dict[str, Any]:
    """Read what is to be split, or the parts that were split before.

    Returns:
        What the split step needs: ``data_hash``, ``seed``, and ``preparation`` with ``rows``, or
        ``parts``.
    """
    paths = _paths_of_parts(project, config)
    if paths["train"] is not None and not project.force_dataset_split:
        parts = _read_parts(project, config, paths)
        hashes = {part: _hash(rows) for part, rows in parts.items()}
        return {"data_hash": hash_value(hashes), "seed": None, "parts": parts}
    preparation = prepare(project, config, project.dataset_path)
    rows = preparation.get_rows()
    return {
        "data_hash": _hash(rows),
        "seed": preparation.dataset_config["seed"],
        "preparation": preparation,
        "rows": rows,
    }


def read_test_rows(project: Main, config: Mapping[str, Any], run: Path) -> tuple[pd.DataFrame, str]:
    """Read the rows to test on, and their hash.

    Raises:
        RunNotFoundError: If the split has no test part and no other file was named.
        ConfigError: If they lack what intervals or slices need.
    """
    if project.test_dataset_path is not None:
        split = json.loads((run / SPLIT_FOLDER / SPLIT_FILE).read_text(encoding="utf-8"))
        known = split["label_names"] or None
        rows = prepare(project, config, project.test_dataset_path, known).get_rows()
        check_scored_rows(config, rows)
        return rows, hash_rows(rows)
    path = run / SPLIT_FOLDER / "test.parquet"
    if not path.is_file():
        raise RunNotFoundError(
            f"{path}: the test rows must be here, but are not. Name a file with "
            "test_dataset_path, or split the data again."
        )
    section = place_folders(config["dataset_config"], project.project_dir())
    rows = read_part(path, store=section["rows_path"])
    check_scored_rows(config, rows)
    return rows, hash_files([path], path.parent)[path.name]


def _paths_of_parts(project: Main, config: Mapping[str, Any]) -> dict[str, Path | str | None]:
    """Say where each part lies that was split before: as told, else as configured."""
    told = (project.training_path, project.validation_path, project.test_dataset_path)
    configured = (config["dataset_config"].get(key) for key in PART_KEYS)
    pairs = zip(PARTS, told, configured, strict=True)
    return {part: other if path is None else path for part, path, other in pairs}


def _read_parts(
    project: Main, config: Mapping[str, Any], paths: Mapping[str, Path | str | None]
) -> dict[str, pd.DataFrame]:
    """Read parts that were split before; rows without an id are numbered through."""
    if paths["validation"] is None:
        raise ConfigError(
            "Rows that were split before must come with all their parts.",
            [Problem("validation_path", "must be given with training_path, but is not.")],
        )
    parts = {
        part: prepare(project, config, path, scored=part == "test").get_rows()
        for part, path in paths.items()
        if path is not None
    }
    return _number_through(share_label_columns(parts))


def _hash(rows: pd.DataFrame) -> str:
    """Hash rows without the columns that our readers kept for scoring alone.

    Whoever wants other slices has the same data as before.
    """
    return hash_rows(rows, without=rows.attrs.get(SCORING_ATTRIBUTE, ()))


def _number_through(parts: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give every row its own id if the parts were numbered one by one."""
    ids = pd.concat([rows["row_id"] for rows in parts.values()])
    if not ids.duplicated().any():
        return dict(parts)
    start, numbered = 0, {}
    for part, rows in parts.items():
        numbered[part] = rows.assign(row_id=range(start, start + len(rows)))
        start += len(rows)
    return numbered
