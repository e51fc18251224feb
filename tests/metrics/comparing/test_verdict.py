"""The word that an interval comes to, at its borders, and the sentence beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.metrics.comparing.differences import Difference
from dsf.metrics.comparing.verdict import (
    VERDICTS,
    fewest_units,
    judge_difference,
    passes,
    tell_reason,
    worst,
)

ENDS = st.tuples(st.floats(-1, 1), st.floats(-1, 1)).map(sorted)


def between(lower, upper, *, less=False):
    middle = (lower + upper) / 2
    return Difference(0.5 + middle, 0.5, middle, lower, upper, less)


@pytest.mark.parametrize(
    ("lower", "upper", "word"),
    [
        (0.001, 0.02, "better"),
        (0.0, 0.02, "not worse"),
        (0.0, 0.0, "not worse"),
        (-0.0099, 0.02, "not worse"),
        (-0.0099, -0.001, "not worse"),
        (-0.01, 0.02, "undecided"),
        (-0.05, 0.0, "undecided"),
        (-0.05, -0.0001, "worse"),
        (-0.01, -0.01, "worse"),
    ],
)
def test_the_borders(lower, upper, word):
    assert judge_difference(between(lower, upper), 0.01) == word
    assert judge_difference(between(-upper, -lower, less=True), 0.01) == word


def test_without_a_margin_nothing_is_not_worse():
    assert judge_difference(between(0.0, 0.0), 0.0) == "undecided"
    assert judge_difference(between(1e-9, 1.0), 0.0) == "better"


@given(ENDS, st.floats(0, 0.5), st.booleans())
def test_it_is_as_the_rule_says(ends, margin, less):
    lower, upper = ends
    word = judge_difference(between(lower, upper, less=less), margin)
    gain = (-upper, -lower) if less else (lower, upper)
    expected = (
        "better"
        if gain[0] > 0
        else "not worse"
        if gain[0] > -margin
        else "worse"
        if gain[1] < 0
        else "undecided"
    )
    assert word == expected


@given(st.floats(0.0001, 0.9999))
def test_losses_on_a_share_of_the_rows_are_seen_on_so_many(share):
    units = fewest_units(share)
    assert (1 - share) ** units <= 0.025 + 1e-9
    assert (1 - share) ** (units - 1) > 0.025 - 1e-9
    assert fewest_units(1.0) == fewest_units(7.5) == 1


def test_a_loss_that_could_go_unseen_is_not_ruled_out():
    seen = between(0.0, 0.02)
    assert fewest_units(0.01) == 368
    words = [judge_difference(replace(seen, units=units), 0.01) for units in (367, 368)]
    assert words == ["undecided", "not worse"]
    assert judge_difference(replace(seen, units=20), 0.2) == "not worse"
    assert judge_difference(replace(between(-0.005, -0.001), units=100), 0.01) == "worse"


def test_five_rows_show_nothing():
    for ends, word in (((0.5, 1.0), "better"), ((-1.0, -0.5), "worse"), ((1.0, 1.0), "better")):
        found = [judge_difference(replace(between(*ends), units=units), 0.01) for units in (5, 6)]
        assert found == ["undecided", word]


def test_a_metric_that_many_samples_lack_shows_nothing():
    gain = between(0.1, 0.2)
    words = [judge_difference(replace(gain, missing_samples=one), 0.01) for one in (0.05, 0.06)]
    assert words == ["better", "undecided"]


def test_a_copy_is_not_worse_on_however_few_rows():
    copy = replace(between(0.0, 0.0), units=1, same_answers=True)
    assert judge_difference(copy, 0.0) == "not worse"


@given(ENDS, st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_wider_margin_never_makes_it_worse(ends, margin, more):
    words = [judge_difference(between(*ends), each) for each in (margin, margin + more)]
    assert VERDICTS.index(words[1]) <= VERDICTS.index(words[0])


def test_which_words_pass_which_rule():
    assert [word for word in VERDICTS if passes(word, "superiority")] == ["better"]
    passing = [word for word in VERDICTS if passes(word, "non_inferiority")]
    assert passing == ["better", "not worse"]


def test_several_are_as_bad_as_the_worst():
    assert worst(["better", "not worse"]) == "not worse"
    assert worst(["undecided", "worse", "better"]) == "worse"
    assert worst(["better", "better"]) == "better"


@pytest.mark.parametrize(
    ("ends", "rows", "sentence"),
    [
        (
            (0.01, 0.03),
            1500,
            "The trained model is better: on 1,500 rows, its F1 is 0.5200 against 0.5000, and the "
            "difference lies between +0.0100 and +0.0300, all of it a gain.",
        ),
        (
            (-0.005, 0.015),
            90,
            "The trained model is not worse: on 90 rows, its F1 is 0.5050 against 0.5000, and the "
            "difference lies between -0.0050 and +0.0150: a gain is not shown, but a loss of 0.01 "
            "or more is ruled out.",
        ),
        (
            (-0.05, 0.05),
            20,
            "It cannot be told which model is better: on 20 rows, its F1 is 0.5000 against "
            "0.5000, and the difference lies between -0.0500 and +0.0500, so that it may be "
            "better, or worse by 0.01 or more: more rows would tell.",
        ),
        (
            (-0.04, -0.02),
            1,
            "The trained model is worse: on the only row, its F1 is 0.4700 against 0.5000, and "
            "the difference lies between -0.0400 and -0.0200, all of it a loss.",
        ),
        (
            (0.0, 0.0),
            5,
            "The trained model is not worse: on 5 rows, its F1 is 0.5000, and so is that of the "
            "existing model, whichever rows are drawn.",
        ),
    ],
)
def test_the_sentence(ends, rows, sentence):
    one = between(*ends)
    assert tell_reason({"f1": one}, {"f1": judge_difference(one, 0.01)}, 0.01, rows) == sentence


@pytest.mark.parametrize(
    ("one", "ending"),
    [
        (
            replace(between(0.0, 0.02), units=90),
            "+0.0200; a loss of 0.01 that these rows never show is ruled out by 368 rows.",
        ),
        (
            replace(between(0.0, 0.0), units=90),
            "whichever rows are drawn; a loss of 0.01 that these rows never show is ruled out by "
            "368 rows.",
        ),
        (
            replace(between(0.1, 0.2), units=5),
            "+0.2000; so few rows cannot show which model is better: it takes 6 at least.",
        ),
        (
            replace(between(0.1, 0.2), units=3, of_clusters=True),
            "+0.2000; 3 clusters cannot show which model is better: it takes 6 at least.",
        ),
        (
            replace(between(0.0, 0.02), units=90, of_clusters=True),
            "+0.0200; a loss of 0.01 that these clusters never show is ruled out by 368 clusters.",
        ),
        (
            replace(between(0.1, 0.2), missing_samples=0.37),
            "+0.2000; 37 % of the samples do not have it: it rests on too few rows.",
        ),
        (
            between(-0.02, 0.0),
            "+0.0000, so that it may be worse by 0.01 or more: more rows would tell.",
        ),
    ],
)
def test_the_sentence_says_why_it_cannot_be_told(one, ending):
    assert judge_difference(one, 0.01) == "undecided"
    sentence = tell_reason({"f1": one}, {"f1": "undecided"}, 0.01, 90)
    assert sentence.startswith("It cannot be told which model is better: on 90 rows, its F1 is ")
    assert sentence.endswith(ending)


def test_the_sentence_of_several_and_of_a_loss():
    ones = {"f1": between(0.01, 0.03), "log_loss": between(-0.03, 0.01, less=True)}
    words = {name: judge_difference(one, 0.0) for name, one in ones.items()}
    assert tell_reason(ones, words, 0.0, 50) == (
        "It cannot be told which model is better: on 50 rows, its F1 is 0.5200 against 0.5000, "
        "and the difference lies between +0.0100 and +0.0300, all of it a gain; its log loss (less "
        "is better) is 0.4900 against 0.5000, and the difference lies between -0.0300 and "
        "+0.0100, so that it may be better, or worse: more rows would tell."
    )
