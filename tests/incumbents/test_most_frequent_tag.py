"""Words get the tag that they mostly had; entities follow their scheme."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError, HookError
from dsf.core.tagging import check_tags, list_tags
from dsf.incumbents import MostFrequentTag

PARTS = ["DET", "NOUN", "VERB"]
CITY = ["O", "B-city", "I-city"]


def make_rows(*sentences):
    """Make rows from texts such as ``the/DET dog/NOUN``."""
    rows = []
    for number, sentence in enumerate(sentences):
        pairs = [word.rsplit("/", 1) for word in sentence.split()]
        tokens = [word for word, _ in pairs]
        starts = [sum(len(word) + 1 for word in tokens[:at]) for at in range(len(tokens))]
        rows.append(
            {
                "row_id": number + 100,
                "text": " ".join(tokens),
                "tokens": tokens,
                "starts": starts,
                "tags": [tag for _, tag in pairs],
            }
        )
    return pd.DataFrame(rows)


def answer(tags, scheme, train, *sentences):
    tagger = MostFrequentTag(tags, scheme)
    tagger.fit(make_rows(*train))
    return tagger.predict(make_rows(*sentences))


def test_a_known_word_gets_its_most_frequent_tag():
    train = ["the/DET walk/NOUN", "a/DET walk/NOUN", "dogs/NOUN walk/VERB"]
    answers = answer(PARTS, None, train, "dogs/NOUN walk/VERB")
    assert answers.predictions == [["NOUN", "NOUN"]]
    assert answers.confidences == [[1.0, pytest.approx(2 / 3)]]
    assert answers.targets == [["NOUN", "VERB"]]


def test_the_first_tag_wins_a_tie():
    train = ["walk/VERB walk/NOUN"]
    assert answer(PARTS, None, train, "walk/NOUN").predictions == [["NOUN"]]
    turned = answer(PARTS[::-1], None, train, "walk/NOUN")
    assert turned.predictions == [["VERB"]]


def test_strange_words_fall_back_step_by_step():
    train = [
        "the/DET barking/VERB dog/NOUN",
        "dog/NOUN May/VERB",
        "may/NOUN may/NOUN song/NOUN long/NOUN",
    ]
    cases = {
        "May": "VERB",  # itself
        "MAY": "NOUN",  # in small letters, where NOUN is more frequent
        "singing": "VERB",  # its last three letters
        "xyz": "NOUN",  # the most frequent of all
    }
    found = answer(PARTS, None, train, *(f"{word}/NOUN" for word in cases))
    assert [row[0] for row in found.predictions] == list(cases.values())


def test_marks_are_mended_and_the_confidence_stays():
    train = ["in/O New/B-city York/I-city", "old/O New/B-city York/I-city"]
    answers = answer(CITY, "iob2", train, "York/B-city in/O York/B-city")
    assert answers.predictions == [["B-city", "O", "B-city"]]
    assert answers.confidences == [[1.0, 1.0, 1.0]]
    assert [entity.text for entity in answers.entities(0)] == ["York", "York"]


def test_a_mended_entity_whose_tag_there_is_not_is_left_out():
    tags = ["O", "B-city", "L-city"]  # of one word or of three there is none
    train = ["New/B-city York/L-city in/O"]
    answers = answer(tags, "bilou", train, "in/O York/O in/O", "New/B-city York/L-city in/O")
    assert answers.predictions == [["O", "O", "O"], ["B-city", "L-city", "O"]]


WORDS = st.sampled_from(["New", "new", "York", "in", "at", "Cape", "Town", "x"])


@given(
    scheme=st.sampled_from(["iob2", "bilou"]),
    texts=st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=4),
    data=st.data(),
)
def test_answers_always_follow_the_scheme(scheme, texts, data):
    tags = list_tags(["a", "b"], scheme)
    tagger = MostFrequentTag(tags, scheme)
    # Tags at random: what words mostly have then rarely makes sense as a sequence.
    train = [
        " ".join(f"{word}/{data.draw(st.sampled_from(tags))}" for word in text) for text in texts
    ]
    tagger.fit(make_rows(*train))
    asked = make_rows(*(" ".join(f"{word}/O" for word in text) for text in texts))
    for row in tagger.predict(asked).predictions:
        assert not check_tags(row, scheme)


def test_a_tag_that_is_not_named_is_refused():
    with pytest.raises(DataError, match=r"tags: must be among .* but \['ADJ'\] are not"):
        answer(PARTS, None, ["big/ADJ dog/NOUN"], "dog/NOUN")


def test_rows_without_tokens_are_refused():
    rows = make_rows("a/DET").iloc[:0]
    with pytest.raises(DataError, match="tokens: must be there to learn from"):
        MostFrequentTag(PARTS).fit(rows)


def test_what_was_never_fitted_is_named():
    with pytest.raises(HookError, match=r"MostFrequentTag must be fitted.*fit\(rows\) first"):
        MostFrequentTag(PARTS).predict(make_rows("a/DET"))


def test_rows_without_tokens_are_told():
    rows = pd.DataFrame({"row_id": [1], "text": ["to Rome"], "label": ["go"]})
    with pytest.raises(ConfigError, match=r"\['tokens', 'tags'\] are not\..* text_baseline"):
        MostFrequentTag(["O"]).fit(rows)
