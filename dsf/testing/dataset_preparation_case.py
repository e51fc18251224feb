"""What must hold for every ``DatasetPreparation``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from dsf.data import PARTS, LabelLayout, hash_rows
from dsf.testing.filling import fill_config

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.base import DatasetPreparation

__all__ = ["DatasetPreparationCase"]


class DatasetPreparationCase:
    """Proves that a ``DatasetPreparation`` fits.

    Subclass it in a file of tests, and pytest runs it on your class::

        from dsf.testing import DatasetPreparationCase
        from trainer.dataset_preparation import MyShopDatasetPreparation

        class TestMyShopDatasetPreparation(DatasetPreparationCase):
            preparation_class = MyShopDatasetPreparation
            dataset_path = "tests/orders.csv"

    You must set: ``preparation_class``.
    You may set: ``dataset_path``, ``config``; or write :meth:`make`.

    Attributes:
        preparation_class: The class to test.
        dataset_path: Where a few hundred rows are; ``None`` if ``load`` knows by itself.
        config: The project's config, or the keys of it that matter; the rest are defaults.
    """

    preparation_class: ClassVar[type[DatasetPreparation]]
    dataset_path: ClassVar[Path | str | None] = None
    config: ClassVar[Mapping[str, Any]] = {}

    def make(self) -> DatasetPreparation:
        """Make the object to test, a new one on every call."""
        return self.preparation_class(self.dataset_path, fill_config(self.config)["dataset_config"])

    def test_rows_can_be_learned_from(self) -> None:
        """There is a table, with two labels at least, and every row has its own id."""
        preparation = self.make()
        rows = preparation.get_rows()
        layout = LabelLayout.of(preparation.dataset_config, rows)
        assert not rows["row_id"].duplicated().any(), "load must give no row_id twice"
        if layout is not None:
            labels = layout.count(rows)
            assert len(labels) > 1, f"load must give rows of two labels or more, but gave {labels}"

    def test_loading_twice_gives_the_same_rows(self) -> None:
        """A run goes on only with the rows that it was made from."""
        first, second = hash_rows(self.make().get_rows()), hash_rows(self.make().get_rows())
        assert first == second, "load must give the same rows in the same order every time"

    def test_every_row_of_a_part_is_one_of_the_data_set(self) -> None:
        """A split picks rows. It makes none, and changes none."""
        preparation = self.make()
        rows = preparation.get_rows()
        known = rows.set_index("row_id", drop=False)
        for part, table in preparation.get_parts(rows.copy()).items():
            strangers = set(table["row_id"]) - set(known.index)
            assert not strangers, f"split must pick from the rows, but {part} has {strangers}"
            picked = known.loc[table["row_id"]].reset_index(drop=True)
            pd.testing.assert_frame_equal(table, picked, obj=f"rows of {part}")

    def test_splitting_twice_gives_the_same_parts(self) -> None:
        """The seed alone decides."""
        rows = self.make().get_rows()
        first, second = self.make().get_parts(rows.copy()), self.make().get_parts(rows.copy())
        for part in PARTS:
            pd.testing.assert_frame_equal(first[part], second[part], obj=f"rows of {part}")

    def test_splitting_leaves_the_rows_as_they_are(self) -> None:
        """The caller's table is not the split's to change."""
        preparation = self.make()
        rows = preparation.get_rows()
        before = rows.copy(deep=True)
        preparation.get_parts(rows)
        pd.testing.assert_frame_equal(rows, before, obj="rows after the split")

    def test_every_label_can_be_learned(self) -> None:
        """A label that is only tested can never be answered."""
        preparation = self.make()
        rows = preparation.get_rows()
        layout = LabelLayout.of(preparation.dataset_config, rows)
        if layout is None:
            return
        parts = preparation.get_parts(rows)
        learned = {label for label, number in layout.count(parts["train"]).items() if number}
        for part, table in parts.items():
            unknown = {label for label, n in layout.count(table).items() if n} - learned
            assert not unknown, f"train must have every label, but only {part} has {unknown}"
