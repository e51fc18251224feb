"""An exported bundle as the existing model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.bundle import LEARNED_FILE
from dsf.core.errors import IncumbentError, Problem
from dsf.incumbents.incumbent import Incumbent
from dsf.incumbents.model_answers import NO_MODEL, as_answers, known_labels
from dsf.incumbents.seen_rows import warn_of_seen
from dsf.inference import Predictor

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BundleIncumbent"]


class BundleIncumbent(Incumbent):
    """Answers with a bundle: calibrated, decided, and in the batches of a test step.

    Nothing but the bundle is read, so that it may come from another project, or from a colleague.
    It is given the rows without their labels. It knows the hashes of the rows that it has learned
    from: if some of the rows are among them, a warning says how many.

    Args:
        path: Folder of the bundle.
        device: Where to compute, as torch names it; ``auto``: a GPU if there is one.
        **labels: What :class:`dsf.incumbents.Incumbent` takes.

    Attributes:
        called: What it is called in messages.
    """

    def __init__(self, path: Path | str, *, device: str = "auto", **labels: Any) -> None:
        super().__init__(**labels)
        self.path = Path(path)
        self.called = str(path)
        self.predictor = Predictor(self.path, device)
        self._known: set[Any] = set()

    def answer(self, rows: pd.DataFrame, labels: Any) -> Any:
        """Load the bundle and let it answer.

        Raises:
            BundleError: If it is not what was exported; lists all that is wrong.
            DataError: If some rows cannot be answered.
            IncumbentError: If it is of another kind of task, or knows labels that the rows have
                not.
        """
        own = self.predictor.bundle.labels
        if own.kind != self.label_kind:
            message = f"must be a bundle of kind {self.label_kind!r}, but is of {own.kind!r}."
            raise IncumbentError(NO_MODEL, [Problem(self.called, message)])
        asked = self._with_texts(rows)
        self._warn_of_learned(asked)
        given = self.predictor.predict_unlabelled(asked)
        self._known = known_labels(given)
        return as_answers(given, labels, self.label_map, self.called)

    def name(self) -> str:
        """Give what it is called."""
        return self.called

    def knows(self) -> set[Any]:
        """Give the labels of the bundle, once it has answered."""
        return self._known

    def _warn_of_learned(self, rows: pd.DataFrame) -> None:
        """Say how many of the rows the bundle has learned from."""
        file = self.predictor.bundle.find(LEARNED_FILE)
        if file is None:
            return
        learned = np.load(file, allow_pickle=False)
        seen = int(np.isin(self.predictor.hash_rows(rows), learned).sum())
        if seen:
            self.notes.append(warn_of_seen(self.name(), seen, len(rows)))

    def _with_texts(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Put our texts where the bundle looks for its own."""
        column = self.predictor.bundle.metadata.inputs.text_column
        if column is None or self.text_column not in rows:
            return rows
        return rows.assign(**{column: rows[self.text_column]})
