"""What a registered version earned: the verdict of its own bundle, kept in the version's tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BASELINE", "Earned"]

BASELINE = "baseline"
"""What a version was compared with that had no champion before it."""

_PREFIX = "dsf."


@dataclass(frozen=True)
class Earned:
    """The verdict on a bundle, scored by the export step on the rows of its run.

    Attributes:
        verdict: ``better``, ``not worse``, ``worse`` or ``undecided``.
        passed: Whether that passes the rule that the run was configured with.
        reason: One sentence.
        compared_with: ``models:/NAME/3`` for a registered version, :data:`BASELINE` for the
            project's own baseline, else what the existing model is called.
        bundle: Hash of the bundle.
        run: Folder of the run that it comes from.
        report: Where the run's report is.
        task: What it was made for, such as ``ner``.
        data_hash: Of the rows of its run, before the split.
        rule: By which it passed or not, such as ``non_inferiority, margin 0.01``.
        notes: What has to be known of the comparison, such as rows that one side has learned from.
    """

    verdict: str
    passed: bool
    reason: str
    compared_with: str
    bundle: str
    run: str
    report: str
    task: str = ""
    data_hash: str = ""
    rule: str = ""
    notes: str = ""

    def to_tags(self) -> dict[str, str]:
        """Give the tags of the version: ``dsf.verdict`` and so on."""
        texts = {**vars(self), "passed": "true" if self.passed else "false"}
        return {f"{_PREFIX}{name}": text for name, text in texts.items()}

    @classmethod
    def from_tags(cls, tags: Mapping[str, str]) -> Earned | None:
        """Read what :meth:`to_tags` gave; ``None`` of a version that dsf has not registered."""
        if f"{_PREFIX}bundle" not in tags or f"{_PREFIX}verdict" not in tags:
            return None
        names = cls.__dataclass_fields__
        texts = {name: tags.get(f"{_PREFIX}{name}", "") for name in names if name != "passed"}
        return cls(**texts, passed=tags.get(f"{_PREFIX}passed") == "true")
