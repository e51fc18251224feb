"""The config of a run that begins with a checkpoint: what is in it, and what is set besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.config import Config, resolve_config
from dsf.core.config.overrides import Edit, apply_edit, read_overrides
from dsf.core.errors import ConfigError, Problem, RunMismatchError
from dsf.lightning.checkpoint_io import read_checkpoint
from dsf.tasks.multilabel.from_yaml.hooks import arguments_of
from dsf.tasks.multilabel.from_yaml.run_config import MultiLabelRunConfig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["config_of_checkpoint"]

_MODULE = "trainer_config.lightning_module_config"
_DATA = "trainer_config.data_module_config"
_LOADING = f"{_DATA}.load_data"
_WORDS = {
    "trainer_config.kwargs": "trainer_config",
    f"{_MODULE}.model.dropout_prob": "model_config.dropout",
    f"{_MODULE}.optimizer.kwargs": "model_config.optimizer.kwargs",
    f"{_MODULE}.optimizer.init_args": "model_config.optimizer.init_args",
    f"{_DATA}.dataset.batch_size": "model_config.batch_size",
    f"{_DATA}.dataset.kwargs": "model_config.loader_options",
    f"{_DATA}.dataset.kwargs.num_workers": "model_config.num_workers",
    f"{_LOADING}.kwargs.file_path": "dataset_config.dataset_path",
    f"{_DATA}.state_file": "dataset_config.state_file",
}
_CALLBACKS = "trainer_config.kwargs.callbacks"  # they go on with what they were told
_EPOCHS = "trainer_config.kwargs.max_epochs"


def config_of_checkpoint(path: Path, overrides: Sequence[str] = ()) -> Config:
    """Give the config of the run that a checkpoint is of, with some values set anew.

    Args:
        path: The checkpoint.
        overrides: ``"trainer_config.kwargs.max_epochs=9"``: places of the YAML file.

    Raises:
        ConfigError: If something is set that must stay as it was learned with, or to a value that
            cannot be.
        RunMismatchError: If the checkpoint has no config, or nothing to go on with.
        RunNotFoundError: If there is no such file.
    """
    checkpoint = read_checkpoint(path)
    kept = checkpoint.get("hyper_parameters", {})
    if not isinstance(kept.get("config"), dict) or not isinstance(kept.get("rows"), dict):
        raise RunMismatchError(
            f"{path}: must be a checkpoint that `dsf-cli train` has left, with its config and the "
            "hashes of its rows, but has none. Give the YAML file instead."
        )
    if "optimizer_states" not in checkpoint or "loops" not in checkpoint:
        raise RunMismatchError(
            f"{path}: must be a whole checkpoint to go on from, but holds weights only "
            "(save_weights_only). Give another one, or the YAML file."
        )
    config, places = kept["config"], _places(kept["config"])
    edits, problems = read_overrides(overrides)
    for edit in edits:
        problems += _set(config, edit, places)
    if problems:
        raise ConfigError("What is set does not go with a checkpoint.", problems)
    rate = arguments_of(config["model_config"]["optimizer"]).get("lr")
    if rate is not None:
        config["model_config"]["learning_rate"] = rate
    resolved = _resolve(config, places)
    _check_epochs(resolved, checkpoint)
    return resolved


def _places(config: Mapping[str, Any]) -> dict[str, str]:
    """Give place in the YAML → place in the config of a run, for what may be set."""
    if "load_data" not in config["dataset_config"]["hooks"]:
        return _WORDS
    others = {theirs: ours for theirs, ours in _WORDS.items() if not theirs.startswith(_LOADING)}
    return others | {_LOADING: "dataset_config.hooks.load_data"}


def _set(config: dict[str, Any], edit: Edit, places: Mapping[str, str]) -> list[Problem]:
    """Set one value in place, or each one of a mapping, and list what is wrong with it."""
    if edit.value and isinstance(edit.value, dict):
        inner = [Edit((*edit.path, str(k)), one, edit.source) for k, one in edit.value.items()]
        return [problem for each in inner for problem in _set(config, each, places)]
    given = ".".join(edit.path)
    known = [place for place in places if f"{given}.".startswith(f"{place}.")]
    if not known or f"{given}.".startswith(f"{_CALLBACKS}."):
        message = (
            "must not be set with a checkpoint: it belongs to what was learned. Train anew with "
            f"the YAML file, or set one of {', '.join(places)}"
        )
        return [Problem(given, f"{message} ({edit.source})")]
    place = max(known, key=len)
    path = (*places[place].split("."), *edit.path[place.count(".") + 1 :])
    problem = apply_edit(config, Edit(path, edit.value, edit.source))
    return [Problem(given, problem.message)] if problem else []


def _resolve(config: Mapping[str, Any], places: Mapping[str, str]) -> Config:
    """Check the config; what is wrong is told by its place in the YAML."""
    try:
        return resolve_config(config, schema=MultiLabelRunConfig)
    except ConfigError as error:
        problems = [Problem(_name(one.where, places), one.message) for one in error.problems]
        raise ConfigError(error.headline, problems) from error


def _name(where: str, places: Mapping[str, str]) -> str:
    known = {ours: theirs for theirs, ours in places.items() if f"{where}.".startswith(f"{ours}.")}
    longest = max(known, key=len, default="")
    return known[longest] + where.removeprefix(longest) if known else where


def _check_epochs(config: Mapping[str, Any], checkpoint: Mapping[str, Any]) -> None:
    wanted = config["trainer_config"].get("max_epochs")
    done: int = checkpoint["loops"]["fit_loop"]["epoch_progress"]["current"]["processed"]
    if wanted is not None and 0 <= wanted < done:
        message = f"must be at least {done}, the epochs that the checkpoint has had, not {wanted}."
        raise ConfigError("The checkpoint has learned for longer.", [Problem(_EPOCHS, message)])
