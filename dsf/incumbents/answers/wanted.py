"""What an answer to a row must be: the labels there are, and where the rows have theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.suggestions import did_you_mean
from dsf.core.tagging import OUTSIDE, split_tag

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
        unheard: Names of ``label_map`` that no answer has used so far.
    """

    kind: str
    columns: tuple[str, ...]
    names: Any
    scheme: str | None = None
    label_map: Mapping[Any, Any] = field(default_factory=dict)
    thresholds: float | Mapping[str, float] = 0.5
    unheard: set[Any] = field(default_factory=set, init=False, compare=False)

    def __post_init__(self) -> None:
        self.unheard.update(self.label_map)
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
        plain = self.rename(given)
        exact = next((name for name in names if name == plain and type(name) is type(plain)), None)
        if exact is not None:
            return exact
        return next((name for name in names if str(name) == str(plain)), None)

    def rename(self, given: Any) -> Any:
        """Give what ``label_map`` makes of a name; the name itself if it is not in there."""
        plain = given.item() if hasattr(given, "item") else given
        for spelling in (plain, str(plain)):
            if _is_key(spelling) and spelling in self.label_map:
                self.unheard.discard(spelling)
                return self.label_map[spelling]
        return plain

    def check_label_map(self) -> None:
        """Refuse a ``label_map`` that leads to what is no label.

        Raises:
            ConfigError: Lists every name that does.
        """
        names = _all_labels(self.kind, self.names)
        known = {str(name) for name in names}
        problems = [
            Problem(
                f"label_map.{name}",
                f"must be one of {excerpt(names, 20)}, but is {label!r}."
                + did_you_mean(str(label), sorted(known)),
            )
            for name, label in self.label_map.items()
            if str(label) not in known
        ]
        if problems:
            raise ConfigError("Names must be mapped to labels of the rows.", problems)


def _all_labels(kind: str, names: Any) -> list[Any]:
    """List what answers may name: labels, those of all outputs, or tags and their entities."""
    if kind == "multi_output":
        return list(dict.fromkeys(name for each in names.values() for name in each))
    if kind == "tags":
        entities = [split_tag(str(tag))[1] for tag in names if tag != OUTSIDE]
        return list(dict.fromkeys([*names, *entities]))
    return list(names)


def _is_key(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
