"""Tables of tagged rows in their normal form."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from dsf.data.readers.options import ReadOptions

__all__ = ["TaggedRow", "TaggedRows", "make_table"]


@dataclass
class TaggedRow:
    """One text with its tokens, and where it begins in its file.

    Attributes:
        line: Its first line in the file, from 1.
        tokens: The words; a row without any is left out.
        tags: One a token; a row without any is left out, or was a problem.
        text: The text; empty makes it of the tokens with a space between two.
        starts: Offset of each token in the text, in characters; end is start plus length.
    """

    line: int
    tokens: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    text: str = ""
    starts: list[int] = field(default_factory=list)

    def join(self) -> None:
        """Make the text of the tokens."""
        self.text = " ".join(self.tokens)
        ends = accumulate(len(token) + 1 for token in self.tokens)
        self.starts = [0, *ends][: len(self.tokens)]


def make_table(rows: list[TaggedRow]) -> pa.Table:
    """Make the table of rows: text, tokens, starts, tags."""
    texts = pa.large_list(pa.large_string())
    return pa.table(
        {
            "text": pa.array([row.text for row in rows], pa.large_string()),
            "tokens": pa.array([row.tokens for row in rows], texts),
            "starts": pa.array([row.starts for row in rows], pa.large_list(pa.int32())),
            "tags": pa.array([row.tags for row in rows], texts),
        }
    )


class TaggedRows:
    """Counts tagged rows, whose reader has checked them, and leaves out what the options say."""

    def __init__(self, options: ReadOptions) -> None:
        self.options = options
        self.counts = {"rows": 0, "dropped_empty": 0, "dropped_missing": 0, "dropped_duplicates": 0}
        self._repeated = 0
        self._seen: set[int] = set()

    def __call__(self, raw: pa.Table) -> pa.Table:
        """Leave out rows without words or tags, and count those that repeat an earlier one."""
        tokens, tags = (
            pc.list_value_length(raw.column(name)).to_numpy() for name in ("tokens", "tags")
        )
        empty, missing = tokens == 0, (tokens > 0) & (tags == 0)
        self.counts["dropped_empty"] += int(empty.sum())
        self.counts["dropped_missing"] += int(missing.sum())
        if (empty | missing).any():
            raw = raw.filter(pa.array(~(empty | missing)))
        raw = self._without_duplicates(raw)
        self.counts["rows"] += len(raw)
        return raw

    def finish(self) -> dict[str, int]:
        """Give the counts."""
        return {**self.counts, "duplicate_rows": self._repeated}

    def _without_duplicates(self, raw: pa.Table) -> pa.Table:
        new = np.ones(len(raw), dtype=bool)
        pairs = zip(raw.column("text").to_pylist(), raw.column("tags").to_pylist(), strict=True)
        for at, (text, tags) in enumerate(pairs):
            one = hash((text, *tags))
            new[at] = one not in self._seen
            self._seen.add(one)
        repeated = int((~new).sum())
        if not self.options.drop_duplicates:
            self._repeated += repeated
            return raw
        self.counts["dropped_duplicates"] += repeated
        return raw.filter(pa.array(new))
