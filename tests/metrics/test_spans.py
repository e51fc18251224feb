import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.metrics import Span, count_labels_of_rows, count_spans

LABELS = ["drug", "gene"]
spans = st.lists(
    st.builds(Span, st.integers(0, 3), st.integers(4, 6), st.sampled_from(LABELS)), max_size=4
)


def test_only_the_same_start_end_and_label_is_right():
    true = [[Span(0, 2, "drug"), Span(3, 4, "gene")], [Span(0, 1, "drug")], []]
    answered = [[(0, 2, "drug"), (3, 5, "gene")], [(0, 1, "gene")], [(0, 1, "drug")]]
    counts = count_spans(true, answered, LABELS)
    assert counts.hits.tolist() == [1, 0]
    assert counts.true.tolist() == [2, 1]
    assert counts.answered.tolist() == [2, 2]
    assert counts.f1("micro") == pytest.approx(2 / 7)
    assert counts.f1(None) == pytest.approx([0.5, 0.0])


def test_an_entity_that_lies_elsewhere_is_another_one():
    assert count_spans([[(0, 2, "drug")], []], [[], [(0, 2, "drug")]], LABELS).hits.sum() == 0


def test_no_entity_at_all_gives_numbers():
    counts = count_spans([[], []], [[], []], LABELS)
    assert [counts.f1("macro"), counts.precision("micro"), counts.recall("weighted")] == [0, 0, 0]


@given(st.lists(st.tuples(spans, spans), max_size=5))
def test_spans_are_labels_of_places(rows):
    """Every (row, start, end) that anybody marked is a row with labels: the same counts."""
    places = sorted(
        {(i, *span[:2]) for i, pair in enumerate(rows) for side in pair for span in side}
    )
    table = np.zeros((2, len(places), len(LABELS)), dtype=int)
    for i, pair in enumerate(rows):
        for side, found in enumerate(pair):
            for start, end, label in found:
                table[side, places.index((i, start, end)), LABELS.index(label)] = 1
    true, answered = [pair[0] for pair in rows], [pair[1] for pair in rows]
    ours, expected = count_spans(true, answered, LABELS), count_labels_of_rows(*table)
    for name in ("hits", "true", "answered"):
        assert getattr(ours, name).tolist() == getattr(expected, name).tolist()


def test_other_labels_and_other_rows_are_refused():
    with pytest.raises(DataError, match=r"must be among .*'gene'\], but there are \['city'\]"):
        count_spans([[(0, 1, "city")]], [[]], LABELS)
    with pytest.raises(DataError, match="must be of the same rows, but are of 1 and 2"):
        count_spans([[]], [[], []], LABELS)
