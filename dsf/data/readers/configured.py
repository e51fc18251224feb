"""Rows as a config asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import excerpt
from dsf.data.readers.columns import NORMAL_TAGGED, TAGGED_KEYS, ColumnNames
from dsf.data.readers.reading import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

__all__ = ["name_columns", "read_configured"]

_OTHERS = ("group_column", "time_column", "split_column")
_MADE = ("row_id", "length")  # by us, of what is read


def read_configured(
    path: str | Path, dataset_config: Mapping[str, Any], *, store: str | Path | None = None
) -> pd.DataFrame:
    """Read the rows of a file as ``dataset_config`` says.

    Its keys are ``format``, ``encoding``, ``read_options``, ``text_column``, ``label_kind``,
    ``label_column``, ``label_columns``, ``label_separator``, ``tag_scheme``, ``tokens_column``,
    ``tags_column``, ``starts_column``, ``entities_column``, ``group_column``, ``time_column``,
    ``split_column``, ``hash_columns``, ``keep_columns``, ``scoring_columns`` and ``label_names``;
    those that it lacks have their defaults. Columns that none of them names are left out.

    ``scoring_columns`` are those that ``comparison_config``, ``bootstrap_config`` and
    ``eval_config`` name. They count for nothing else; of names that rows get anyway, such as
    ``length``, none is read.

    Args:
        path: The file, or a folder that a ``Dataset`` of Hugging Face was saved to.
        dataset_config: Section of the config.
        store: As of :func:`dsf.data.readers.read_rows`.

    Returns:
        Rows in their normal form. ``rows.attrs["label_columns"]`` names the 0/1 columns of labels
        that stood together in one column.

    Raises:
        ConfigError: If keys do not go together, or the format, the encoding or an option is not
            known.
        DataError: If the rows cannot be used; lists row and column of everything that is wrong.
        StorageError: If ``store`` cannot be written.
    """
    return read_rows(
        path,
        format=dataset_config.get("format"),
        columns=name_columns(dataset_config),
        encoding=dataset_config.get("encoding", "utf-8"),
        options=dataset_config.get("read_options"),
        store=store,
    )


def name_columns(dataset_config: Mapping[str, Any]) -> ColumnNames:
    """Say which columns hold what, as ``dataset_config`` does.

    Without a ``text_column``, tagged rows have the text of their words, and others the column
    ``text``, as those of the format ``spans`` do.

    Raises:
        ConfigError: If keys do not go together.
    """
    kind = dataset_config.get("label_kind", "single")
    text = dataset_config.get("text_column") or ("" if kind == "tags" else "text")
    labels = _labels(kind, dataset_config)
    group, time, split = (dataset_config.get(name) for name in _OTHERS)
    taken = (text, *labels, *(NORMAL_TAGGED if kind == "tags" else ()))
    wanted = (
        *(dataset_config.get("hash_columns") or ()),
        *(dataset_config.get("keep_columns") or ()),
    )
    named = {*_MADE, *taken, *wanted, group, time, split}
    if kind == "multilabel":
        named.update(dataset_config.get("label_names") or ())
    scoring = dataset_config.get("scoring_columns") or ()
    return ColumnNames(
        text=text,
        labels=labels,
        kind=kind,
        separator=dataset_config.get("label_separator"),
        label_names=_known_labels(kind, labels, dataset_config.get("label_names")),
        scheme=dataset_config.get("tag_scheme") if kind == "tags" else None,
        group=group,
        time=time,
        split=split,
        keep=tuple(name for name in wanted if name not in taken),
        scoring=tuple(name for name in scoring if name not in named),
        **_tagged_columns(kind, dataset_config),
    )


def _tagged_columns(kind: str, dataset_config: Mapping[str, Any]) -> dict[str, str]:
    """Say what the columns of words and tags are called, where the config does."""
    given = {key: dataset_config[key] for key in TAGGED_KEYS if dataset_config.get(key)}
    if given and kind != "tags":
        message = f"is for label_kind tags, but label_kind is {kind}."
        problems = [Problem(key, message) for key in given]
        raise ConfigError("Words and tags are of tagged rows (dataset_config).", problems)
    return {key.removesuffix("_column"): name for key, name in given.items()}


def _known_labels(kind: str, columns: tuple[str, ...], names: Any) -> tuple[str, ...]:
    """Say which labels there may be in one column of labels; empty if nobody says it."""
    if not names or kind not in ("single", "multilabel") or len(columns) != 1:
        return ()
    wrong = [name for name in names if not isinstance(name, str)]
    if wrong:
        message = f"must be texts, as the labels of a file are, but has {excerpt(wrong)}."
        raise ConfigError("The labels cannot be known.", [Problem("label_names", message)])
    return tuple(names)


def _labels(kind: str, dataset_config: Mapping[str, Any]) -> tuple[str, ...]:
    several = tuple(dataset_config.get("label_columns") or ())
    separator = dataset_config.get("label_separator")
    problems = []
    if separator is not None and kind != "multilabel":
        problems.append(Problem("label_separator", f"is for multilabel, but label_kind is {kind}."))
    elif separator is not None and len(several) > 1:
        message = f"is for one column with all labels, but label_columns are {list(several)}."
        problems.append(Problem("label_separator", message))
    elif separator == "":
        problems.append(Problem("label_separator", "must not be empty."))
    if problems:
        raise ConfigError("The labels cannot be found (dataset_config).", problems)
    if kind == "tags":
        return ()
    if kind == "single":
        column = dataset_config.get("label_column", "label")
        return () if column is None else (column,)
    return several
