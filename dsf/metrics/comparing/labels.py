"""Two models' predictions with the same labels in the same order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.core.excerpts import excerpt, first_problems
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.prediction_files import plain
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics.comparing.known_labels import KnownLabels, label_notes, label_problems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsf.core.prediction_kinds import AnyPredictions

__all__ = ["share_labels"]

_HEADLINE = "The two models cannot be compared."


def share_labels(
    trained: AnyPredictions, existing: AnyPredictions
) -> tuple[AnyPredictions, AnyPredictions, list[str]]:
    """Give both models all labels that either knows.

    Where a model does not know a label, it never answers it. Probabilities over different labels
    cannot be compared, so that neither keeps any then.

    Args:
        trained: What the new model answered.
        existing: What the existing one answered, of the same kind and rows.

    Returns:
        Both with the labels of the first, then those that only the second knows; and what is to
        be said about that, in sentences.

    Raises:
        DataError: If the outputs, or the schemes of the tags, differ, or if a label that one
            model alone answers is written like another one; names it and the rows.
    """
    if isinstance(trained, MultiOutputPredictions) and isinstance(existing, MultiOutputPredictions):
        return _share_outputs(trained, existing)
    if isinstance(trained, TagPredictions) and isinstance(existing, TagPredictions):
        return _share_tags(trained, existing)
    if isinstance(trained, Predictions) and isinstance(existing, Predictions):
        trained, existing = _spell_alike(trained, existing)
    labels, notes = _union(trained, existing)
    trained, existing, more = _drop_probabilities(trained, existing)
    notes += more
    if isinstance(trained, MultiLabelPredictions) and isinstance(existing, MultiLabelPredictions):
        truth = _shared_truth(trained, existing, labels)
        return (
            _spread_columns(trained, labels, truth),
            _spread_columns(existing, labels, truth),
            notes,
        )
    assert isinstance(trained, Predictions)
    assert isinstance(existing, Predictions)
    return _order_columns(trained, labels), _order_columns(existing, labels), notes


def _spell_alike(trained: Predictions, existing: Predictions) -> tuple[Predictions, Predictions]:
    """Make text of labels that are text for the other model alone, as in a CSV file."""
    if _all_text(trained) == _all_text(existing):
        return trained, existing
    first, second = (_as_text(side) for side in (trained, existing))
    return first, second


def _all_text(predictions: Predictions) -> bool:
    return all(isinstance(label, str) for label in predictions.labels)


def _as_text(predictions: Predictions) -> Predictions:
    labels = [str(plain(label)) for label in predictions.labels]
    if _all_text(predictions) or len(set(labels)) < len(labels):
        return predictions
    truth, answers = (
        np.array([str(value) for value in values.tolist()], dtype=object)
        for values in (predictions.targets, predictions.predictions)
    )
    return replace(predictions, targets=truth, predictions=answers, labels=labels)


def _drop_probabilities(trained: Any, existing: Any) -> tuple[Any, Any, list[str]]:
    """Leave out probabilities over different labels, and say so if both models give some."""
    if set(trained.labels) == set(existing.labels):
        return trained, existing, []
    both = trained.probabilities is not None and existing.probabilities is not None
    message = (
        "Both models give probabilities, but over different labels, so that they are not used: "
        "metrics of probabilities are left out."
    )
    sides = _without_probabilities(trained), _without_probabilities(existing)
    return *sides, [message] if both else []


def _without_probabilities(side: Any) -> Any:
    if isinstance(side, MultiLabelPredictions):
        return replace(side, probabilities=None, decided=side.predictions)
    return replace(side, probabilities=None)


def _union(trained: Any, existing: Any) -> tuple[list[Any], list[str]]:
    """Give the labels of both, and what is to be said of those that one alone knows.

    Raises:
        DataError: If some are written otherwise than the same ones of the other model.
    """
    mine, theirs = KnownLabels.of("trained", trained), KnownLabels.of("existing", existing)
    problems = label_problems(theirs, mine)
    # Of several labels a row, both sides would tell of the same pair of columns.
    if not (problems and isinstance(trained, MultiLabelPredictions)):
        problems = label_problems(mine, theirs) + problems
    if problems:
        raise DataError(_HEADLINE, first_problems(problems))
    notes = [*label_notes(mine, theirs), *label_notes(theirs, mine)]
    return list(dict.fromkeys([*mine.labels, *theirs.labels])), notes


def _order_columns(predictions: Predictions, labels: list[Any]) -> Predictions:
    """Put the columns of the probabilities into the order of the labels, which are the same."""
    probabilities, own = predictions.probabilities, list(predictions.labels)
    if probabilities is not None:
        probabilities = probabilities[:, [own.index(label) for label in labels]]
    return replace(predictions, labels=labels, probabilities=probabilities)


def _spread_columns(
    predictions: MultiLabelPredictions, labels: list[str], truth: NDArray[Any]
) -> MultiLabelPredictions:
    """Give labels that the model does not know no answer; there are no probabilities then."""
    places = [labels.index(label) for label in predictions.labels]

    def spread(values: NDArray[Any]) -> NDArray[Any]:
        whole = np.zeros((len(predictions.row_ids), len(labels)), dtype=values.dtype)
        whole[:, places] = values
        return whole

    chances = predictions.probabilities
    thresholds = np.full(len(labels), 0.5)
    thresholds[places] = predictions.thresholds
    return MultiLabelPredictions(
        row_ids=predictions.row_ids,
        targets=truth,
        probabilities=None if chances is None else spread(chances),
        thresholds=thresholds,
        labels=labels,
        decided=spread(predictions.predictions),
    )


def _shared_truth(
    trained: MultiLabelPredictions, existing: MultiLabelPredictions, labels: list[str]
) -> NDArray[Any]:
    """Take the truth of each label from a model that knows it.

    Raises:
        DataError: If both know it and do not agree; names the rows.
    """
    columns, problems = [], []
    for label in labels:
        found = [
            side.targets[:, list(side.labels).index(label)]
            for side in (trained, existing)
            if label in side.labels
        ]
        if len(found) == 2 and (differ := found[0] != found[1]).any():
            rows = excerpt(trained.row_ids[differ])
            message = f"must be true of the same rows for both models, but rows {rows} differ."
            problems.append(Problem(str(label), message))
        columns.append(found[0])
    if problems:
        raise DataError(_HEADLINE, problems)
    return np.column_stack(columns)


def _share_tags(
    trained: TagPredictions, existing: TagPredictions
) -> tuple[TagPredictions, TagPredictions, list[str]]:
    if trained.scheme != existing.scheme:
        message = f"must be one for both models, but are {trained.scheme} and {existing.scheme}."
        raise DataError(_HEADLINE, [Problem("scheme", message)])
    tags, notes = _union(trained, existing)
    return replace(trained, tags=tags), replace(existing, tags=tags), notes


def _share_outputs(
    trained: MultiOutputPredictions, existing: MultiOutputPredictions
) -> tuple[MultiOutputPredictions, MultiOutputPredictions, list[str]]:
    if set(trained.outputs) != set(existing.outputs):
        found = f"{excerpt(trained.outputs, 20)} and {excerpt(existing.outputs, 20)}"
        message = f"must be the same for both models, but are {found}."
        raise DataError(_HEADLINE, [Problem("outputs", message)])
    mine, theirs, notes = {}, {}, []
    for name, answers in trained.outputs.items():
        mine[name], theirs[name], more = share_labels(answers, existing.outputs[name])
        notes += [f"{name}: {note}" for note in more]
    return MultiOutputPredictions(mine), MultiOutputPredictions(theirs), notes  # type: ignore[arg-type]
