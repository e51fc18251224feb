"""The model of an earlier run answers as its own test step did, by the project's classes."""

import logging
import pickle
import shutil

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from dsf.base import Comparison, Data, DatasetPreparation, Evaluation, Main, Model, Test, Train
from dsf.core.errors import HookError, IncumbentError
from dsf.core.prediction_kinds import read_predictions
from dsf.incumbents import CheckpointIncumbent, answer_with_incumbent


class FlowersPreparation(DatasetPreparation):
    def load(self):
        draws = np.random.default_rng(0)
        at = np.arange(150)
        names = np.array(["aster", "daisy", "rose"])[at % 3]
        size = at % 3 + draws.normal(0, 0.7, 150)
        return pd.DataFrame({"size": size, "text": [f"flower {n}" for n in at], "name": names})


class FlowersData(Data):
    def create_data_module(self):
        parts = {"train": self.dataset_train, "test": self.dataset_test}
        return {
            part: (rows[["size"]].to_numpy(), rows["name"].to_numpy())
            for part, rows in parts.items()
            if rows is not None
        }


class FlowersModel(Model):
    def define_model(self):
        return LogisticRegression(C=self.model_config["strength"])

    def load_model(self, model_path):
        return pickle.loads(model_path.read_bytes())


class FlowersTrain(Train):
    def execute(self):
        self.trainer = self.model.fit(*self.data_module["train"])
        self.model_path = self.save_path / "model.pickle"
        self.model_path.write_bytes(pickle.dumps(self.trainer))


class FlowersTest(Test):
    def execute(self):
        labels = list(self.model_config["label_names"])
        found = np.zeros((len(self.dataset_test), len(labels)))
        places = [labels.index(name) for name in self.model.classes_]
        found[:, places] = self.model.predict_proba(self.data_module["test"][0])
        return found


class FlowersEvaluation(Evaluation):
    def execute(self):
        return answer_with_incumbent(self)


class FlowersComparison(Comparison):
    def compare(self):
        return {}


class FlowersMain(Main):
    dataset_preparation_class = FlowersPreparation
    data_class = FlowersData
    model_class = FlowersModel
    train_class = FlowersTrain
    test_class = FlowersTest
    evaluation_class = FlowersEvaluation
    comparison_class = FlowersComparison


def config_of(path=None, strength=1.0, **changes):
    model = {"strength": strength, "seed": changes.pop("seed", 1), **changes.pop("model", {})}
    found = {
        "task": "flowers",
        "model_config": model,
        "dataset_config": {"label_column": "name", **changes.pop("dataset", {})},
        "metrics": {"confusion_matrix": False},
        "bootstrap_config": {"n_iterations": 20},
    }
    if path is not None:
        found["eval_config"] = {"incumbent": "checkpoint", "path": str(path), **changes}
    return found


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """A run that was fitted and tested."""
    run = tmp_path_factory.mktemp("older") / "v1"
    main = FlowersMain(cfg=config_of(), run_dir=run)
    main.execute_trainer()
    main.execute_test()
    return run


def evaluate(run, **config):
    main = FlowersMain(cfg=config_of(**config), run_dir=run)
    main.split()
    main.execute_eval()
    return read_predictions(run / "4_eval" / "predictions.parquet")


def test_it_answers_as_its_own_test_did(older, tmp_path):
    was = read_predictions(older / "3_test" / "predictions.parquet")
    found = evaluate(tmp_path / "v2", path=older, strength=1e-6)
    pd.testing.assert_frame_equal(found.to_frame(), was.to_frame())


@pytest.mark.parametrize("where", ["inside", "outside"])
def test_a_file_of_a_model_will_do(older, tmp_path, where):
    path = older / "2_fit" / "model.pickle"
    if where == "outside":
        path = shutil.copy(path, tmp_path / "champion.pickle")
    found = evaluate(tmp_path / "v2", path=path, strength=1e-6)
    was = read_predictions(older / "3_test" / "predictions.parquet")
    np.testing.assert_allclose(found.probabilities, was.probabilities)


def test_it_needs_no_truth_that_it_knows(older, tmp_path):
    """A label that came up since then has a column of zeros, and rows that have it are asked."""
    names = ["tulip", "rose", "daisy", "aster"]
    found = evaluate(tmp_path / "v2", path=older, model={"label_names": names})
    assert list(found.labels) == names
    assert not found.probabilities[:, 0].any()
    assert set(found.predictions) <= {"rose", "daisy", "aster"}


