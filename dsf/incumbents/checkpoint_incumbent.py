"""The model of an earlier run as the existing one."""

from __future__ import annotations

import logging
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dsf.base.decisions import Decisions
from dsf.base.existing_model import find_trained_model
from dsf.base.labels_file import fill_labels
from dsf.base.outcome import as_predictions
from dsf.base.steps import StepContext, ask_model
from dsf.core.config import load_config
from dsf.core.errors import HookError, IncumbentError, Problem
from dsf.core.excerpts import excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.run_folder import CONFIG_FILE, RunFolder
from dsf.core.tag_predictions import TagPredictions
from dsf.core.tagging import OUTSIDE
from dsf.incumbents.incumbent import Incumbent
from dsf.incumbents.seen_rows import count_seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.predictions import Predictions

__all__ = ["CheckpointIncumbent"]

log = logging.getLogger("dsf")


class CheckpointIncumbent(Incumbent):
    """Answers with a model that this project trained before, as the test step does.

    The model, its data and its test are made by the project's own classes as they are now, with
    the config and the labels of the run that the model lies in. It is given the rows without their
    labels. If the run has learned from some of them, a warning says how many.

    Args:
        path: A run folder, or the file of a model. A model that lies in no run is taken to be of
            this one: same config, same labels.
        context: The step that asks; :func:`dsf.incumbents.answer_with_incumbent` gives it.
        **labels: What :class:`dsf.incumbents.Incumbent` takes.
    """

    def __init__(
        self, path: Path | str, *, context: StepContext | None = None, **labels: Any
    ) -> None:
        super().__init__(**labels)
        self.path = Path(path)
        self.context = context
        self._known: set[Any] = set()

    def answer(self, rows: pd.DataFrame, labels: Any) -> Any:
        """Load the model and let it answer.

        Raises:
            IncumbentError: If there is no model, it is of another kind of task, or knows labels
                that the rows have not.
            HookError: If it was not given its step.
        """
        if self.context is None:
            raise HookError(
                "CheckpointIncumbent needs the step that asks it, but has none. Use "
                "dsf.incumbents.answer_with_incumbent in Evaluation.execute, or give it "
                "Evaluation.context."
            )
        run, model_path = self._find()
        with tempfile.TemporaryDirectory() as folder:
            older = self._context_of(run, Path(folder))
            self._check_kind(older)
            names = older.model_config()["label_names"]
            asked = _with_any_labels(rows, older, names)
            older = replace(older, options={"rows": asked, "model_path": model_path})
            test, answers = ask_model(older)
            model_config = older.model_config()
            given = as_predictions(test, answers, asked, older.label_layout, model_config)
            given = Decisions.of_model(model_path).apply(given)
        self._warn(rows, run)
        return self._read(given, labels)

    def name(self) -> str:
        """Give the path."""
        return str(self.path)

    def knows(self) -> set[Any]:
        """Give the labels of the older run, once it has answered."""
        return self._known

    def _find(self) -> tuple[Path, Path]:
        """Give the run that the model lies in, and the model's file."""
        assert self.context is not None
        if self.path.is_dir():
            model = find_trained_model(self.path)
            if model is None:
                message = "must be a run with a trained model (2_fit/fit.json), but has none."
                raise self._error(message)
            return self.path, model
        if not self.path.is_file():
            raise self._error("must be a run folder or the file of a model, but is neither.")
        run = RunFolder.holding(self.path)
        return (self.context.run if run is None else run.path), self.path.resolve()

    def _context_of(self, run: Path, folder: Path) -> StepContext:
        """Make the context in which the test step of that run would stand."""
        assert self.context is not None
        project, config = self.context.project, self.context.config
        if run.resolve() != self.context.run.resolve():
            # Its values are final: the variables that change a config are meant for ours.
            others = {key: value for key, value in os.environ.items() if not _changes_config(key)}
            config = load_config(run / CONFIG_FILE, environ=others, schema=project.config_schema)
            fill_labels(config, project.project_dir())
        return StepContext(project, config, run, folder, {})

    def _check_kind(self, older: StepContext) -> None:
        layout = older.label_layout
        kind = None if layout is None else layout.kind
        if kind != self.label_kind:
            raise self._error(f"must be a model of kind {self.label_kind!r}, but is of {kind!r}.")

    def _warn(self, rows: pd.DataFrame, run: Path) -> None:
        assert self.context is not None
        if run.resolve() == self.context.run.resolve():
            return
        seen = count_seen(rows, self.text_column, run, self.context.run)
        if seen:
            log.warning(
                "%s has learned from %d of the %d test rows: it will seem better than it is. "
                "Compare on rows that neither model has seen (test_dataset_path).",
                run,
                seen,
                len(rows),
            )

    def _read(self, given: AnyPredictions, labels: Any) -> Any:
        """Turn the older model's predictions into answers in the order of our labels."""
        if isinstance(given, TagPredictions):
            self._known = set(given.tags)
            pairs = zip(given.predictions, given.confidences, strict=True)
            return [{"tags": tags, "confidences": sure} for tags, sure in pairs]
        if isinstance(given, MultiOutputPredictions):
            return {
                output: self._read_labels(each, labels[output])
                for output, each in given.outputs.items()
            }
        if isinstance(given, MultiLabelPredictions):
            self._known = set(given.labels)
            # By the older names: what label_map makes of them is looked up once, later.
            named = [
                [label for label, chosen in zip(given.labels, row, strict=True) if chosen]
                for row in given.predictions
            ]
            if given.probabilities is None:
                return named
            values = self._columns(given.probabilities, given.labels, labels).tolist()
            return [
                {"labels": each, "probabilities": row}
                for each, row in zip(named, values, strict=True)
            ]
        return self._read_labels(given, labels)

    def _read_labels(self, given: Predictions, labels: Sequence[Any]) -> list[Any]:
        self._known |= set(given.labels)
        if given.probabilities is None:
            return list(given.predictions)
        values = self._columns(given.probabilities, given.labels, labels).tolist()
        pairs = zip(given.predictions, values, strict=True)
        return [{"label": label, "probabilities": row} for label, row in pairs]

    def _columns(self, values: np.ndarray, known: Sequence[Any], labels: Sequence[Any]) -> Any:
        """Put columns of the older labels where ours are; what it does not know has 0."""
        renamed = [self.label_map.get(label, label) for label in known]
        unknown = [label for label in renamed if label not in labels]
        if unknown:
            raise self._error(
                f"knows the labels {excerpt(unknown, 20)}, which the rows have not. Name them in "
                "model_config.label_names too, or say by label_map what they are here."
            )
        columns = np.zeros((len(values), len(labels)))
        for at, label in enumerate(renamed):
            columns[:, list(labels).index(label)] += values[:, at]
        return columns

    def _error(self, message: str) -> IncumbentError:
        problem = Problem(str(self.path), message)
        return IncumbentError("There is no existing model that could answer.", [problem])


def _changes_config(variable: str) -> bool:
    return variable.startswith(("DSF__", "DSF_ENV"))


def _with_any_labels(rows: pd.DataFrame, older: StepContext, names: Any) -> pd.DataFrame:
    """Give the rows some labels that the older model knows: it is asked, not scored."""
    layout = older.label_layout
    assert layout is not None
    if layout.kind == "tags":
        tag = OUTSIDE if OUTSIDE in names else names[0]
        tags = pd.Series([[tag] * len(tokens) for tokens in rows["tokens"]], index=rows.index)
        return rows.assign(tags=tags)
    if layout.kind == "multilabel":
        return rows.assign(**dict.fromkeys(names, 0))
    first = names if layout.kind == "multi_output" else {layout.columns[0]: names}
    return rows.assign(**{column: first[column][0] for column in layout.columns})
