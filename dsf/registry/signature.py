"""What a served bundle takes and gives, in MLflow's words."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.inference import Predictor
from dsf.inference.features import read_features
from dsf.inference.inputs import read_inputs
from dsf.registry.mlflow_modules import load_mlflow_module

if TYPE_CHECKING:
    import pandas as pd

    from dsf.core.bundle import Bundle

__all__ = ["asked_columns", "make_signature"]

_ROWS = 64  # enough that most answers hold something in each column


def asked_columns(rows: pd.DataFrame, bundle: Bundle) -> pd.DataFrame:
    """Give what a served bundle is asked: texts, with their words if it answers words, or numbers.

    Args:
        rows: Any that the bundle can answer.
        bundle: The bundle.

    Returns:
        The column of the texts, by the bundle's own name for it; of tags ``tokens`` and ``starts``
        too; of numbers the features in 64 bits. The index is that of ``rows``.

    Raises:
        DataError: If rows cannot be answered; lists what is wrong.
    """
    column, with_words = bundle.metadata.inputs.text_column, bundle.labels.kind == "tags"
    if column is None:
        features = list(bundle.metadata.inputs.features)
        return read_features(rows, features)[features].astype(np.float64)
    read = read_inputs(rows, column, with_words=with_words)
    asked = read[["text"]].set_axis([column], axis=1)
    return asked.assign(tokens=read["tokens"], starts=read["starts"]) if with_words else asked


def make_signature(bundle: Bundle, rows: pd.DataFrame) -> Any:
    """Make the signature of a served bundle, from answers that it really gives.

    Args:
        bundle: The bundle.
        rows: Some that it can answer; only the first of them are asked.

    Returns:
        MLflow's signature: the texts; of tags also ``tokens`` and ``starts``, which may be left
        out; of numbers the features; the columns of an answer; and the parameters that the kind of
        its labels allows.

    Raises:
        DataError: If rows cannot be answered, or there is none; lists what is wrong.
        BundleError: If the bundle is not what was exported.
        MissingExtraError: If MLflow is not installed.
    """
    if rows.empty:
        message = "must be one at least, to see what an answer looks like, but there is none."
        raise DataError("The model has no signature.", [Problem("rows", message)])
    models = load_mlflow_module("mlflow.models")
    asked = asked_columns(rows.head(_ROWS), bundle)
    answers = Predictor(bundle.folder).predict(asked)
    with warnings.catch_warnings():
        # MLflow warns of whole numbers, which may become others where a table has gaps.
        warnings.simplefilter("ignore")
        inferred = models.infer_signature(None, answers)
    return models.ModelSignature(_inputs(bundle), inferred.outputs, _params(bundle.labels.kind))


def _inputs(bundle: Bundle) -> Any:
    types = load_mlflow_module("mlflow.types")
    inputs = bundle.metadata.inputs
    kind = types.DataType.double if inputs.text_column is None else types.DataType.string
    columns = [types.ColSpec(kind, name) for name in inputs.columns]
    if bundle.labels.kind == "tags":
        schema = load_mlflow_module("mlflow.types.schema")
        for name, one in (("tokens", types.DataType.string), ("starts", types.DataType.long)):
            columns.append(types.ColSpec(schema.Array(one), name, required=False))
    return types.Schema(columns)


def _params(kind: str) -> Any:
    types = load_mlflow_module("mlflow.types")
    kinds = {"batch_size": types.DataType.long}
    if kind != "tags":
        kinds["top_k"] = types.DataType.long
    if kind == "multilabel":
        kinds["threshold"] = types.DataType.double
    return types.ParamSchema([types.ParamSpec(name, of, None) for name, of in kinds.items()])
