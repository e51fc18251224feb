"""Which column of a table holds what: ids, answers, truth, probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsf.core.errors import Problem
from dsf.core.excerpts import excerpt
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PredictionColumns", "TableColumns"]


@dataclass(frozen=True)
class PredictionColumns:
    """How the columns of a table of predictions are called.

    Of several labels a row, and of probabilities, they are the beginnings of the names:
    ``prediction_<label>``.

    Attributes:
        row_id: Identity of each row.
        target: True label.
        prediction: Answered label.
        probability: Probability of a label.
    """

    row_id: str = "row_id"
    target: str = "target"
    prediction: str = "prediction"
    probability: str = "probability"


@dataclass(frozen=True)
class TableColumns:
    """The columns of one table.

    Attributes:
        row_id: The ids.
        several: Whether a row may have several labels.
        predictions: Label → column of 0 and 1; or one column of labels under ``""``.
        targets: The same of the truth; empty if the table does not say it.
        probabilities: Label → column; empty if there are none.
        problems: What is missing.
        outputs: Output → its columns, where a row has one label of each of several outputs.
    """

    row_id: str
    several: bool
    predictions: dict[str, str]
    targets: dict[str, str]
    probabilities: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    outputs: dict[str, TableColumns] | None = None

    @classmethod
    def find(
        cls, there: Sequence[str], names: PredictionColumns, outputs: Sequence[str] | None = None
    ) -> TableColumns:
        """Find the columns of a table.

        Args:
            there: The columns that it has.
            names: How they are called.
            outputs: Names of the outputs, if a row has one label of each.
        """
        problems = [] if names.row_id in there else [_missing(names.row_id, "ids", there)]
        single = names.prediction in there
        by_label = {
            kind: {} if kind != "probability" and single else _by_label(there, getattr(names, kind))
            for kind in ("prediction", "target", "probability")
        }
        if single:
            by_label["prediction"] = {"": names.prediction}
            by_label["target"] = {"": names.target} if names.target in there else {}
        elif outputs is not None:
            return cls._of_outputs(there, names, outputs, problems)
        elif not by_label["prediction"]:
            wanted = f"{names.prediction!r} or '{names.prediction}_<label>'"
            message = f"must be there for the answers, but the columns are {excerpt(there, 20)}."
            hint = did_you_mean(names.prediction, there)
            problems.append(Problem(f"column {wanted}", message + hint))
        else:
            problems += _lacking(by_label, names)
        return cls(
            names.row_id,
            not single,
            by_label["prediction"],
            by_label["target"],
            by_label["probability"],
            problems,
        )

    @classmethod
    def _of_outputs(
        cls,
        there: Sequence[str],
        names: PredictionColumns,
        outputs: Sequence[str],
        problems: list[Problem],
    ) -> TableColumns:
        """Find the columns of each output; probabilities are ``probability_<output>_<label>``."""
        found = {}
        for output in outputs:
            own, *other = (
                f"{names.probability}_{one}_"
                for one in (output, *(one for one in outputs if one.startswith(f"{output}_")))
            )
            chances = {
                name.removeprefix(own): name
                for name in map(str, there)
                if name.startswith(own) and not name.startswith(tuple(other))
            }
            target = f"{names.target}_{output}"
            found[output] = cls(
                names.row_id,
                False,
                {"": f"{names.prediction}_{output}"},
                {"": target} if target in there else {},
                chances,
            )
        targets = {name: one.targets[""] for name, one in found.items() if one.targets}
        wanted = [one.predictions[""] for one in found.values()]
        if targets:
            wanted += [f"{names.target}_{output}" for output in outputs]
        gone = [name for name in wanted if name not in there]
        if gone:
            message = f"must be there for every output, but {excerpt(gone, 20)} are not."
            problems = [*problems, Problem("columns", message)]
        return cls(names.row_id, True, {}, targets, {}, problems, found)


def _by_label(there: Sequence[str], name: str) -> dict[str, str]:
    beginning = f"{name}_"
    return {
        str(column).removeprefix(beginning): column
        for column in there
        if str(column).startswith(beginning)
    }


def _missing(name: str, what: str, there: Sequence[str]) -> Problem:
    message = f"must be there for the {what}, but the columns are {excerpt(there, 20)}."
    return Problem(f"column {name!r}", message + did_you_mean(name, [str(one) for one in there]))


def _lacking(by_label: dict[str, dict[str, str]], names: PredictionColumns) -> list[Problem]:
    """Find labels that some kinds of columns have and others lack."""
    labels = by_label["prediction"]
    problems = []
    for kind in ("target", "probability"):
        found = by_label[kind]
        gone = [f"{getattr(names, kind)}_{label}" for label in labels if label not in found]
        alone = [f"{names.prediction}_{label}" for label in found if label not in labels]
        if found and gone:
            message = f"must be there for every label or for none, but {excerpt(gone)} are not."
            problems.append(Problem(f"columns of {getattr(names, kind)}", message))
        if alone:
            message = f"must be there for every label, but {excerpt(alone)} are not."
            problems.append(Problem(f"columns of {names.prediction}", message))
    return problems
