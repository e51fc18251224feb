"""From a multi-label YAML to the config of a run: the same words as every other project's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.config import Config, resolve_config
from dsf.core.errors import ConfigError, Problem
from dsf.core.references import reference_name
from dsf.metrics import threshold_grid
from dsf.networks import find_source
from dsf.tasks.multilabel.hooks import arguments_of, is_ours
from dsf.tasks.multilabel.run_config import MultiLabelRunConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["translate"]

_ROOT = "trainer_config"
_MODULE = f"{_ROOT}.lightning_module_config"
_DATA = f"{_ROOT}.data_module_config"
_RATIOS = {
    "train_ratio": "train_ratio",
    "validation_ratio": "val_ratio",
    "test_ratio": "test_ratio",
}
_OURS = {
    "calculate_best_thresholds": "calculate_best_thresholds.calculate_best_thresholds",
    "calculate_metrics": "metrics.calculate_metrics",
    "calculate_predictions": "predictions.calculate_predictions",
    "define_loss": "loss.bceloss_inverse_frequency_weighted",
    "load_data": "load_data.load_data",
    "process_data": "process_data.process_data",
    "split": "split_data.split_data",
}
_CHECKPOINTS = ("pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
                "pytorch_lightning.callbacks.ModelCheckpoint")  # fmt: skip


def translate(yaml: Config) -> tuple[Config, list[str]]:
    """Make the config of a run.

    Args:
        yaml: What :func:`dsf.tasks.multilabel.yaml_config.read_yaml_config` gave.

    Returns:
        The config, and notes about what of the YAML has no effect.

    Raises:
        ConfigError: If values do not fit together; lists all, by their paths in the YAML.
    """
    translation = _Translation(yaml["trainer_config"])
    config: dict[str, Any] = {}
    try:
        config = resolve_config(translation.make(), schema=MultiLabelRunConfig)
    except ConfigError as error:
        translation.problems += [
            Problem(translation.place_of(one.where), one.message) for one in error.problems
        ]
    if translation.problems:
        problems = [
            Problem(one.where, one.message + _line(yaml, one.where)) for one in translation.problems
        ]
        raise ConfigError("The config has problems:", problems)
    return Config(config, yaml.sources), translation.notes


def _line(yaml: Config, where: str) -> str:
    place = yaml.sources.find(tuple(where.split(".")))
    return f" ({place})" if place else ""


class _Translation:
    """One YAML on its way.

    Attributes:
        problems: What does not fit together, by paths in the YAML.
        notes: What has no effect.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._root = root
        self._module = root["lightning_module_config"]
        self._data = root["data_module_config"]
        self._places: dict[str, str] = {}
        self._config: dict[str, Any] = {}

    def make(self) -> dict[str, Any]:
        """Give the config, not checked."""
        self._config = {"task": "multilabel"}
        self._put("project", self._module["model_name"], f"{_MODULE}.model_name")
        labels = self._rows()
        self._network(labels)
        self._learning()
        self._batches()
        self._trainer()
        return self._config

    def place_of(self, where: str) -> str:
        """Give the path in the YAML that a path of the config comes from."""
        parts = where.split(".")
        for length in range(len(parts), 0, -1):
            known = self._places.get(".".join(parts[:length]))
            if known is not None:
                return ".".join([known, *parts[length:]])
        return where

    def _put(self, path: str, value: Any, place: str) -> None:
        *sections, key = path.split(".")
        at = self._config
        for section in sections:
            at = at.setdefault(section, {})
        at[key] = value
        self._places[path] = place

    def _problem(self, where: str, message: str) -> None:
        self.problems.append(Problem(where, message))

    def _hook(self, section: str, name: str, reference: Any, place: str) -> bool:
        """Take a hook over unless it is ours; say whether it is."""
        if is_ours(reference, _OURS.get(name, "")):
            return True
        self._put(f"{section}.hooks.{name}", reference, place)
        return False

    def _rows(self) -> list[str]:
        """Take over where the rows are and how they are split; give the columns of the labels."""
        data = self._data
        found = {
            name: self._hook("dataset_config", name, data[name], f"{_DATA}.{name}")
            for name in ("load_data", "process_data", "split")
        }
        if found["load_data"]:
            self._take("dataset_config.dataset_path", "load_data", "file_path")
        if not found["process_data"]:
            self._put("dataset_config.text_column", "text", f"{_DATA}.process_data")
        self._take("dataset_config.text_column", "process_data", "text_column")
        splitting = arguments_of(data["split"])
        labels = arguments_of(data["process_data"]).get("labels_columns")
        also, place = splitting.get("labels_columns"), f"{_DATA}.split.kwargs.labels_columns"
        if found["process_data"] and labels is None:
            self._problem(
                f"{_DATA}.process_data.kwargs.labels_columns", "must be given, but is not"
            )
        elif labels is None and also is None:
            self._problem(place, "must be given, here or in process_data, but is not")
        elif labels is not None and also is not None and labels != also:
            self._problem(place, f"must be those of process_data, {labels}, not {also}")
        labels = also if labels is None else labels
        self._put("dataset_config.label_kind", "multilabel", _DATA)
        place = f"{_DATA}.process_data.kwargs.labels_columns"
        self._put("dataset_config.label_columns", labels or ["?"], place)
        self._put("dataset_config.split_strategy", "multilabel", f"{_DATA}.split")
        if found["split"]:
            for ours, theirs in _RATIOS.items():
                self._take(f"dataset_config.{ours}", "split", theirs)
            if "random_state" in splitting:
                self._take("dataset_config.seed", "split", "random_state")
            self._places["dataset_config"] = f"{_DATA}.split.kwargs"
        self._put("dataset_config.state_file", data["state_file"], f"{_DATA}.state_file")
        return list(labels) if isinstance(labels, list) else []

    def _take(self, path: str, hook: str, argument: str) -> None:
        """Take over an argument of a hook of ours; of another one, if it is there."""
        place = f"{_DATA}.{hook}.kwargs.{argument}"
        given = arguments_of(self._data[hook])
        if argument in given:
            self._put(path, given[argument], place)
        elif is_ours(self._data[hook], _OURS[hook]):
            self._problem(place, "must be given, but is not")

    def _network(self, labels: list[str]) -> None:
        """Take over the encoder with its head, or the network in its place."""
        model, place = self._module["model"], f"{_MODULE}.model"
        tokenizer = self._data["dataset"]["tokenizer_config"]["path"]
        if not isinstance(model, dict) or "pretrained_model" not in model:
            self._put("model_config.encoder", tokenizer, f"{_DATA}.dataset.tokenizer_config.path")
            self._put("model_config.hooks.model", model, place)
            return
        path = model["pretrained_model"]["path"]
        self._put("model_config.encoder", path, f"{place}.pretrained_model.path")
        self._put("model_config.dropout", model["dropout_prob"], f"{place}.dropout_prob")
        self._put("model_config.pooling", model["pooling"], f"{place}.pooling")
        self._put("model_config.hidden_size", model["hidden_size"], f"{place}.hidden_size")
        count = model["num_classes"]
        if count is not None and labels and count != len(labels):
            names = f"the {len(labels)} of labels_columns, {labels}"
            self._problem(f"{place}.num_classes", f"must be {len(labels)}, {names}, not {count}")
        self._check_size(path, model["hidden_size"], place)

    def _check_size(self, path: str, wanted: int | None, place: str) -> None:
        """Compare with the encoder, where it can be looked at without fetching it."""
        try:
            found = find_source(path)
        except ConfigError as error:
            self.problems += [
                Problem(f"{place}.pretrained_model.path", one.message) for one in error.problems
            ]
            return
        if wanted is None or not found.is_local:
            return
        described = json.loads((Path(found.place) / "config.json").read_text(encoding="utf-8"))
        size = described.get("hidden_size", described.get("dim"))
        if size is not None and size != wanted:
            message = f"must be {size}, that of the encoder {path!r}, not {wanted}"
            self._problem(f"{place}.hidden_size", message)

    def _learning(self) -> None:
        """Take over loss, optimizer, thresholds and metrics."""
        module, optimizer = self._module, self._module["optimizer"]
        self._put("model_config.seed", self._root["seed"], f"{_ROOT}.seed")
        self._put("model_config.recipe", None, _MODULE)
        self._put("model_config.schedule", "constant", _MODULE)
        self._put("model_config.optimizer", optimizer, f"{_MODULE}.optimizer")
        rate = arguments_of(optimizer).get("lr", 1e-3)
        self._put("model_config.learning_rate", rate, f"{_MODULE}.optimizer.kwargs.lr")
        self._put("model_config.weight_decay", 0.0, f"{_MODULE}.optimizer")
        self._put("model_config.loss", "inverse_frequency_bce", f"{_MODULE}.define_loss")
        for name in ("define_loss", "predict", "calculate_best_thresholds", "calculate_metrics"):
            if name == "predict" and reference_name(module[name]) == "torch.sigmoid":
                continue
            place = f"{_MODULE}.{name}"
            if not self._hook("model_config", name, module[name], place):
                continue
            targets = {
                "calculate_best_thresholds": "threshold_grid",
                "calculate_metrics": "error_bars",
            }
            if name in targets and (given := dict(arguments_of(module[name]))):
                self._put(f"model_config.{targets[name]}", given, f"{place}.kwargs")
        self._check_grid()
        self._deciding()

    def _check_grid(self) -> None:
        """Fill the grid of thresholds up, and see whether it is one."""
        model = self._config["model_config"]
        grid = {"vmin": 0.1, "vmax": 0.9, "step": 0.05} | model.get("threshold_grid", {})
        model["threshold_grid"] = grid
        if all(isinstance(number, int | float) for number in grid.values()):
            try:
                threshold_grid(**grid)
            except ConfigError as error:
                place = f"{_MODULE}.calculate_best_thresholds.kwargs"
                self.problems += [
                    Problem(f"{place}.{one.where}", one.message.removesuffix("."))
                    for one in error.problems
                ]

    def _deciding(self) -> None:
        """Take over what makes answers of probabilities; it has two places."""
        name, model = "calculate_predictions", self._module["model"]
        inner = model.get(name) if isinstance(model, dict) else None
        outer = self._module[name]
        if outer is not None:
            self._hook("model_config", name, outer, f"{_MODULE}.{name}")
        if inner is not None and "pretrained_model" in model:
            theirs = not is_ours(inner, _OURS[name])
            if outer is not None and theirs:
                self._problem(f"{_MODULE}.{name}", "must not be given twice: the model has it too")
            elif outer is None:
                self._hook("model_config", name, inner, f"{_MODULE}.model.{name}")

    def _batches(self) -> None:
        """Take over how texts become batches."""
        dataset = self._data["dataset"]
        tokenizer, place = dataset["tokenizer_config"], f"{_DATA}.dataset"
        self._put("model_config.batch_size", dataset["batch_size"], f"{place}.batch_size")
        workers = (dataset["kwargs"] or {}).get("num_workers", 0)
        self._put("model_config.num_workers", workers, f"{place}.kwargs.num_workers")
        place = f"{place}.tokenizer_config"
        self._put("model_config.tokenizer", tokenizer["path"], f"{place}.path")
        self._put("model_config.max_length", tokenizer["max_length"], f"{place}.max_length")
        self._put("model_config.output_keys", tokenizer["output_keys"], f"{place}.output_keys")
        padding = (tokenizer["kwargs"] or {}).get("padding")
        if padding not in (None, False, "do_not_pad"):
            self.notes.append(f"{place}.kwargs.padding has no effect: batches are not padded")

    def _trainer(self) -> None:
        """Take over the arguments of the trainer, its callbacks and loggers."""
        root = self._root
        for key, value in (root["kwargs"] or {}).items():
            self._put(f"trainer_config.{key}", value, f"{_ROOT}.kwargs.{key}")
            theirs = {"callbacks": "callbacks", "logger": "loggers"}.get(key)
            if theirs and root[theirs]:
                self._problem(f"{_ROOT}.kwargs.{key}", f"must not be given beside {theirs}")
        if root["callbacks"] or "callbacks" not in (root["kwargs"] or {}):
            self._put("trainer_config.callbacks", self._callbacks(), f"{_ROOT}.callbacks")
        mlflow = [one for one in root["loggers"] if reference_name(one).endswith("MLFlowLogger")]
        others = [one for one in root["loggers"] if one not in mlflow]
        if others:
            self._put("trainer_config.logger", others, f"{_ROOT}.loggers")
        self._put("tracking_config.mlflow", root["mlflow_config"], f"{_ROOT}.mlflow_config")
        self._put("tracking_config.loggers", mlflow, f"{_ROOT}.loggers")
        if mlflow or root["mlflow_config"] is not None:
            self.notes.append("what is said of MLflow is kept with the run and not used yet")

    def _callbacks(self) -> list[Any]:
        """Give the callbacks, before them a checkpoint of the best model in the run itself.

        It watches what the first of the YAML's own does. Those each keep their state, even two
        that watch the same number.
        """
        given = list(self._root["callbacks"])
        own = [index for index, one in enumerate(given) if reference_name(one) in _CHECKPOINTS]
        watched = dict(arguments_of(given[own[0]])) if own else {}
        best = {"monitor": watched.get("monitor") or "val_loss", "mode": watched.get("mode", "min")}
        for index in own[1:]:
            given[index] = {
                "class_path": "dsf.tasks.multilabel.further_checkpoint.FurtherCheckpoint",
                "init_args": dict(arguments_of(given[index])),
            }
        return [{"class_path": "dsf.lightning.BestCheckpoint", "init_args": best}, *given]
