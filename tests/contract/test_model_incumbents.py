"""Incumbents that dsf has trained itself keep the contract, too."""

import pickle
from types import SimpleNamespace

import pytest
from sklearn.linear_model import LogisticRegression

from dsf.base import Comparison, Data, DatasetPreparation, Evaluation, Main, Model, Test, Train
from dsf.base.steps import StepContext
from dsf.core.config import resolve_config
from dsf.incumbents import BundleIncumbent, CheckpointIncumbent, RegistryIncumbent
from dsf.testing import IncumbentCase
from tests.contract.incumbent_rows import load_rows
from tests.tiny_bundles import TinyBundles


class PointsPreparation(DatasetPreparation):
    load = staticmethod(load_rows)


class PointsData(Data):
    def create_data_module(self):
        return {"train": self.dataset_train, "test": self.dataset_test}


class PointsModel(Model):
    def define_model(self):
        return LogisticRegression()

    def load_model(self, model_path):
        return pickle.loads(model_path.read_bytes())


class PointsTrain(Train):
    def execute(self):
        rows = self.data_module["train"]
        self.trainer = self.model.fit(rows[["x", "y"]], rows["label"])
        self.model_path = self.save_path / "model.pickle"
        self.model_path.write_bytes(pickle.dumps(self.trainer))


class PointsTest(Test):
    def execute(self):
        return self.model.predict_proba(self.data_module["test"][["x", "y"]])


class PointsEvaluation(Evaluation):
    def execute(self):
        return {}


class PointsComparison(Comparison):
    def compare(self):
        return {}


class PointsMain(Main):
    dataset_preparation_class = PointsPreparation
    data_class = PointsData
    model_class = PointsModel
    train_class = PointsTrain
    test_class = PointsTest
    evaluation_class = PointsEvaluation
    comparison_class = PointsComparison


class TestCheckpointIncumbent(IncumbentCase):
    incumbent_class = CheckpointIncumbent

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def fit(cls, tmp_path_factory):
        folder = tmp_path_factory.mktemp("points")
        dataset = {"label_column": "label", "split_strategy": "random"}
        config = resolve_config({"task": "points", "dataset_config": dataset})
        main = PointsMain(cfg=config, run_dir=folder / "v1")
        main.execute_trainer()
        cls.context = StepContext(main, config, folder / "v1", folder)

    def make(self):
        return CheckpointIncumbent(self.context.run, context=self.context)

    load = staticmethod(load_rows)


class TestBundleIncumbent(IncumbentCase):
    incumbent_class = BundleIncumbent
    label_column = "intent"

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def export(cls, tmp_path_factory):
        cls.bundles = TinyBundles(tmp_path_factory.mktemp("bundles"))

    def make(self):
        bundle = self.bundles("intent_classification").bundle
        return BundleIncumbent(bundle.folder, device="cpu", label_columns="intent")

    def load(self):
        return self.bundles.rows[["text", "intent"]]


class TestRegistryIncumbent(IncumbentCase):
    incumbent_class = RegistryIncumbent
    label_column = "intent"

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def export(cls, tmp_path_factory):
        cls.bundles = TinyBundles(tmp_path_factory.mktemp("kept"))

    def make(self):
        folder = self.bundles("intent_classification").bundle.folder
        found = SimpleNamespace(uri="models:/tiny/1", download=lambda _: folder)
        here = self.bundles.home / "v1"
        step = StepContext(None, {}, here, here, {"registered": found})
        return RegistryIncumbent(context=step, device="cpu", label_columns="intent")

    def load(self):
        return self.bundles.rows[["text", "intent"]]
