"""A bundle as a model of MLflow, in a folder of this machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dsf
from dsf.core.atomic import storage_errors, write_text
from dsf.core.errors import BundleError, Problem
from dsf.registry.download import ARTIFACT
from dsf.registry.mlflow_modules import load_mlflow_module, quiet_mlflow
from dsf.registry.requirements import serving_requirements
from dsf.registry.signature import asked_columns, make_signature
from dsf.registry.wheel import write_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from dsf.core.bundle import Bundle

__all__ = ["CARD_FILE", "MODEL_FILE", "NO_PICKLE", "forbid_pickle", "save_served_bundle"]

MODEL_FILE = "MLmodel"
"""MLflow's description of the model, in the model's folder."""

CARD_FILE = "README.md"
"""The model card, in the model's folder."""

NO_PICKLE = {"MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false"}
"""The environment in which MLflow refuses a pickled model."""

_CODE = "served_bundle.py"
_EXAMPLES = 2  # rows shown to who would call the model


def forbid_pickle() -> None:
    """Let MLflow refuse pickled models in this process, unless the user has settled that."""
    for name, value in NO_PICKLE.items():
        os.environ.setdefault(name, value)


def save_served_bundle(bundle: Bundle, rows: pd.DataFrame, folder: Path, card: str = "") -> Any:
    """Save a bundle as a model from code, with all that it takes to serve it elsewhere.

    Nothing is pickled, and nothing is sent anywhere.

    Args:
        bundle: The bundle.
        rows: Some that it can answer: signature and examples are made from them.
        folder: Where the model goes; it must not be there yet.
        card: Text of the model card; empty: it has none.

    Returns:
        MLflow's description of the model, an ``mlflow.models.Model``.

    Raises:
        DataError: If rows cannot be answered; lists what is wrong.
        BundleError: If MLflow does not take it; says why.
        ProjectError: If dsf itself is not installed.
        MissingExtraError: If a package is not installed.
        StorageError: If the disk does not let us write.
    """
    pyfunc = load_mlflow_module("mlflow.pyfunc")
    models = load_mlflow_module("mlflow.models")
    forbid_pickle()
    inputs = bundle.metadata.inputs
    example = asked_columns(rows.head(_EXAMPLES), bundle)[inputs.columns].reset_index(drop=True)
    signature, reads_texts = make_signature(bundle, rows), inputs.text_column is not None
    model = models.Model(metadata={"dsf_version": dsf.__version__, "dsf_bundle": bundle.hash})
    with storage_errors(folder), tempfile.TemporaryDirectory(prefix="dsf-model-") as made:
        wheel = write_wheel(Path(made))
        # MLflow does not take every name of a folder.
        plain = Path(shutil.copytree(bundle.folder, Path(made) / ARTIFACT, copy_function=_link))
        with quiet_mlflow(), _model_errors(bundle):
            pyfunc.save_model(
                str(folder),
                python_model=str(Path(__file__).with_name(_CODE)),
                artifacts={ARTIFACT: str(plain)},
                code_paths=[str(wheel)],
                pip_requirements=serving_requirements(wheel.name, reads_texts=reads_texts),
                signature=signature,
                input_example=example,
                mlflow_model=model,
            )
        _forget_places(model)
        model.save(str(folder / MODEL_FILE))
        if card:
            write_text(folder / CARD_FILE, card)
    return model


def _forget_places(model: Any) -> None:
    """Take out where the parts lay on this machine: nobody reads that, and it is nobody's."""
    flavor = model.flavors["python_function"]
    flavor["model_code_path"] = _CODE
    flavor["artifacts"][ARTIFACT]["uri"] = ARTIFACT


@contextmanager
def _model_errors(bundle: Bundle) -> Iterator[None]:
    refused = load_mlflow_module("mlflow.exceptions").MlflowException
    try:
        yield
    except refused as error:
        message = f"must become a model of MLflow, but MLflow says: {error}"
        problem = Problem(str(bundle.folder), message)
        raise BundleError("The bundle was not registered.", [problem]) from error


def _link(source: str, target: str) -> None:
    """Give a file a second name, where the disk can, instead of a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
