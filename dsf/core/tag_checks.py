"""What may be wrong with the tags that a model answered and with the texts that they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.errors import Problem
from dsf.core.excerpts import excerpt
from dsf.core.prediction_files import repeated_problems
from dsf.core.tagging import check_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.core.tag_predictions import TagPredictions

__all__ = ["are_in_place", "find_tag_problems"]

_TOKEN_FIELDS = ("starts", "targets", "predictions", "confidences")


def find_tag_problems(answers: TagPredictions) -> list[Problem]:
    """Find what does not fit together; a field is named once, with its first rows.

    What the rows hold is looked at only once all have one value a token.

    Raises:
        ConfigError: If there is no such scheme.
    """
    problems = _row_problems(answers) or _token_problems(answers)
    if problems:
        return problems
    problems = [
        *repeated_problems("row_ids", answers.row_ids),
        *repeated_problems("tags", answers.tags),
        *_tag_problems(answers, "targets"),
        *_tag_problems(answers, "predictions"),
        *_start_problems(answers),
        *_confidence_problems(answers),
    ]
    return problems or _scheme_problems(answers)


def are_in_place(text: str, starts: Sequence[int], tokens: Sequence[str]) -> bool:
    """Say whether each token stands in its text where it is said to."""
    pairs = zip(starts, tokens, strict=True)
    return all(start >= 0 and text.startswith(token, start) for start, token in pairs)


def _row_problems(answers: TagPredictions) -> list[Problem]:
    rows = len(answers.row_ids)
    return [
        Problem(name, f"must have one value a row, but has {size} for {rows} rows.")
        for name in ("texts", "tokens", *_TOKEN_FIELDS)
        if (size := len(getattr(answers, name))) != rows
    ]


def _token_problems(answers: TagPredictions) -> list[Problem]:
    problems = []
    sizes = [len(row) for row in answers.tokens]
    for name in _TOKEN_FIELDS:
        found = [len(row) for row in getattr(answers, name)]
        wrong = [row for row, size in enumerate(sizes) if found[row] != size]
        if wrong:
            counts = excerpt(f"{found[row]} for {sizes[row]}" for row in wrong)
            message = f"must have one value a token, but rows {excerpt(wrong)} have {counts}."
            problems.append(Problem(name, message))
    return problems


def _tag_problems(answers: TagPredictions, name: str) -> list[Problem]:
    known = set(answers.tags)
    unknown = {
        row: [tag for tag in tags if tag not in known]
        for row, tags in enumerate(getattr(answers, name))
        if not known.issuperset(tags)
    }
    if not unknown:
        return []
    found = excerpt(dict.fromkeys(tag for tags in unknown.values() for tag in tags))
    return [Problem(name, f"must be among the tags, but rows {excerpt(unknown)} have {found}.")]


def _start_problems(answers: TagPredictions) -> list[Problem]:
    rows = zip(answers.texts, answers.starts, answers.tokens, strict=True)
    wrong = [
        row
        for row, (text, starts, tokens) in enumerate(rows)
        if not are_in_place(text, starts, tokens)
    ]
    if not wrong:
        return []
    message = f"must say where in the text each token stands, but rows {excerpt(wrong)} do not."
    return [Problem("starts", message)]


def _confidence_problems(answers: TagPredictions) -> list[Problem]:
    wrong = [
        row
        for row, values in enumerate(answers.confidences)
        if not all(0 <= value <= 1 for value in values)
    ]
    if not wrong:
        return []
    message = f"must be numbers between 0 and 1, but are not in rows {excerpt(wrong)}."
    return [Problem("confidences", message)]


def _scheme_problems(answers: TagPredictions) -> list[Problem]:
    """Look at the truth alone: a model may answer what breaks the scheme."""
    if answers.scheme is None:
        return []
    return [
        problem
        for row, tags in enumerate(answers.targets)
        for problem in check_tags(tags, answers.scheme, f"targets, row {row}")
    ]
