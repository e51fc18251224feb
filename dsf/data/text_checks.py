"""What texts, and the words and tags of texts, must be; whoever has read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.errors import Problem
from dsf.core.excerpts import count, excerpt, first_problems
from dsf.core.tag_checks import are_in_place
from dsf.core.tagging import check_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["find_tagged_problems", "find_text_problems"]

_LISTS = ("tokens", "starts", "tags")


def find_text_problems(rows: pd.DataFrame, column: str) -> list[Problem]:
    """Find rows whose text is not there, or is none.

    Args:
        rows: The whole data set.
        column: Column of the texts.
    """
    if column not in rows.columns:
        shown = ", ".join(map(str, rows.columns[:20]))
        message = f"must be a column (dataset_config.text_column), but the columns are: {shown}."
        return [Problem(column, message)]
    wrong = [row for row, text in enumerate(rows[column]) if not _is_text(text)]
    if not wrong:
        return []
    where = f"{count(len(wrong), 'row')}: {excerpt(wrong)}"
    return [Problem(column, f"must be text that is not empty, but is not in {where}.")]


def find_tagged_problems(rows: pd.DataFrame, scheme: str | None) -> list[Problem]:
    """Find rows whose words, their places and their tags do not go together.

    Args:
        rows: The whole data set, with a column ``text``.
        scheme: ``iob2`` or ``bilou`` if tags mark spans; ``None`` if each stands alone.
    """
    missing = [name for name in _LISTS if name not in rows.columns]
    if missing:
        shown = ", ".join(map(str, rows.columns[:20]))
        return [
            Problem(name, f"must be a column, but the columns are: {shown}.") for name in missing
        ]
    lists = list(zip(*(rows[name] for name in _LISTS), strict=True))
    ragged = [row for row, cells in enumerate(lists) if len({len(cell) for cell in cells}) > 1]
    if ragged:
        names, where = ", ".join(_LISTS), f"{count(len(ragged), 'row')}: {excerpt(ragged)}"
        return [Problem(names, f"must have one value a word each, but have not in {where}.")]
    return [*_place_problems(rows["text"], lists), *_scheme_problems(rows["tags"], scheme)]


def _place_problems(
    texts: Iterable[str], lists: list[tuple[list[str], list[int], list[str]]]
) -> list[Problem]:
    wrong = [
        row
        for row, (text, (tokens, starts, _)) in enumerate(zip(texts, lists, strict=True))
        if not are_in_place(text, starts, tokens)
    ]
    if not wrong:
        return []
    where = f"{count(len(wrong), 'row')}: {excerpt(wrong)}"
    return [Problem("starts", f"must say where in its text each word is, but does not in {where}.")]


def _scheme_problems(tags: Iterable[list[str]], scheme: str | None) -> list[Problem]:
    if scheme is None:
        return []
    problems: list[Problem] = []
    for row, one in enumerate(tags):
        problems += check_tags(one, scheme, f"tags, row {row}")
    return first_problems(problems)


def _is_text(text: object) -> bool:
    return isinstance(text, str) and bool(text) and not text.isspace()
