"""Where the rows of a multi-label YAML are, and how they are split, in our own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.tasks.multilabel.from_yaml.hooks import arguments_of

if TYPE_CHECKING:
    from dsf.tasks.multilabel.from_yaml.translated_config import TranslatedConfig

__all__ = ["translate_rows"]

_DATA = "trainer_config.data_module_config"
_RATIOS = {
    "train_ratio": "train_ratio",
    "validation_ratio": "val_ratio",
    "test_ratio": "test_ratio",
}


def translate_rows(made: TranslatedConfig) -> list[str]:
    """Take over where the rows are and how they are split; give the columns of the labels."""
    data = made.data
    found = {
        name: made.take_hook("dataset_config", name, data[name], f"{_DATA}.{name}")
        for name in ("load_data", "process_data", "split")
    }
    if found["load_data"]:
        _take(made, "dataset_config.dataset_path", "load_data", "file_path")
    if not found["process_data"]:
        made.put("dataset_config.text_column", "text", f"{_DATA}.process_data")
    _take(made, "dataset_config.text_column", "process_data", "text_column")
    splitting = arguments_of(data["split"])
    labels = arguments_of(data["process_data"]).get("labels_columns")
    also, place = splitting.get("labels_columns"), f"{_DATA}.split.kwargs.labels_columns"
    if found["process_data"] and labels is None:
        made.blame(f"{_DATA}.process_data.kwargs.labels_columns", "must be given, but is not")
    elif labels is None and also is None:
        made.blame(place, "must be given, here or in process_data, but is not")
    elif labels is not None and also is not None and labels != also:
        made.blame(place, f"must be those of process_data, {labels}, not {also}")
    labels = also if labels is None else labels
    made.put("dataset_config.label_kind", "multilabel", _DATA)
    place = f"{_DATA}.process_data.kwargs.labels_columns"
    made.put("dataset_config.label_columns", labels or ["?"], place)
    made.put("dataset_config.split_strategy", "multilabel", f"{_DATA}.split")
    if found["split"]:
        for ours, theirs in _RATIOS.items():
            _take(made, f"dataset_config.{ours}", "split", theirs)
        if "random_state" in splitting:
            _take(made, "dataset_config.seed", "split", "random_state")
        made.map_place("dataset_config", f"{_DATA}.split.kwargs")
    made.put("dataset_config.state_file", data["state_file"], f"{_DATA}.state_file")
    return list(labels) if isinstance(labels, list) else []


def _take(made: TranslatedConfig, path: str, hook: str, argument: str) -> None:
    """Take over an argument of a hook of ours; of another one, if it is there."""
    place = f"{_DATA}.{hook}.kwargs.{argument}"
    given = arguments_of(made.data[hook])
    if argument in given:
        made.put(path, given[argument], place)
    elif made.is_our(hook, made.data[hook]):
        made.blame(place, "must be given, but is not")
