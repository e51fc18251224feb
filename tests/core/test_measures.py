"""The numbers of a result, whatever else its file holds."""

from __future__ import annotations

import json
import math
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from dsf.core.measures import (
    Measure,
    is_number,
    read_label_measures,
    read_measures,
    read_outputs,
    read_support,
)

CONTENT = {
    "f1": 0.5,
    "accuracy": 0.75,
    "best": True,
    "undefined": {"recall": "no row is true"},
    "confusion_matrix": [[1, 2], [3, 4]],
    "intervals": {"f1": {"lower": 0.25, "upper": 0.75}, "accuracy": {"lower": 0.5}},
    "labels": {
        "f1": {"SPAM": {"value": 0.5, "lower": 0.25, "upper": 1}, "HAM": {"value": None}, "A": 1},
        "support": {"SPAM": 3, "HAM": 4},
    },
    "outputs": {"mood": {"f1": 1.0}, "topic": None},
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["intervals", "labels", "outputs", "support", "f1", "value", "lower"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


def test_metrics_with_their_intervals() -> None:
    assert read_measures(CONTENT) == {"f1": Measure(0.5, 0.25, 0.75), "accuracy": Measure(0.75)}
    assert read_measures(CONTENT)["f1"].ends == (0.25, 0.75)
    assert read_measures(CONTENT)["accuracy"].ends is None


def test_labels_and_how_often_each_is_true() -> None:
    labels = {"SPAM": Measure(0.5, 0.25, 1.0), "A": Measure(1.0)}
    assert read_label_measures(CONTENT) == {"f1": labels}
    assert read_support(CONTENT) == {"SPAM": 3, "HAM": 4}


def test_each_output_by_itself() -> None:
    found = {name: read_measures(content) for name, content in read_outputs(CONTENT).items()}
    assert found == {"mood": {"f1": Measure(1.0)}, "topic": {}}


def test_the_value_of_a_metric_is_its_own() -> None:
    """What stands beside the ends of an interval says nothing of the metric."""
    content = {"f1": 0.5, "intervals": {"f1": {"value": 9, "lower": 0, "upper": 1}}}
    assert read_measures(content) == {"f1": Measure(0.5, 0.0, 1.0)}


def test_a_cell_of_several_numbers_is_read_by_the_name_of_one() -> None:
    cell = {"trained": 0.5, "difference": 0.25, "lower": 0, "upper": 1}
    assert Measure.read(cell, "difference") == Measure(0.25, 0.0, 1.0)
    assert Measure.read(cell) is None


@example(10**400)
@example(math.nan)
@example(-math.inf)
@given(ANYTHING)
def test_whatever_a_file_holds_only_numbers_come_out(content: Any) -> None:
    given_as = {"f1": content, "intervals": content, "labels": content, "outputs": content}
    for found in (content, given_as):
        measures = [
            *read_measures(found).values(),
            *(one for cells in read_label_measures(found).values() for one in cells.values()),
            *(one for part in read_outputs(found).values() for one in read_measures(part).values()),
        ]
        json.dumps([*measures, read_support(found)], allow_nan=False)
        assert all(isinstance(one.value, float) for one in measures)


def test_what_is_a_number() -> None:
    assert all(is_number(value) for value in (0, -1.5, 10**300))
    assert not any(is_number(value) for value in (True, None, "1", math.nan, math.inf, 10**400))
