"""Texts with a tag for each word: entities, or parts of speech."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import ConfigError, Problem
from dsf.core.tag_predictions import TagPredictions
from dsf.data.encoding import encode_words
from dsf.incumbents import MostFrequentTag
from dsf.inference.decoding import decode_tags, spread_words
from dsf.lightning import TokenDataModule, TokenRows
from dsf.lightning.objectives import TagsObjective
from dsf.losses import build_loss
from dsf.networks import TokenClassifier
from dsf.tasks.parts.encoder import freeze, make_encoder, make_tokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dsf.data.encoding import EncodedWords
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
    """Encode the texts, in windows where they are long, and give tokens their words' tags.

    The folder ``dataset_config["cache_path"]`` keeps what is encoded, if there is one.
    """
    tokenizer = make_tokenizer(model_config)
    _check_stride(model_config, tokenizer)
    cache = dataset_config.get("cache_path")
    made = {}
    for part, rows in {"train": train, "validation": validation, "test": test}.items():
        if rows is not None:
            encoded = encode_words(
                rows,
                tokenizer,
                max_length=model_config["max_length"],
                stride=model_config["window_stride"],
                tags=model_config["label_names"],
                scheme=dataset_config["tag_scheme"],
                tag_subtokens=model_config["tag_subtokens"],
                cache=None if cache is None else Path(cache),
                part=part,
            )
            made[part] = TokenRows(encoded, token_fields=_fields(encoded, learn=part == "train"))
    return data_module_class(model_config, **made)


def build_network(model_config: Mapping[str, Any]) -> TokenClassifier:
    """Put a linear head with one score a tag on the encoder."""
    network = TokenClassifier(
        make_encoder(model_config),
        len(model_config["label_names"]),
        dropout=model_config["dropout"] or 0.0,
    )
    freeze(network, model_config)
    return network


def build_objective(
    model_config: Mapping[str, Any], metrics_config: Mapping[str, Any]
) -> TagsObjective:
    """Make the loss from how often the tags occur."""
    loss = build_loss(
        model_config["loss"],
        kind="single",
        counts=model_config["label_counts"],
        rows=model_config["train_rows"],
        **model_config["loss_options"],
    )
    return TagsObjective(
        loss,
        model_config["label_names"],
        model_config["tag_scheme"],
        metrics_config,
        model_config["average"],
    )


def make_predictions(
    model: PlModel,
    data_module: TokenDataModule,
    rows: pd.DataFrame,
    model_config: Mapping[str, Any],
    dataset_config: Mapping[str, Any],
) -> TagPredictions:
    """Put the model's tags next to the truth: the most probable ones that follow the scheme.

    Args:
        model: Its last test was of these rows.
        data_module: What it was tested with.
        rows: The test rows.
        model_config: Section of the config.
        dataset_config: Section of the config.
    """
    tags, scheme = list(model_config["label_names"]), dataset_config["tag_scheme"]
    encoded: Any = data_module.test.encoded if data_module.test else None
    sizes = rows["tokens"].map(len).tolist()
    # A word without a token of its own is as likely to have any tag.
    words = spread_words(encoded, model.test_probabilities, sizes, fill=1.0 / len(tags))
    answers, confidences = [], []
    for row in words:
        numbers = decode_tags(row, tags, scheme)
        answers.append([tags[number] for number in numbers])
        confidences.append(row[np.arange(len(row)), numbers].clip(0.0, 1.0).tolist())
    return TagPredictions(
        row_ids=rows["row_id"].to_numpy(),
        texts=rows["text"].tolist(),
        starts=[list(row) for row in rows["starts"]],
        tokens=[list(row) for row in rows["tokens"]],
        targets=[list(row) for row in rows["tags"]],
        predictions=answers,
        confidences=confidences,
        tags=tags,
        scheme=scheme,
    )


def answer_baseline(
    train: pd.DataFrame,
    validation: pd.DataFrame,  # noqa: ARG001
    test: pd.DataFrame,
    model_config: Mapping[str, Any],
    dataset_config: Mapping[str, Any],
) -> TagPredictions:
    """Let each word of the test rows have the tag that it has most often in the training rows."""
    baseline = MostFrequentTag(model_config["label_names"], dataset_config["tag_scheme"])
    baseline.fit(train)
    return baseline.predict(test)


def _check_stride(model_config: Mapping[str, Any], tokenizer: Any) -> None:
    """Refuse windows that have no room for a token of their own.

    Raises:
        ConfigError: If there is none beside the shared tokens and the special ones.
    """
    length, stride = model_config["max_length"], model_config["window_stride"]
    room = length - tokenizer.num_special_tokens_to_add()
    if stride >= room > 0:  # else the tokenizer says what it needs
        message = (
            f"must be below {room}, which model_config.max_length ({length}) leaves beside special "
            f"tokens, but is {stride}. Lower it, or raise max_length."
        )
        problem = Problem("model_config.window_stride", message)
        raise ConfigError("The texts cannot be cut into windows.", [problem])


def _fields(encoded: EncodedWords, *, learn: bool) -> dict[str, np.ndarray]:
    """Give what a batch carries for each token; to learn, the targets are enough."""
    if learn:
        return {"targets": encoded.targets}
    return {
        "targets": encoded.targets,
        "first": encoded.first,
        "words": encoded.words,
        "rows": np.repeat(encoded.window_rows, encoded.lengths),
    }
