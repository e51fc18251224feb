"""A task tried out on a sample: fitted, tested, and brought back from its checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.seeding import seed_process
from dsf.data import PARTS, LabelLayout, name_text, split_configured
from dsf.testing.filling import fill_config
from dsf.testing.shuffling import shuffle_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from dsf.core.config import ProjectConfig
    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["TaskTrial"]

_TRAINER = {
    "accelerator": "cpu",
    "devices": 1,
    "enable_checkpointing": False,
    "enable_progress_bar": False,
    "logger": False,
}


class TaskTrial:
    """Goes the way of a project with a task: rows, parts, a tiny encoder, a fit, a test.

    Args:
        task: Module with the functions of a task.
        rows: What its ``load_rows`` gave.
        config: The project's config, or the keys of it that matter.
        schema: The project's.
        make_model: Takes ``model_config`` and ``metrics``, gives a new model.
        folder: Where to write.
    """

    def __init__(
        self,
        task: Any,
        rows: pd.DataFrame,
        config: Mapping[str, Any],
        schema: type[ProjectConfig],
        make_model: Callable[..., Any],
        folder: Path,
    ) -> None:
        self.task = task
        self.folder = folder
        self.make_model = make_model
        filled = fill_config(config, rows, schema)
        self.dataset_config: dict[str, Any] = filled["dataset_config"]
        self.metrics: dict[str, bool] = filled["metrics"]
        self.parts = split_configured(rows, self.dataset_config)
        self.model_config = self._with_encoder(filled["model_config"])

    def fit(self, epochs: int, *, shuffled: bool = False) -> AnyPredictions:
        """Fit a new model and let it answer the test rows; its checkpoint is kept.

        Args:
            epochs: How often the model sees every training row.
            shuffled: Whether to fit on labels that were dealt out anew.
        """
        from dsf.lightning import build_trainer

        seed: int = self.model_config["seed"]
        module = self.data_module(self._shuffled() if shuffled else self.parts)
        seed_process(seed)
        model = self.make_model(self.model_config, self.metrics)
        trainer = build_trainer(_TRAINER | {"max_epochs": epochs}, self.folder, seed)
        trainer.fit(model, datamodule=module)
        trainer.save_checkpoint(self.checkpoint)
        return self._answer(model)

    def bring_back(self) -> AnyPredictions:
        """Let a new model with the weights of the last fit's checkpoint answer the test rows."""
        seed_process(self.model_config["seed"] + 1)  # so that a new model cannot pass for the old
        model = self.make_model(self.model_config, self.metrics)
        model.load_weights(self.checkpoint)
        return self._answer(model)

    def answer_baseline(self) -> AnyPredictions:
        """Let the task's baseline answer the test rows."""
        answers: AnyPredictions = self.task.answer_baseline(
            *(self.parts[part].copy() for part in PARTS), self.model_config, self.dataset_config
        )
        return answers

    def data_module(self, parts: Mapping[str, pd.DataFrame]) -> Any:
        """Make the data module of all three parts."""
        tables = (parts[part].copy() for part in PARTS)
        return self.task.create_data_module(self.model_config, self.dataset_config, *tables)

    @property
    def checkpoint(self) -> Path:
        """What the last fit left."""
        return self.folder / "last.ckpt"

    def _answer(self, model: Any) -> AnyPredictions:
        from dsf.lightning import build_tester

        module = self.data_module(self.parts)
        build_tester(_TRAINER, self.folder).test(model, module, verbose=False)
        answers: AnyPredictions = self.task.make_predictions(
            model, module, self.parts["test"].copy(), self.model_config, self.dataset_config
        )
        return answers

    def _shuffled(self) -> dict[str, pd.DataFrame]:
        """Give parts whose training and validation labels say nothing about their rows."""
        layout = LabelLayout.of(self.dataset_config, self.parts["train"])
        if layout is None:
            return self.parts
        learned = {
            part: shuffle_labels(self.parts[part], layout, self.model_config["seed"])
            for part in ("train", "validation")
        }
        return self.parts | learned

    def _with_encoder(self, model_config: dict[str, Any]) -> dict[str, Any]:
        """Name a tiny encoder that has learned nothing but the words of the training rows."""
        from dsf.networks import new_encoder

        texts = self.parts["train"][name_text(self.dataset_config) or "text"]
        encoder = new_encoder(
            self.folder / "encoder",
            texts.tolist(),
            vocabulary_size=2000,
            hidden_size=64,
            layers=1,
            heads=2,
        )
        return model_config | {"encoder": encoder}
