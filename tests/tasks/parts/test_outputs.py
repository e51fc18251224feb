"""One label of each of one or several outputs."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from dsf.core.errors import DataError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.predictions import Predictions
from dsf.losses import ClassBalancedFocal
from dsf.tasks import intent_classification as task

ROWS = pd.DataFrame(
    {
        "row_id": [4, 2, 9, 8],
        "text": ["the time in rome", "book a flight", "a cup of tea", "the train to oslo"],
        "intent": ["ask", "book", "order", "book"],
        "urgency": ["low", "high", "low", "high"],
    }
)
SINGLE = {"label_column": "intent"}
SEVERAL = {"label_kind": "multi_output", "label_columns": ["urgency", "intent"]}


def make_module(config, train=ROWS, test=ROWS):
    return task.create_data_module(
        config["model_config"], config["dataset_config"], train, test, test
    )


def test_a_batch_has_the_numbers_of_the_labels(complete):
    (batch,) = [*make_module(complete(ROWS, SINGLE)).test_dataloader()]
    assert batch["target_label"].tolist() == [0, 1, 2, 1]


def test_a_batch_has_the_numbers_of_each_output(complete):
    (batch,) = [*make_module(complete(ROWS, SEVERAL)).test_dataloader()]
    assert batch["target_urgency"].tolist() == [1, 0, 1, 0]
    assert batch["target_intent"].tolist() == [0, 1, 2, 1]


def test_a_label_that_is_not_known_is_refused(complete):
    strange = ROWS.assign(intent=["ask", "book", "order", "complain"])
    with pytest.raises(DataError, match="complain"):
        make_module(complete(ROWS, SINGLE), strange)


def test_answers_of_one_output_are_plain_predictions(complete):
    config = complete(ROWS, SINGLE)
    given = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0, 0, 1], [0.3, 0.4, 0.3]])
    model = SimpleNamespace(test_probabilities={"label": given})
    answers = task.make_predictions(
        model, make_module(config), ROWS, config["model_config"], config["dataset_config"]
    )
    assert isinstance(answers, Predictions)
    assert answers.row_ids.tolist() == [4, 2, 9, 8]
    assert answers.targets.tolist() == ROWS["intent"].tolist()
    assert answers.predictions.tolist() == ["book", "ask", "order", "book"]
    np.testing.assert_array_equal(answers.probabilities, given)


def test_answers_of_several_outputs_stay_apart(complete):
    config = complete(ROWS, SEVERAL)
    model = SimpleNamespace(
        test_probabilities={
            "urgency": np.array([[0.9, 0.1], [0.1, 0.9], [0.9, 0.1], [0.9, 0.1]]),
            "intent": np.eye(3)[[0, 1, 2, 1]],
        }
    )
    answers = task.make_predictions(
        model, make_module(config), ROWS, config["model_config"], config["dataset_config"]
    )
    assert isinstance(answers, MultiOutputPredictions)
    assert list(answers.outputs) == ["urgency", "intent"]
    assert answers.outputs["urgency"].predictions.tolist() == ["high", "low", "high", "high"]
    assert answers.outputs["intent"].predictions.tolist() == ROWS["intent"].tolist()


def test_an_output_that_is_called_label_is_an_output_all_the_same(complete):
    """The kind of the labels says what the answers are, as it does for the baseline."""
    rows = ROWS.rename(columns={"intent": "label"})
    config = complete(rows, {"label_kind": "multi_output", "label_columns": ["label"]})
    sections = config["model_config"], config["dataset_config"]
    model = SimpleNamespace(test_probabilities={"label": np.eye(3)[[0, 1, 2, 1]]})
    answers = task.make_predictions(model, make_module(config, rows, rows), rows, *sections)
    assert type(answers) is type(task.answer_baseline(rows, rows, rows, *sections))
    assert list(answers.outputs) == ["label"]


def test_a_loss_that_weighs_knows_how_often_each_label_occurs(complete):
    config = complete(ROWS, SEVERAL, loss="class_balanced_focal", loss_options={"beta": 0.9})
    objective = task.build_objective(config["model_config"], config["metrics"])
    alone = [
        ClassBalancedFocal.from_counts(counts, len(ROWS), beta=0.9)
        for counts in ([2, 2], [1, 2, 1])
    ]
    for made, wanted in zip(objective.losses, alone, strict=True):
        for name, buffer in wanted.named_buffers():
            np.testing.assert_array_equal(dict(made.named_buffers())[name], buffer)


def test_there_is_a_head_for_each_output(complete):
    config = complete(ROWS, SEVERAL)
    network = task.build_network(task.complete_config(config["model_config"]))
    (batch,) = [*make_module(config).test_dataloader()]
    scores = network(batch["input_ids"], batch["lengths"])
    assert {name: tuple(one.shape) for name, one in scores.items()} == {
        "urgency": (4, 2),
        "intent": (4, 3),
    }


def test_the_baseline_answers_all_outputs(complete):
    config = complete(ROWS, SEVERAL)
    many = pd.concat([ROWS] * 5, ignore_index=True)
    answers = task.answer_baseline(
        many, ROWS, ROWS, config["model_config"], config["dataset_config"]
    )
    assert list(answers.outputs) == ["urgency", "intent"]
    assert answers.row_ids.tolist() == [4, 2, 9, 8]
