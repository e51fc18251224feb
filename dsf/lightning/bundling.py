"""A fitted network becomes a bundle: all that is needed to answer, and nothing else."""

from __future__ import annotations

import math
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dsf.base.decisions import Decisions
from dsf.core.atomic import storage_errors
from dsf.core.bundle import (
    ABSTENTION_FILE,
    CALIBRATION_FILE,
    CONFIG_FILE,
    FORMAT_VERSION,
    LEARNED_FILE,
    THRESHOLDS_FILE,
    TOKENIZER_FOLDER,
    WEIGHTS_FILE,
    BundleInputs,
    BundleLabels,
    BundleMetadata,
    write_bundle,
)
from dsf.core.config import freeze_config, hash_config
from dsf.core.environment import package_versions
from dsf.core.errors import BundleError, NotExportableError, Problem
from dsf.core.prediction_files import plain
from dsf.core.run_record import now
from dsf.data import LabelLayout, hash_texts
from dsf.lightning.checkpoint_io import read_checkpoint
from dsf.metrics import apply_thresholds
from dsf.metrics.thresholds import Thresholds
from dsf.networks import TextClassifier, TokenClassifier, load_tokenizer, save_network

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import nn

    from dsf.base.export_request import ExportRequest
    from dsf.core.bundle import Bundle
    from dsf.lightning.module import PlModel

__all__ = ["export_bundle"]

_HEADLINE = "The bundle cannot be made."
_TAGS_TEXT = "text"  # tagged rows have their text there, whatever its column was called


def export_bundle(model: PlModel | nn.Module, request: ExportRequest) -> Bundle:
    """Write a fitted model as a bundle, whole or not at all.

    Args:
        model: A module with a text network of :mod:`dsf.networks`, or that network; has the weights
            of the checkpoint afterwards.
        request: Where it goes, and what is known of it. The tokenizer is that of
            ``model_config.tokenizer``, else that of ``model_config.encoder``.

    Returns:
        The bundle, opened and verified.

    Raises:
        NotExportableError: If the network is none of dsf's, turns scores into answers in a way of
            its own, or has not these labels; lists what is wrong.
        BundleError: If no thresholds are known, or the folder holds something else.
        StorageError: If the disk does not let us write.
    """
    network: Any = getattr(model, "network", model)
    objective: Any = getattr(model, "objective", None)
    model_config, dataset_config = request.model_config, request.config["dataset_config"]
    labels = _labels(network, model_config["label_names"], dataset_config)
    _check(network, objective, labels)
    decisions = request.decisions
    if request.model_path is not None:
        _load_weights(model, network, request.model_path)
        decisions = decisions or Decisions.of_model(request.model_path)
    settled = _settle(decisions or Decisions(), objective, labels)
    frozen = _finite(freeze_config({**request.config, "model_config": dict(model_config)}))
    tokenizer = load_tokenizer(model_config.get("tokenizer") or model_config["encoder"])

    def fill(work: Path) -> None:
        save_network(network, work, labels.outputs, tokenizer)
        _move_tokenizer(work)
        for file, one in settled.items():
            if one is not None:
                one.write(work / file)
        if request.learned is not None:
            with storage_errors(work):
                np.save(work / LEARNED_FILE, np.unique(hash_texts(request.learned)))

    inputs = _inputs(model_config, dataset_config, labels.kind)
    return write_bundle(request.folder, labels, _describe(request, inputs), frozen, fill)


def _describe(request: ExportRequest, inputs: BundleInputs) -> BundleMetadata:
    return BundleMetadata(
        format_version=FORMAT_VERSION,
        name=request.name,
        version=request.version,
        task=request.task,
        created=now(),
        inputs=inputs,
        data_hash=request.data_hash,
        config_hash=request.config_hash or hash_config(request.config),
        scores=dict(request.scores),
        packages=package_versions(),
    )


def _labels(network: Any, names: Any, dataset_config: Mapping[str, Any]) -> BundleLabels:
    """Give labels by output of the network; a list of them belongs to the only one."""
    given = (
        names if isinstance(names, dict) else dict.fromkeys(getattr(network, "outputs", ()), names)
    )
    outputs = {str(output): [plain(label) for label in given[output]] for output in given}
    layout = LabelLayout.of(dataset_config)
    columns = [] if layout is None else list(layout.columns)
    if layout is not None and layout.kind == "multilabel":
        columns = list(names)  # a reader may have spread one column into those of the labels
    kind = dataset_config.get("label_kind", "single")
    return BundleLabels(kind, outputs, columns, None if layout is None else layout.scheme)


