"""Every strategy of splitting keeps the contract."""

import pytest

from dsf.data.split import STRATEGIES
from dsf.testing import SplitCase


class TestRandom(SplitCase):
    strategy = "random"


class TestStratified(SplitCase):
    strategy = "stratified"
    balanced = True


def test_every_strategy_has_its_case():
    cases = [thing for thing in globals().values() if isinstance(thing, type)]
    tested = {case.strategy for case in cases if issubclass(case, SplitCase) and case != SplitCase}
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
