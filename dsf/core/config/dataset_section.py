"""The section that says where the rows are, what they hold, and how they are split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from dsf.core.config.sections import KeysProblem, Section
from dsf.core.config.value_types import Named, PathText, Seed, Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dsf.core.errors import Problem
from dsf.core.references import check_spelling

__all__ = ["DatasetConfig"]

_PATHS = ("training_path", "validation_path", "test_dataset_path")
_SEVERAL = ("multi_output", "multilabel")
_PARTS = ("train", "validation", "test")
_NEEDED = {"group": "group_column", "time": "time_column"}


class DatasetConfig(Section, extra="allow"):
    """The rows and how they are split. Add keys of your own: every hook is given them."""

    dataset_path: PathText | None = None
    """Where the rows are; null: DatasetPreparation.load knows."""
    training_path: PathText | None = None
    """Rows that were split before: those to learn from. Needs validation_path."""
    validation_path: PathText | None = None
    """Rows that were split before: those to choose the best epoch on."""
    test_dataset_path: PathText | None = None
    """Rows that were split before: those to judge the model on."""
    load_data: Named | None = None
    """Reference to a function that gives the rows, called with file_path; null: dsf reads them."""
    format: str | None = None
    """Format of that file, such as csv; null: its ending says it."""
    encoding: str = "utf-8"
    """Encoding of that file, if it is text."""
    read_options: dict[str, Any] = Field(default_factory=dict)
    """How the file is read where there is a choice: delimiter, header, drop_duplicates and more."""
    text_column: str | None = None
    """Column of the texts; null: the rows are no texts."""
    label_kind: Literal["single", "multi_output", "multilabel", "tags"] = "single"
    """Labels of a row: one; one of each label column; any number; one for each word."""
    label_column: str | None = "label"
    """Column of the label, if a row has one; null: the task has none."""
    label_columns: list[str] = Field(default_factory=list)
    """Columns of the labels if there are several, or the one with all labels of a row."""
    label_separator: str | None = None
    """What stands between the labels of a row, if one column has all of them as text."""
    labels_path: PathText | None = None
    """JSON file {output: [labels]}: the outputs and the labels that there may be; null: no file."""
    tag_scheme: Literal["iob2", "bilou"] | None = None
    """How tags mark spans of words; null: each tag stands alone."""
    tokens_column: str | None = None
    """Column with the list of words, for label_kind tags; null: tokens."""
    tags_column: str | None = None
    """Column with the list of tags, one a word; null: tags."""
    starts_column: str | None = None
    """Column with the first character of each word in the text; null: starts, if it is there."""
    entities_column: str | None = None
    """Column with the spans of the text, for the format spans; null: entities."""
    group_column: str | None = None
    """Rows with one value here must stay in one part of the split."""
    time_column: str | None = None
    """When a row was made: a date of ISO 8601 or a number."""
    split_column: str | None = None
    """The part that each row belongs to, for split_strategy predefined."""
    keep_columns: list[str] = Field(default_factory=list)
    """Further columns of the file that are read, as they are."""
    split_strategy: Literal[
        "stratified", "random", "multilabel", "group", "time", "predefined", "kfold", "hash"
    ] = "stratified"
    """How rows are dealt out to train, validation and test."""
    train_ratio: Share = 0.75
    """Share of the rows to learn from, between 0 and 1."""
    validation_ratio: Share = 0.15
    """Share of the rows to choose the best epoch on, between 0 and 1."""
    test_ratio: Share = 0.10
    """Share of the rows to judge the model on, between 0 and 1."""
    train_rows: Annotated[int, Field(ge=1)] | None = None
    """Number of those rows, instead of the share; one of the three may be null: the rest."""
    validation_rows: Annotated[int, Field(ge=1)] | None = None
    """Number of those rows, instead of the share."""
    test_rows: Annotated[int, Field(ge=1)] | None = None
    """Number of those rows, instead of the share."""
    hash_columns: list[str] = Field(default_factory=list)
    """Columns that alone decide the part of a row, for split_strategy hash; empty: all."""
    folds: Annotated[int, Field(ge=2)] = 5
    """Number of folds, for split_strategy kfold."""
    fold: Annotated[int, Field(ge=0)] = 0
    """The fold to test on, from 0, for split_strategy kfold."""
    on_leak: Literal["warn", "drop", "fail"] = "warn"
    """When a row also stands in another part: say so, take it out of the earlier part, or stop."""
    cache_path: PathText | None = None
    """Folder that keeps encoded texts for the next run, relative to the project; null: none."""
    rows_path: PathText | None = None
    """Folder whose files hold the rows in place of memory, relative to the project; null: none."""
    audit_near: bool = True
    """Whether to look for texts that are nearly the same, too."""
    seed: Seed | None = None
    """Starts the random numbers of the split; null: model_config.seed."""

    RATIOS: ClassVar[tuple[str, ...]] = tuple(f"{part}_ratio" for part in _PARTS)
    COUNTS: ClassVar[tuple[str, ...]] = tuple(f"{part}_rows" for part in _PARTS)

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check that sizes, strategy and labels go together."""
        checks = (_check_strategy, _check_parts, _check_labels)
        problems = [*_check_sizes(cls, values), *(one for check in checks for one in check(values))]
        if values.get("load_data") is not None:
            problems += check_spelling(values["load_data"], "load_data")
        return problems


