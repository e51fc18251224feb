"""What must hold for every task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from dsf.data import PARTS, LabelLayout, name_text
from dsf.metrics import score_predictions
from dsf.tasks.config import TextProjectConfig
from dsf.tasks.table import FUNCTIONS
from dsf.testing.chance import highest_by_chance, mean_recall
from dsf.testing.filling import fill_config
from dsf.testing.task_trial import TaskTrial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pytest

    from dsf.core.config import ProjectConfig
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["TaskCase"]

# A new encoder learns faster than the recipes of pretrained ones allow, and at first it has more to
# say in all its tokens than in one.
_MODEL_CONFIG = {
    "learning_rate": 3e-3,
    "dropout": 0.0,
    "batch_size": 16,
    "weight_decay": 0.01,
    "pooling": "mean",
}
_DATASET_CONFIG = {
    "text_column": "text",
    "train_ratio": 0.6,
    "validation_ratio": 0.15,
    "test_ratio": 0.25,
    "seed": 1,
}


class TaskCase:
    """Proves that a task fits.

    Subclass it in a file of tests, and pytest runs it on your task::

        from dsf.testing import TaskCase
        from trainer import claims

        class TestClaims(TaskCase):
            task = claims
            sample = "tests/claims.csv"
            dataset_config = {"text_column": "claim", "label_column": "decision"}

    A tiny encoder that has learned nothing is fitted three times: on the sample, on it again, and
    on its rows with labels dealt out anew. Give a sample of 100 to 300 short texts that can be told
    apart by their words.

    A model has learned if it tells the labels of held-out rows apart better than by chance. What is
    measured is the mean over the labels of the share of each that is answered right; chance is
    1 / labels and three standard deviations more (:mod:`dsf.testing.chance`). With labels dealt out
    anew, a model must not get above it: if it does, it has seen the answers.

    You must set: ``task``, ``sample``.
    You may set: ``dataset_config``, ``model_config``, ``epochs``, ``config_schema``.
    You may write: :meth:`make_model`, if your task has a Lightning module of its own.

    Attributes:
        task: Module or any object with the functions :data:`dsf.tasks.table.FUNCTIONS`.
        sample: File with labelled rows.
        dataset_config: The keys of the section that say how the sample is read and split.
        model_config: The keys of the section that differ from the case's own.
        epochs: How often a fit sees every row.
        config_schema: The schema of the task's projects.
    """

    task: ClassVar[Any]
    sample: ClassVar[Path | str]
    dataset_config: ClassVar[Mapping[str, Any]] = {}
    model_config: ClassVar[Mapping[str, Any]] = {}
    epochs: ClassVar[int] = 12
    config_schema: ClassVar[type[ProjectConfig]] = TextProjectConfig

    def make_model(self, model_config: dict[str, Any], metrics: dict[str, bool]) -> Any:
        """Make the model to fit, a new one on every call.

        As it stands: :class:`dsf.lightning.PlModel` with the task's network and objective.
        """
        from dsf.lightning import PlModel
        from dsf.tasks.parts.encoder import complete_config

        complete = complete_config(model_config)
        return PlModel(
            network=self.task.build_network(complete),
            objective=self.task.build_objective(complete, metrics),
            model_config=complete,
            metrics_config=metrics,
        )

    def test_it_has_all_functions_of_a_task(self) -> None:
        """A project calls each of them."""
        missing = [name for name in FUNCTIONS if not callable(getattr(self.task, name, None))]
        assert not missing, f"the task must have the functions {', '.join(missing)}"

    def test_the_rows_can_be_learned_from(self) -> None:
        """There is a table with texts, and with labels that differ."""
        rows = self._rows()
        section = self._config()["dataset_config"]
        assert name_text(section) in rows.columns
        layout = LabelLayout.of(section, rows)
        assert layout is not None, "dataset_config must say where the labels are"
        problems = layout.problems(rows)
        assert not problems, "\n".join(map(str, problems))

    def test_loading_twice_gives_the_same_rows(self) -> None:
        """A run goes on only with the rows that it was made from."""
        pd.testing.assert_frame_equal(self._rows(), self._rows(), obj="rows loaded again")

    def test_every_batch_fits_the_objective(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        """Each can be read, answered and scored; from training batches the network learns."""
        trial = self._trial(tmp_path_factory)
        model = self.make_model(trial.model_config, trial.metrics)
        module, objective = trial.data_module(trial.parts), model.objective
        for phase in ("train", "val", "test"):
            nothing = objective.nothing(phase)
            for batch in getattr(module, f"{phase}_dataloader")():
                inputs, targets = objective.read(batch)
                logits = model(*inputs)
                loss = model.compute_loss(logits, targets)
                assert loss.shape == (), f"the loss of a {phase} batch must be one number"
                assert loss.isfinite(), f"the loss of a {phase} batch is {loss.item()}"
                assert objective.size(targets) > 0, f"a {phase} batch has nothing to learn from"
                kept = objective.keep(phase, batch, logits, targets)
                assert set(kept) == set(nothing), f"keep and nothing must agree for {phase}"
                for name, values in kept.items():
                    both = (values.dtype, values.shape[1:])
                    assert both == (nothing[name].dtype, nothing[name].shape[1:]), name
            if phase == "train":
                loss.backward()
                assert any(weight.grad is not None for weight in model.parameters())

    def test_the_data_module_leaves_the_rows_as_they_are(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Other steps read them too."""
        trial = self._trial(tmp_path_factory)
        before = {part: trial.parts[part].copy(deep=True) for part in PARTS}
        trial.task.create_data_module(
            trial.model_config, trial.dataset_config, *(trial.parts[part] for part in PARTS)
        )
        for part in PARTS:
            pd.testing.assert_frame_equal(trial.parts[part], before[part], obj=f"rows of {part}")

    def test_it_learns(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        """Labels of held-out rows are told apart better than by chance."""
        answers = self._answers(tmp_path_factory)
        right, chance = mean_recall(answers), highest_by_chance(answers)
        assert right > chance, (
            f"a model must get more than {chance:.3f} of a label right, which chance may give, but "
            f"gets {right:.3f}. More epochs, or a sample that can be told apart by its words?"
        )

    def test_labels_dealt_out_anew_teach_nothing(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """What is answered comes from the text alone; nothing tells the model the answers."""
        answers = self._answers(tmp_path_factory, shuffled=True)
        right, chance = mean_recall(answers), highest_by_chance(answers)
        assert right <= chance, (
            f"from labels that say nothing a model must not get more than {chance:.3f} of a label "
            f"right, but gets {right:.3f}. Do batches tell the model the answers?"
        )

    def test_every_row_is_answered_in_its_place(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Ids come back in the order of the rows, and the answers can be scored."""
        trial, answers = self._trial(tmp_path_factory), self._answers(tmp_path_factory)
        np.testing.assert_array_equal(answers.row_ids, trial.parts["test"]["row_id"].to_numpy())
        scores = score_predictions(answers, trial.metrics, trial.model_config["average"])
        numbers = [value for value in scores.values() if isinstance(value, float)]
        assert numbers, "there must be a score at least"
        assert np.isfinite(numbers).all(), f"the scores must be numbers, but are {scores}"

    def test_the_baseline_answers_the_same_question(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """The same rows in the same order, with the same truth: so the two can be compared."""
        trial, answers = self._trial(tmp_path_factory), self._answers(tmp_path_factory)
        baseline = trial.answer_baseline()
        assert type(baseline) is type(answers)
        own, other = (_truth(one.to_frame()) for one in (answers, baseline))
        pd.testing.assert_frame_equal(other, own, obj="truth of the baseline")

    def test_a_model_brought_back_answers_the_same(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """What is tested is what was trained: all of it is in the checkpoint."""
        trial = self._trial(tmp_path_factory)
        before = trial.fit(1).to_frame()
        pd.testing.assert_frame_equal(trial.bring_back().to_frame(), before, obj="answers")

    def test_the_same_seed_gives_the_same_answers(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Fitted twice, each time from nothing."""
        first = self._answers(tmp_path_factory).to_frame()
        again = self._trial(tmp_path_factory).fit(self.epochs).to_frame()
        pd.testing.assert_frame_equal(again, first, obj="answers of the second fit")

    def _rows(self) -> pd.DataFrame:
        rows: pd.DataFrame = self.task.load_rows(self.sample, self._config()["dataset_config"])
        # Ids that are no positions: a task that numbers the rows itself is found out.
        return rows.reset_index(drop=True).assign(row_id=np.arange(len(rows)) * 3 + 100)

    def _config(self) -> dict[str, Any]:
        sections = {
            "model_config": _MODEL_CONFIG | dict(self.model_config),
            "dataset_config": _DATASET_CONFIG | dict(self.dataset_config),
        }
        return fill_config(sections, schema=self.config_schema)

    def _trial(self, tmp_path_factory: pytest.TempPathFactory) -> TaskTrial:
        """Give the trial that all tests of a class share."""

        def make() -> TaskTrial:
            folder = tmp_path_factory.mktemp(type(self).__name__)
            config, schema = self._config(), self.config_schema
            return TaskTrial(self.task, self._rows(), config, schema, self.make_model, folder)

        trial: TaskTrial = self._once("trial", make)
        return trial

    def _answers(
        self, tmp_path_factory: pytest.TempPathFactory, *, shuffled: bool = False
    ) -> AnyPredictions:
        """Give what a fitted model answers to the test rows; fitted once for all tests."""
        trial = self._trial(tmp_path_factory)
        name = "shuffled" if shuffled else "answers"
        answers: AnyPredictions = self._once(
            name, lambda: trial.fit(self.epochs, shuffled=shuffled)
        )
        return answers

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        """Make what all tests of a class share; a subclass has its own."""
        kept = vars(type(self))
        if f"_shared_{name}" not in kept:
            setattr(type(self), f"_shared_{name}", make())
        return kept[f"_shared_{name}"]


def _truth(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[name for name in frame if name == "row_id" or str(name).startswith("target")]]
