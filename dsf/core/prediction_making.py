"""The columns of a table made into the parts of predictions, kind by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dsf.core.errors import Problem
from dsf.core.excerpts import excerpt
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.prediction_files import plain
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.core.prediction_columns import TableColumns
    from dsf.core.prediction_kinds import AnyPredictions
    from dsf.core.prediction_values import TableValues

__all__ = ["TruthRows", "make_predictions"]


class TruthRows(NamedTuple):
    """Another model's predictions, for what a table does not say itself.

    Attributes:
        of: The predictions; ``None`` if there are none.
        places: Place in them of each row of the table; ``None`` if the table has the truth.
    """

    of: AnyPredictions | None
    places: np.ndarray | None


def make_predictions(
    kind: str,
    values: TableValues,
    found: TableColumns,
    truth: TruthRows,
    labels: Sequence[Any] | None,
) -> dict[str, Any]:
    """Make the arguments of a kind of predictions; faults are kept in ``values``.

    Args:
        kind: ``single``, ``multilabel``, ``outputs`` or ``tags``.
        values: Reads the columns.
        found: Which column holds what.
        truth: What another model knows.
        labels: All labels there are; ``None`` if nobody has said them.
    """
    if kind == "outputs":
        return {"outputs": _outputs(values, found, truth)}
    make = {"single": _one_label, "multilabel": _several_labels}.get(kind)
    fields = _tags(values, found, truth) if make is None else make(values, found, truth, labels)
    return {"row_ids": values.ids, **fields}


def _outputs(values: TableValues, found: TableColumns, truth: TruthRows) -> dict[str, Predictions]:
    made = {}
    for output, columns in (found.outputs or {}).items():
        known = None
        if isinstance(truth.of, MultiOutputPredictions):
            known = truth.of.outputs.get(output)
        fields = _one_label(values, columns, TruthRows(known, truth.places), None)
        if not values.problems:
            made[output] = Predictions(row_ids=values.ids, **fields)
    return made


def _tags(values: TableValues, found: TableColumns, truth: TruthRows) -> dict[str, Any]:
    known, places = truth.of, truth.places
    assert isinstance(known, TagPredictions)
    assert places is not None
    of_rows = {
        name: [getattr(known, name)[place] for place in places]
        for name in ("texts", "starts", "tokens", "targets")
    }
    lengths = [len(tokens) for tokens in of_rows["tokens"]]
    answers = values.tags(found.predictions[""], lengths)
    if found.targets:
        of_rows["targets"] = values.tags(found.targets[""], lengths)
    strange = {tag for rows in (answers, of_rows["targets"]) for row in rows for tag in row}
    return of_rows | {
        "predictions": answers,
        "confidences": [[1.0] * length for length in lengths],  # unknown, and not compared
        "tags": list(dict.fromkeys([*known.tags, *sorted(strange)])),
        "scheme": known.scheme,
    }


def _one_label(
    values: TableValues,
    found: TableColumns,
    truth: TruthRows,
    labels: Sequence[Any] | None,
) -> dict[str, Any]:
    answers, known = values.texts(found.predictions[""]), truth.of
    if truth.places is None:
        targets = values.texts(found.targets[""])
    else:
        assert isinstance(known, Predictions)
        targets = _as_texts(known.targets[truth.places])
    first = known.labels if labels is None and isinstance(known, Predictions) else labels or ()
    spelled = {str(plain(label)): label for label in first}
    if labels is None:
        values.check_spelling(found.predictions[""], answers, {*targets.tolist(), *spelled})
    if labels is not None:
        values.check_known(found.predictions[""], answers, spelled)
        values.check_known(found.targets.get("", "targets"), targets, spelled)
        unknown = [column for label, column in found.probabilities.items() if label not in spelled]
        if unknown:
            message = (
                f"must be of the labels {excerpt(spelled, 20)}, but {excerpt(unknown)} are not."
            )
            values.problems.append(Problem("columns of probabilities", message))
    elif found.probabilities:
        values.check_probable(found.predictions[""], answers, found.probabilities)
    others = {*found.probabilities, *answers, *targets} - spelled.keys()
    spelled |= {text: text for text in sorted(others)}
    return {
        "targets": _as_values(targets, spelled),
        "predictions": _as_values(answers, spelled),
        "labels": list(spelled.values()),
        "probabilities": _spread(values, found, list(spelled)) if found.probabilities else None,
    }


def _several_labels(
    values: TableValues,
    found: TableColumns,
    truth: TruthRows,
    labels: Sequence[Any] | None,
) -> dict[str, Any]:
    names = list(found.predictions)
    known = labels
    if truth.places is None:
        targets = values.switches([found.targets[name] for name in names])
    else:
        assert isinstance(truth.of, MultiLabelPredictions)
        known = truth.of.labels if labels is None else labels
        columns = {str(label): place for place, label in enumerate(truth.of.labels)}
        of_names = [columns[name] for name in names if name in columns]
        targets = truth.of.targets[truth.places][:, of_names]
    unknown = [name for name in names if known is not None and name not in map(str, known)]
    if unknown:
        message = (
            f"must be of the labels {excerpt(known or (), 20)}, but {excerpt(unknown)} are not."
        )
        values.problems.append(Problem("columns of predictions", message))
    chances = None
    if found.probabilities:
        of_labels = [found.probabilities[name] for name in names]
        chances = values.probabilities(of_labels, sum_to_one=False)
    return {
        "targets": targets,
        "probabilities": chances,
        "thresholds": np.full(len(names), 0.5),  # unknown, and not used: the answers are there
        "labels": names,
        "decided": values.switches(list(found.predictions.values())),
    }


def _spread(values: TableValues, found: TableColumns, labels: list[str]) -> np.ndarray:
    """Read the probabilities of all labels; 0 for those without a column."""
    whole = np.zeros((len(values.ids), len(labels)))
    there = [place for place, label in enumerate(labels) if label in found.probabilities]
    columns = [found.probabilities[labels[place]] for place in there]
    if columns:
        whole[:, there] = values.probabilities(columns, sum_to_one=True)
    return whole


def _as_texts(values: np.ndarray) -> np.ndarray:
    return np.array([str(value) for value in values.tolist()], dtype=object)


def _as_values(texts: np.ndarray, spelled: dict[str, Any]) -> np.ndarray:
    """Make labels of their texts; numbers stay numbers."""
    found = [plain(spelled[text]) for text in texts.tolist()]
    return np.array(found, dtype=object if any(isinstance(one, str) for one in found) else None)