def _check_sizes(cls: type[DatasetConfig], values: Mapping[str, Any]) -> list[Problem]:
    counts = [values.get(key) for key in cls.COUNTS]
    if any(count is not None for count in counts):
        if sum(count is None for count in counts) > 1:
            message = f"{', '.join(cls.COUNTS)}: at most one may be null when one is given"
            return [KeysProblem("", message, cls.COUNTS)]
        return []
    ratios: list[Any] = [values.get(key) for key in cls.RATIOS]
    if not all(isinstance(ratio, float | int) for ratio in ratios):
        return []
    if abs(sum(ratios) - 1) <= 1e-6:
        return []
    shown = " + ".join(f"{ratio:g}" for ratio in ratios)
    law = f"{' + '.join(cls.RATIOS)} must be 1, but {shown} = {sum(ratios):g}"
    return [KeysProblem("", law, cls.RATIOS)]


def _check_strategy(values: Mapping[str, Any]) -> list[Problem]:
    strategy = values.get("split_strategy")
    needed = _NEEDED.get(str(strategy))
    if needed and values.get(needed) is None:
        message = f"must name a column for split_strategy {strategy}, but is null"
        return [KeysProblem(needed, message, (needed, "split_strategy"))]
    if strategy == "predefined" and not (values.get("split_column") or values.get("training_path")):
        keys = ("split_column", "training_path", "split_strategy")
        message = "must name a column for split_strategy predefined, or training_path a file"
        return [KeysProblem("split_column", message, keys)]
    folds, fold = values.get("folds"), values.get("fold")
    if strategy == "kfold" and isinstance(folds, int) and isinstance(fold, int) and fold >= folds:
        message = f"must be below folds, {folds}, but is {fold}"
        return [KeysProblem("fold", message, ("fold", "folds"))]
    return []


def _check_parts(values: Mapping[str, Any]) -> list[Problem]:
    given = [key for key in _PATHS if values.get(key) is not None]
    if not given or set(_PATHS[:2]) <= set(given):
        return []
    law = f"{' and '.join(_PATHS[:2])} must be given for rows that were split before"
    return [KeysProblem("", f"{law}, but given is only {', '.join(given)}", _PATHS)]


def _check_labels(values: Mapping[str, Any]) -> list[Problem]:
    kind, columns = values.get("label_kind"), values.get("label_columns") or []
    several = kind in _SEVERAL
    if several and not columns and values.get("labels_path") is None:
        message = f"must name a column or more for label_kind {kind}, but is empty"
        return [KeysProblem("label_columns", message, ("label_columns", "label_kind"))]
    if kind and not several and columns:
        message = f"must be empty for label_kind {kind}, but is {columns}"
        return [KeysProblem("label_columns", message, ("label_columns", "label_kind"))]
    keys = ("split_strategy", "label_kind")
    strategy = values.get("split_strategy")
    if several and strategy == "stratified":
        message = f"must be another one for label_kind {kind}: multilabel keeps labels balanced"
        return [KeysProblem("split_strategy", message, keys)]
    if kind == "tags" and strategy in ("stratified", "multilabel"):
        message = f"must be another one for label_kind tags, such as random, not {strategy}"
        return [KeysProblem("split_strategy", message, keys)]
    return []
