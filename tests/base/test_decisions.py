"""What the fit settles on validation rows, and never on test rows, decides the test's answers."""

import json
import logging
import warnings

import numpy as np
import pandas as pd
import pytest

from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.prediction_kinds import read_predictions
from dsf.core.predictions import Predictions
from dsf.metrics import best_thresholds
from dsf.metrics.calibration import Calibration, calibrate, fit_calibration
from dsf.metrics.selective import Abstention

LABELS = ["late", "rude", "never"]
ALL = {
    *("validation_predictions.parquet", "thresholds.json", "calibration.json", "abstain.json"),
    "noisy_labels.csv",
}


def make_rows(count, seed, first=0):
    """Rows whose ``x`` is the true chance of ``yes`` and of the label ``late``."""
    rng = np.random.default_rng(seed)
    x = rng.random(count)
    return pd.DataFrame(
        {
            "row_id": np.arange(first, first + count),
            "x": x,
            "label": np.where(rng.random(count) < x, "yes", "no"),
            "late": (rng.random(count) < x).astype(int),
            "rude": (rng.random(count) < x / 3).astype(int),
            "never": 0,
        }
    )


def too_sure(x):
    """Probabilities of a model that is three times as sure as it should be."""
    odds = (x / (1 - x)) ** 3
    return odds / (1 + odds)


@pytest.fixture
def rows_given(plain_main, parts):
    """A project that answers by ``x``, and the row ids that its test was given, call by call."""
    given = []

    class SureTest(parts["Test"]):
        def execute(self):
            given.append(self.dataset_test["row_id"].tolist())
            yes = too_sure(self.dataset_test["x"].to_numpy())
            return np.column_stack([1 - yes, yes])

    return make_project(plain_main, SureTest), given


def make_project(plain_main, test):
    return type("SureMain", (plain_main,), {"test_class": test})


@pytest.fixture
def files(tmp_path):
    """Files of the three parts."""
    places = {}
    for seed, (part, first) in enumerate([("train", 0), ("validation", 1000), ("test", 2000)]):
        places[part] = tmp_path / f"{part}.csv"
        make_rows(400, seed, first).to_csv(places[part], index=False)
    return places


def run(main, cfg, files, **options):
    project = main(
        cfg | {"bootstrap_config": {"n_iterations": 10}, "metrics": {"confusion_matrix": False}},
        training_path=files["train"],
        validation_path=files["validation"],
        test_dataset_path=files["test"],
        **options,
    )
    project.execute_trainer()
    project.execute_test()
    return project.run_folder.path


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name in ALL}


def wishing(cfg, **sections):
    return cfg | {f"{name}_config": section for name, section in sections.items()}


def test_validation_rows_and_no_others_settle_it(rows_given, cfg, files):
    main, given = rows_given
    wishes = wishing(cfg, calibration={"method": "isotonic"}, abstain={"risk": 0.2})
    first = run(main, wishes, files)
    assert given[0] == list(range(1000, 1400))  # while fitting
    assert given[1] == list(range(2000, 2400))  # while testing
    turned = make_rows(400, 9, 3000)
    turned["label"] = turned["label"].map({"yes": "no", "no": "yes"})
    turned.to_csv(files["test"], index=False)
    second = run(main, wishes, files)
    assert given[3] == list(range(3000, 3400))
    assert content(first / "2_fit") == content(second / "2_fit")
    assert set(content(first / "2_fit")) == ALL - {"thresholds.json"}


def test_without_a_wish_answers_stay_as_they_are(rows_given, cfg, files):
    folder = run(rows_given[0], cfg, files)
    assert set(content(folder / "2_fit")) == {"validation_predictions.parquet", "noisy_labels.csv"}
    kept = read_predictions(folder / "2_fit" / "validation_predictions.parquet")
    rows = pd.read_csv(files["validation"])
    assert kept.targets.tolist() == rows["label"].tolist()
    np.testing.assert_allclose(kept.probabilities[:, 1], too_sure(rows["x"]))
    tested = Predictions.read(folder / "3_test" / "predictions.parquet")
    np.testing.assert_allclose(
        tested.probabilities[:, 1], too_sure(pd.read_csv(files["test"])["x"].to_numpy())
    )
    assert not (folder / "3_test" / "abstain.json").exists()
    assert not list(folder.glob(".*.work"))


