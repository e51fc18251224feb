"""Two models that answered the same rows, of every kind of predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsf.core.prediction_kinds import AnyPredictions

KINDS = ("single", "multilabel", "multi_output", "tags", "entities")
LABELS = ["a", "b", "c"]
TAGS = {"tags": ["noun", "verb", "other"], "entities": ["O", "B-x", "I-x", "B-y"]}

Pair: TypeAlias = tuple[Any, Any]


def _single(random: np.random.Generator, truth: np.ndarray, right: float) -> Predictions:
    answers = np.where(random.random(len(truth)) < right, truth, random.integers(0, 3, len(truth)))
    chances = random.dirichlet(np.ones(3), len(truth)) * 0.4
    chances[np.arange(len(truth)), answers] += 0.6
    names = np.array(LABELS)
    return Predictions(np.arange(len(truth)), names[truth], names[answers], LABELS, chances)


def _multilabel(random: np.random.Generator, truth: np.ndarray, right: float) -> Any:
    noise = random.normal(0, 0.25, truth.shape)
    chances = np.clip(0.5 + (truth - 0.5) * (right - 0.2) + noise, 0, 1)
    thresholds = np.array([0.5, 0.4, 0.6])
    return MultiLabelPredictions(np.arange(len(truth)), truth, chances, thresholds, LABELS)


def _tags(random: np.random.Generator, truth: list[list[str]], right: float, kind: str) -> Any:
    names = TAGS[kind]
    answers = [
        [tag if random.random() < right else str(random.choice(names)) for tag in tags]
        for tags in truth
    ]
    tokens = [[f"w{place}" for place in range(len(tags))] for tags in truth]
    return TagPredictions(
        row_ids=np.arange(len(truth)),
        texts=[" ".join(row) for row in tokens],
        starts=[[3 * place for place in range(len(row))] for row in tokens],
        tokens=tokens,
        targets=truth,
        predictions=answers,
        confidences=[[0.5] * len(row) for row in tokens],
        tags=names,
        scheme="iob2" if kind == "entities" else None,
    )


def _truth_of_tags(random: np.random.Generator, rows: int, kind: str) -> list[list[str]]:
    allowed = {"O": TAGS["entities"][:2], "B-x": TAGS["entities"], "I-x": TAGS["entities"]}
    found = []
    for _ in range(rows):
        tags: list[str] = []
        for _ in range(int(random.integers(1, 7))):
            before = tags[-1] if tags else "O"
            names = TAGS[kind] if kind == "tags" else allowed.get(before, ["O", "B-x", "B-y"])
            tags.append(str(random.choice(names)))
        found.append(tags)
    return found


def _pair(
    kind: str = "single", *, rows: int = 60, seed: int = 0, right: tuple[float, float] = (0.8, 0.6)
) -> Pair:
    random = np.random.default_rng([seed, rows])
    sides: list[AnyPredictions]
    if kind == "multi_output":
        first, second = (_pair(seed=seed + n, rows=rows, right=right) for n in (0, 1000))
        sides = [MultiOutputPredictions({"one": first[n], "two": second[n]}) for n in (0, 1)]
    elif kind == "multilabel":
        flags = random.integers(0, 2, (rows, 3))
        sides = [_multilabel(random, flags, each) for each in right]
    elif kind in TAGS:
        tags = _truth_of_tags(random, rows, kind)
        sides = [_tags(random, tags, each, kind) for each in right]
    else:
        truth = random.integers(0, 3, rows)
        sides = [_single(random, truth, each) for each in right]
    return sides[0], sides[1]


@pytest.fixture(scope="session")
def make_pair() -> Callable[..., Pair]:
    """Makes a trained and an existing model: kind, rows, seed, how often each is right."""
    return _pair


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of predictions in its turn."""
    return str(request.param)
