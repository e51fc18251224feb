"""Which columns of a file hold what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NORMAL_TAGGED", "TAGGED_KEYS", "ColumnNames", "Kind", "Role"]

Kind = Literal["single", "multi_output", "multilabel", "tags"]
Role = Literal["text", "label", "binary", "labels", "tokens", "tags", "starts", "other"]

TAGGED_KEYS = ("tokens_column", "tags_column", "starts_column", "entities_column")
"""Keys of a config that name the columns of tagged rows in their source."""

NORMAL_TAGGED = ("text", "tokens", "starts", "tags")
"""Columns of tagged rows in their normal form, whatever the source calls its own."""

_DELIMITERS = (";", "\t", "|", ",")


@dataclass(frozen=True)
class ColumnNames:
    """Names of the columns that are read; others are left out.

    Attributes:
        text: The text of a row. In tagged rows it may be absent, or ``""``: the text is then made
            of the words, with a space between two.
        labels: One label column (``single``), one per output (``multi_output``), or, for
            ``multilabel``, 0/1 columns or one column with all labels of the row.
        kind: What the label columns mean. ``tags`` reads a list of words and a list of tags, one a
            word, instead of label columns; tagged formats have no other kind.
        separator: What stands between the labels of a row, if they are one text: ``","``.
        label_names: All labels there may be, in the order of the model's outputs; empty takes
            what the data has, sorted.
        tokens: The words of a tagged row.
        tags: One tag a word.
        starts: Where each word begins in the text, in characters, if the source says so.
        scheme: ``iob2`` or ``bilou``, which the tags must keep; ``None`` if each stands alone.
        entities: Spans of a row, where it has them.
        group: Rows of one group stay in one part; ``None`` if there are no groups.
        time: When a row was made; ``None`` if that is not known.
        split: Which part a row belongs to, if the file says so.
        keep: Further columns that are wanted as they are.
        scoring: The same, for intervals, slices and the existing model alone.
    """

    text: str = "text"
    labels: tuple[str, ...] = ("label",)
    kind: Kind = "single"
    separator: str | None = None
    label_names: tuple[str, ...] = ()
    tokens: str = "tokens"
    tags: str = "tags"
    starts: str = "starts"
    scheme: str | None = None
    entities: str = "entities"
    group: str | None = None
    time: str | None = None
    split: str | None = None
    keep: tuple[str, ...] = ()
    scoring: tuple[str, ...] = ()

    def others(self) -> tuple[str, ...]:
        """Name the columns that are neither text nor label, each once."""
        named = (self.group, self.time, self.split, *self.keep, *self.scoring)
        return tuple(dict.fromkeys(name for name in named if name))

    def roles(self) -> dict[str, Role]:
        """Say for every column that is read what it holds.

        Raises:
            ConfigError: If one column is named twice.
        """
        pairs = [*self._main_roles(), *((name, "other") for name in self.others())]
        names = [name for name, _ in pairs]
        if self.kind == "tags":
            names += [name for name in self.others() if name in NORMAL_TAGGED]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ConfigError(
                "Every column of the data must be named for one thing (dataset_config).",
                [Problem(name, "is named for two things; choose one.") for name in twice],
            )
        return dict(pairs)

    def named(self, key: str) -> str:
        """Give the name of a column by its key in a config: ``tokens_column``."""
        return str(getattr(self, key.removesuffix("_column")))

    def check_there(self, there: Sequence[str], needed: Sequence[str] | None = None) -> None:
        """Check that a source has the columns that are read.

        Args:
            there: Columns of the source.
            needed: Those that it must have. By default all that are read, but for the text of
                tagged rows and the places of its words: the text is then made of the words.

        Raises:
            DataError: Lists the columns that are not there.
        """
        if needed is None:
            free = ("text", "starts") if self.kind == "tags" else ()
            needed = [name for name, role in self.roles().items() if role not in free]
        missing = [name for name in needed if name not in there]
        if missing:
            shown = ", ".join(map(repr, there[:20]))
            message = f"The columns that the config names must be in the data; it has {shown}."
            problems = [
                Problem(name, f"is not there.{did_you_mean(name, there)}{self._key(name)}")
                for name in missing
            ]
            raise DataError(message + _other_delimiter(there), problems)

    def _key(self, column: str) -> str:
        """Say where a column gets its name, if that is not plain."""
        if column in self.scoring:
            return " comparison_config.slices, bootstrap_config or eval_config names it."
        keys = [key for key in TAGGED_KEYS if self.kind == "tags" and self.named(key) == column]
        key = "text_column" if column == self.text else next(iter(keys), None)
        return f" Name yours: {key}." if key else ""

    def _main_roles(self) -> list[tuple[str, Role]]:
        if self.kind == "tags":
            text: list[tuple[str, Role]] = [(self.text, "text")] if self.text else []
            return [
                *text,
                (self.tokens, "tokens"),
                (self.tags, "tags"),
                (self.starts, "starts"),
            ]
        label: Role = "label"
        if self.kind == "multilabel":
            label = "binary" if len(self.labels) > 1 else "labels"
        return [(self.text, "text"), *((name, label) for name in self.labels)]


def _other_delimiter(there: Sequence[str]) -> str:
    """Say so if what looks like one column seems to be several."""
    found = [sign for sign in _DELIMITERS if len(there) == 1 and sign in there[0]]
    if not found:
        return ""
    return f" If {found[0]!r} stands between them, name it: read_options.delimiter."
