"""Small pictures of intervals: all on one scale, and nothing outside of it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from dsf.core.measures import Measure
from dsf.report.mark_columns import metric_marks
from dsf.report.marks import difference_mark, scale_of, values_mark
from dsf.report.sections.label_rows import LabelView
from dsf.report.sections.metric_rows import MetricRow

NUMBERS = st.floats(-1, 1, allow_nan=False).map(lambda value: round(value, 6))
MEASURES = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted).map(lambda v: Measure(v[1], v[0], v[2]))


def places(mark):
    return [float(place) for place in re.findall(r' (?:x|x1|x2|cx)="([\d.-]+)%"', mark)]


@given(st.lists(MEASURES, min_size=1, max_size=6), st.booleans())
def test_everything_has_room_and_keeps_its_order(measures, zero):
    scale = scale_of(measures, zero=zero)
    assert all(scale.fits(one) for one in measures)
    assert not zero or scale.low <= 0 <= scale.high
    assert 1 <= len(scale.ticks) <= 4 or scale.high - scale.low < 0.1
    for one in measures:
        assert all(0 <= place <= 100 for place in places(values_mark(scale, one, one, "both")))
    by_value = sorted(measures, key=lambda one: one.value)
    drawn = [float(scale.place(one.value)[:-1]) for one in by_value]
    assert drawn == sorted(drawn)


@given(st.lists(MEASURES, min_size=1, max_size=6))
def test_a_share_has_no_scale_beyond_its_limits(measures):
    scale = scale_of(measures, limits=(-1, 1), zero=False)
    assert -1 <= scale.low < scale.high <= 1


def test_nothing_to_place_has_no_scale():
    assert scale_of([None], zero=True) is None


def test_one_model_is_never_drawn_without_the_other():
    rows = [
        MetricRow("accuracy", Measure(0.8, 0.7, 0.9), Measure(0.7, 0.6, 0.8)),
        MetricRow("missed", Measure(1.2, 0.9, 1.4), Measure(0.6, 0.5, 0.7)),
        MetricRow("f1", Measure(0.8, 0.7, 0.9)),
    ]
    drawn = metric_marks(rows)["rows"]
    assert [len(re.findall("dot (?:trained|existing)", str(one["values"]))) for one in drawn] == [
        *[2, 0, 1]
    ]


def test_an_interval_is_marked_where_it_is_of_few_or_has_no_width():
    def few(measure, support):
        return LabelView("a", measure, None, None, None, support).few

    assert few(Measure(0.5, 0.4, 0.6), 19)
    assert not few(Measure(0.5, 0.4, 0.6), 20)
    assert few(Measure(0.0, 0.0, 0.0), 33)
    assert not few(Measure(0.0), 3)
    assert not few(None, 3)


def test_a_difference_shows_its_side_by_a_class_and_in_words():
    gap = Measure(0.02, 0.01, 0.03)
    scale = scale_of([gap], zero=True)
    mark = difference_mark(scale, gap, "better", '"f1" <b>: +0.02', -0.01)
    assert 'class="dot better"' in mark
    assert 'aria-label="&#34;f1&#34; &lt;b&gt;: +0.02"' in mark
    assert '<rect class="margin"' in mark
    assert 'class="dot open"' in difference_mark(scale, gap, "undecided", "")
