"""Which columns of a file hold what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dsf.core.errors import ConfigError, Problem

__all__ = ["ColumnNames", "Kind", "Role"]

Kind = Literal["single", "multi_output", "multilabel"]
Role = Literal["text", "label", "binary", "labels", "other"]


@dataclass(frozen=True)
class ColumnNames:
    """Names of the columns that are read; others are left out.

    Attributes:
        text: The text of a row.
        labels: One label column (``single``), one per output (``multi_output``), or, for
            ``multilabel``, several 0/1 columns or one column with all labels of the row.
        kind: What the label columns mean.
        separator: What stands between the labels of a row, if they are one text: ``","``.
        label_names: All labels there may be, in the order of the model's outputs; empty takes
            what the data has, sorted.
        tokens: The words of a row in tagged rows that are no files of columns.
        tags: One tag a word.
        entities: Spans of a row, where it has them.
        group: Rows of one group stay in one part; ``None`` if there are no groups.
        time: When a row was made; ``None`` if that is not known.
        split: Which part a row belongs to, if the file says so.
        keep: Further columns that are wanted as they are.
    """

    text: str = "text"
    labels: tuple[str, ...] = ("label",)
    kind: Kind = "single"
    separator: str | None = None
    label_names: tuple[str, ...] = ()
    tokens: str = "tokens"
    tags: str = "tags"
    entities: str = "entities"
    group: str | None = None
    time: str | None = None
    split: str | None = None
    keep: tuple[str, ...] = ()

    def others(self) -> tuple[str, ...]:
        """Name the columns that are neither text nor label, each once."""
        named = [name for name in (self.group, self.time, self.split, *self.keep) if name]
        return tuple(dict.fromkeys(named))

    def roles(self) -> dict[str, Role]:
        """Say for every column that is read what it holds.

        Raises:
            ConfigError: If one column is named twice.
        """
        label: Role = "label"
        if self.kind == "multilabel":
            label = "binary" if len(self.labels) > 1 else "labels"
        pairs: list[tuple[str, Role]] = [
            (self.text, "text"),
            *((name, label) for name in self.labels),
            *((name, "other") for name in self.others()),
        ]
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ConfigError(
                "Every column of the data must be named for one thing (dataset_config).",
                [Problem(name, "is named for two things; choose one.") for name in twice],
            )
        return dict(pairs)
