"""A metric of the project's own: what it is given, what it may give, and whose mistake is whose."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, HookRaisedError, HookResultError, UserError
from dsf.core.references import allow_folder
from dsf.metrics import Bootstrap, score_predictions
from dsf.testing.random_predictions import KINDS, MODES, make_predictions

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

OWN = """
def fails(targets, predictions):
    if len(targets) > 3:
        raise KeyError("cost")
    return 1.0

def reads(targets):
    raise FileNotFoundError("costs.csv")

def share(targets, predictions):
    return (targets == predictions).mean()
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the user's; each test has its own name for it."""
    name = f"own_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    allow_folder(tmp_path)
    return name


def score(function: Any, kind: str = "single", **options: Any) -> Any:
    predictions = make_predictions(kind, **options)
    return score_predictions(predictions, {"own": function})["own"]


def test_a_function_in_a_module_of_ones_own_is_named_in_the_config(module: str) -> None:
    predictions = make_predictions("single")
    config = {"right": f"{module}:share", "accuracy": True}
    found = score_predictions(predictions, config, bootstrap=Bootstrap(50))
    assert found["right"] == found["accuracy"]
    assert found["intervals"]["right"]["lower"] < found["right"]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8)
@given(mode=st.sampled_from(MODES), rows=st.integers(1, 9), seed=st.integers(0, 99))
def test_it_is_given_the_rows_under_any_of_the_names(
    kind: str, mode: str, rows: int, seed: int
) -> None:
    seen: list[Any] = []

    def look(targets: Any, y_pred: Any, *, beta: float = 2.0) -> float:
        seen.append((targets, y_pred))
        return beta

    predictions = make_predictions(kind, mode, rows=rows, seed=seed)
    found = score_predictions(predictions, {"own": look})
    assert found["own"] == 2.0
    parts = list(predictions.outputs.values()) if kind == "multi_output" else [predictions]
    for one, (targets, answers) in zip(parts, seen[: len(parts)], strict=True):
        for given_, true in ((targets, one.targets), (answers, one.predictions)):
            assert isinstance(given_, np.ndarray)
            assert len(given_) == rows
            assert all(np.array_equal(*pair) for pair in zip(given_, true, strict=True))


def test_probabilities_come_with_a_column_a_label() -> None:
    def widest(probabilities: NDArray[Any]) -> float:
        return float(probabilities.shape[1])

    for kind in ("single", "multilabel"):
        assert score(widest, kind, labels=2) == 2.0
        assert score(widest, kind, labels=3) == 3.0


SCIKIT_LEARN: list[tuple[Any, str, str, dict[str, Any]]] = [
    ("sklearn.metrics:balanced_accuracy_score", "single", "tpr", {}),
    ("sklearn.metrics:matthews_corrcoef", "single", "mcc", {}),
    ("sklearn.metrics:cohen_kappa_score", "single", "cohen_kappa", {}),
    ("sklearn.metrics:log_loss", "single", "log_loss", {}),
    ("sklearn.metrics:hamming_loss", "multilabel", "hamming_loss", {}),
    ("sklearn.metrics:roc_auc_score", "multilabel", "roc_auc", {}),
    ("sklearn.metrics:average_precision_score", "multilabel", "average_precision", {}),
    ("sklearn.metrics:f1_score", "single", "f1_macro", {"average": "macro"}),
    ("sklearn.metrics:roc_auc_score", "single", "roc_auc", {"multi_class": "ovr"}),
]


@pytest.mark.parametrize(("reference", "kind", "ours", "options"), SCIKIT_LEARN)
@pytest.mark.parametrize("labels", [2, 3])
def test_scikit_learns_fit_as_they_are(
    reference: str, kind: str, ours: str, options: dict[str, Any], labels: int
) -> None:
    module, _, func = reference.partition(":")
    spelled: Any = {"module": module, "func": func, "kwargs": options} if options else reference
    found = score_predictions(
        make_predictions(kind, labels=labels), {"theirs": spelled, ours: True}
    )
    assert found["theirs"] == pytest.approx(found[ours])


def test_scikit_learns_get_their_scores_in_the_order_of_the_sorted_labels() -> None:
    from dataclasses import replace

    for labels in (2, 3):
        made = make_predictions("single", labels=labels)
        names = list(made.labels)[::-1]
        turned = replace(made, labels=names, probabilities=made.probabilities[:, ::-1])
        config = {
            "own": {
                "module": "sklearn.metrics",
                "func": "roc_auc_score",
                "kwargs": {"multi_class": "ovr"},
            }
        }
        assert score_predictions(turned, config) == score_predictions(made, config)


@pytest.mark.parametrize(
    ("result", "number"),
    [
        (1, 1.0),
        (True, 1.0),
        (np.float32(0.5), 0.5),
        (np.array(0.25), 0.25),
        (np.int64(3), 3.0),
        (-2.5, -2.5),
    ],
)
def test_any_number_will_do(result: Any, number: float) -> None:
    assert score(lambda targets: result) == number


