"""What an answer to a row must be: the labels there are, and where the rows have theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["KINDS", "WantedAnswers"]

KINDS = ("single", "multi_output", "multilabel", "tags")


@dataclass(frozen=True)
class WantedAnswers:
    """What the answers of an existing model are read as.

    Attributes:
        kind: ``single``, ``multi_output``, ``multilabel`` or ``tags``.
        columns: Columns of the rows that hold the true labels.
        names: All labels: a list; for ``multi_output`` a list for each output.
        scheme: How tags make entities; ``None`` if each stands alone.
        label_map: What the model calls a label → what the rows call it.
        thresholds: Of ``multilabel``: from which probability on a label is answered; one for all,
            or one a label.
    """

    kind: str
    columns: tuple[str, ...]
    names: Any
    scheme: str | None = None
    label_map: Mapping[Any, Any] = field(default_factory=dict)
    thresholds: float | Mapping[str, float] = 0.5

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            message = f"must be one of {', '.join(KINDS)}, but is {self.kind!r}."
            raise ConfigError("There are no such answers.", [Problem("label_kind", message)])

    def hide_labels(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Give the rows without the truth, so that no model can answer from it."""
        return rows.drop(columns=[name for name in self.columns if name in rows])

    def find_label(self, given: Any, names: Any) -> Any:
        """Give the label that a model means by a name; ``None`` if there is none.

        Files and JSON make text of numbers, so that a label is also found by its text.

        Args:
            given: What the model said.
            names: The labels there are.
        """
        plain = given.item() if hasattr(given, "item") else given
        for spelling in (plain, str(plain)):
            if _is_key(spelling) and spelling in self.label_map:
                plain = self.label_map[spelling]
                break
        exact = next((name for name in names if name == plain and type(name) is type(plain)), None)
        if exact is not None:
            return exact
        return next((name for name in names if str(name) == str(plain)), None)


def _is_key(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
