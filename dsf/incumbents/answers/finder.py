"""Labels by the names that a model has for them; what it means is looked up once a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import Problem
from dsf.core.excerpts import count, excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.incumbents.answers.wanted import WantedAnswers

__all__ = ["LabelFinder", "probability_problems"]

_SHOWN = 20
_ROUNDING = 1e-3  # as dsf.core.predictions allows


class LabelFinder:
    """Finds labels, and remembers the names that are none with the rows that had them.

    Args:
        wanted: Says how names are compared.
        names: The labels there are.

    Attributes:
        texts: Names that were found, if they are text, and their places.
    """

    def __init__(self, wanted: WantedAnswers, names: Sequence[Any]) -> None:
        self.names = list(names)
        self.texts: dict[str, int] = {}
        self._wanted = wanted
        self._known: dict[tuple[type, Any], int] = {}
        self._unknown: dict[tuple[str, str], list[Any]] = {}

    def place(self, given: Any, row_id: Any) -> int:
        """Give the place of the label that a name means; -1 if there is none."""
        plain = given.item() if hasattr(given, "item") else given
        key = (type(plain), plain if isinstance(plain, str | int | float | bool) else repr(plain))
        if key not in self._known:
            label = self._wanted.find_label(plain, self.names)
            self._known[key] = -1 if label is None else self.names.index(label)
            if isinstance(plain, str) and label is not None:
                self.texts[plain] = self._known[key]
        if self._known[key] < 0:
            self._unknown.setdefault(self._describe(plain), []).append(row_id)
        return self._known[key]

    def hear(self, name: Any) -> None:
        """Take note of a name that stands in an answer and says nothing: its probability is 0."""
        unheard = self._wanted.unheard
        if unheard and (name in unheard or str(name) in unheard):
            self._wanted.rename(name)

    def problems(self, where: str) -> list[Problem]:
        """Say which names are no labels, each with its rows."""
        return [
            Problem(
                where,
                f"must be one of {excerpt(self.names, _SHOWN)}, but is {name} in "
                f"{count(len(ids), 'row')} (row_id {excerpt(ids)}). {advice}",
            )
            for (name, advice), ids in self._unknown.items()
        ]

    def _describe(self, name: Any) -> tuple[str, str]:
        """Say what a name is that is no label, and what to do about it."""
        label = self._wanted.rename(name)
        if label is name:
            return repr(name), (
                "Say by label_map which label it means, or name it in model_config.label_names too."
            )
        return f"{name!r}, which label_map makes {label!r},", "Mend label_map (eval_config)."


def probability_problems(
    where: str, values: np.ndarray, row_ids: np.ndarray, *, whole: bool
) -> list[Problem]:
    """Find rows whose probabilities are none.

    Args:
        where: What is looked at.
        values: Shape: ``(rows, labels)``.
        row_ids: Shape: ``(rows,)``.
        whole: Whether those of a row must sum to 1.
    """
    inside = ((values >= 0) & (values <= 1)).all(axis=1)
    problems = []
    if not inside.all():
        # What is no number at all is the farthest off.
        off = np.nan_to_num(np.abs(values - 0.5), nan=np.inf).argmax(axis=1)
        found = values[~inside, off[~inside]]
        message = (
            f"must be numbers from 0 to 1, but row_id {excerpt(row_ids[~inside])} have "
            f"{excerpt(found)}."
        )
        problems.append(Problem(where, message))
    sums = values.sum(axis=1)
    unequal = inside & (np.abs(sums - 1) > _ROUNDING)
    if whole and unequal.any():
        message = (
            f"of a row must sum to 1, but row_id {excerpt(row_ids[unequal])} sum to "
            f"{excerpt(sums[unequal].round(6))}. Give those of all labels, or the label alone."
        )
        problems.append(Problem(where, message))
    return problems
