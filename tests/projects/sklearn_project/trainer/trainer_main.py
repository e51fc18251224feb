"""Tumours from 30 measurements: gradient boosting against the most frequent answer."""

import sys
from pathlib import Path

import joblib
from sklearn.datasets import load_breast_cancer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dsf.base import Comparison, Data, DatasetPreparation, Evaluation, Main, Model, Test, Train
from dsf.cli.project import run_project
from dsf.incumbents import ScikitLearnIncumbent
from dsf.metrics import compare_results
from trainer.config import load


def features(rows, label_column):
    return rows.drop(columns=["row_id", label_column]).to_numpy()


class TumoursDatasetPreparation(DatasetPreparation):
    def load(self):
        measurements, benign = load_breast_cancer(return_X_y=True, as_frame=True)
        return measurements.assign(malignant=1 - benign)


class TumoursData(Data):
    def create_data_module(self):
        parts = {
            "train": self.dataset_train,
            "validation": self.dataset_validation,
            "test": self.dataset_test,
        }
        column = self.dataset_config["label_column"]
        return {
            name: (features(rows, column), rows[column].to_numpy())
            for name, rows in parts.items()
            if rows is not None
        }


class TumoursModel(Model):
    def define_model(self):
        return GradientBoostingClassifier(
            n_estimators=self.model_config["trees"],
            learning_rate=self.model_config["learning_rate"],
            random_state=self.model_config["seed"],
        )

    def load_model(self, model_path):
        return joblib.load(model_path)


class TumoursTrain(Train):
    def execute(self):
        self.trainer = self.model.fit(*self.data_module["train"])
        self.model_path = self.save_path / "model.joblib"
        joblib.dump(self.trainer, self.model_path)


class TumoursTest(Test):
    def execute(self):
        return self.model.predict_proba(self.data_module["test"][0])


class TumoursEvaluation(Evaluation):
    def execute(self):
        column = self.dataset_config["label_column"]
        names = [name for name in self.dataset_train if name not in ("row_id", column)]
        incumbent = ScikitLearnIncumbent(DummyClassifier(), names, column)
        incumbent.fit(self.dataset_train)
        return incumbent.predict(self.dataset_test, self.model_config["label_names"])


class TumoursComparison(Comparison):
    def compare(self):
        return compare_results(self.test_results, self.eval_results, self.metrics)


class TumoursMain(Main):
    dataset_preparation_class = TumoursDatasetPreparation
    data_class = TumoursData
    model_class = TumoursModel
    train_class = TumoursTrain
    test_class = TumoursTest
    evaluation_class = TumoursEvaluation
    comparison_class = TumoursComparison


if __name__ == "__main__":
    sys.exit(run_project(TumoursMain, load))