def test_the_calibration_and_the_confidence_are_those_of_the_test(rows_given, cfg, files):
    wishes = wishing(cfg, calibration={"method": "temperature"}, abstain={"coverage": 0.5})
    folder = run(rows_given[0], wishes, files)
    kept = read_predictions(folder / "2_fit" / "validation_predictions.parquet")
    calibration = Calibration.read(folder / "2_fit" / "calibration.json")
    assert calibration == fit_calibration(kept, "temperature")
    assert calibration.parts[0].changes[0].value == pytest.approx(3, rel=0.15)
    tested = Predictions.read(folder / "3_test" / "predictions.parquet")
    test_rows = pd.read_csv(files["test"])
    np.testing.assert_allclose(tested.probabilities[:, 1], test_rows["x"], atol=0.05)
    abstention = Abstention.read(folder / "2_fit" / "abstain.json")
    assert abstention.answered / abstention.rows == pytest.approx(0.5, abs=0.01)
    measured = json.loads((folder / "3_test" / "abstain.json").read_text("utf-8"))
    assert measured["test"] == abstention.measure(tested)
    assert measured["test"]["coverage"] == pytest.approx(0.5, abs=0.1)
    sure = calibrate(kept, calibration).probabilities.max(axis=1) > measured["confidence"]
    assert sure.sum() == abstention.answered


@pytest.fixture
def switches(plain_main, parts):
    """A project with several labels a row, which chooses its thresholds on validation rows."""

    class SwitchTrain(parts["Train"]):
        def execute(self):
            rows = self.data_module["validation"]
            self.model["answer"] = best_thresholds(rows[LABELS], answer_switches(rows)).tolist()
            self.model_path = self.save_path / "model.json"
            self.model_path.write_text(json.dumps(self.model))
            return self

    class SwitchData(parts["Data"]):
        def create_data_module(self):
            return {"validation": self.dataset_validation, "test": self.dataset_test}

    class SwitchTest(parts["Test"]):
        def execute(self):
            return MultiLabelPredictions(
                self.dataset_test["row_id"].to_numpy(),
                self.dataset_test[LABELS].to_numpy(),
                answer_switches(self.dataset_test),
                np.array(self.model["answer"]),
                LABELS,
            )

    class SwitchEvaluation(parts["Evaluation"]):
        def execute(self):
            return {"accuracy": 0.5}

    classes = {
        "train_class": SwitchTrain,
        "data_class": SwitchData,
        "test_class": SwitchTest,
        "evaluation_class": SwitchEvaluation,
    }
    return type("SwitchMain", (plain_main,), classes)


def answer_switches(rows):
    return np.column_stack([too_sure(rows["x"]), rows["x"] / 3, rows["x"] / 9])


@pytest.fixture
def switch_cfg(cfg):
    dataset = {"label_kind": "multilabel", "label_columns": LABELS, "split_strategy": "random"}
    return cfg | {"dataset_config": dataset, "metrics": {"confusion_matrix": False}}


def test_thresholds_are_kept_as_the_model_chose_them(switches, switch_cfg, files, caplog):
    folder = run(switches, switch_cfg, files)
    kept = json.loads((folder / "2_fit" / "thresholds.json").read_text("utf-8"))
    rows = pd.read_csv(files["validation"])
    expected = best_thresholds(rows[LABELS], answer_switches(rows))
    assert list(kept["thresholds"].values()) == expected.tolist()
    assert (kept["metric"], kept["search"], kept["validation_rows"]) == ("f1", "grid", 400)
    assert kept["rows_with_label"] == dict(rows[LABELS].sum())
    assert "their thresholds are not chosen: never" in caplog.text
    tested = MultiLabelPredictions.read(folder / "3_test" / "predictions.parquet")
    assert tested.thresholds.tolist() == expected.tolist()


