"""What must hold for every way of splitting rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from dsf.core.errors import DataError
from dsf.data import PARTS, split_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SplitCase"]

_RATIOS = {"train": 0.7, "validation": 0.2, "test": 0.1}


class SplitCase:
    """Proves that a way of splitting fits.

    Subclass it in a file of tests, and pytest runs it on your split::

        from dsf.testing import SplitCase
        from trainer.splits import split_by_customer

        class TestSplitByCustomer(SplitCase):
            tolerance = 0.1

            def split(self, rows, ratios, seed):
                return split_by_customer(rows, ratios, seed)

    You must set: ``strategy``, a name in ``dsf.data.STRATEGIES``; or write :meth:`split`.
    You may set: ``tolerance``, ``seeded``, ``balanced``.
    You may write: :meth:`load`, if your split needs columns of its own.

    Attributes:
        strategy: Name of the strategy to test.
        tolerance: How far the share of a part may be from its ratio; 0 allows rounding alone.
        seeded: Whether another seed must give another split.
        balanced: Whether every part must have each label in its overall share, within two rows.
    """

    strategy: ClassVar[str]
    tolerance: ClassVar[float] = 0.0
    seeded: ClassVar[bool] = True
    balanced: ClassVar[bool] = False

    def split(
        self, rows: pd.DataFrame, ratios: Mapping[str, float], seed: int
    ) -> Mapping[str, pd.DataFrame]:
        """Split rows into ``train``, ``validation`` and ``test``."""
        return split_rows(rows, ratios, strategy=self.strategy, seed=seed)

    def load(self) -> pd.DataFrame:
        """Give rows to split, with ``row_id`` and ``label``; 403 of them, in three labels."""
        labels = ["often"] * 260 + ["seldom"] * 40 + ["sometimes"] * 103
        return pd.DataFrame({"row_id": range(1000, 1403), "label": labels})

    def test_every_row_is_in_exactly_one_part(self) -> None:
        """Nothing is lost, and nothing leaks from one part to another."""
        rows = self.load()
        parts = self.split(rows, _RATIOS, 1)
        assert set(parts) == set(PARTS), f"the parts must be {PARTS}, but are {list(parts)}"
        ids = [row for part in PARTS for row in parts[part]["row_id"]]
        assert sorted(ids) == sorted(rows["row_id"]), "every row must be in exactly one part"

    def test_rows_keep_their_contents_and_their_order(self) -> None:
        """A part is the table with some rows left out."""
        rows = self.load()
        for part, table in self.split(rows, _RATIOS, 1).items():
            kept = rows[rows["row_id"].isin(table["row_id"])].reset_index(drop=True)
            pd.testing.assert_frame_equal(table.reset_index(drop=True), kept, obj=part)

    def test_the_shares_are_the_ratios(self) -> None:
        """Up to ``tolerance``, and rounding to whole rows."""
        rows = self.load()
        for part, table in self.split(rows, _RATIOS, 1).items():
            off, allowed = abs(len(table) - _RATIOS[part] * len(rows)), self.tolerance * len(rows)
            assert off < allowed + 1, f"{part} has {len(table)} of {len(rows)} rows: {off} off"

    def test_the_seed_decides(self) -> None:
        """Same seed and rows, same parts; another seed, others."""
        rows = self.load()
        first, again, other = (self.split(rows.copy(), _RATIOS, seed) for seed in (1, 1, 2))
        for part in PARTS:
            pd.testing.assert_frame_equal(again[part], first[part], obj=f"{part} of the same seed")
        if self.seeded:
            same = all(other[part].equals(first[part]) for part in PARTS)
            assert not same, "another seed must give another split"

    def test_labels_have_their_share_in_every_part(self) -> None:
        """Only where ``balanced`` says so."""
        if not self.balanced:
            return
        rows = self.load()
        share = rows["label"].value_counts(normalize=True)
        for part, table in self.split(rows, _RATIOS, 1).items():
            off = table["label"].value_counts().reindex(share.index).fillna(0) - share * len(table)
            assert off.abs().max() <= 2, f"{part} must have the labels' shares, but is off by {off}"

    def test_the_rows_stay_as_they_are(self) -> None:
        """The caller's table is not the split's to change."""
        rows = self.load()
        before = rows.copy(deep=True)
        self.split(rows, _RATIOS, 1)
        pd.testing.assert_frame_equal(rows, before, obj="rows after the split")

    def test_too_few_rows_are_refused(self) -> None:
        """No part stays empty without a word."""
        try:
            parts = self.split(self.load().head(2), _RATIOS, 1)
        except DataError:
            return
        sizes = {part: len(table) for part, table in parts.items()}
        raise AssertionError(f"two rows for three parts must raise DataError, but gave {sizes}")
