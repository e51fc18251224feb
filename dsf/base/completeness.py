"""Whether a project names all its classes, and has written what they must have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.base.comparison import Comparison
from dsf.base.data import Data
from dsf.base.dataset_preparation import DatasetPreparation
from dsf.base.evaluation import Evaluation
from dsf.base.hooks import missing_hooks
from dsf.base.model import Model
from dsf.base.test import Test
from dsf.base.train import Train
from dsf.core.errors import MissingHookError, Problem

if TYPE_CHECKING:
    from dsf.base.main import Main

__all__ = ["check_classes"]

_BASES: dict[str, type] = {
    "dataset_preparation_class": DatasetPreparation,
    "data_class": Data,
    "model_class": Model,
    "train_class": Train,
    "test_class": Test,
    "evaluation_class": Evaluation,
    "comparison_class": Comparison,
}


def check_classes(main: type[Main]) -> None:
    """Report every class and hook that is missing, before anything is read.

    Args:
        main: Names the classes of the project.

    Raises:
        MissingHookError: Lists them all.
    """
    problems: list[Problem] = []
    for attribute, base in _BASES.items():
        given = getattr(main, attribute, None)
        if isinstance(given, type) and issubclass(given, base):
            problems += missing_hooks(given, base)
        else:
            found = f"{given.__module__}.{given.__name__}" if isinstance(given, type) else given
            wanted = f"must be a subclass of dsf.base.{base.__name__}, but is {found}."
            problems.append(Problem(f"{main.__name__}.{attribute}", wanted))
    if problems:
        raise MissingHookError("The project is not complete.", problems)
