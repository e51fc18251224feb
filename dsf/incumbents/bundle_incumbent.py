"""An exported bundle as the existing model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.errors import IncumbentError, Problem
from dsf.core.run_folder import RunFolder
from dsf.incumbents.incumbent import Incumbent
from dsf.incumbents.model_answers import NO_MODEL, as_answers, known_labels
from dsf.incumbents.seen_rows import warn_of_seen
from dsf.inference import Predictor

if TYPE_CHECKING:
    import pandas as pd

    from dsf.base.steps import StepContext

__all__ = ["BundleIncumbent"]


class BundleIncumbent(Incumbent):
    """Answers with a bundle: calibrated, decided, and in the batches of a test step.

    Nothing but the bundle is read, so that it may come from another project, or from a colleague.
    It is given the rows without their labels. If it lies in a run, and that run has learned from
    some of the rows, a warning says how many.

    Args:
        path: Folder of the bundle.
        device: Where to compute, as torch names it; ``auto``: a GPU if there is one.
        context: The step that asks; :func:`dsf.incumbents.answer_with_incumbent` gives it.
        **labels: What :class:`dsf.incumbents.Incumbent` takes.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        device: str = "auto",
        context: StepContext | None = None,
        **labels: Any,
    ) -> None:
        super().__init__(**labels)
        self.path = Path(path)
        self.context = context
        self.predictor = Predictor(self.path, device)
        self._known: set[Any] = set()

    def answer(self, rows: pd.DataFrame, labels: Any) -> Any:
        """Load the bundle and let it answer.

        Raises:
            BundleError: If it is not what was exported; lists all that is wrong.
            DataError: If some rows have no text.
            IncumbentError: If it is of another kind of task, or knows labels that the rows have
                not.
        """
        own = self.predictor.bundle.labels
        if own.kind != self.label_kind:
            message = f"must be a bundle of kind {self.label_kind!r}, but is of {own.kind!r}."
            raise IncumbentError(NO_MODEL, [Problem(str(self.path), message)])
        if self.context is not None and (run := RunFolder.holding(self.path)) is not None:
            warn_of_seen(rows, self.text_column, run.path, self.context.run)
        given = self.predictor.predict_unlabelled(self._with_texts(rows))
        self._known = known_labels(given)
        return as_answers(given, labels, self.label_map, str(self.path))

    def name(self) -> str:
        """Give the path."""
        return str(self.path)

    def knows(self) -> set[Any]:
        """Give the labels of the bundle, once it has answered."""
        return self._known

    def _with_texts(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Put our texts where the bundle looks for its own."""
        column = self.predictor.bundle.metadata.inputs.text_column
        return rows.assign(**{column: rows[self.text_column]}) if self.text_column in rows else rows
