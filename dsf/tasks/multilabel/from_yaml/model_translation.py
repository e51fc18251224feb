"""The model of a multi-label YAML, and how it learns, in our own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.references import reference_name
from dsf.metrics import RATES
from dsf.tasks.multilabel.from_yaml.encoder_check import check_encoder
from dsf.tasks.multilabel.from_yaml.hooks import arguments_of

if TYPE_CHECKING:
    from dsf.tasks.multilabel.from_yaml.translated_config import TranslatedConfig

__all__ = ["translate_learning", "translate_network"]

_ROOT = "trainer_config"
_MODULE = f"{_ROOT}.lightning_module_config"
_DATA = f"{_ROOT}.data_module_config"


def translate_network(made: TranslatedConfig, labels: list[str]) -> None:
    """Take over the encoder with its head, or the network in its place."""
    model, place = made.module["model"], f"{_MODULE}.model"
    tokenizer = made.data["dataset"]["tokenizer_config"]["path"]
    if not isinstance(model, dict) or "pretrained_model" not in model:
        made.put("model_config.encoder", tokenizer, f"{_DATA}.dataset.tokenizer_config.path")
        made.put("model_config.hooks.model", model, place)
        return
    path = model["pretrained_model"]["path"]
    made.put("model_config.encoder", path, f"{place}.pretrained_model.path")
    made.put("model_config.dropout", model["dropout_prob"], f"{place}.dropout_prob")
    made.put("model_config.pooling", model["pooling"], f"{place}.pooling")
    made.put("model_config.hidden_size", model["hidden_size"], f"{place}.hidden_size")
    count = model["num_classes"]
    if count is not None and labels and count != len(labels):
        names = f"the {len(labels)} of labels_columns, {labels}"
        made.blame(f"{place}.num_classes", f"must be {len(labels)}, {names}, not {count}")
    options = model["pretrained_model"]["kwargs"] or {}
    made.put("model_config.encoder_options", options, f"{place}.pretrained_model.kwargs")
    check_encoder(made)


def translate_learning(made: TranslatedConfig) -> None:
    """Take over loss, optimizer, thresholds and metrics."""
    module, optimizer = made.module, made.module["optimizer"]
    made.put("model_config.seed", made.root["seed"], f"{_ROOT}.seed")
    made.put("model_config.recipe", None, _MODULE)
    made.put("model_config.schedule", "constant", _MODULE)
    made.put("model_config.optimizer", optimizer, f"{_MODULE}.optimizer")
    rate = arguments_of(optimizer).get("lr", 1e-3)
    made.put("model_config.learning_rate", rate, f"{_MODULE}.optimizer.kwargs.lr")
    made.put("model_config.weight_decay", 0.0, f"{_MODULE}.optimizer")
    made.put("model_config.loss", "inverse_frequency_bce", f"{_MODULE}.define_loss")
    for name in ("define_loss", "predict", "calculate_best_thresholds", "calculate_metrics"):
        if name == "predict" and reference_name(module[name]) == "torch.sigmoid":
            continue
        place = f"{_MODULE}.{name}"
        if not made.take_hook("model_config", name, module[name], place):
            continue
        targets = {
            "calculate_best_thresholds": "threshold_grid",
            "calculate_metrics": "error_bars",
        }
        given = dict(arguments_of(module[name]))
        for key in ("metric", "maximize"):
            if name == "calculate_best_thresholds" and key in given:
                made.put(f"model_config.threshold_{key}", given.pop(key), f"{place}.kwargs.{key}")
        if name in targets and given:
            made.put(f"model_config.{targets[name]}", given, f"{place}.kwargs")
            for key in {"n_iterations", "percentile"} & given.keys():
                made.put(f"bootstrap_config.{key}", given[key], f"{place}.kwargs.{key}")
    for rate in RATES:
        made.put(f"metrics.{rate}", True, f"{_MODULE}.calculate_metrics")
    _deciding(made)


def _deciding(made: TranslatedConfig) -> None:
    """Take over what makes answers of probabilities; it has two places."""
    name, model = "calculate_predictions", made.module["model"]
    inner = model.get(name) if isinstance(model, dict) else None
    outer = made.module[name]
    if outer is not None:
        made.take_hook("model_config", name, outer, f"{_MODULE}.{name}")
    if inner is not None and "pretrained_model" in model:
        theirs = not made.is_our(name, inner)
        if outer is not None and theirs:
            made.blame(f"{_MODULE}.{name}", "must not be given twice: the model has it too")
        elif outer is None:
            made.take_hook("model_config", name, inner, f"{_MODULE}.model.{name}")
