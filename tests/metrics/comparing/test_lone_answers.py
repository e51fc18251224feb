"""A label that stands in one of two files alone, and is true of no row, is told with its rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.predictions import Predictions
from dsf.metrics.comparing.lone_answers import remark_on_lone_answers

LABELS = ["a", "b", "slip"]


def answered(*answers):
    truth = np.array(["a", "b", "a", "b"], dtype=object)
    return Predictions(np.arange(4), truth, np.array(answers, dtype=object), LABELS)


CLEAN = answered("a", "b", "a", "a")
ODD = answered("a", "slip", "a", "slip")


@pytest.mark.parametrize("turned", [False, True])
def test_it_is_told_whichever_side_it_is_on(turned):
    sides = (CLEAN, ODD) if turned else (ODD, CLEAN)
    side = "existing" if turned else "trained"
    assert remark_on_lone_answers(*sides) == [
        f"The {side} model alone answers the label ['slip'], true of no row, in 2 rows: [1, 3]. "
        "That counts as wrong."
    ]


def test_what_both_answer_or_is_true_or_listed_by_one_alone_is_not_told_here():
    assert remark_on_lone_answers(ODD, ODD) == []
    true = replace(ODD, targets=np.array(["a", "slip", "a", "b"], dtype=object))
    assert remark_on_lone_answers(true, replace(CLEAN, targets=true.targets)) == []
    unlisted = replace(CLEAN, labels=["a", "b"])
    assert remark_on_lone_answers(ODD, unlisted) == []  # joining tells of it


def test_of_several_outputs_it_says_which():
    trained = MultiOutputPredictions({"topic": CLEAN, "mood": ODD})
    existing = MultiOutputPredictions({"topic": CLEAN, "mood": CLEAN})
    (note,) = remark_on_lone_answers(trained, existing)
    assert note.startswith("mood: The trained model alone answers the label ['slip']")
