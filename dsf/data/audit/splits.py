"""The audit of a split."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from dsf.core.errors import DataError, Problem
from dsf.data.audit.part_index import PartIndex
from dsf.data.audit.report import Finding, SplitAudit
from dsf.data.audit.twins import EXAMPLES, find_twins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from dsf.data.label_layout import LabelLayout

__all__ = ["audit_split"]


def audit_split(
    parts: Mapping[str, pd.DataFrame],
    text_column: str | None = None,
    labels: LabelLayout | None = None,
    group_column: str | None = None,
    near: bool = True,
) -> SplitAudit:
    """Look for rows that stand in two parts, and for labels that a part lacks.

    Texts are compared as they are, then normalised (NFKC, lower case, words alone), then by the
    stretches of three characters that they share (Jaccard index of 0.8 or more). Texts are read in
    batches; about 160 bytes a row are kept, whatever the length of the texts.

    Args:
        parts: Part → its rows, in the order train, validation, test. Examples name rows by
            ``row_id`` if they have one, else by their place in the part (``row``).
        text_column: Column of the texts; ``None``: texts are not compared.
        labels: Where the rows have their labels; ``None``: labels are not looked at.
        group_column: Column of groups that must not cross parts.
        near: Whether to look for texts that are nearly the same.

    Raises:
        DataError: If a part has no such column.
    """
    label_columns = () if labels is None else labels.columns
    _check_columns(parts, text_column, label_columns, group_column)
    findings: list[Finding] = []
    if text_column is not None:
        indexes = {
            name: PartIndex.build(rows[text_column], near=near)
            for name, rows in parts.items()
            if len(rows)
        }
        for names in combinations(indexes, 2):
            findings += find_twins(names, indexes[names[0]], indexes[names[1]])
        _name_rows(findings, parts)
    if group_column is not None:
        for names in combinations(parts, 2):
            findings += _shared_groups(names, *(parts[name][group_column] for name in names))
    return SplitAudit(
        sizes={name: len(rows) for name, rows in parts.items()},
        findings=findings,
        absent=_absent_labels(parts, labels),
        checked={
            "text": text_column is not None,
            "near": near and text_column is not None,
            "labels": labels is not None,
            "groups": group_column is not None,
        },
    )


def _check_columns(
    parts: Mapping[str, pd.DataFrame],
    text_column: str | None,
    label_columns: Sequence[str],
    group_column: str | None,
) -> None:
    wanted = [name for name in (text_column, *label_columns, group_column) if name is not None]
    problems = [
        Problem(part, f"must have the column {name!r}, but has {list(rows.columns)[:20]}.")
        for part, rows in parts.items()
        for name in wanted
        if name not in rows.columns
    ]
    if problems:
        raise DataError("The split cannot be audited.", problems)


def _name_rows(findings: Sequence[Finding], parts: Mapping[str, pd.DataFrame]) -> None:
    """Call the rows of examples by their ids, which outlive the split, if they have any."""
    for one in findings:
        for part in (one.earlier, one.later):
            if "row_id" not in parts[part].columns:
                continue
            ids = parts[part]["row_id"]
            for example in one.examples:
                row = example[part].pop("row")
                example[part] = {"row_id": ids.iloc[[row]].tolist()[0], **example[part]}


def _shared_groups(names: tuple[str, str], earlier: pd.Series, later: pd.Series) -> list[Finding]:
    """Find groups of two parts; rows without a group belong to none."""
    shared = set(earlier.dropna().unique()) & set(later.dropna().unique())
    if not shared:
        return []
    mine, its = (
        np.flatnonzero(column.isin(list(shared)).to_numpy()) for column in (earlier, later)
    )
    counts = [column.value_counts() for column in (earlier, later)]
    examples = [
        {"group": str(group)}
        | {name: int(count[group]) for name, count in zip(names, counts, strict=True)}
        for group in sorted(shared, key=str)[:EXAMPLES]
    ]
    return [Finding("group", *names, mine, its, examples)]


def _absent_labels(
    parts: Mapping[str, pd.DataFrame], labels: LabelLayout | None
) -> dict[str, list[str]]:
    """Name for each part the labels that another part has and it has not."""
    if labels is None:
        return {}
    counts = {part: labels.count(rows) for part, rows in parts.items()}
    everywhere = sorted({name for found in counts.values() for name in found if found[name]})
    lacks = {part: [name for name in everywhere if not counts[part].get(name)] for part in counts}
    return {part: names for part, names in lacks.items() if names}