@pytest.mark.parametrize("method", ["temperature", "isotonic"])
def test_thresholds_are_chosen_again_once_there_is_a_calibration(
    switches, switch_cfg, files, method
):
    model_config = {"threshold_search": "exact", "threshold_metric": "f2"}
    wishes = wishing(switch_cfg, calibration={"method": method}, model=model_config)
    before = run(switches, switch_cfg, files)
    given = read_predictions(before / "2_fit" / "validation_predictions.parquet")
    folder = run(switches, wishes, files)  # the model chose by another rule: it has its own
    kept = json.loads((folder / "2_fit" / "thresholds.json").read_text("utf-8"))
    calibration = fit_calibration(given, method)
    assert kept["search"] is None
    assert list(kept["thresholds"].values()) == pytest.approx(
        calibration.apply(given.thresholds[None])[0].tolist()
    )
    folder = run(switches, wishing(switch_cfg, calibration={"method": method}), files)
    kept = json.loads((folder / "2_fit" / "thresholds.json").read_text("utf-8"))
    calibrated = calibration.apply(given.probabilities)
    expected = best_thresholds(given.targets, calibrated)
    assert list(kept["thresholds"].values()) == expected.tolist()
    tested = MultiLabelPredictions.read(folder / "3_test" / "predictions.parquet")
    assert tested.thresholds.tolist() == expected.tolist()
    raw = MultiLabelPredictions.read(before / "3_test" / "predictions.parquet")
    np.testing.assert_allclose(tested.probabilities, calibration.apply(raw.probabilities))


def failing(rows_given, fail):
    """A project whose test fails while it is asked for validation rows."""
    main, _ = rows_given

    class FailingTest(main.test_class):
        def execute(self):
            return fail(self, super().execute())

    return make_project(main, FailingTest)


def raise_while_fitting(test, answers):
    if test.dataset_test["row_id"].iloc[0] == 1000:
        raise ValueError("no validation rows, please")
    return answers


def answer_half_while_fitting(test, answers):
    if test.dataset_test["row_id"].iloc[0] == 2000:
        return answers
    half = test.dataset_test["row_id"].to_numpy()[::2]
    return Predictions(half, np.full(200, "no"), np.full(200, "no"), ["no", "yes"])


@pytest.mark.parametrize(
    ("fail", "said"),
    [
        (raise_while_fitting, "raised ValueError: no validation rows, please"),
        (answer_half_while_fitting, "(the validation rows here) once, but 200 rows got"),
    ],
)
def test_a_fit_is_not_lost_for_answers_that_cannot_be_had(
    rows_given, cfg, files, caplog, fail, said
):
    wishes = wishing(cfg, calibration={"method": "temperature"}, abstain={"risk": 0.1})
    folder = run(failing(rows_given, fail), wishes, files)
    assert said in caplog.text
    assert not content(folder / "2_fit")
    assert "goes without calibration.json, abstain.json" in caplog.text
    assert (folder / "3_test" / "predictions.parquet").is_file()


def test_a_test_that_gives_numbers_leaves_nothing_to_keep(rows_given, cfg, files, caplog):
    caplog.set_level(logging.INFO, logger="dsf")
    folder = run(failing(rows_given, lambda test, answers: {"accuracy": 0.5}), cfg, files)
    assert not content(folder / "2_fit")
    assert "keeps no answers on validation rows" in caplog.text


def test_what_answers_do_not_allow_is_said(plain_main, cfg, files, caplog):
    """The plain project gives labels without probabilities."""
    wishes = wishing(cfg, calibration={"method": "temperature"}, abstain={"risk": 0.1})
    folder = run(plain_main, wishes, files)
    assert set(content(folder / "2_fit")) == {"validation_predictions.parquet", "noisy_labels.csv"}
    assert "has no calibration" in caplog.text
    assert "has no abstention" in caplog.text


def test_a_risk_that_cannot_be_granted_is_said(rows_given, cfg, files, caplog):
    folder = run(rows_given[0], wishing(cfg, abstain={"risk": 0.0001}), files)
    assert "cannot be granted on 400 validation rows" in caplog.text
    measured = json.loads((folder / "3_test" / "abstain.json").read_text("utf-8"))
    assert measured["test"]["answered"] == 0
    assert measured["test"]["risk"] is None


