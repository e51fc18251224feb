"""A file that says which outputs there are, and the labels of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.excerpts import excerpt, first_problems
from dsf.data.safe_labels import unsafe_label

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["fill_labels", "read_labels_file"]


def fill_labels(config: dict[str, Any], folder: Path) -> None:
    """Put the labels of ``dataset_config.labels_path`` into a config, where it names none.

    Args:
        config: The resolved config; changed in place: ``model_config.label_names`` and, with
            several outputs or several labels a row, ``dataset_config.label_columns``.
        folder: What the path is relative to.

    Raises:
        ConfigError: If a row has one label, but the file has several outputs.
        DataError: If the file cannot be used.
    """
    model, dataset = config["model_config"], config["dataset_config"]
    path = dataset.get("labels_path")
    if path is None:
        return
    outputs = read_labels_file(folder / path)
    several = dataset["label_kind"] == "multi_output"
    if not several and len(outputs) != 1:
        message = f"must be multi_output for a file with the outputs {', '.join(outputs)}"
        raise ConfigError(
            "The labels cannot be used.", [Problem("dataset_config.label_kind", message)]
        )
    if several and not dataset["label_columns"]:
        dataset["label_columns"] = list(outputs)
    labels = next(iter(outputs.values()))
    if dataset["label_kind"] == "multilabel" and not dataset["label_columns"]:
        dataset["label_columns"] = labels
    if model.get("label_names") is None:
        model["label_names"] = outputs if several else labels


def read_labels_file(path: Path) -> dict[str, list[str]]:
    """Read ``{output: [labels]}``.

    Raises:
        DataError: If there is no such file, or it holds anything else.
    """
    wanted = 'must be a JSON file like {"intent": ["buy", "sell"]}'
    try:
        outputs = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _error(path, f"{wanted}, but: {error.strerror or error}.") from error
    except ValueError as error:
        raise _error(path, f"{wanted}, but is no JSON: {error}.") from error
    fits = isinstance(outputs, dict) and bool(outputs)
    if not fits or not all(isinstance(one, list) and one for one in outputs.values()):
        raise _error(path, f"{wanted}: a list of labels for each output.")
    faults = {output: _faults(labels) for output, labels in outputs.items()}
    if any(faults.values()):
        problems = [
            Problem(f"{path}, {output}", one) for output in faults for one in faults[output]
        ]
        raise DataError("The labels cannot be used.", first_problems(problems))
    return {str(output): list(labels) for output, labels in outputs.items()}


def _faults(labels: list[Any]) -> list[str]:
    """Say what is wrong with the labels of an output: each must be a text, and there once."""
    faults = [
        unsafe_label(label) or ""
        if isinstance(label, str)
        else f"must have texts, as the labels of rows are, but has {label!r}."
        for label in labels
    ]
    texts = [label for label in labels if isinstance(label, str)]
    twice = list(dict.fromkeys(label for label in texts if texts.count(label) > 1))
    faults += [f"must have each label once, but repeats {excerpt(twice)}."] if twice else []
    return [fault for fault in faults if fault]


def _error(path: Path, message: str) -> DataError:
    return DataError("The labels cannot be read.", [Problem(str(path), message)])
