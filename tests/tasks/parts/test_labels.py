"""Any number of labels a row, each from a threshold of its own on."""

import numpy as np
import pandas as pd
import pytest
import torch

from dsf.core.errors import UserError
from dsf.core.seeding import seed_process
from dsf.lightning import PlModel, build_tester
from dsf.tasks import multilabel as task

LABELS = ["late", "price"]
ROWS = pd.DataFrame(
    {
        "row_id": [4, 2, 9],
        "text": ["the train is late", "book a flight for two", "a cup of tea"],
        "price": [0, 1, 1],
        "late": [1, 0, 1],
    }
)
DATASET = {"label_kind": "multilabel", "label_columns": LABELS}
TESTER = {"accelerator": "cpu", "enable_progress_bar": False}


@pytest.fixture
def config(complete):
    filled = complete(ROWS, DATASET, loss="bce")
    return filled | {"model_config": task.complete_config(filled["model_config"])}


def make_model(config, seed=1):
    seed_process(seed)
    model_config, metrics = config["model_config"], config["metrics"]
    return PlModel(
        task.build_network(model_config),
        model_config,
        metrics,
        objective=task.build_objective(model_config, metrics),
    )


def make_module(config):
    return task.create_data_module(
        config["model_config"], config["dataset_config"], ROWS, ROWS, ROWS
    )


def answer(config, model, folder):
    module = make_module(config)
    build_tester(TESTER, folder).test(model, module, verbose=False)
    sections = config["model_config"], config["dataset_config"]
    return task.make_predictions(model, module, ROWS, *sections)


def test_a_batch_has_the_labels_in_the_order_of_the_config(config):
    (batch,) = [*make_module(config).test_dataloader()]
    assert batch["targets"].tolist() == [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]


def test_the_thresholds_of_the_checkpoint_decide(config, tmp_path):
    trained = make_model(config)
    trained.objective.thresholds.copy_(torch.tensor([0.999, 0.001]))
    torch.save({"state_dict": trained.state_dict()}, tmp_path / "best.ckpt")
    brought_back = make_model(config, seed=2)
    brought_back.load_weights(tmp_path / "best.ckpt")
    answers = answer(config, brought_back, tmp_path)
    assert answers.thresholds.tolist() == pytest.approx([0.999, 0.001])
    assert answers.predictions.tolist() == [[0, 1]] * 3
    assert answers.labels == LABELS
    assert answers.row_ids.tolist() == [4, 2, 9]
    assert answers.targets.tolist() == [[1, 0], [0, 1], [1, 1]]


def test_a_test_leaves_the_thresholds_as_they_are(config, tmp_path):
    """Chosen on rows that are tested, they would flatter."""
    model = make_model(config)
    model.objective.thresholds.copy_(torch.tensor([0.123, 0.456]))
    answers = answer(config, model, tmp_path)
    assert answers.thresholds.tolist() == pytest.approx([0.123, 0.456])


def test_thresholds_are_chosen_from_the_grid(config):
    config["model_config"]["threshold_grid"] = {"vmin": 0.2, "vmax": 0.5, "step": 0.2}
    objective = make_model(config).objective
    probabilities = torch.tensor([[0.3, 0.3], [0.1, 0.45], [0.9, 0.5]])
    targets = torch.tensor([[1, 0], [0, 1], [1, 1]], dtype=torch.int8)
    objective.score("val", {"probabilities": probabilities, "targets": targets})
    np.testing.assert_allclose(objective.thresholds, [0.2, 0.4])


def test_the_baseline_answers_the_same_rows(config):
    many = pd.concat([ROWS] * 5, ignore_index=True)
    answers = task.answer_baseline(
        many, ROWS, ROWS, config["model_config"], config["dataset_config"]
    )
    assert answers.row_ids.tolist() == [4, 2, 9]
    assert answers.labels == LABELS
    assert answers.targets.tolist() == [[1, 0], [0, 1], [1, 1]]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"threshold_metric": "sklearn.metrics:jacard_score"}, "Did you mean 'jaccard_score'"),
        ({"threshold_metric": "dsf.metrics:RATES"}, "must be a function of targets and answers"),
        ({"threshold_metric": "dsf.metrics:threshold_grid"}, "must take targets and answers"),
        ({"threshold_grid": {"step": 0.0}}, "step: must be above 0"),
    ],
)
def test_thresholds_that_cannot_be_chosen_are_told_before_the_fit(config, wrong, said):
    with pytest.raises(UserError, match=said):
        task.build_objective(config["model_config"] | wrong, config["metrics"])


def test_thresholds_are_chosen_by_a_function(config):
    wishes = {"threshold_metric": "sklearn.metrics:zero_one_loss", "threshold_maximize": False}
    objective = task.build_objective(config["model_config"] | wishes, config["metrics"])
    kept = {
        "targets": torch.tensor([[0, 1], [1, 0], [1, 1]]),
        "probabilities": torch.tensor([[0.17, 0.6], [0.4, 0.47], [0.8, 0.9]]),
    }
    objective.score("val", kept)
    assert objective.thresholds.tolist() == pytest.approx([0.2, 0.5])
