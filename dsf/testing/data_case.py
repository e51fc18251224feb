"""What must hold for every ``Data``."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from dsf.data import PARTS, LabelLayout, split_rows
from dsf.testing.filling import fill_config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.base import Data

__all__ = ["DataCase"]

_RATIOS = {"train": 0.6, "validation": 0.2, "test": 0.2}


class DataCase:
    """Proves that a ``Data`` fits.

    Subclass it in a file of tests, and pytest runs it on your class::

        import pandas as pd

        from dsf.testing import DataCase
        from trainer.data import MyShopData

        class TestMyShopData(DataCase):
            data_class = MyShopData

            def load(self):
                return pd.read_csv("tests/orders.csv")

    You must set: ``data_class``.
    You must write: :meth:`load`.
    You may set: ``config``.
    You may write: :meth:`count_rows`, if your data module is not Lightning's.

    Attributes:
        data_class: The class to test.
        config: The project's config, or the keys of it that matter; the rest are defaults.
    """

    data_class: ClassVar[type[Data]]
    config: ClassVar[Mapping[str, Any]] = {}

    def load(self) -> pd.DataFrame:
        """Give a few dozen labelled rows, such as ``DatasetPreparation.load`` gives."""
        raise NotImplementedError(f"{type(self).__name__} must write load()")

    def count_rows(self, data_module: Any, part: str) -> int | None:
        """Count the rows that a data module holds of a part; ``None`` if that cannot be told.

        As it stands: the length of the data set in Lightning's loader of that part.
        """
        name = {"train": "train", "validation": "val", "test": "test"}[part]
        loader = getattr(data_module, f"{name}_dataloader", None)
        if loader is None:
            return None
        data_module.setup("test" if part == "test" else "fit")
        return len(loader().dataset)

    def make(self, parts: Mapping[str, pd.DataFrame], *, with_test: bool) -> Data:
        """Make the object to test as the fit does, or ``with_test`` as the test does."""
        config = fill_config(self.config, pd.concat(list(parts.values())))
        return self.data_class(
            model_config=config["model_config"],
            dataset_config=config["dataset_config"],
            dataset_train=parts["train"],
            dataset_validation=parts["validation"],
            dataset_test=parts["test"] if with_test else None,
        )

    def test_the_fit_gets_every_row(self) -> None:
        """The fit has no test rows, and loses none of the others."""
        self._check_counts(("train", "validation"), with_test=False)

    def test_the_test_gets_every_row(self) -> None:
        """The test has all three parts."""
        self._check_counts(PARTS, with_test=True)

    def test_the_data_module_is_made_once(self) -> None:
        """Whoever asks again gets the same one."""
        data = self.make(self._parts(), with_test=True)
        assert data.get_data_module() is data.get_data_module()

    def test_rows_and_config_stay_as_they_are(self) -> None:
        """Other steps read them too."""
        parts = self._parts()
        before = {part: rows.copy(deep=True) for part, rows in parts.items()}
        data = self.make(parts, with_test=True)
        configs = copy.deepcopy((data.model_config, data.dataset_config))
        data.get_data_module()
        assert (data.model_config, data.dataset_config) == configs, "the config must stay"
        for part in PARTS:
            pd.testing.assert_frame_equal(parts[part], before[part], obj=f"rows of {part}")

    def _check_counts(self, names: tuple[str, ...], *, with_test: bool) -> None:
        parts = self._parts()
        module = self.make(parts, with_test=with_test).get_data_module()
        for part in names:
            count = self.count_rows(module, part)
            assert count in (None, len(parts[part])), (
                f"the data module must hold the {len(parts[part])} rows of {part}, but has {count}"
            )

    def _parts(self) -> dict[str, pd.DataFrame]:
        rows = self.load().reset_index(drop=True)
        if "row_id" not in rows.columns:
            rows.insert(0, "row_id", range(len(rows)))
        layout = LabelLayout.of(fill_config(self.config)["dataset_config"], rows)
        single = layout is not None and layout.kind == "single"
        column = layout.columns[0] if layout is not None and single else None
        return split_rows(rows, _RATIOS, label_column=column)
