"""What an audit found, for a file and for the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dsf.core.excerpts import count, excerpt

__all__ = ["Finding", "SplitAudit"]

_WORDS = {
    "exact": "the same text as",
    "normalised": "the same text, but for case and punctuation, as",
    "near": "nearly the same text as",
    "group": "a group in common with",
}


@dataclass(frozen=True)
class Finding:
    """Rows of two parts that should have nothing in common.

    Attributes:
        kind: ``exact``, ``normalised``, ``near`` or ``group``; a row counts in the first text
            kind that fits.
        earlier: The part that is learned from.
        later: The part that is judged on.
        earlier_rows: Places of the rows in the earlier part, from 0, ascending.
        later_rows: Places of the rows in the later part.
        examples: Some of the later rows with one of the earlier rows each.
    """

    kind: str
    earlier: str
    later: str
    earlier_rows: np.ndarray
    later_rows: np.ndarray
    examples: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Give counts and examples, fit for JSON."""
        return {
            "kind": self.kind,
            "parts": [self.earlier, self.later],
            f"{self.earlier}_rows": len(self.earlier_rows),
            f"{self.later}_rows": len(self.later_rows),
            "examples": self.examples,
        }


@dataclass(frozen=True)
class SplitAudit:
    """All that an audit found.

    Attributes:
        sizes: Part → its number of rows.
        findings: Rows that stand in two parts.
        absent: Part → the labels that other parts have and this one has not.
        checked: What was looked at: ``text``, ``near``, ``labels``, ``groups``.
    """

    sizes: dict[str, int]
    findings: list[Finding] = field(default_factory=list)
    absent: dict[str, list[str]] = field(default_factory=dict)
    checked: dict[str, bool] = field(default_factory=dict)

    @property
    def leaks(self) -> bool:
        """Whether anything stands in two parts; labels that are absent are no leak."""
        return bool(self.findings)

    def rows_to_drop(self, part: str) -> np.ndarray:
        """Give the places of the rows of ``part`` that also stand in a later part."""
        places = [one.earlier_rows for one in self.findings if one.earlier == part]
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *places]))

    def to_dict(self) -> dict[str, Any]:
        """Give counts and examples, fit for JSON."""
        return {
            "checked": self.checked,
            "sizes": self.sizes,
            "findings": [one.to_dict() for one in self.findings],
            "absent_labels": {
                part: {"count": len(labels), "examples": labels[:20]}
                for part, labels in self.absent.items()
            },
        }

    def describe(self, without: str | None = None) -> list[str]:
        """Give one line for each finding, for the log.

        Args:
            without: A part whose absent labels are told elsewhere.
        """
        lines = self.describe_leaks()
        for part, labels in self.absent.items():
            if part == without:
                continue
            lines.append(f"{part} has no row of {count(len(labels), 'label')}: {excerpt(labels)}.")
        return lines

    def describe_leaks(self) -> list[str]:
        """Give one line for each finding of rows that stand in two parts."""
        lines = []
        for one in self.findings:
            found, size = len(one.later_rows), self.sizes[one.later]
            lines.append(
                f"{one.later}: {found} of {count(size, 'row')} ({found / size:.1%}) "
                f"{'has' if found == 1 else 'have'} {_WORDS[one.kind]} "
                f"{count(len(one.earlier_rows), 'row')} of {one.earlier}."
            )
        return lines
