"""Whatever a project calls its things, MLflow takes it."""

from hypothesis import example, given
from hypothesis import strategies as st
from mlflow.exceptions import MlflowException
from mlflow.utils.validation import _validate_metric_name, _validate_param, _validate_tag

from dsf.tracking.mlflow_limits import MAX_PARAM, MAX_TAG, cut_text, fitting_name, in_parts

names = st.text(st.characters(), max_size=300) | st.text("ab/.:é \\", max_size=12)


def is_taken(name):
    try:
        _validate_metric_name(name)
        _validate_param(name, "x")
    except MlflowException:
        return False
    return len(name) <= 250


@given(names)
@example("")
@example("../..")
@example("/")
@example("a//b")
@example("x" * 251)
@example("\ud800")
def test_every_name_becomes_one_that_mlflow_takes(name):
    fitting = fitting_name(name)
    assert is_taken(fitting)
    if name and is_taken(name):
        assert fitting == name


@given(st.lists(names, unique=True, max_size=6))
def test_two_names_stay_two(given_names):
    assert len({fitting_name(name) for name in given_names}) == len(given_names)


@given(st.text(st.characters(), max_size=30).map(lambda text: text * 400))
def test_every_text_becomes_one_that_mlflow_takes(text):
    for most in (MAX_PARAM, MAX_TAG):
        cut = cut_text(text, most)
        assert len(cut) <= most
        cut.encode("utf-8")
        if len(text) > most:
            assert str(len(text)) in cut[-40:]
    _validate_param("a", cut_text(text, MAX_PARAM))
    _validate_tag("a", cut_text(text, MAX_TAG))


def test_parts_hold_what_one_request_may_hold():
    many = [(str(number), "x") for number in range(250)]
    assert [len(part) for part in in_parts(many)] == [100, 100, 50]
    long = [(str(number), "x" * 6000) for number in range(100)]
    parts = list(in_parts(long))
    assert [pair for part in parts for pair in part] == long
    assert all(sum(len(text) for _, text in part) <= 200_000 for part in parts)
    assert list(in_parts([])) == []
