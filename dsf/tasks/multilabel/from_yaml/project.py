"""The classes of a run that began with a YAML: a project without files of its own."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from dsf.base import Comparison, Data, Evaluation, Main, Model, Test, Train
from dsf.base.reading import prepare
from dsf.base.steps import FIT, SPLIT
from dsf.base.steps.step import SPLIT_FOLDER
from dsf.core.atomic import write_json
from dsf.core.config import ProjectConfig, read_frozen_config
from dsf.core.run_folder import CONFIG_FILE
from dsf.data import PARTS, read_part
from dsf.lightning import TokenDataModule, build_tester, build_trainer
from dsf.lightning.checkpoint_io import read_checkpoint
from dsf.metrics import bootstrap_rates, compare_results
from dsf.tasks.multilabel.from_yaml.continuing import (
    begin_at_checkpoint,
    check_same_split,
    extend_fit,
)
from dsf.tasks.multilabel.from_yaml.data_module import MultiLabelDataModule
from dsf.tasks.multilabel.from_yaml.learned_rows import check_learned_rows, hash_split
from dsf.tasks.multilabel.from_yaml.module import MultiLabelModule
from dsf.tasks.multilabel.from_yaml.network import make_network
from dsf.tasks.multilabel.from_yaml.objective import find_hook, make_objective
from dsf.tasks.multilabel.from_yaml.preparation import MultiLabelPreparation
from dsf.tasks.multilabel.from_yaml.run_config import MultiLabelRunConfig
from dsf.tasks.parts.labels import answer_baseline, create_data_module, make_predictions

if TYPE_CHECKING:
    import pytorch_lightning as pl

    from dsf.core.multilabel_predictions import MultiLabelPredictions

__all__ = ["RATES_FILE", "MultiLabelMain"]

log = logging.getLogger("dsf")

RATES_FILE = "rates.json"


class MultiLabelData(Data):
    """Texts as tokens, labels as 0 and 1."""

    def create_data_module(self) -> TokenDataModule:
        """Encode the texts with the tokenizer of the config."""
        config = self.model_config | {"encoder": self.model_config["tokenizer"]}
        return create_data_module(
            config,
            self.dataset_config,
            self.dataset_train,
            self.dataset_validation,
            self.dataset_test,
            MultiLabelDataModule,
        )


class MultiLabelModel(Model):
    """The network with its loss and optimizer."""

    def define_model(self) -> MultiLabelModule:
        """Make a new, untrained model; its checkpoints hold the config of the run."""
        model = MultiLabelModule(
            network=make_network(self.model_config),
            objective=make_objective(self.model_config, self.metrics_config, self._train_labels),
            model_config=self.model_config,
            metrics_config=self.metrics_config,
            trainer_config=self.trainer_config,
            save_path=self.save_path,
        )
        run = self.save_path.parent
        if (run / CONFIG_FILE).is_file():
            model.keep_origin(read_frozen_config(run / CONFIG_FILE), hash_split(run))
        return model

    def _train_labels(self) -> np.ndarray:
        """Give the labels of all training rows. Shape: ``(rows, labels)``."""
        names = list(self.model_config["label_names"])
        path = self.save_path.parent / SPLIT_FOLDER / "train.parquet"
        return pd.read_parquet(path, columns=names).to_numpy(dtype=np.float32, copy=True)


class MultiLabelTrain(Train):
    """A fit with PyTorch Lightning."""

    def execute(self) -> pl.Trainer:
        """Fit the model; go on where an earlier attempt ended."""
        last = self.resume_from
        begun = None if last is None else read_checkpoint(last)["global_step"]
        trainer = build_trainer(self.trainer_config, self.save_path, self.model_config["seed"])
        trainer.fit(self.model, self.data_module, ckpt_path=last, weights_only=True)
        if trainer.global_step == begun:
            log.warning(
                "%-8s nothing left to train: the %d epochs that were done are all that max_epochs, "
                "max_steps and early stopping allow. --set trainer_config.kwargs.max_epochs=N "
                "trains up to N epochs in all",
                FIT.name,
                trainer.current_epoch,
            )
        return trainer


class MultiLabelTest(Test):
    """A test with PyTorch Lightning."""

    def execute(self) -> MultiLabelPredictions:
        """Answer the test rows, and write the rates with their error bars beside the answers."""
        trainer = build_tester(self.trainer_config, self.save_path)
        trainer.test(self.model, self.data_module, verbose=False)
        made = make_predictions(
            self.model, self.data_module, self.dataset_test, self.model_config, self.dataset_config
        )
        if find_hook(self.model_config, "calculate_predictions") is not None:
            decided = self.model.objective.decide(made.probabilities, made.thresholds)
            made = replace(made, decided=np.asarray(decided))
        self._write_rates(made, {k: float(v) for k, v in trainer.callback_metrics.items()})
        return made

    def _write_rates(self, made: MultiLabelPredictions, logged: dict[str, float]) -> None:
        bars = self.model_config["error_bars"]
        rates = bootstrap_rates(made.targets, made.predictions, **bars)
        content = {
            "thresholds": dict(zip(made.labels, map(float, made.thresholds), strict=True)),
            "labels": rates.to_dict(made.labels),
            "metrics": {name.removeprefix("test_"): one for name, one in logged.items()},
        }
        write_json(self.save_path / RATES_FILE, content)
        shown = ", ".join(
            f"{name} {one.value:.3f} ({one.lower:.3f} to {one.upper:.3f})"
            for name, one in rates.macro.items()
        )
        log.info("%-8s of %d rows: %s", "test", rates.rows, shown)


class MultiLabelEvaluation(Evaluation):
    """TF-IDF with a linear model stands in for a model in use already."""

    def execute(self) -> Any:
        """Give the baseline's answers for the test rows."""
        return answer_baseline(
            self.dataset_train,
            self.dataset_validation,
            self.dataset_test,
            self.model_config,
            self.dataset_config,
        )


