"""A whole project in plain Python: it answers every row with the most frequent label it saw."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from dsf.base import Comparison, Data, DatasetPreparation, Evaluation, Main, Model, Test, Train
from dsf.metrics import compare_results


class PlainDatasetPreparation(DatasetPreparation):
    def load(self):
        if self.dataset_path is not None:
            return pd.read_csv(self.dataset_path)
        return pd.DataFrame({"x": range(60), "label": ["no", "no", "yes"] * 20})


class PlainData(Data):
    def create_data_module(self):
        return {"train": self.dataset_train, "test": self.dataset_test}


class PlainModel(Model):
    def define_model(self):
        return {"answer": None}

    def load_model(self, model_path):
        return json.loads(model_path.read_text())


class PlainTrain(Train):
    def execute(self):
        self.model["answer"] = self.data_module["train"]["label"].mode()[0]
        self.model_path = self.save_path / "model.json"
        self.model_path.write_text(json.dumps(self.model))
        return self


class PlainTest(Test):
    def execute(self):
        return np.full(len(self.dataset_test), self.model["answer"], dtype=object)


class PlainEvaluation(Evaluation):
    def execute(self):
        return np.full(len(self.dataset_test), "yes", dtype=object)


class PlainComparison(Comparison):
    def compare(self):
        return compare_results(self.test_results, self.eval_results, self.metrics)


class PlainMain(Main):
    dataset_preparation_class = PlainDatasetPreparation
    data_class = PlainData
    model_class = PlainModel
    train_class = PlainTrain
    test_class = PlainTest
    evaluation_class = PlainEvaluation
    comparison_class = PlainComparison


@pytest.fixture
def plain_main():
    """The project's Main; subclass it to change a part."""
    return PlainMain


@pytest.fixture
def cfg(tmp_path):
    """Its config: runs go to ``tmp_path / "out"``."""
    return {"project": "plain", "task": "words", "paths": {"output": str(tmp_path / "out")}}


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory):
    """A finished run of the project as it is, which nobody may change."""
    output = tmp_path_factory.mktemp("finished") / "out"
    PlainMain({"project": "plain", "task": "words", "paths": {"output": str(output)}}).run()
    return output / "v1"


@pytest.fixture
def finished(finished_run, tmp_path):
    """That run as the first one of ``cfg``: quicker than to do it again for each test."""
    return shutil.copytree(finished_run, tmp_path / "out" / "v1")


@pytest.fixture
def parts():
    """The project's classes by name."""
    return {
        "DatasetPreparation": PlainDatasetPreparation,
        "Data": PlainData,
        "Model": PlainModel,
        "Train": PlainTrain,
        "Test": PlainTest,
        "Evaluation": PlainEvaluation,
        "Comparison": PlainComparison,
    }
