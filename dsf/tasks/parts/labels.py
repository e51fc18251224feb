"""Texts with any number of labels each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.incumbents import TextBaseline
from dsf.lightning import TokenDataModule
from dsf.lightning.objectives import MultiLabelObjective
from dsf.losses import build_loss
from dsf.metrics import best_thresholds
from dsf.metrics.thresholds import check_threshold_options, threshold_options
from dsf.networks import MultiLabelClassifier
from dsf.tasks.parts.encoder import freeze, make_encoder
from dsf.tasks.parts.texts import encode_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dsf.lightning import PlModel

__all__ = [
    "answer_baseline",
    "build_network",
    "build_objective",
    "create_data_module",
    "make_predictions",
]


def create_data_module(
    model_config: Mapping[str, Any],
    dataset_config: Mapping[str, Any],
    train: pd.DataFrame | None,
    validation: pd.DataFrame | None,
    test: pd.DataFrame | None = None,
    data_module_class: type[TokenDataModule] = TokenDataModule,
) -> TokenDataModule:
    """Encode the texts and put the 0/1 columns of the labels together."""
    names = list(model_config["label_names"])

    def fields(rows: pd.DataFrame) -> dict[str, np.ndarray]:
        return {"targets": rows[names].to_numpy(dtype=np.float32, copy=True)}

    parts = {"train": train, "validation": validation, "test": test}
    made = encode_parts(model_config, dataset_config, parts, fields)
    return data_module_class(model_config, **made)


def build_network(model_config: Mapping[str, Any]) -> MultiLabelClassifier:
    """Put a linear head with one score a label on the encoder."""
    network = MultiLabelClassifier(
        make_encoder(model_config),
        len(model_config["label_names"]),
        pooling=model_config["pooling"],
        dropout=model_config["dropout"] or 0.0,
    )
    freeze(network, model_config)
    return network


def build_objective(
    model_config: Mapping[str, Any], metrics_config: Mapping[str, Any]
) -> MultiLabelObjective:
    """Make the loss from how often the labels occur, and choose thresholds as told.

    Raises:
        ConfigError: If there is no such loss or metric, or one does not fit; before the fit, and
            not at the end of its first epoch.
        BadReferenceError: If a reference leads nowhere, or out of the allowed packages.
    """
    options = threshold_options(model_config)
    check_threshold_options(**options)
    loss = build_loss(
        model_config["loss"],
        kind="multilabel",
        counts=model_config["label_counts"],
        rows=model_config["train_rows"],
        **model_config["loss_options"],
    )
    return MultiLabelObjective(
        loss,
        tuple(model_config["label_names"]),
        metrics_config,
        model_config["average"],
        find_thresholds=partial(best_thresholds, **options),
    )


def make_predictions(
    model: PlModel,
    data_module: TokenDataModule,  # noqa: ARG001
    rows: pd.DataFrame,
    model_config: Mapping[str, Any],
    dataset_config: Mapping[str, Any],  # noqa: ARG001
) -> MultiLabelPredictions:
    """Put the model's answers, by its thresholds, next to the truth.

    Args:
        model: Its last test was of these rows.
        data_module: What it was tested with.
        rows: The test rows.
        model_config: Section of the config.
        dataset_config: Section of the config.
    """
    names = list(model_config["label_names"])
    objective = cast("MultiLabelObjective", model.objective)
    return MultiLabelPredictions(
        row_ids=rows["row_id"].to_numpy(),
        targets=rows[names].to_numpy(dtype=np.int8, copy=True),
        probabilities=model.test_probabilities,
        thresholds=objective.thresholds.numpy(),
        labels=names,
    )


def answer_baseline(
    train: pd.DataFrame,
    validation: pd.DataFrame,
    test: pd.DataFrame,
    model_config: Mapping[str, Any],
    dataset_config: Mapping[str, Any],
) -> Any:
    """Let TF-IDF with a linear model a label, fitted on the training rows, answer the test rows."""
    baseline = TextBaseline(
        dataset_config["text_column"],
        list(model_config["label_names"]),
        label_kind="multilabel",
        seed=model_config["seed"],
        threshold_options=threshold_options(model_config),
    )
    baseline.fit(train, validation)
    return baseline.predict(test)
