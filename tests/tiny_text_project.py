"""A project of a text task whose encoder is tiny: a whole run takes seconds."""

import numpy as np

from dsf.base import Comparison, Data, DatasetPreparation, Evaluation, Main, Model, Test, Train
from dsf.incumbents import answer_with_incumbent
from dsf.lightning import PlModel, build_tester, build_trainer
from dsf.metrics import compare_results
from dsf.networks import new_encoder
from dsf.tasks import intent_classification as task
from dsf.tasks.config import TextProjectConfig
from tests.tiny_bundles import TRAINER, make_rows

ROWS = make_rows(120, longest=12)


class TinyPreparation(DatasetPreparation):
    def load(self):
        rows = ROWS[["text", "urgency"]].copy()
        rows["intent"] = np.where(rows["text"].str.contains("rome|oslo"), "travel", "other")
        return rows


class TinyData(Data):
    def create_data_module(self):
        parts = (self.dataset_train, self.dataset_validation, self.dataset_test)
        return task.create_data_module(self.model_config, self.dataset_config, *parts)


class TinyModel(Model):
    def define_model(self):
        config = task.complete_config(self.model_config)
        objective = task.build_objective(config, self.metrics_config)
        return PlModel(task.build_network(config), config, self.metrics_config, objective=objective)


class TinyTrain(Train):
    def execute(self):
        trainer = build_trainer(self.trainer_config, self.save_path, self.model_config["seed"])
        trainer.fit(self.model, self.data_module, ckpt_path=self.resume_from, weights_only=True)
        return trainer


class TinyTest(Test):
    def execute(self):
        tester = build_tester(self.trainer_config, self.save_path)
        tester.test(self.model, self.data_module, verbose=False)
        return task.make_predictions(
            self.model, self.data_module, self.dataset_test, self.model_config, self.dataset_config
        )


class TinyEvaluation(Evaluation):
    def execute(self):
        answers = answer_with_incumbent(self)
        if answers is not None:
            return answers
        return np.full(len(self.dataset_test), "other", dtype=object)


class TinyComparison(Comparison):
    def compare(self):
        return compare_results(self.test_results, self.eval_results, self.metrics)


class TinyMain(Main):
    dataset_preparation_class = TinyPreparation
    data_class = TinyData
    model_class = TinyModel
    train_class = TinyTrain
    test_class = TinyTest
    evaluation_class = TinyEvaluation
    comparison_class = TinyComparison
    config_schema = TextProjectConfig


def make_tiny_config(home, **sections):
    """Give a config whose encoder and runs lie in a folder; sections are laid over it."""
    encoder = home / "encoder"
    if not encoder.is_dir():
        new_encoder(
            encoder,
            ROWS["text"].tolist(),
            vocabulary_size=200,
            hidden_size=32,
            layers=1,
            heads=2,
            max_length=24,
        )
    config = {
        "project": "tiny",
        "task": "intent_classification",
        "model_config": {
            "encoder": f"scratch:{encoder}",
            "max_length": 24,
            "batch_size": 8,
            "learning_rate": 5e-3,
            "dropout": 0.0,
            "pooling": "pooler",
            "seed": 1,
        },
        "trainer_config": TRAINER
        | {
            "max_epochs": 3,
            "callbacks": [
                {
                    "class_path": "dsf.lightning.BestCheckpoint",
                    "init_args": {"monitor": "val_loss", "mode": "min"},
                }
            ],
        },
        "dataset_config": {
            "text_column": "text",
            "label_column": "intent",
            "split_strategy": "stratified",
            "train_ratio": 0.6,
            "validation_ratio": 0.1,
            "test_ratio": 0.3,
        },
        "metrics": {"accuracy": True, "f1": True, "confusion_matrix": False},
        "bootstrap_config": {"n_iterations": 100},
        "paths": {"output": str(home / "out")},
    }
    return {
        name: config.get(name, {}) | sections[name]
        if isinstance(sections.get(name), dict)
        else sections.get(name, config.get(name))
        for name in {**config, **sections}
    }
