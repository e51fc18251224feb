"""Every strategy of splitting keeps the contract."""

from typing import ClassVar

import pytest

from dsf.data import STRATEGIES, split_rows
from dsf.testing import SplitCase


class TestRandom(SplitCase):
    strategy = "random"


class TestStratified(SplitCase):
    strategy = "stratified"
    balanced = True


class TestMultilabel(SplitCase):
    strategy = "multilabel"
    balanced = True


class WithColumns(SplitCase):
    """Rows with a group, a time, a part and a text of their own."""

    options: ClassVar = {}

    def load(self):
        rows = super().load()
        numbers = rows["row_id"]
        names = ["Train"] * 7 + ["dev"] * 2 + ["test"]
        return rows.assign(
            group=numbers // 3,
            time=(numbers * 7919) % 1009,
            part=[names[number % 10] for number in numbers],
            text=[f"row {number}" for number in numbers],
        )

    def split(self, rows, ratios, seed):
        return split_rows(rows, ratios, strategy=self.strategy, seed=seed, **self.options)


class TestGroup(WithColumns):
    strategy = "group"
    options: ClassVar = {"group_column": "group"}
    tolerance = 0.01


class TestTime(WithColumns):
    strategy = "time"
    options: ClassVar = {"time_column": "time"}
    seeded = False


class TestPredefined(WithColumns):
    strategy = "predefined"
    options: ClassVar = {"split_column": "part"}
    tolerance = 0.01
    seeded = False


class TestKfold(WithColumns):
    strategy = "kfold"
    options: ClassVar = {"folds": 10, "fold": 3}
    tolerance = 0.01
    balanced = True


class TestHash(WithColumns):
    strategy = "hash"
    tolerance = 0.06


def test_every_strategy_has_its_case():
    cases = [thing for thing in globals().values() if isinstance(thing, type)]
    tested = {getattr(case, "strategy", None) for case in cases if issubclass(case, SplitCase)}
    tested -= {None}
    assert tested == set(STRATEGIES), "give the new strategy its three lines here"


def test_a_leaking_split_is_found_out():
    class Leaking(SplitCase):
        def split(self, rows, ratios, seed):
            return {"train": rows, "validation": rows.head(80), "test": rows.head(40)}

    with pytest.raises(AssertionError, match="exactly one part"):
        Leaking().test_every_row_is_in_exactly_one_part()
    with pytest.raises(AssertionError, match="another seed"):
        Leaking().test_the_seed_decides()
    with pytest.raises(AssertionError, match="must raise DataError"):
        Leaking().test_too_few_rows_are_refused()
