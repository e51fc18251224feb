"""Which labels are known, and may be names in files and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.suggestions import did_you_mean
from dsf.data.safe_labels import unsafe_label

if TYPE_CHECKING:
    from dsf.data.readers.columns import ColumnNames

__all__ = ["LabelCheck"]


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
            return f"must be one of the known labels, but is {label!r}.{hint}"
        if label in self._taken:
            return f"{label!r} cannot be a label: its 0/1 column would hide that column."
        return None
