"""What MLflow runs to serve a bundle: this file is copied into the model and is its code.

MLflow imports it by itself, in the process that serves. Nothing else may: it is a model from code,
so that no object is ever pickled.
"""

# No annotations from the future here: MLflow reads those of predict as they are.
from typing import Any

import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel, PythonModelContext

__all__ = ["ServedBundle"]


class ServedBundle(PythonModel):
    """A bundle behind MLflow's door.

    MLflow calls :meth:`load_context` once, then :meth:`predict` for each question.
    """

    def load_context(self, context: PythonModelContext) -> None:
        """Read and verify the bundle.

        Args:
            context: Its artifact ``bundle`` is the folder of the bundle.

        Raises:
            BundleError: If it is not what was exported; lists all that is wrong.
        """
        from dsf.inference import Predictor

        self._predictor = Predictor(context.artifacts["bundle"]).load()

    def predict(
        self,
        context: PythonModelContext,  # noqa: ARG002 - by this name MLflow knows what to hand over
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Answer rows.

        Args:
            context: Not used: all was read before.
            model_input: With the column of the texts; where each word has a tag, ``tokens`` and
                ``starts`` may be given besides. Of numbers, with the columns of the features.
            params: ``batch_size``, ``top_k`` and, where a row may have several labels,
                ``threshold``, one number for all labels; see :class:`~dsf.inference.Params`. What
                is absent or ``None`` is as the bundle says.

        Returns:
            One row for each: see :meth:`dsf.inference.Predictor.predict`.

        Raises:
            DataError: If texts or numbers are missing or of another type; lists the rows.
            ConfigError: If a parameter cannot be used; lists all.
        """
        return self._predictor.predict(model_input, _wishes(params))

    def predict_logits(
        self, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Give what the network says before softmax or sigmoid, uncalibrated.

        For ``mlflow.pyfunc.load_model(…).unwrap_python_model()``.

        Args:
            model_input: As in :meth:`predict`.
            params: As in :meth:`predict`; only ``batch_size`` matters.

        Returns:
            Output → float32. Shape: ``(rows, labels)``; of tags a list with one array a row, of
            Shape: ``(words, tags)``.

        Raises:
            DataError: If texts or numbers are missing or of another type; lists the rows.
            ConfigError: If a parameter cannot be used; lists all.
        """
        return self._predictor.predict_logits(model_input, _wishes(params))


def _wishes(params: dict[str, Any] | None) -> dict[str, Any]:
    """Turn parameters into a predictor's: MLflow knows no mapping of labels to thresholds."""
    wishes = {**(params or {})}
    wishes["thresholds"] = wishes.pop("threshold", None)
    return wishes


set_model(ServedBundle())
