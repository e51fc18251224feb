"""Which labels may be names in files and reports, and are known."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from dsf.data.readers.columns import ColumnNames

__all__ = ["LabelCheck", "unsafe_label"]


class LabelCheck:
    """Checks labels, or the tags of words, each different one once."""

    def __init__(self, columns: ColumnNames) -> None:
        self._known = columns.label_names
        self._taken: tuple[str, ...] = ()
        if columns.kind == "multilabel":
            self._taken = (columns.text, *columns.others(), "row_id")
        self._faults: dict[str, str | None] = {}

    def fault(self, label: str) -> str | None:
        """Say why a label cannot be one; ``None`` if it can."""
        if label not in self._faults:
            self._faults[label] = unsafe_label(label) or self._misfit(label)
        return self._faults[label]

    def _misfit(self, label: str) -> str | None:
        if self._known and label not in self._known:
            hint = did_you_mean(label, self._known)
            return f"must be one of the labels of the config, but is {label!r}.{hint}"
        if label in self._taken:
            return f"{label!r} cannot be a label: its 0/1 column would hide that column."
        return None


def unsafe_label(label: str) -> str | None:
    """Say why a label cannot be a name in files and reports; ``None`` if it can."""
    if not label.strip():
        return "must have a label, but has white space only."
    if label != label.strip():
        return f"the label {label!r} has white space around it (options: strip_labels)."
    if any(unicodedata.category(sign)[0] == "C" and sign not in "\u200c\u200d" for sign in label):
        return f"the label {label!r} has signs that cannot be seen; rename it."
    if len(label) > 200:
        return f"the label {label[:40]!r}… is longer than 200 characters."
    return None
