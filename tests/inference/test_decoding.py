"""The most probable tags that follow their scheme."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.tagging import check_tags, list_tags
from dsf.inference.decoding import decode_tags

schemes = st.sampled_from(["iob2", "bilou"])


@st.composite
def rows(draw, most_words=6, labels=("city", "day")):
    """Probabilities of the tags of each word, and the scheme."""
    scheme = draw(schemes)
    tags = list_tags(labels[: draw(st.integers(1, len(labels)))], scheme)
    words = draw(st.integers(0, most_words))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sharpness = draw(st.sampled_from([0.05, 0.5, 5.0]))  # near 0: one tag has nearly all
    return random.dirichlet(np.full(len(tags), sharpness), words), tags, scheme


def names(numbers, tags):
    return [tags[number] for number in numbers]


@given(rows(most_words=12, labels=("city", "day", "name")))
def test_the_tags_follow_their_scheme(row):
    probabilities, tags, scheme = row
    decoded = decode_tags(probabilities, tags, scheme)
    assert len(decoded) == len(probabilities)
    assert check_tags(names(decoded, tags), scheme) == []


@given(rows())
def test_what_follows_the_scheme_word_by_word_is_taken(row):
    probabilities, tags, scheme = row
    best = probabilities.argmax(axis=1)
    if not check_tags(names(best, tags), scheme):
        assert decode_tags(probabilities, tags, scheme).tolist() == best.tolist()


@given(rows(most_words=4))
def test_no_other_valid_tags_are_more_probable(row):
    """By brute force over all of them."""
    probabilities, tags, scheme = row

    def score(numbers):
        chosen = probabilities[np.arange(len(probabilities)), list(numbers)]
        return float(np.log(np.maximum(chosen, 1e-12)).sum())

    valid = (
        numbers
        for numbers in itertools.product(range(len(tags)), repeat=len(probabilities))
        if not check_tags(names(numbers, tags), scheme)
    )
    decoded = decode_tags(probabilities, tags, scheme)
    assert score(decoded) == pytest.approx(max(map(score, valid)))


@given(rows())
def test_without_a_scheme_each_word_has_its_most_probable_tag(row):
    probabilities, tags, _ = row
    decoded = decode_tags(probabilities, tags, None)
    assert decoded.tolist() == probabilities.argmax(axis=1).tolist()


def test_a_span_that_is_cut_off_is_mended_by_what_is_nearly_as_probable():
    tags = list_tags(["city"], "iob2")
    probabilities = np.array([[0.5, 0.4, 0.1], [0.1, 0.1, 0.8]])
    assert names(decode_tags(probabilities, tags, "iob2"), tags) == ["B-city", "I-city"]
