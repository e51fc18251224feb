"""What every bundle of a fitted model has in common, whatever it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dsf.base.decisions import Decisions
from dsf.core.atomic import storage_errors
from dsf.core.bundle import (
    ABSTENTION_FILE,
    CALIBRATION_FILE,
    FORMAT_VERSION,
    LEARNED_FILE,
    THRESHOLDS_FILE,
    BundleInputs,
    BundleLabels,
    BundleMetadata,
    write_bundle,
)
from dsf.core.config import freeze_config, hash_config
from dsf.core.environment import package_versions
from dsf.core.errors import BundleError, Problem
from dsf.core.finite import spell_not_finite
from dsf.core.prediction_files import plain
from dsf.core.run_record import now
from dsf.data import LabelLayout
from dsf.lightning.checkpoint_io import read_checkpoint
from dsf.metrics import apply_thresholds
from dsf.metrics.thresholds import Thresholds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from dsf.base.export_request import ExportRequest
    from dsf.core.bundle import Bundle

__all__ = ["HEADLINE", "find_own_ways", "name_labels", "settle", "take_weights", "write_fitted"]

HEADLINE = "The bundle cannot be made."


def name_labels(
    outputs: Iterable[str], names: Any, dataset_config: Mapping[str, Any]
) -> BundleLabels:
    """Give the labels by output of the network, and the columns where the truth is.

    Args:
        outputs: Names of the outputs.
        names: Output → labels; a list belongs to the only output.
        dataset_config: Section of the config.
    """
    given = names if isinstance(names, dict) else dict.fromkeys(outputs, names)
    labels = {str(output): [plain(label) for label in given[output]] for output in given}
    layout = LabelLayout.of(dataset_config)
    columns = [] if layout is None else list(layout.columns)
    if layout is not None and layout.kind == "multilabel":
        columns = list(names)  # a reader may have spread one column into those of the labels
    kind = dataset_config.get("label_kind", "single")
    return BundleLabels(kind, labels, columns, None if layout is None else layout.scheme)


def find_own_ways(objective: Any) -> list[Problem]:
    """List what an objective does to scores that a bundle would not do."""
    ways = {"predict": torch.sigmoid, "decide": apply_thresholds}
    message = "must be dsf's own, for a bundle answers by that, but is the project's."
    return [
        Problem(f"objective.{way}", message)
        for way, ours in ways.items()
        if getattr(objective, way, ours) is not ours
    ]


def take_weights(model: Any, network: Any, path: Path) -> None:
    """Give a network the weights of a checkpoint."""
    if hasattr(model, "load_weights"):
        model.load_weights(path)
        return
    prefix = "network."
    state = read_checkpoint(path)["state_dict"]
    own = {key.removeprefix(prefix): one for key, one in state.items() if key.startswith(prefix)}
    network.load_state_dict(own)


def settle(request: ExportRequest, objective: Any, labels: BundleLabels) -> dict[str, Any]:
    """Give what decides answers, by file; ``None`` where nothing does.

    Raises:
        BundleError: If labels need thresholds and none are known.
    """
    decisions = request.decisions
    if decisions is None:
        at = request.model_path
        decisions = Decisions() if at is None else Decisions.of_model(at)
    thresholds = None
    if labels.kind == "multilabel":
        thresholds = _thresholds(decisions, objective, labels)
    return {
        THRESHOLDS_FILE: thresholds,
        CALIBRATION_FILE: decisions.calibration,
        ABSTENTION_FILE: decisions.abstention,
    }


def write_fitted(
    request: ExportRequest,
    labels: BundleLabels,
    inputs: BundleInputs,
    settled: Mapping[str, Any],
    fill: Callable[[Path], np.ndarray | None],
) -> Bundle:
    """Write a bundle, whole or not at all.

    Args:
        request: Where it goes, and what is known of it.
        labels: What it answers.
        inputs: What it reads.
        settled: What :func:`settle` gave.
        fill: Writes the network into a folder, and gives the hashes of the rows that were learned
            from; ``None`` if they are not known.

    Returns:
        The bundle, opened and verified.

    Raises:
        BundleError: If the folder holds something else.
        StorageError: If the disk does not let us write.
    """
    config = {**request.config, "model_config": dict(request.model_config)}

    def fill_all(work: Path) -> None:
        learned = fill(work)
        for file, one in settled.items():
            if one is not None:
                one.write(work / file)
        if learned is not None:
            with storage_errors(work):
                np.save(work / LEARNED_FILE, np.unique(learned))

    described = _describe(request, inputs)
    return write_bundle(
        request.folder, labels, described, spell_not_finite(freeze_config(config)), fill_all
    )


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


def _thresholds(decisions: Decisions, objective: Any, labels: BundleLabels) -> Thresholds:
    """Give the thresholds that a test applies: the model's own, unless it is calibrated."""
    kept, own = decisions.thresholds, getattr(objective, "thresholds", None)
    calibration = decisions.calibration
    if kept is not None and (calibration is not None or own is None):
        return kept
    if own is None:
        message = "must be given with a network alone: nothing says from when on labels are given."
        raise BundleError(HEADLINE, [Problem("decisions.thresholds", message)])
    numbers = own.numpy() if calibration is None else calibration.apply(own.numpy()[None])[0]
    chosen = dict(zip(labels.only, map(float, numbers), strict=True))
    if kept is not None and kept.thresholds == chosen:
        return kept  # says besides how they were chosen
    return Thresholds(chosen, None, None, 0, {})
