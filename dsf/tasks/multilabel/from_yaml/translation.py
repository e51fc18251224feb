"""From a multi-label YAML to the config of a run: the same words as every other project's."""

from __future__ import annotations

from typing import Any

from dsf.base.named_logger import NamedLogger, is_mlflow_logger
from dsf.core.config import Config, resolve_config
from dsf.core.errors import ConfigError, Problem
from dsf.core.references import reference_name
from dsf.tasks.multilabel.from_yaml.hooks import arguments_of
from dsf.tasks.multilabel.from_yaml.model_translation import translate_learning, translate_network
from dsf.tasks.multilabel.from_yaml.registration import translate_registration
from dsf.tasks.multilabel.from_yaml.row_translation import translate_rows
from dsf.tasks.multilabel.from_yaml.run_config import MultiLabelRunConfig
from dsf.tasks.multilabel.from_yaml.translated_config import TranslatedConfig

__all__ = ["translate"]

_ROOT = "trainer_config"
_MODULE = f"{_ROOT}.lightning_module_config"
_DATA = f"{_ROOT}.data_module_config"
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
        yaml: What :func:`dsf.tasks.multilabel.from_yaml.yaml_config.read_yaml_config` gave.

    Returns:
        The config, and notes about what of the YAML has no effect.

    Raises:
        ConfigError: If values do not fit together; lists all, by their paths in the YAML.
    """
    made = TranslatedConfig(yaml["trainer_config"], _OURS)
    _translate_all(made)
    config: dict[str, Any] = {}
    try:
        config = resolve_config(made.config, schema=MultiLabelRunConfig)
    except ConfigError as error:
        made.problems += [Problem(made.place_of(one.where), one.message) for one in error.problems]
    if made.problems:
        problems = [
            Problem(one.where, one.message + _line(yaml, one.where)) for one in made.problems
        ]
        raise ConfigError("The config has problems:", problems)
    return Config(config, yaml.sources), made.notes


def _line(yaml: Config, where: str) -> str:
    place = yaml.sources.find(tuple(where.split(".")))
    return f" ({place})" if place else ""


def _translate_all(made: TranslatedConfig) -> None:
    made.config["task"] = "multilabel"
    made.put("project", made.module["model_name"], f"{_MODULE}.model_name")
    labels = translate_rows(made)
    translate_network(made, labels)
    translate_learning(made)
    _batches(made)
    _trainer(made)


def _batches(made: TranslatedConfig) -> None:
    """Take over how texts become batches."""
    dataset = made.data["dataset"]
    tokenizer, place = dataset["tokenizer_config"], f"{_DATA}.dataset"
    made.put("model_config.batch_size", dataset["batch_size"], f"{place}.batch_size")
    loading = dict(dataset["kwargs"] or {})
    workers = loading.get("num_workers", 0)
    made.put("model_config.num_workers", workers, f"{place}.kwargs.num_workers")
    for name in ("pin_memory", "prefetch_factor"):
        if name in loading:
            made.put(f"model_config.loader_options.{name}", loading[name], f"{place}.kwargs.{name}")
    if loading.get("persistent_workers"):
        note = "has no effect: processes that load batches begin anew with every epoch"
        made.notes.append(f"{place}.kwargs.persistent_workers {note}")
    place = f"{place}.tokenizer_config"
    made.put("model_config.tokenizer", tokenizer["path"], f"{place}.path")
    made.put("model_config.max_length", tokenizer["max_length"], f"{place}.max_length")
    made.put("model_config.output_keys", tokenizer["output_keys"], f"{place}.output_keys")
    padding = (tokenizer["kwargs"] or {}).get("padding")
    if padding not in (None, False, "do_not_pad"):
        made.notes.append(f"{place}.kwargs.padding has no effect: batches are not padded")


def _trainer(made: TranslatedConfig) -> None:
    """Take over the arguments of the trainer, its callbacks and loggers."""
    root = made.root
    for key, value in (root["kwargs"] or {}).items():
        made.put(f"trainer_config.{key}", value, f"{_ROOT}.kwargs.{key}")
        theirs = {"callbacks": "callbacks", "logger": "loggers"}.get(key)
        if theirs and root[theirs]:
            made.blame(f"{_ROOT}.kwargs.{key}", f"must not be given beside {theirs}")
    if root["callbacks"] or "callbacks" not in (root["kwargs"] or {}):
        made.put("trainer_config.callbacks", _callbacks(made), f"{_ROOT}.callbacks")
    _loggers(made)


def _loggers(made: TranslatedConfig) -> None:
    """Take over the loggers, and where the run is tracked: the first of MLflow's says so."""
    given = made.root["loggers"]
    of_mlflow = [index for index, one in enumerate(given) if is_mlflow_logger(one)]
    if made.root["mlflow_config"] is not None:
        translate_registration(made, tracked=bool(of_mlflow))
    made.put("tracking_config.use_mlflow", bool(of_mlflow), f"{_ROOT}.loggers")
    if given:
        kept = [one for index, one in enumerate(given) if index not in of_mlflow[1:]]
        made.put("trainer_config.logger", kept, f"{_ROOT}.loggers")
    if not of_mlflow:
        return
    place = f"{_ROOT}.loggers.{of_mlflow[0]}"
    logger = NamedLogger.read(given[of_mlflow[0]])
    for key, said in logger.say().items():
        made.put(f"tracking_config.{key}", said.value, f"{place}.kwargs.{said.argument}")
    made.notes += [f"{place}.kwargs.{name} has no effect" for name in logger.without_effect]
    if len(of_mlflow) > 1:
        made.notes.append(f"{_ROOT}.loggers: a run is logged to MLflow once, as the first says")


def _callbacks(made: TranslatedConfig) -> list[Any]:
    """Give the callbacks, before them a checkpoint of the best model in the run itself.

    It watches what the first of the YAML's own does. Those each keep their state, even two
    that watch the same number.
    """
    given = list(made.root["callbacks"])
    own = [index for index, one in enumerate(given) if reference_name(one) in _CHECKPOINTS]
    watched = dict(arguments_of(given[own[0]])) if own else {}
    best = {"monitor": watched.get("monitor") or "val_loss", "mode": watched.get("mode", "min")}
    for index in own[1:]:
        given[index] = {
            "class_path": "dsf.tasks.multilabel.from_yaml.further_checkpoint.FurtherCheckpoint",
            "init_args": dict(arguments_of(given[index])),
        }
    return [{"class_path": "dsf.lightning.BestCheckpoint", "init_args": best}, *given]
