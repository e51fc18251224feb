"""A bundle that answers in process."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.bundle import Bundle
from dsf.core.bundle_manifest import MANIFEST_FILE
from dsf.data import LabelLayout
from dsf.inference.answer_table import make_answer_table
from dsf.inference.feature_scorer import FeatureScorer
from dsf.inference.finishing import Finishing, as_predictions
from dsf.inference.inputs import check_truth
from dsf.inference.params import Params
from dsf.inference.text_scorer import TextScorer

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["Predictor"]


class Predictor:
    """Answers rows with a bundle: calibrated, decided and abstaining as its run's test does.

    Rows are texts, or rows of numbers, as the bundle was made for.

    It only looks whether there is a bundle, until it is asked or :meth:`load` is called. Several
    threads may ask at once.

    Args:
        folder: Folder of the bundle.
        device: Where to compute, as torch names it; ``auto``: a GPU if there is one.

    Raises:
        BundleError: If there is none.
    """

    def __init__(self, folder: Path | str, device: str = "auto") -> None:
        self.folder = Path(folder)
        if not (self.folder / MANIFEST_FILE).is_file():
            Bundle.open(self.folder)  # says what is wrong
        self.device = device
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def load(self) -> Predictor:
        """Read and verify the bundle now, rather than with the first question.

        Raises:
            BundleError: If it is not what was exported; lists all that is wrong.
        """
        self._parts()
        return self

    @property
    def bundle(self) -> Bundle:
        """The bundle."""
        return self._parts().bundle

    def predict(self, asked: Any, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Answer rows.

        Args:
            asked: Texts in a list or a Series, or a table with their column. Where each word has
                a tag, a row may be a list of words, and a table may have ``tokens``. Of numbers, a
                table with the columns of the features, or an array, ``(rows, features)``.
            params: ``thresholds`` (a number, or label → number), ``batch_size``, ``top_k``; see
                :class:`~dsf.inference.Params`.

        Returns:
            One row for each, under the index of what was given: labels, probabilities,
            ``confidence`` and ``abstained``, entities with their places in the text; see
            :func:`~dsf.inference.answer_table.make_answer_table`.

        Raises:
            DataError: If texts or numbers are missing or of another type; lists the rows.
            ConfigError: If a parameter cannot be used; lists all.
            BundleError: If the bundle is not what was exported.
        """
        parts = self._parts()
        wish = Params.read(params, parts.bundle.labels)
        rows = parts.scorer.read(asked)
        finished = parts.answer(rows, wish)
        confidence, abstained = parts.finishing.judge(finished)
        return make_answer_table(finished, confidence, abstained, rows.index, wish.top_k)

    def predict_rows(
        self, rows: pd.DataFrame, params: Mapping[str, Any] | None = None
    ) -> AnyPredictions:
        """Answer labelled rows as the run's test does, to be scored and compared by the same code.

        They share batches as they do there: with the same packages on the same kind of machine,
        the answers are the same to the last bit.

        Args:
            rows: With ``row_id``, what is asked about, and the columns of the true labels.
            params: As in :meth:`predict`.

        Raises:
            DataError: If rows cannot be answered or scored; lists what is wrong.
            ConfigError: If a parameter cannot be used; lists all.
            BundleError: If the bundle is not what was exported.
        """
        parts = self._parts()
        wish = Params.read(params, parts.bundle.labels)
        check_truth(rows, parts.bundle.labels)
        return parts.answer(parts.scorer.read(rows), wish, rows)

    def predict_unlabelled(
        self, rows: pd.DataFrame, params: Mapping[str, Any] | None = None
    ) -> AnyPredictions:
        """Answer rows as :meth:`predict_rows` does, with a stand-in where the truth would be.

        For who knows the truth otherwise, or must not show it: what is read of the answers alone
        is right, any score of them is not.

        Args:
            rows: With ``row_id`` and what is asked about; columns of labels are not read.
            params: As in :meth:`predict`.

        Raises:
            DataError: If rows cannot be answered; lists what is wrong.
            ConfigError: If a parameter cannot be used; lists all.
            BundleError: If the bundle is not what was exported.
        """
        labels, read = self.bundle.labels, self._parts().scorer.read(rows)
        layout = LabelLayout(labels.kind, tuple(labels.columns), labels.scheme)
        names: Any = labels.only if labels.kind != "multi_output" else None
        names = names or dict(zip(labels.columns, labels.outputs.values(), strict=True))
        return self.predict_rows(layout.stand_in(read, names), params)

    def predict_logits(self, asked: Any, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Give what the network says before softmax or sigmoid, uncalibrated.

        Args:
            asked: As in :meth:`predict`.
            params: As in :meth:`predict`; only ``batch_size`` matters.

        Returns:
            Output → float32. Shape: ``(rows, labels)``; of tags a list with one array a row, of
            Shape: ``(words, tags)``, 0 for a word that the tokenizer drops.

        Raises:
            DataError: If texts or numbers are missing or of another type; lists the rows.
            ConfigError: If a parameter cannot be used; lists all.
            BundleError: If the bundle is not what was exported.
        """
        parts = self._parts()
        wish, rows = Params.read(params, parts.bundle.labels), parts.scorer.read(asked)
        return parts.scorer.score(rows, wish, as_in_test=False)[0]

    def hash_rows(self, rows: pd.DataFrame) -> np.ndarray:
        """Hash what is read of rows, as ``learned.npy`` has those that were learned from.

        Args:
            rows: As in :meth:`predict`, in a table.

        Returns:
            64 bits each. Shape: ``(rows,)``.

        Raises:
            DataError: If rows cannot be answered; lists what is wrong.
            BundleError: If the bundle is not what was exported.
        """
        scorer = self._parts().scorer
        return scorer.hashes(scorer.read(rows))

    def _parts(self) -> _Loaded:
        with self._lock:  # two threads that come first at once load once
            if self._loaded is None:
                self._loaded = _Loaded(Bundle.open(self.folder), self.device)
            return self._loaded


class _Loaded:
    """A bundle with its network and decisions in memory."""

    def __init__(self, bundle: Bundle, device: str) -> None:
        self.bundle = bundle
        self.finishing = Finishing.of(bundle)
        reads_texts = bundle.metadata.inputs.text_column is not None
        kind: type[TextScorer | FeatureScorer] = TextScorer if reads_texts else FeatureScorer
        self.scorer = kind(bundle, device)

    def answer(
        self, rows: pd.DataFrame, wish: Params, truth: pd.DataFrame | None = None
    ) -> AnyPredictions:
        """Answer rows, finished; with the truth, in the batches of a test."""
        _, found = self.scorer.score(rows, wish, as_in_test=truth is not None)
        labels, finishing = self.bundle.labels, self.finishing
        predictions = as_predictions(labels, rows, found, finishing.thresholds, truth)
        return finishing.apply(predictions, wish.thresholds)
