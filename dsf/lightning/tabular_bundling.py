"""A fitted network that reads numbers becomes a bundle, without its code."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import save_file

from dsf.core.atomic import atomic_path, storage_errors, write_json
from dsf.core.bundle import CONFIG_FILE, PROGRAM_FILE, WEIGHTS_FILE, BundleInputs
from dsf.core.errors import DataError, NotExportableError, Problem
from dsf.core.excerpts import excerpt
from dsf.data import hash_number_rows
from dsf.export import write_program
from dsf.inference.features import read_features, to_numbers
from dsf.lightning.bundle_writing import (
    HEADLINE,
    find_own_ways,
    name_labels,
    settle,
    take_weights,
    write_fitted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from torch import nn

    from dsf.base.export_request import ExportRequest
    from dsf.core.bundle import Bundle, BundleLabels
    from dsf.lightning.module import PlModel

__all__ = ["export_tabular_bundle"]


def export_tabular_bundle(
    model: PlModel | nn.Module,
    request: ExportRequest,
    features: Sequence[str],
    shape: Sequence[int] = (),
) -> Bundle:
    """Write a fitted model that reads numbers as a bundle, whole or not at all.

    The network may be any that ``torch.export`` can follow. It is written down without its code:
    the bundle answers where your project is not. What your ``Data`` class does to the numbers
    before the network sees them belongs into the network, or must be done before the bundle is
    asked.

    Args:
        model: A module with the network, or the network; has the weights of the checkpoint
            afterwards. The network gives scores, ``(rows, labels)``, or a dict of them by output.
        request: Where it goes, and what is known of it.
        features: Columns of the numbers, in the order in which the network takes them.
        shape: How it takes the numbers of a row; empty: one behind the other, ``(features,)``.

    Returns:
        The bundle, opened and verified.

    Raises:
        NotExportableError: If features, shape, labels and network do not fit, answers are decided
            in the project's own way, or torch cannot follow the network; lists what is wrong.
        BundleError: If no thresholds are known, or the folder holds something else.
        StorageError: If the disk does not let us write.
    """
    network: Any = getattr(model, "network", model)
    objective: Any = getattr(model, "objective", None)
    columns, sizes = [str(name) for name in features], tuple(int(size) for size in shape)
    _check(request, columns, sizes, objective)
    dataset_config = request.config["dataset_config"]
    outputs = (str(dataset_config.get("label_column") or "label"),)
    labels = name_labels(outputs, request.model_config["label_names"], dataset_config)
    if request.model_path is not None:
        take_weights(model, network, request.model_path)
    settled = settle(request, objective, labels)
    ready = copy.deepcopy(network).eval().cpu()  # the model itself stays as it is
    row_shape = sizes or (len(columns),)
    _check_scores(ready, labels, row_shape)
    inputs = BundleInputs(
        features=tuple(columns),
        shape=sizes,
        gaps=_fills_gaps(ready, row_shape),
        batch_size=request.model_config.get("batch_size"),
    )

    def fill(work: Path) -> np.ndarray | None:
        _write_network(ready, labels, row_shape, work)
        if request.learned is None:
            return None
        return hash_number_rows(to_numbers(request.learned, columns))

    return write_fitted(request, labels, inputs, settled, fill)


def _check(
    request: ExportRequest, features: Sequence[str], shape: Sequence[int], objective: Any
) -> None:
    """Refuse what no bundle of numbers can be made of; all of it at once."""
    problems = find_own_ways(objective)
    if request.config["dataset_config"].get("label_kind") == "tags":
        message = "must be another than tags: rows of numbers have no words."
        problems.append(Problem("dataset_config.label_kind", message))
    if not request.model_config.get("label_names"):
        problems.append(Problem("model_config.label_names", "must be there, but are not."))
    if not features or len(set(features)) < len(features):
        message = f"must be columns, each named once, but are {excerpt(features)}."
        problems.append(Problem("features", message))
    elif request.learned is not None:
        problems += _find_unreadable(request.learned, features)
    if shape and (min(shape) < 1 or math.prod(shape) != len(features)):
        message = f"must hold the {len(features)} features of a row, but is {tuple(shape)}."
        problems.append(Problem("shape", message))
    if problems:
        raise NotExportableError(HEADLINE, problems)


def _find_unreadable(rows: pd.DataFrame, features: Sequence[str]) -> list[Problem]:
    """List what in the rows that were learned from the bundle could not read, asked about it."""
    try:
        read_features(rows, features, gaps=True)  # of those the network may know what to do
    except DataError as error:
        return [Problem(f"features: {one.where}", one.message) for one in error.problems]
    return []


def _check_scores(network: nn.Module, labels: BundleLabels, row_shape: Sequence[int]) -> None:
    """Refuse a network that does not take such rows, or gives other scores than labels."""
    wanted = {name: (2, len(names)) for name, names in labels.outputs.items()}
    try:
        with torch.inference_mode():
            found: Any = network(torch.zeros(2, *row_shape))
    except Exception as error:  # whatever the network's own code may raise
        message = f"must take rows of the shape {tuple(row_shape)}, but says: {error}"
        raise NotExportableError(HEADLINE, [Problem(type(network).__name__, message)]) from error
    scores = found if isinstance(found, dict) else {next(iter(wanted)): found}
    came = {name: tuple(getattr(one, "shape", ())) for name, one in scores.items()}
    if came != wanted:
        message = f"must give scores of the shapes {wanted} for two rows, but gives {came}."
        raise NotExportableError(HEADLINE, [Problem(type(network).__name__, message)])


def _fills_gaps(network: nn.Module, row_shape: Sequence[int]) -> bool:
    """Whether a network answers rows of which nothing is known."""
    with torch.inference_mode():
        found: Any = network(torch.full((2, *row_shape), math.nan))
    scores = found.values() if isinstance(found, dict) else [found]
    return all(bool(torch.isfinite(one).all()) for one in scores)


def _write_network(
    network: nn.Module, labels: BundleLabels, row_shape: Sequence[int], folder: Path
) -> None:
    """Write what it computes, and its weights beside that."""
    write_program(network, torch.zeros(2, *row_shape), folder / PROGRAM_FILE)
    weights = {name: one.clone().contiguous() for name, one in network.state_dict().items()}
    with storage_errors(folder), atomic_path(folder / WEIGHTS_FILE) as temporary:
        save_file(weights, temporary)
    described = {"architectures": [type(network).__name__], "dsf_outputs": labels.outputs}
    write_json(folder / CONFIG_FILE, described)
