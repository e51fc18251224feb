"""The model of an earlier run as the existing one."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.base.decisions import Decisions
from dsf.base.existing_model import find_trained_model
from dsf.base.labels_file import fill_labels
from dsf.base.outcome import as_predictions
from dsf.base.steps import StepContext, ask_model
from dsf.core.config import load_config
from dsf.core.errors import HookError, IncumbentError, Problem
from dsf.core.run_folder import CONFIG_FILE, RunFolder
from dsf.incumbents.incumbent import Incumbent
from dsf.incumbents.model_answers import NO_MODEL, as_answers, known_labels
from dsf.incumbents.seen_rows import count_seen, warn_of_seen

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CheckpointIncumbent"]


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
            layout = older.label_layout
            assert layout is not None  # its kind was checked
            asked = layout.stand_in(rows, names)
            older = replace(older, options={"rows": asked, "model_path": model_path})
            test, answers = ask_model(older)
            model_config = older.model_config()
            given = as_predictions(test, answers, asked, older.label_layout, model_config)
            given = Decisions.of_model(model_path).apply(given)
        here = self.context.run
        if run.resolve() != here.resolve():
            seen = count_seen(rows, self.text_column, run, here)
            if seen:
                self.notes.append(warn_of_seen(str(run), seen, len(rows)))
        self._known = known_labels(given)
        return as_answers(given, labels, self.label_map, str(self.path))

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

    def _error(self, message: str) -> IncumbentError:
        problem = Problem(str(self.path), message)
        return IncumbentError(NO_MODEL, [problem])


def _changes_config(variable: str) -> bool:
    return variable.startswith(("DSF__", "DSF_ENV"))
