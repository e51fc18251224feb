"""The parts of MLflow that make models: loaded when a model is registered, and silent then."""

from __future__ import annotations

import logging
import os
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dsf.core.extras import require_extra
from dsf.tracking.mlflow_package import load_client_class

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["load_mlflow_module", "quiet_mlflow"]

_NO_STORE = "http:"  # of an address like this, MLflow's part for databases is not loaded
_ENVIRONMENT = {
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    # A lock file of the project would take the place of our requirements.
    "MLFLOW_UV_AUTO_DETECT": "false",
}


def load_mlflow_module(name: str) -> Any:
    """Import a module of MLflow, as ``mlflow.pyfunc``; nothing is sent home by it.

    Raises:
        MissingExtraError: If MLflow is not installed.
    """
    load_client_class(_NO_STORE)
    with warnings.catch_warnings():
        # MLflow warns of its own classes, and of what its dependencies will take away some day.
        warnings.simplefilter("ignore")
        return require_extra("track", module=name, feature="A registered model")


@contextmanager
def quiet_mlflow() -> Iterator[None]:
    """Keep to ourselves what MLflow tells of each step of its work, and what it would look up."""
    logger = logging.getLogger("mlflow")
    level = logger.level
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    logger.setLevel(logging.ERROR)
    os.environ.update(_ENVIRONMENT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