def test_labels_that_the_rows_have_not_are_named(older, tmp_path, caplog):
    class Renamed(FlowersPreparation):
        def load(self):
            return super().load().replace({"name": {"rose": "Rosa"}})

    class RenamedMain(FlowersMain):
        dataset_preparation_class = Renamed

    def run(folder, **options):
        main = RenamedMain(cfg=config_of(older, **options), run_dir=tmp_path / folder)
        main.split()
        main.execute_eval()
        return read_predictions(tmp_path / folder / "4_eval" / "predictions.parquet")

    with pytest.raises(IncumbentError, match=r"knows the labels \['rose'\], which the rows have"):
        run("v2")
    assert set(run("v3", label_map={"rose": "Rosa"}).predictions) == {"aster", "daisy", "Rosa"}
    assert "label_map" not in caplog.text
    run("v4", label_map={"rose": "Rosa", "rosa": "Rosa"})
    assert "label_map has ['rosa'], which no answer" in caplog.text


def test_rows_that_it_learned_from_are_counted(older, tmp_path, caplog):
    caplog.set_level(logging.WARNING, "dsf")
    evaluate(tmp_path / "v2", path=older)
    assert "learned from" not in caplog.text
    evaluate(tmp_path / "v3", path=older, seed=2)
    told = [line.getMessage() for line in caplog.records if "learned from" in line.getMessage()]
    train = pd.read_parquet(older / "1_split" / "train.parquet")
    validation = pd.read_parquet(older / "1_split" / "validation.parquet")
    test = pd.read_parquet(tmp_path / "v3" / "1_split" / "test.parquet")
    seen = test["row_id"].isin(pd.concat([train, validation])["row_id"]).sum()
    assert seen > 0
    assert f"learned from {seen} of the {len(test)} test rows" in told[0]


@pytest.mark.parametrize("column", ["text", "size"])
def test_rows_of_other_data_are_known_by_their_texts_or_by_all_they_hold(
    older, tmp_path, caplog, column
):
    class Later(FlowersPreparation):
        def load(self):
            rows = super().load().iloc[::-1].iloc[:120]
            return (
                rows.assign(size=rows["size"] + 1) if column == "text" else rows[["size", "name"]]
            )

    class LaterMain(FlowersMain):
        dataset_preparation_class = Later

    caplog.set_level(logging.WARNING, "dsf")
    main = LaterMain(cfg=config_of(older, seed=2), run_dir=tmp_path / "v2")
    main.split()
    main.execute_eval()
    parts = [older / "1_split" / f"{part}.parquet" for part in ("train", "validation")]
    learned = pd.concat([pd.read_parquet(path) for path in parts])
    test = pd.read_parquet(tmp_path / "v2" / "1_split" / "test.parquet")
    seen = test[column].isin(learned[column]).sum()
    assert 0 < seen < len(test)
    assert f"learned from {seen} of the {len(test)} test rows" in caplog.text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("nowhere", "must be a run folder or the file of a model"),
        (".", "must be a run with a trained model"),
    ],
)
def test_where_no_model_is(tmp_path, path, told):
    with pytest.raises(IncumbentError, match=told):
        evaluate(tmp_path / "v2", path=tmp_path / path)


def test_another_kind_of_task_is_refused(older, tmp_path):
    text = (older / "config.yaml").read_text()
    shutil.copytree(older, tmp_path / "v1")
    (tmp_path / "v1" / "config.yaml").write_text(
        text.replace("label_kind: single", "label_kind: tags").replace(
            "split_strategy: stratified", "split_strategy: random"
        )
    )
    with pytest.raises(IncumbentError, match="must be a model of kind 'single', but is of 'tags'"):
        evaluate(tmp_path / "v2", path=tmp_path / "v1")


def test_it_needs_the_step_that_asks(older):
    rows = pd.DataFrame({"row_id": [1], "text": ["x"], "size": [1.0], "label": ["rose"]})
    with pytest.raises(HookError, match=r"answer_with_incumbent in Evaluation\.execute"):
        CheckpointIncumbent(older).predict(rows, ["rose"])
