"""The rows on which both models differ most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from dsf.core.tag_predictions import TagPredictions
from dsf.report.curves.pairs import pair_predictions
from dsf.report.sections.answer_differences import find_differences
from dsf.report.sections.answers_in_words import right_rows, tell_both, truth_gaps
from dsf.report.sections.row_slices import row_slices
from dsf.report.sections.texts import row_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dsf.report.run_contents import RunContents
    from dsf.report.sections.answers_in_words import Words

__all__ = ["DifferingRow", "DifferingRows", "differing_rows"]

Right: TypeAlias = Literal["trained", "existing", "both", "neither"]

_MOST = 300
_LONGEST = 280
"""Characters of a text or an answer."""
_GAPS = {
    False: "how much more probability the trained model gives to the truth",
    True: "how much more of the tokens the trained model gets right, as a share",
}
"""What a gap is; the second is a tagger's."""
_SMALL = 0.1
"""Probability; rows with the same answers and a narrower gap are not shown."""
_DIFFERENT = {
    False: f"The answers differ, or the probability of the truth by {_SMALL:g} at least",
    True: f"The answers differ, or the share of tokens that are right by {_SMALL:g} at least",
}
"""What makes a row one of these; the second is a tagger's."""


class DifferingRow(NamedTuple):
    """One row.

    Attributes:
        row_id: Its identity in the data set.
        text: Its text; empty if it was not kept.
        truth: What is true of it.
        trained: What the trained model answered.
        existing: What the existing model answered.
        right: Which of them is right.
        gap: How much more probability the trained model gives to the truth; ``None`` if a model
            gives none.
        labels: What it can be chosen by, as places in the list of all labels.
        slices: What else it can be chosen by: of each column, the place in its list of values.
    """

    row_id: str
    text: str
    truth: str
    trained: str
    existing: str
    right: Right
    gap: float | None
    labels: Sequence[int]
    slices: Sequence[int]


class DifferingRows(NamedTuple):
    """All that is shown of them.

    Attributes:
        rows: The widest gap first.
        counts: How many of all rows both, one or none of the models got right.
        total: How many rows were compared.
        differing: On how many of them the models differ.
        labels: All labels of these rows, in alphabetical order.
        columns: Column that rows can be chosen by → the slices that these rows are in, each with
            its place.
        has_text: Whether the texts were kept.
        gap: What the gap is, in words; empty if there is none.
        criterion: When models differ on a row, in words.
    """

    rows: Sequence[DifferingRow]
    counts: Mapping[Right, int]
    total: int
    differing: int
    labels: Sequence[str]
    columns: Mapping[str, Sequence[tuple[int, str]]]
    has_text: bool
    gap: str
    criterion: str


def differing_rows(contents: RunContents) -> DifferingRows | None:
    """Find the rows; ``None`` if the answers of a model were not kept."""
    found = contents.predictions
    if len(found) < 2:
        return None
    pair = pair_predictions(found["trained"], found["existing"])
    if pair is None:
        return None
    right = right_rows(pair.trained), right_rows(pair.existing)
    gaps = truth_gaps(pair.trained, pair.existing)
    differ = find_differences(pair.trained, pair.existing)
    if gaps is not None:
        differ |= np.abs(gaps) >= _SMALL
    chosen = _choose(differ, gaps, *right)
    ids = pair.trained.row_ids[chosen]
    texts, cut = row_texts(contents, ids), row_slices(contents, pair.trained.row_ids)
    mine, theirs = tell_both(*pair, chosen.tolist())
    labels = _all_labels([*mine, *theirs])
    rows = [
        DifferingRow(
            row_id=str(ids[place]),
            text=_shorten(texts[place]) if texts else "",
            truth=_shorten(mine[place].truth),
            trained=_shorten(mine[place].answer),
            existing=_shorten(theirs[place].answer),
            right=_name(right[0][row], right[1][row]),
            gap=None if gaps is None else float(gaps[row]),
            labels=sorted(labels[label] for label in mine[place].labels | theirs[place].labels),
            slices=[int(one.places[row]) for one in cut.values()],
        )
        for place, row in enumerate(chosen)
    ]
    tagger = isinstance(pair.trained, TagPredictions)
    return DifferingRows(
        rows=rows,
        counts=_count(*right),
        total=len(right[0]),
        differing=int(differ.sum()),
        labels=list(labels),
        columns={column: one.of(chosen) for column, one in cut.items()},
        has_text=texts is not None,
        gap="" if gaps is None else _GAPS[tagger],
        criterion="The answers differ" if gaps is None else _DIFFERENT[tagger],
    )


def _all_labels(words: Sequence[Words]) -> dict[str, int]:
    """Give label → its place among all, in the order of the alphabet."""
    labels = {label for one in words for label in one.labels}
    ordered = sorted(labels, key=lambda label: (label.casefold(), label))
    return {label: place for place, label in enumerate(ordered)}


def _choose(
    differ: NDArray[np.bool_],
    gaps: NDArray[np.float64] | None,
    trained: NDArray[np.bool_],
    existing: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """Choose rows, the widest gap first; half of them for each side where there are so many."""
    leaning = trained.astype(np.float64) - existing if gaps is None else gaps
    places = np.flatnonzero(differ)
    order = places[np.lexsort((places, -np.abs(leaning[places])))]
    if len(order) <= _MOST:
        return order
    for_trained, for_existing = order[leaning[order] > 0], order[leaning[order] <= 0]
    half = _MOST // 2
    first = min(len(for_trained), max(half, _MOST - len(for_existing)))
    kept = np.concatenate([for_trained[:first], for_existing[: _MOST - first]])
    return order[np.isin(order, kept)]


def _name(trained: bool, existing: bool) -> Right:
    if trained:
        return "both" if existing else "trained"
    return "existing" if existing else "neither"


def _count(trained: NDArray[np.bool_], existing: NDArray[np.bool_]) -> dict[Right, int]:
    return {
        "both": int((trained & existing).sum()),
        "trained": int((trained & ~existing).sum()),
        "existing": int((~trained & existing).sum()),
        "neither": int((~trained & ~existing).sum()),
    }


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