@pytest.mark.parametrize("result", [None, "0.5", [0.5], np.array([0.5]), {"f1": 1}, 1j])
def test_no_number_is_refused(result: Any) -> None:
    with pytest.raises(HookResultError) as caught:
        score(lambda targets: result)
    assert f"must give one number, or NaN where there is none, but gave {result!r}" in str(
        caught.value
    )
    assert "metrics.own: " in str(caught.value)


@pytest.mark.parametrize("result", [float("nan"), float("inf"), -np.inf])
def test_no_finite_number_is_none_and_says_why(result: float) -> None:
    def broken(targets: Any) -> float:
        return result

    found = score_predictions(make_predictions("single"), {"own": broken}, bootstrap=Bootstrap(3))
    (reason,) = found["undefined"].values()
    assert reason.endswith("broken gives no finite number for these rows")
    assert "own" not in found


def test_an_error_of_its_own_names_it_and_its_line(module: str) -> None:
    with pytest.raises(HookRaisedError) as caught:
        score(f"{module}:fails")
    assert str(caught.value) == (
        f"metrics.own: {module}.fails ({module}.py:4) raised KeyError: 'cost'"
    )
    assert caught.value.exit_code == 2
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(HookRaisedError, match=r"reads .* raised FileNotFoundError: costs.csv"):
        score(f"{module}:reads")


def test_an_error_on_a_sample_alone_is_named_too(module: str) -> None:
    """Of the rows as they are it is fine; a sample has other rows."""

    def picky(targets: Any) -> float:
        if len(set(targets)) < 3:
            raise ZeroDivisionError
        return 1.0

    predictions = make_predictions("single", rows=4, seed=2)
    assert len(set(predictions.targets)) == 3
    said = r"metrics\.own: .*picky .* raised ZeroDivisionError. This was a sample .* give NaN then"
    with pytest.raises(HookRaisedError, match=said):
        score_predictions(predictions, {"own": picky}, bootstrap=Bootstrap(50))


def test_an_error_of_ours_passes() -> None:
    def ours(targets: Any) -> float:
        raise ConfigError("no")

    with pytest.raises(ConfigError, match="no"):
        score(ours)


def nothing_known(first: Any, second: Any) -> float:
    return 0.0


def lacking(targets: Any, beta: float) -> float:
    return beta


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (nothing_known, "nothing_known must have parameters of these names: targets, y_true, y1, "),
        (nothing_known, "; but it has first, second."),
        (lambda: 1.0, "; but it has none."),
        (lambda **rows: 1.0, "must have parameters of these names"),
        (lambda targets, /: 1.0, "but it has targets"),
        (lacking, "lacking needs a value for 'beta'. Give it in kwargs, or give it a default."),
        (functools.partial(lacking, targets=[0]), "must have parameters"),
    ],
)
def test_a_signature_that_cannot_be_called_is_told_before_anything_is_computed(
    function: Any, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        score(function)
    assert message in str(caught.value)
    assert [problem.where for problem in caught.value.problems] == ["metrics.own"]


def test_an_error_in_an_installed_package_names_the_metric() -> None:
    with pytest.raises(HookRaisedError) as caught:
        score("sklearn.metrics:brier_score_loss", labels=2)
    told = "brier_score_loss (an installed package) raised ValueError: y_true takes value in"
    assert told in str(caught.value)


def test_what_is_given_in_the_config_is_no_longer_needed(module: str) -> None:
    assert score(functools.partial(lacking, beta=3.0)) == 3.0


@pytest.mark.parametrize("kind", ["tags", "entities", "single"])
def test_without_probabilities_there_is_a_reason(kind: str) -> None:
    from dataclasses import replace

    def sharp(probabilities: NDArray[Any]) -> float:
        return float(probabilities.max())

    def either(targets: Any, predictions: Any, probabilities: Any = None) -> float:
        return 0.0 if probabilities is None else 1.0

    predictions = make_predictions(kind)
    if kind == "single":
        predictions = replace(predictions, probabilities=None)
    config = {"sharp": sharp, "either": either, "loss": sklearn.metrics.log_loss}
    found = score_predictions(predictions, config)
    assert found["either"] == 0.0
    reason = "it needs the probability of every label, and there is none to use"
    assert found["undefined"] == {"sharp": reason, "loss": reason}
    assert score(either, "multilabel") == 1.0


def test_a_name_that_leads_nowhere_is_a_mistake_of_the_config(module: str) -> None:
    for reference, hint in ((f"{module}:shar", "Did you mean 'share'"), ("os:getcwd", "must")):
        with pytest.raises(UserError, match=hint):
            score(reference)
