"""A bundle behind MLflow's door answers as the bundle itself does, for each kind of label."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dsf.core.errors import ConfigError, DataError
from dsf.registry.mlflow_modules import load_mlflow_module
from dsf.registry.saved_model import save_served_bundle
from dsf.registry.signature import asked_columns
from tests.tiny_bundles import TASKS
from tests.tiny_tabular import FEATURES, Tabular

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.tiny_bundles import Made, TinyBundles

TEXTS = pd.DataFrame({"text": ["a train to oslo is late", "tea for two", "rome"]})


def load(folder: Path) -> Any:
    pyfunc = load_mlflow_module("mlflow.pyfunc")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MLflow's own, of its own classes
        return pyfunc.load_model(str(folder))


@pytest.fixture(scope="module")
def served(
    bundles: TinyBundles, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Made, Any]]:
    """Gives a task's bundle, and its model once it was saved and loaded."""
    models: dict[str, Any] = {}

    def get(task: str) -> tuple[Made, Any]:
        made = bundles(task)
        if task not in models:
            folder = tmp_path_factory.mktemp("served") / "model"
            save_served_bundle(made.bundle, made.rows, folder)
            models[task] = load(folder)
        return made, models[task]

    return get


@pytest.mark.parametrize("task", TASKS)
def test_it_answers_as_the_bundle_does(served: Any, task: str) -> None:
    made, model = served(task)
    pd.testing.assert_frame_equal(model.predict(TEXTS), made.predictor.predict(TEXTS))
    asked = asked_columns(made.rows, made.bundle)
    pd.testing.assert_frame_equal(model.predict(asked), made.predictor.predict(asked))


@pytest.mark.parametrize("task", TASKS)
def test_the_signature_names_what_goes_in_and_comes_out(served: Any, task: str) -> None:
    made, model = served(task)
    signature = model.metadata.signature
    tags = made.bundle.labels.kind == "tags"
    optional = ["tokens", "starts"] if tags else []
    assert signature.inputs.input_names() == ["text", *optional]
    assert signature.inputs.required_input_names() == ["text"]
    assert signature.outputs.input_names() == list(made.predictor.predict(TEXTS).columns)
    params = {"batch_size", *([] if tags else ["top_k"])}
    params |= {"threshold"} if task == "multilabel" else set()
    assert {one.name for one in signature.params.params} == params


def test_parameters_reach_the_bundle(served: Any) -> None:
    made, model = served("multilabel")
    wishes = {"batch_size": 2, "top_k": 1}
    pd.testing.assert_frame_equal(
        model.predict(TEXTS, params=wishes), made.predictor.predict(TEXTS, wishes)
    )
    every = model.predict(TEXTS, params={"threshold": 0.0})["labels"].tolist()
    none = model.predict(TEXTS, params={"threshold": 1.0})["labels"].tolist()
    assert [sorted(labels) for labels in every] != none == [[], [], []]
    assert every == made.predictor.predict(TEXTS, {"thresholds": 0.0})["labels"].tolist()


def test_what_cannot_be_answered_is_said_in_our_words(served: Any) -> None:
    _, model = served("multilabel")
    with pytest.raises(ConfigError, match="top_k"):
        model.predict(TEXTS, params={"top_k": 0})
    with pytest.raises(ConfigError, match="thresholds: must be a number from 0 to 1"):
        model.predict(TEXTS, params={"threshold": 1.5})
    with pytest.raises(DataError, match="row 1: must be a text that is not empty"):
        model.predict(pd.DataFrame({"text": ["tea", " "]}))


@pytest.mark.parametrize("task", ["multilabel", "ner"])
def test_logits_can_be_had(served: Any, task: str) -> None:
    made, model = served(task)
    found = model.unwrap_python_model().predict_logits(TEXTS)
    wanted = made.predictor.predict_logits(TEXTS)
    assert list(found) == list(wanted)
    for name, logits in wanted.items():
        for mine, theirs in zip(logits, found[name], strict=True):
            np.testing.assert_array_equal(mine, theirs)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tabular, Any, Any]:
    """A bundle that reads numbers, its predictor, and its model once it was saved and loaded."""
    folder = tmp_path_factory.mktemp("numbers")
    made = Tabular("single", folder)
    predictor = made.predictor()
    save_served_bundle(predictor.bundle, made.rows, folder / "model")
    return made, predictor, load(folder / "model")


def test_numbers_are_answered_as_the_bundle_does(numbers: Any) -> None:
    made, predictor, model = numbers
    asked = asked_columns(made.rows, predictor.bundle)
    assert list(asked) == FEATURES
    pd.testing.assert_frame_equal(model.predict(asked), predictor.predict(asked))
    params = {"top_k": 1}
    wanted = predictor.predict(asked, params)
    pd.testing.assert_frame_equal(model.predict(asked, params=params), wanted)
    logits = model.unwrap_python_model().predict_logits(asked)
    np.testing.assert_array_equal(logits["fruit"], predictor.predict_logits(asked)["fruit"])


def test_its_signature_names_the_numbers(numbers: Any) -> None:
    made, predictor, model = numbers
    columns = {column.name: column.type.name for column in model.metadata.signature.inputs}
    assert columns == dict.fromkeys(FEATURES, "double")
    pd.testing.assert_frame_equal(
        model.input_example,
        asked_columns(made.rows.head(2), predictor.bundle).reset_index(drop=True),
    )
    with pytest.raises(Exception, match="missing inputs"):
        model.predict(made.rows[FEATURES[1:]].astype(float))