def test_stopped_while_it_settles_a_fit_goes_on(rows_given, cfg, files):
    wishes = wishing(cfg, calibration={"method": "temperature"})
    whole = content(run(rows_given[0], wishes, files) / "2_fit")
    stopped = []

    def stop_once(test, answers):
        if not stopped:
            stopped.append(True)
            raise KeyboardInterrupt
        return answers

    main = failing(rows_given, stop_once)
    with pytest.raises(KeyboardInterrupt):
        run(main, wishes, files)
    folder = run(main, wishes, files, resume=True)
    assert content(folder / "2_fit") == whole
    assert not list(folder.glob(".*.work"))


def test_another_wish_settles_anew_without_learning_again(rows_given, parts, cfg, files, caplog):
    main, given = rows_given
    learned = []

    class CountingTrain(parts["Train"]):
        def execute(self):
            learned.append(self.model_config["seed"])
            return super().execute()

    main = type("CountingMain", (main,), {"train_class": CountingTrain})
    folder = run(main, cfg, files)
    assert len(given) == 2
    again = {"run_dir": folder, "resume": True}
    run(main, cfg, files, **again)
    assert len(given) == 2  # all was done
    caplog.set_level(logging.INFO, logger="dsf")
    wishes = wishing(cfg, calibration={"method": "isotonic"})
    run(main, wishes, files, **again)
    assert "keeps the model of this run" in caplog.text
    assert len(given) == 4
    assert learned == [42]
    fresh = run(main, wishes, files)
    assert content(fresh / "2_fit") == content(folder / "2_fit")
    assert "calibration.json" in content(folder / "2_fit")
    run(main, cfg, files, **again)
    assert "calibration.json" not in content(folder / "2_fit")
    run(main, {**cfg, "metrics": {"log_loss": False, "confusion_matrix": False}}, files, **again)
    assert learned == [42, 42]
    run(main, wishes, files, force=True, **again)
    run(main, wishing(wishes, model={"seed": 7}), files, **again)
    assert learned == [42, 42, 42, 7]


def test_labels_to_look_at_again_come_with_the_text(rows_given, cfg, files):
    rows = make_rows(400, 5, 1000)
    rows["text"] = [f"row, {row}" for row in rows["row_id"]]
    rows.to_csv(files["validation"], index=False)
    for part in ("train", "test"):
        others = pd.read_csv(files[part])
        others.assign(text="other").to_csv(files[part], index=False)
    folder = run(rows_given[0], cfg | {"dataset_config": {"text_column": "text"}}, files)
    listed = pd.read_csv(folder / "2_fit" / "noisy_labels.csv")
    assert len(listed) > 5
    assert (listed["text"] == "row, " + listed["row_id"].astype(str)).all()
    assert (listed["given_label"] != listed["suggested_label"]).all()
    tested = pd.read_csv(folder / "3_test" / "noisy_labels.csv")
    assert set(tested["row_id"]) <= set(pd.read_csv(files["test"])["row_id"])
    assert set(tested["text"]) <= {"other"}


def test_the_reference_that_chose_the_thresholds_is_kept(switches, switch_cfg, files, tmp_path):
    reference = "sklearn.metrics:f1_score"  # chooses as the project does
    wishes = wishing(switch_cfg, model={"threshold_metric": reference})
    with warnings.catch_warnings():  # of a label that no row has
        warnings.simplefilter("ignore")
        folder = run(switches, wishes, files)
    kept = json.loads((folder / "2_fit" / "thresholds.json").read_text("utf-8"))
    assert kept["metric"] == reference


def test_a_calibration_from_few_rows_is_told(rows_given, cfg, files, caplog):
    pd.read_csv(files["validation"]).head(40).to_csv(files["validation"], index=False)
    run(rows_given[0], wishing(cfg, calibration={"method": "temperature"}), files)
    assert "wants some 50 validation rows, but there are fewer: 40 rows" in caplog.text


def test_a_wish_to_answer_everything_is_granted(rows_given, cfg, files, caplog):
    caplog.set_level(logging.INFO, logger="dsf")
    folder = run(rows_given[0], wishing(cfg, abstain={"coverage": 1.0}), files)
    assert "answers every row: 100.0 % of the validation rows" in caplog.text
    measured = json.loads((folder / "3_test" / "abstain.json").read_text("utf-8"))
    assert measured["confidence"] == -1.0
    assert measured["test"]["answered"] == measured["test"]["rows"] == 400