class MultiLabelComparison(Comparison):
    """Metric by metric."""

    def compare(self) -> Any:
        """Give metric → the two numbers."""
        return compare_results(self.test_results, self.eval_results, self.metrics)


class MultiLabelMain(Main):
    """Split, fit, test, eval and compare, in the working folder.

    Attributes:
        start_from: Checkpoint that the fit of a new run begins with; ``None`` for a fresh start.
    """

    dataset_preparation_class = MultiLabelPreparation
    data_class = MultiLabelData
    model_class = MultiLabelModel
    train_class = MultiLabelTrain
    test_class = MultiLabelTest
    evaluation_class = MultiLabelEvaluation
    comparison_class = MultiLabelComparison
    config_schema: ClassVar[type[ProjectConfig]] = MultiLabelRunConfig
    start_from: ClassVar[Path | None] = None

    @classmethod
    def project_dir(cls) -> Path:
        """Give the working folder, which all paths of the config are relative to."""
        return Path.cwd()

    def split(self) -> Path:
        """Split the rows and keep the parts; what a run or a checkpoint rests on stays the same."""
        with self._open("start") as session:
            if self.resume and not self.force:
                check_same_split(session)
            done = session.is_done(SPLIT)
            folder = super().split()
            if self.start_from is not None:
                check_learned_rows(session, self.start_from)
            preparation = prepare(self, session.config, self.dataset_path)
            if not done and isinstance(preparation, MultiLabelPreparation):
                preparation.keep({part: read_part(folder / f"{part}.parquet") for part in PARTS})
            return folder

    def execute_trainer(self, force_save_path: Path | str = "") -> Path:
        """Fit a model, or go on with a fit; give the model's file."""
        self.run_dir = force_save_path or self.run_dir
        with self._open("start", FIT) as session:
            if not session.is_done(SPLIT):
                self.split()
            if self.start_from is not None:
                begin_at_checkpoint(session, self.start_from)
            elif self.resume and not self.force:
                extend_fit(session)
            return super().execute_trainer()
