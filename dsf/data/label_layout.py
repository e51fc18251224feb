"""How rows hold their labels: one, several, any number, or one for each word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.core.errors import Problem
from dsf.core.excerpts import count, excerpt, first_problems
from dsf.core.tagging import OUTSIDE, list_tags, split_tag
from dsf.data.labels import count_labels, list_labels
from dsf.data.safe_labels import unsafe_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LABELS_ATTRIBUTE", "LabelLayout"]

LABELS_ATTRIBUTE = "label_columns"
"""Entry of ``rows.attrs`` that names the columns into which a reader spread the labels."""

_TAGS = "tags"
_TOKENS = "tokens"


@dataclass(frozen=True)
class LabelLayout:
    """Which columns hold labels, and what they mean.

    Attributes:
        kind: ``single``: one label a row. ``multi_output``: one label of each column.
            ``multilabel``: a 0/1 column for each label. ``tags``: a list with one tag a word.
        columns: The columns; for ``single`` and ``tags`` it is one.
        scheme: ``iob2`` or ``bilou`` if tags mark spans; ``None`` if each stands alone.
    """

    kind: str
    columns: tuple[str, ...]
    scheme: str | None = None

    @classmethod
    def of(
        cls, dataset_config: Mapping[str, Any], rows: pd.DataFrame | None = None
    ) -> LabelLayout | None:
        """Find the layout that a config says.

        Args:
            dataset_config: Section of the config; keys that it lacks have their defaults.
            rows: Rows, if the columns of their labels are known only when they have been read.

        Returns:
            The layout, or ``None`` if rows have no labels that dsf knows of.
        """
        kind = dataset_config.get("label_kind", "single")
        if kind == _TAGS:
            return cls(kind, (_TAGS,), dataset_config.get("tag_scheme"))
        if kind == "single":
            column = dataset_config.get("label_column")
            return None if column is None else cls(kind, (column,))
        spread = () if rows is None else rows.attrs.get(LABELS_ATTRIBUTE, ())
        columns = tuple(spread or dataset_config["label_columns"])
        return cls(kind, columns) if columns else None

    def problems(self, rows: pd.DataFrame, *, few: bool = False) -> list[Problem]:
        """List what keeps rows from being learned from: columns, values and labels that lack.

        Args:
            rows: The rows.
            few: Whether a single label will do: rows to test on may have no more.
        """
        missing = [name for name in self.columns if name not in rows.columns]
        if missing:
            shown, key = ", ".join(map(str, rows.columns[:20])), self._key()
            message = f"must be a column (dataset_config.{key}), but the columns are: {shown}."
            return [Problem(name, message) for name in missing]
        problems = []
        for name in self.columns:
            absent = rows[name].isna().to_numpy().nonzero()[0]
            if len(absent):
                where = f"{count(len(absent), 'row')}: {excerpt(absent)}"
                problems.append(Problem(name, f"must be set, but is missing in {where}."))
        if problems and self.kind in (_TAGS, "multilabel"):
            return problems
        return problems + self._value_problems(rows) + ([] if few else self._variety_problems(rows))

    def names(self, tables: Sequence[pd.DataFrame]) -> Any:
        """List the labels that occur, sorted, in the order of a network's outputs.

        Args:
            tables: The rows, in any number of tables.

        Returns:
            A list of labels; for ``multi_output`` a list for each column; for ``multilabel`` the
            columns; for ``tags`` all tags of the scheme, ``O`` first, or those that occur.
        """
        if self.kind == "multilabel":
            return list(self.columns)
        if self.kind == _TAGS:
            found = sorted({tag for rows in tables for tags in rows[_TAGS] for tag in tags})
            if self.scheme is None:
                return found
            return list_tags(sorted({split_tag(tag)[1] for tag in found} - {""}), self.scheme)
        found_by = {name: list_labels([rows[name] for rows in tables]) for name in self.columns}
        return found_by if self.kind == "multi_output" else found_by[self.columns[0]]

    def stand_in(self, rows: pd.DataFrame, names: Any) -> pd.DataFrame:
        """Give rows some labels, for a model that takes labelled rows and is only asked.

        Args:
            rows: The rows; what they have in the columns of the labels is replaced.
            names: All labels of the model, as :meth:`names` gives them.
        """
        if self.kind == _TAGS:
            tag = OUTSIDE if OUTSIDE in names else names[0]
            tags = [[tag] * len(tokens) for tokens in rows[_TOKENS]]
            return rows.assign(**{_TAGS: pd.Series(tags, index=rows.index, dtype=object)})
        if self.kind == "multilabel":
            return rows.assign(**dict.fromkeys(names, 0))
        first = names if self.kind == "multi_output" else {self.columns[0]: names}
        return rows.assign(**{column: first[column][0] for column in self.columns})

    def has_label(self, rows: pd.DataFrame, label: Any) -> np.ndarray:
        """Say which rows have a label. Shape: ``(rows,)``.

        Args:
            rows: The rows.
            label: One of those that :meth:`names` lists; for ``multi_output`` a pair of the column
                and the label.
        """
        if self.kind == _TAGS:
            return np.fromiter((label in tags for tags in rows[_TAGS]), bool, len(rows))
        if self.kind == "multilabel":
            column, value = label, 1
        else:
            column, value = label if self.kind == "multi_output" else (self.columns[0], label)
        return np.asarray(rows[column] == value, dtype=bool)

    def count(self, rows: pd.DataFrame) -> dict[str, int]:
        """Count how often each label occurs.

        Returns:
            Label → rows that have it; ``column=label`` → rows for ``multi_output``; tag → words
            for ``tags``, or label → spans if they mark spans.
        """
        if self.kind == "multilabel":
            return {name: int((rows[name] == 1).sum()) for name in self.columns}
        if self.kind == _TAGS:
            counts = Counter(tag for tags in rows[_TAGS] for tag in tags)
            return dict(sorted((self._count_spans(counts) if self.scheme else counts).items()))
        if self.kind == "single":
            return count_labels(rows[self.columns[0]])
        return {
            f"{name}={label}": number
            for name in self.columns
            for label, number in count_labels(rows[name]).items()
        }

    def count_targets(self, rows: pd.DataFrame, names: Any) -> Any:
        """Count what a network learns from, in the order of its outputs, for losses that weigh.

        Args:
            rows: The rows.
            names: What :meth:`names` gave, or the same from a config.

        Returns:
            The counts as ``names`` has its labels: rows of each label; words of each tag.
        """
        if self.kind == "multi_output":
            return {
                output: _in_order(rows[output].value_counts(), labels)
                for output, labels in names.items()
            }
        if self.kind == _TAGS:
            return _in_order(Counter(tag for tags in rows[_TAGS] for tag in tags), names)
        if self.kind == "multilabel":
            return [int((rows[name] == 1).sum()) for name in names]
        return _in_order(rows[self.columns[0]].value_counts(), names)

    def count_units(self, rows: pd.DataFrame) -> int:
        """Count what has a target: rows, or words if each has a tag."""
        return int(rows[_TAGS].map(len).sum()) if self.kind == _TAGS else len(rows)

    def each(self, names: Any) -> list[Any]:
        """List labels as :meth:`has_label` takes them.

        Args:
            names: What :meth:`names` gave, or the same from a config.
        """
        if self.kind == "multi_output":
            return [(output, label) for output, labels in names.items() for label in labels]
        return list(names)

    def flat_names(self, names: Any) -> list[str]:
        """Write names as :meth:`count` does.

        Args:
            names: What :meth:`names` gave, or the same from a config.
        """
        if self.kind == "multi_output":
            return [f"{output}={label}" for output, labels in names.items() for label in labels]
        if self.kind == _TAGS and self.scheme:
            return list(dict.fromkeys(label for tag in names if (label := split_tag(tag)[1])))
        return [str(name) for name in names]

    def _count_spans(self, counts: Counter[str]) -> Counter[str]:
        spans: Counter[str] = Counter()
        for tag, number in counts.items():
            mark, label = split_tag(tag)
            if mark in ("B", "U"):
                spans[label] += number
        return spans

    def _value_problems(self, rows: pd.DataFrame) -> list[Problem]:
        """Find values that are no labels, and labels that cannot be names."""
        if self.kind == "multilabel":
            return [
                Problem(name, f"must be 0 or 1, but is not in rows {excerpt(np.flatnonzero(bad))}.")
                for name in self.columns
                if (bad := ~rows[name].isin([0, 1]).to_numpy()).any()
            ] + _unsafe("dataset_config.label_columns", self.columns)
        return [
            problem
            for name, found in self._values(rows).items()
            for problem in _unsafe(name, found)
        ]

    def _variety_problems(self, rows: pd.DataFrame) -> list[Problem]:
        """Find columns in which nothing can be told apart."""
        if self.kind == "multilabel":
            return []
        return [
            _too_few(name, found) for name, found in self._values(rows).items() if len(found) < 2
        ]

    def _values(self, rows: pd.DataFrame) -> dict[str, list[Any]]:
        """List the different labels or tags of each column."""
        if self.kind == _TAGS:
            return {_TAGS: sorted({tag for tags in rows[_TAGS] for tag in tags})}
        return {name: rows[name].dropna().unique().tolist() for name in self.columns}

    def _key(self) -> str:
        return {"single": "label_column", _TAGS: "label_kind"}.get(self.kind, "label_columns")


def _in_order(counts: Mapping[Any, Any] | pd.Series, labels: Sequence[Any]) -> list[int]:
    return [int(counts.get(label, 0)) for label in labels]


def _unsafe(name: str, labels: Sequence[Any]) -> list[Problem]:
    faults = [unsafe_label(label) for label in labels if isinstance(label, str)]
    return first_problems([Problem(name, fault) for fault in faults if fault])


def _too_few(name: str, found: Sequence[Any]) -> Problem:
    shown = ", ".join(repr(label) for label in found) or "none"
    return Problem(name, f"must have two or more different labels, but has only {shown}.")
