"""A bundle that answers in process."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.bundle import TOKENIZER_FOLDER, Bundle
from dsf.data import LabelLayout
from dsf.inference.answer_table import make_answer_table
from dsf.inference.decoding import spread_words
from dsf.inference.finishing import Finishing, as_predictions
from dsf.inference.inputs import check_truth, read_inputs
from dsf.inference.network_scores import NetworkScores
from dsf.inference.params import Params

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["Predictor"]

_LARGER = 4  # without gradients, a batch of this many times the size needs no more memory


class Predictor:
    """Answers texts with a bundle: calibrated, decided and abstaining as its run's test does.

    Nothing is read until it is asked, or :meth:`load` is called. Several threads may ask at once.

    Args:
        folder: Folder of the bundle.
        device: Where to compute, as torch names it; ``auto``: a GPU if there is one.
    """

    def __init__(self, folder: Path | str, device: str = "auto") -> None:
        self.folder = Path(folder)
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

    def predict(self, texts: Any, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Answer texts.

        Args:
            texts: A list, a Series, or a table with the column of the texts. Where each word has
                a tag, a row may be a list of words, and a table may have ``tokens``.
            params: ``thresholds`` (a number, or label → number), ``batch_size``, ``top_k``; see
                :class:`~dsf.inference.Params`.

        Returns:
            One row a text, under the index of what was given: labels, probabilities,
            ``confidence`` and ``abstained``, entities with their places in the text; see
            :func:`~dsf.inference.answer_table.make_answer_table`.

        Raises:
            DataError: If texts are missing, empty or of another type; lists the rows.
            ConfigError: If a parameter cannot be used; lists all.
            BundleError: If the bundle is not what was exported.
        """
        parts = self._parts()
        wish = Params.read(params, parts.bundle.labels)
        rows = parts.read(texts)
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
            rows: With ``row_id``, the texts, and the columns of the true labels.
            params: As in :meth:`predict`.

        Raises:
            DataError: If rows cannot be answered or scored; lists what is wrong.
            ConfigError: If a parameter cannot be used; lists all.
            BundleError: If the bundle is not what was exported.
        """
        parts = self._parts()
        wish = Params.read(params, parts.bundle.labels)
        check_truth(rows, parts.bundle.labels)
        return parts.answer(parts.read(rows), wish, rows)

    def predict_unlabelled(
        self, rows: pd.DataFrame, params: Mapping[str, Any] | None = None
    ) -> AnyPredictions:
        """Answer rows as :meth:`predict_rows` does, with a stand-in where the truth would be.

        For who knows the truth otherwise, or must not show it: what is read of the answers alone
        is right, any score of them is not.

        Args:
            rows: With ``row_id`` and the texts; columns of labels are not read.
            params: As in :meth:`predict`.

        Raises:
            DataError: If rows cannot be answered; lists what is wrong.
            ConfigError: If a parameter cannot be used; lists all.
            BundleError: If the bundle is not what was exported.
        """
        labels, read = self.bundle.labels, self._parts().read(rows)
        layout = LabelLayout(labels.kind, tuple(labels.columns), labels.scheme)
        names: Any = labels.only if labels.kind != "multi_output" else None
        names = names or dict(zip(labels.columns, labels.outputs.values(), strict=True))
        return self.predict_rows(layout.stand_in(read, names), params)

    def predict_logits(self, texts: Any, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Give what the network says before softmax or sigmoid, uncalibrated.

        Args:
            texts: As in :meth:`predict`.
            params: As in :meth:`predict`; only ``batch_size`` matters.

        Returns:
            Output → float32. Shape: ``(rows, labels)``; of tags a list with one array a row, of
            Shape: ``(words, tags)``, 0 for a word that the tokenizer drops.

        Raises:
            DataError: If texts are missing, empty or of another type; lists the rows.
            ConfigError: If a parameter cannot be used; lists all.
            BundleError: If the bundle is not what was exported.
        """
        parts = self._parts()
        wish = Params.read(params, parts.bundle.labels)
        return parts.score(parts.read(texts), wish)[0]

    def _parts(self) -> _Loaded:
        with self._lock:  # two threads that come first at once load once
            if self._loaded is None:
                self._loaded = _Loaded(Bundle.open(self.folder), self.device)
            return self._loaded


class _Loaded:
    """A bundle with its network, tokenizer and decisions in memory."""

    def __init__(self, bundle: Bundle, device: str) -> None:
        from tokenizers import Tokenizer

        self.bundle = bundle
        self.finishing = Finishing.of(bundle)
        path = bundle.folder / TOKENIZER_FOLDER / "tokenizer.json"
        self.tokenizer = Tokenizer.from_file(str(path))
        self.network = NetworkScores(bundle, device)

    def read(self, asked: Any) -> pd.DataFrame:
        """Make rows of what a caller gave."""
        column = self.bundle.metadata.inputs.text_column
        return read_inputs(asked, column, with_words=self.bundle.labels.kind == "tags")

    def answer(
        self, rows: pd.DataFrame, wish: Params, truth: pd.DataFrame | None = None
    ) -> AnyPredictions:
        """Answer rows, finished; with the truth, in the batches of a test."""
        _, found = self.score(rows, wish, by_length=truth is None)
        labels, finishing = self.bundle.labels, self.finishing
        predictions = as_predictions(labels, rows, found, finishing.thresholds, truth)
        return finishing.apply(predictions, wish.thresholds)

    def score(
        self, rows: pd.DataFrame, wish: Params, *, by_length: bool = True
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give logits and probabilities by output; of tags, one array a row."""
        inputs = self.bundle.metadata.inputs
        size = wish.batch_size or (inputs.batch_size and inputs.batch_size * _LARGER)
        most = inputs.max_tokens and inputs.max_tokens * _LARGER
        encoded = self._encode(rows)
        scores = self.network.score(encoded, size, most, by_length=by_length)
        if self.bundle.labels.kind != "tags":
            return dict(scores.logits), dict(scores.probabilities)
        sizes = [len(words) for words in rows["tokens"]]
        ((output, logits),) = scores.logits.items()
        chances = scores.probabilities[output]
        words: list[np.ndarray] = spread_words(encoded, chances, sizes, 1 / chances.shape[1])
        return {output: spread_words(encoded, logits, sizes, 0.0)}, {output: words}

    def _encode(self, rows: pd.DataFrame) -> Any:
        from dsf.data.encoding import encode_texts, encode_words

        inputs = self.bundle.metadata.inputs
        if self.bundle.labels.kind != "tags":
            return encode_texts(rows["text"], self.tokenizer, max_length=inputs.max_length)
        length, stride = inputs.max_length, inputs.window_stride
        return encode_words(rows, self.tokenizer, max_length=length, stride=stride)
