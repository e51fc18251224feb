"""The existing model that a config names, put to the test rows."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dsf.base.hooks import hook_errors, result_error
from dsf.base.project_code import find_root
from dsf.core.errors import ConfigError, Problem
from dsf.core.prediction_kinds import AnyPredictions
from dsf.core.references import instantiate, is_reference, resolve
from dsf.core.suggestions import did_you_mean
from dsf.data import LabelLayout
from dsf.incumbents.incumbent import Incumbent
from dsf.incumbents.table import INCUMBENTS

if TYPE_CHECKING:
    from dsf.base import Evaluation

__all__ = ["answer_with_incumbent", "make_incumbent"]

_WHERE = "eval_config.incumbent"


def answer_with_incumbent(evaluation: Evaluation) -> AnyPredictions | None:
    """Let the model that ``eval_config.incumbent`` names answer the test rows.

    Call it in ``Evaluation.execute``::

        def execute(self):
            answers = answer_with_incumbent(self)
            return answers if answers is not None else …  # your own, or a baseline

    Args:
        evaluation: Has the rows and the sections of the config.

    Returns:
        The answers; ``None`` if no model is named, or the registry has no champion yet.

    Raises:
        ConfigError: If there is no such incumbent, or it does not take these options.
        BadReferenceError: If a reference leads nowhere, or out of the allowed packages.
        IncumbentError: If it gives no answers, or none that can be used.
        HookResultError: If a class of the project's own gives no predictions.
    """
    if not _is_there(evaluation):
        return None
    incumbent = make_incumbent(evaluation)
    rows = evaluation.dataset_test
    names = evaluation.model_config.get("label_names")
    with hook_errors(incumbent, "predict"):
        if hasattr(incumbent, "fit"):
            incumbent.fit(evaluation.dataset_train, evaluation.dataset_validation)
        answers = incumbent.predict(rows.copy(), names)
    evaluation.notes += getattr(incumbent, "notes", [])
    if not isinstance(answers, AnyPredictions):
        kind = type(answers).__name__
        raise result_error(
            incumbent,
            "predict",
            f"must return predictions of dsf.core, but gave {kind}. Derive from "
            "dsf.incumbents.Incumbent and write answer() to give plain labels",
        )
    return answers


def _is_there(evaluation: Evaluation) -> bool:
    """Whether a model is named, and, if it is that of a registry, there is one."""
    named, context = evaluation.eval_config.get("incumbent"), evaluation.context
    if named == "registry" and context is not None:
        return context.options.get("registered") is not None
    return named is not None


def make_incumbent(evaluation: Evaluation) -> Any:
    """Make the incumbent that ``eval_config`` names.

    What its constructor takes of these, and the config does not give, is filled in:
    ``text_column``, ``label_column``, ``label_columns``, ``label_kind``, ``label_names``,
    ``tag_scheme``, ``seed``; ``tags`` and ``scheme`` of taggers; ``context``, the step that asks.

    Args:
        evaluation: Has the sections of the config.

    Raises:
        ConfigError: If there is no such incumbent, or it does not take these options.
        BadReferenceError: If a reference leads nowhere, or out of the allowed packages.
    """
    options = dict(evaluation.eval_config)
    named = options.pop("incumbent", None)
    if isinstance(named, str) and named in INCUMBENTS:
        made = resolve(INCUMBENTS[named])
        if "path" in options:
            options["path"] = find_root(type(evaluation)) / options["path"]
        filled = {key: value for key, value in _known(evaluation, made) if key not in options}
        # The options are given as they are: a function that one names is not to be called here.
        return instantiate(made, where="eval_config", **options, **filled)
    if not is_reference(named):
        known = [*INCUMBENTS, "a reference such as trainer.old_rules:OldRules"]
        hint = did_you_mean(str(named), INCUMBENTS)
        message = f"must be one of {', '.join(known)}, but is {named!r}.{hint}"
        raise ConfigError("There is no existing model.", [Problem(_WHERE, message)])
    bare, given = _without_arguments(named)
    offered = _known(evaluation, resolve(bare, where=_WHERE))
    filled = {key: value for key, value in offered if key not in given}
    return instantiate(named, where=_WHERE, **filled)


def _known(evaluation: Evaluation, made: Any) -> list[tuple[str, Any]]:
    """List what this run knows of the arguments that a constructor takes."""
    dataset, model = evaluation.dataset_config, evaluation.model_config
    layout = LabelLayout.of(dataset)
    kind = dataset.get("label_kind", "single")
    columns = list(layout.columns) if layout else []
    if kind == "multilabel":
        columns = list(model.get("label_names") or columns)
    known = {
        "text_column": dataset.get("text_column") or "text",
        "label_column": columns[0] if columns else None,
        "label_columns": columns,
        "label_kind": kind,
        "label_names": model.get("label_names"),
        "tag_scheme": dataset.get("tag_scheme"),
        "tags": model.get("label_names"),
        "scheme": dataset.get("tag_scheme"),
        "seed": model.get("seed"),
        "context": evaluation.context,
    }
    taken = _parameters(made)
    return [(key, value) for key, value in known.items() if key in taken]


def _parameters(made: Any) -> set[str]:
    """Name what a constructor takes; one of ours passes what it does not know on to the base."""
    taken = inspect.signature(made).parameters
    names = set(taken)
    if any(one.kind is one.VAR_KEYWORD for one in taken.values()) and _is_ours(made):
        names |= set(inspect.signature(Incumbent).parameters)
    return names


def _is_ours(made: Any) -> bool:
    return isinstance(made, type) and issubclass(made, Incumbent)


def _without_arguments(named: Any) -> tuple[Any, Mapping[str, Any]]:
    """Take a reference apart: what it names, and the arguments that it gives by name."""
    if not isinstance(named, Mapping):
        return named, {}
    arguments = ("init_args", "kwargs", "args")
    given = named.get("init_args") or named.get("kwargs") or {}
    return {key: value for key, value in named.items() if key not in arguments}, given
