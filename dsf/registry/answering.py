"""A process of its own that loads a model from MLflow and answers a file of rows with it.

``python -m dsf.registry.answering models:/m-… asked.parquet answered.parquet``; where the store is
stands in the environment variable MLFLOW_TRACKING_URI.
"""

from __future__ import annotations

import sys

from dsf.registry.mlflow_modules import load_mlflow_module

__all__ = ["answer_file"]


def answer_file(model_uri: str, asked: str, answered: str) -> None:
    """Answer rows with a model, as whoever serves it would.

    Args:
        model_uri: The model.
        asked: Parquet file with the columns that the model takes.
        answered: Parquet file that is written: what the model answered.
    """
    import pandas as pd

    model = load_mlflow_module("mlflow.pyfunc").load_model(model_uri)
    model.predict(pd.read_parquet(asked)).to_parquet(answered)


if __name__ == "__main__":
    answer_file(*sys.argv[1:])
