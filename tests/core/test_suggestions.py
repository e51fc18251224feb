"""A slip of the finger is answered with the word that was meant."""

from __future__ import annotations

from dsf.core.suggestions import did_you_mean, find_closest

KNOWN = ["batch_size", "learning_rate", "AdamW"]


def test_a_slip_is_found() -> None:
    assert did_you_mean("batchsize", KNOWN) == " Did you mean 'batch_size'?"


def test_the_case_of_letters_does_not_matter() -> None:
    assert find_closest("ADAMW", KNOWN) == find_closest("adamw", KNOWN) == "AdamW"


def test_nothing_is_suggested_for_another_word() -> None:
    assert did_you_mean("zebra", KNOWN) == ""
    assert did_you_mean("anything", []) == ""


def test_the_word_itself_is_no_suggestion() -> None:
    assert did_you_mean("batch_size", KNOWN) == ""


def test_a_high_cutoff_asks_for_more_likeness() -> None:
    assert find_closest("batch_sizes", KNOWN, cutoff=0.9) == "batch_size"
    assert find_closest("batch", KNOWN, cutoff=0.9) is None