def _check(network: Any, objective: Any, labels: BundleLabels) -> None:
    """Refuse what a bundle would answer otherwise than the model does."""
    if not isinstance(network, TextClassifier | TokenClassifier):
        message = (
            "must be a TextClassifier or TokenClassifier of dsf.networks, but is a "
            f"{type(network).__name__}. Write export_bundle in trainer/model.py for a network of "
            "your own."
        )
        raise NotExportableError(_HEADLINE, [Problem("network", message)])
    problems = []
    sizes = {output: len(names) for output, names in labels.outputs.items()}
    if sizes != network.outputs:
        message = f"must have as many labels as the network's outputs {network.outputs}"
        problems.append(Problem("model_config.label_names", f"{message}, but has {sizes}."))
    ways = {"predict": torch.sigmoid, "decide": apply_thresholds}
    for way, ours in ways.items():
        if getattr(objective, way, ours) is not ours:
            message = "must be dsf's own, for a bundle answers by that, but is the project's"
            problems.append(Problem(f"objective.{way}", f"{message}."))
    if problems:
        raise NotExportableError(_HEADLINE, problems)


def _load_weights(model: Any, network: Any, path: Path) -> None:
    if hasattr(model, "load_weights"):
        model.load_weights(path)
        return
    prefix = "network."
    state = read_checkpoint(path)["state_dict"]
    own = {key.removeprefix(prefix): one for key, one in state.items() if key.startswith(prefix)}
    network.load_state_dict(own)


def _settle(decisions: Decisions, objective: Any, labels: BundleLabels) -> dict[str, Any]:
    """Give what decides answers, by file."""
    thresholds = None
    if labels.kind == "multilabel":
        thresholds = _thresholds(decisions, objective, labels)
    return {
        THRESHOLDS_FILE: thresholds,
        CALIBRATION_FILE: decisions.calibration,
        ABSTENTION_FILE: decisions.abstention,
    }


def _thresholds(decisions: Decisions, objective: Any, labels: BundleLabels) -> Thresholds:
    """Give the thresholds that a test applies: the model's own, unless it is calibrated."""
    kept, own = decisions.thresholds, getattr(objective, "thresholds", None)
    calibration = decisions.calibration
    if kept is not None and (calibration is not None or own is None):
        return kept
    if own is None:
        message = "must be given with a network alone: nothing says from when on labels are given."
        raise BundleError(_HEADLINE, [Problem("decisions.thresholds", message)])
    numbers = own.numpy() if calibration is None else calibration.apply(own.numpy()[None])[0]
    chosen = dict(zip(labels.only, map(float, numbers), strict=True))
    if kept is not None and kept.thresholds == chosen:
        return kept  # says besides how they were chosen
    return Thresholds(chosen, None, None, 0, {})


def _inputs(
    model_config: Mapping[str, Any], dataset_config: Mapping[str, Any], kind: str
) -> BundleInputs:
    tagged = kind == "tags"
    return BundleInputs(
        text_column=_TAGS_TEXT if tagged else str(dataset_config["text_column"]),
        max_length=model_config["max_length"],
        window_stride=model_config["window_stride"] if tagged else 0,
        batch_size=model_config.get("batch_size"),
        max_tokens=model_config.get("max_tokens"),
    )


def _finite(value: Any) -> Any:
    """Spell what JSON has no number for, such as ``inf``."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _move_tokenizer(work: Path) -> None:
    """Part the tokenizer from the network; a config beside it makes it whole by itself."""
    tokenizer = work / TOKENIZER_FOLDER
    with storage_errors(tokenizer):
        others = [path for path in work.iterdir() if path.name not in (WEIGHTS_FILE, CONFIG_FILE)]
        tokenizer.mkdir()
        for path in others:
            path.rename(tokenizer / path.name)
        shutil.copyfile(work / CONFIG_FILE, tokenizer / CONFIG_FILE)
