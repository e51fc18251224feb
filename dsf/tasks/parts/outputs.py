"""Texts with one label of each of one or several outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.predictions import Predictions
from dsf.data import LabelLayout, encode_labels
from dsf.incumbents import TextBaseline
from dsf.lightning import TokenDataModule
from dsf.lightning.objectives import OutputsObjective
from dsf.losses import build_loss
from dsf.networks import TextClassifier
from dsf.tasks.parts.encoder import freeze, make_encoder
from dsf.tasks.parts.texts import encode_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from dsf.lightning import PlModel

__all__ = [
    "answer_baseline",
    "build_network",
    "build_objective",
    "create_data_module",
    "make_predictions",
]

_ONLY = "label"  # what the output is called inside if a row has one label


def create_data_module(
    model_config: Mapping[str, Any],
    dataset_config: Mapping[str, Any],
    train: pd.DataFrame | None,
    validation: pd.DataFrame | None,
    test: pd.DataFrame | None = None,
    data_module_class: type[TokenDataModule] = TokenDataModule,
) -> TokenDataModule:
    """Encode the texts and number the labels."""
    names, columns = _outputs(model_config["label_names"]), _columns(dataset_config)

    def fields(rows: pd.DataFrame) -> dict[str, np.ndarray]:
        return {
            f"target_{output}": encode_labels(rows[column], names[output])
            for output, column in zip(names, columns, strict=True)
        }

    parts = {"train": train, "validation": validation, "test": test}
    made = encode_parts(model_config, dataset_config, parts, fields)
    return data_module_class(model_config, **made)


def build_network(model_config: Mapping[str, Any]) -> TextClassifier:
    """Put a linear head for each output on the encoder."""
    sizes = {
        output: len(labels) for output, labels in _outputs(model_config["label_names"]).items()
    }
    network = TextClassifier(
        make_encoder(model_config),
        sizes,
        pooling=model_config["pooling"],
        dropout=model_config["dropout"] or 0.0,
    )
    freeze(network, model_config)
    return network


def build_objective(
    model_config: Mapping[str, Any], metrics_config: Mapping[str, Any]
) -> OutputsObjective:
    """Make the loss of each output from how often its labels occur."""
    names = _outputs(model_config["label_names"])
    counts = _outputs(model_config["label_counts"])
    losses = {
        output: build_loss(
            model_config["loss"],
            kind="single",
            counts=counts[output],
            rows=model_config["train_rows"],
            **model_config["loss_options"],
        )
        for output in names
    }
    sizes = {output: len(labels) for output, labels in names.items()}
    return OutputsObjective(losses, sizes, metrics_config, model_config["average"])


def make_predictions(
    model: PlModel,
    data_module: TokenDataModule,  # noqa: ARG001
    rows: pd.DataFrame,
    model_config: Mapping[str, Any],
    dataset_config: Mapping[str, Any],
) -> Predictions | MultiOutputPredictions:
    """Put the model's answers next to the truth.

    Args:
        model: Its last test was of these rows.
        data_module: What it was tested with.
        rows: The test rows.
        model_config: Section of the config.
        dataset_config: Section of the config.
    """
    names, columns = _outputs(model_config["label_names"]), _columns(dataset_config)
    each = {
        output: Predictions.from_probabilities(
            rows["row_id"].to_numpy(),
            rows[column].to_numpy(),
            model.test_probabilities[output],
            names[output],
        )
        for output, column in zip(names, columns, strict=True)
    }
    return each[_ONLY] if dataset_config["label_kind"] == "single" else MultiOutputPredictions(each)


def answer_baseline(
    train: pd.DataFrame,
    validation: pd.DataFrame,
    test: pd.DataFrame,
    model_config: Mapping[str, Any],
    dataset_config: Mapping[str, Any],
) -> Any:
    """Let TF-IDF with a linear model, fitted on the training rows, answer the test rows."""
    baseline = TextBaseline(
        dataset_config["text_column"],
        _columns(dataset_config),
        label_kind=dataset_config["label_kind"],
        label_names=model_config["label_names"],
        seed=model_config["seed"],
    )
    baseline.fit(train, validation)
    return baseline.predict(test)


def _outputs(names: Any) -> dict[str, list[Any]]:
    """Give labels by output; a row's only label has an output of its own name."""
    return dict(names) if isinstance(names, dict) else {_ONLY: list(names)}


def _columns(dataset_config: Mapping[str, Any]) -> tuple[str, ...]:
    layout = LabelLayout.of(dataset_config)
    return () if layout is None else layout.columns
