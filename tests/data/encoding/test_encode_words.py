"""Every word keeps its tokens, its place and its tag, also in a text longer than the model."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.core.tagging import check_tags, list_tags, spans_to_tags, tags_to_spans
from dsf.data.batching import BatchPlan, TokenBatches
from dsf.data.encoding import IGNORED, encode_words

from .conftest import make_bert, make_byte_level

BERT, BYTES = make_bert(), make_byte_level()
TAGS = ["ADJ", "NOUN", "VERB"]


def make_rows(texts, tags=None):
    rows = pd.DataFrame({"text": [" ".join(words) for words in texts], "tokens": texts})
    rows["starts"] = [
        [sum(len(word) + 1 for word in words[:at]) for at in range(len(words))] for words in texts
    ]
    if tags is not None:
        rows["tags"] = tags
    return rows


@st.composite
def tagged(draw):
    """Rows whose words are glued together, or stand apart by any white space."""
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        words = draw(st.lists(st.text("abcs!é中", min_size=1, max_size=5), max_size=9))
        text, starts = "", []
        for word in words:
            text += draw(st.sampled_from([" ", "  ", "\t", "\n "]))
            starts.append(len(text))
            text += word
        tags = [draw(st.sampled_from(TAGS)) for _ in words]
        rows.append({"text": text, "tokens": words, "starts": starts, "tags": tags})
    return pd.DataFrame(rows, columns=["text", "tokens", "starts", "tags"])


@pytest.mark.parametrize("tokenizer", [BERT, BYTES], ids=["bert", "bytes"])
@settings(max_examples=60)
@given(rows=tagged(), max_length=st.integers(4, 12), stride=st.integers(0, 1))
def test_windows_lose_no_token_and_no_tag(tokenizer, rows, max_length, stride):
    encoded = encode_words(rows, tokenizer, max_length=max_length, stride=stride, tags=TAGS)
    assert encoded.lengths.max(initial=0) <= max_length
    window_of = np.repeat(np.arange(len(encoded)), encoded.lengths)
    row_of = encoded.window_rows[window_of]
    bodies = tokenizer.encode_batch(rows["text"].tolist(), add_special_tokens=False)
    for row, body in enumerate(bodies):
        own = encoded.owned & (row_of == row)
        assert encoded.ids[own].tolist() == body.ids
        words = encoded.words[own]
        for (start, end), word in zip(body.offsets, words, strict=True):
            if word >= 0:
                begin = rows["starts"][row][word]
                assert start < begin + len(rows["tokens"][row][word])
                assert end > begin
        firsts = encoded.first & (row_of == row)
        silent = [word for at, word in encoded.silent_words.tolist() if at == row]
        assert sorted([*encoded.words[firsts], *silent]) == list(range(len(rows["tokens"][row])))
        found = [TAGS[number] for number in encoded.targets[firsts]]
        assert found == [rows["tags"][row][word] for word in encoded.words[firsts]]
    assert (encoded.targets[~encoded.first] == IGNORED).all()
    edges = np.concatenate([encoded.offsets[:-1], encoded.offsets[1:] - 1])
    assert (encoded.words[edges] == -1).all()


def test_a_long_text_by_an_example():
    rows = make_rows([["play", "the", "songs", "a", "b"]], [["VERB", "ADJ", "NOUN", "ADJ", "ADJ"]])
    encoded = encode_words(rows, BERT, max_length=6, stride=2, tags=TAGS)
    song, s, a, b = (BERT.token_to_id(token) for token in ("song", "##s", "a", "b"))
    assert [window.tolist() for window in encoded] == [[2, 5, 6, song, s, 3], [2, song, s, a, b, 3]]
    assert encoded.words.tolist() == [-1, 0, 1, 2, 2, -1, -1, 2, 2, 3, 4, -1]
    assert encoded.targets.tolist() == [-100, 2, 0, 1, -100, -100, -100, -100, -100, 0, 0, -100]
    assert np.flatnonzero(encoded.owned).tolist() == [1, 2, 3, 8, 9, 10]
    assert encoded.window_rows.tolist() == [0, 0]


@pytest.mark.parametrize("scheme", ["iob2", "bilou"])
@given(cuts=st.lists(st.tuples(st.integers(1, 3), st.booleans()), min_size=1, max_size=5))
def test_tokens_of_a_word_continue_its_span(scheme, cuts):
    """The spans of the tokens are those of the words, and the tags keep their scheme."""
    ends = np.cumsum([length for length, _ in cuts])
    spans = [
        (e - n, e, "x") for e, (n, is_span) in zip(ends.tolist(), cuts, strict=True) if is_span
    ]
    words = ["ab" if at % 2 else "c" for at in range(ends[-1])]  # "ab" becomes two tokens
    word_tags = spans_to_tags(spans, len(words), scheme)
    tags = list_tags(["x"], scheme)
    encoded = encode_words(
        make_rows([words], [word_tags]),
        BERT,
        max_length=99,
        tags=tags,
        scheme=scheme,
        tag_subtokens=True,
    )
    found = [tags[number] for number in encoded.targets[encoded.owned]]
    word_of = encoded.words[encoded.owned]
    assert check_tags(found, scheme) == []
    assert [
        (word_of[span.start], word_of[span.end - 1] + 1, span.label)
        for span in tags_to_spans(found, scheme)
    ] == spans


def test_tags_that_stand_alone_are_repeated():
    rows = make_rows([["songs", "a"]], [["NOUN", "ADJ"]])
    encoded = encode_words(rows, BERT, max_length=9, tags=TAGS, tag_subtokens=True)
    assert encoded.targets.tolist() == [-100, 1, 1, 0, -100]


def test_a_word_that_no_model_sees_is_named():
    encoded = encode_words(make_rows([["a"], ["b", "\x00", "c"]]), BERT, max_length=9)
    assert encoded.silent_words.tolist() == [[1, 1]]
    assert encoded.words.tolist() == [-1, 0, -1, -1, 0, 2, -1]


def test_the_log_counts_texts_in_windows_and_words_that_no_model_sees(caplog):
    caplog.set_level("INFO")
    rows = make_rows([["a"], ["b"] * 9, ["c", "\x00"]])
    encode_words(rows, BERT, max_length=6, part="test")
    assert caplog.messages == [
        "test: 1 of 3 texts are longer than 6 tokens (max_length) and read in 3 windows; "
        "nothing is left out.",
        "test: Words without a token of this tokenizer, which no model sees: 1; the first is word "
        "1 of row 2.",
    ]
    caplog.clear()
    encode_words(rows[:1], BERT, max_length=6)
    assert not caplog.messages


def test_more_rows_than_a_batch():
    rows = make_rows(
        [["a", "songs"], ["\x00"], ["the"] * 5] * 2500, [["ADJ"] * 2, ["ADJ"], ["NOUN"] * 5] * 2500
    )
    encoded = encode_words(rows, BERT, max_length=5, tags=TAGS)
    assert np.bincount(encoded.window_rows).tolist() == [1, 1, 2] * 2500
    assert (encoded.silent_words == [[3 * at + 1, 0] for at in range(2500)]).all()
    some = encode_words(rows[:3], BERT, max_length=5, tags=TAGS)
    for name in ("ids", "words", "owned", "first", "targets"):
        assert (getattr(encoded, name) == np.tile(getattr(some, name), 2500)).all()


def test_windows_go_into_batches():
    rows = make_rows([list("abcdefg"), ["a"]], [["ADJ"] * 7, ["NOUN"]])
    encoded = encode_words(rows, BERT, max_length=6, tags=TAGS)
    plan = BatchPlan(encoded.lengths, batch_size=2, order="given")
    fields = {"targets": encoded.targets}
    first, second = TokenBatches(encoded, plan, token_fields=fields)
    assert first["lengths"].tolist() == [6, 6]
    assert second["targets"].tolist() == [-100, 1, -100]


def test_rows_that_do_not_fit_are_all_named():
    rows = make_rows([["a"], ["b", "c"], ["d"], ["e"]], [["ADJ"], ["ADJ"], ["X"], ["NOUN"]])
    rows.at[3, "starts"] = [1]
    with pytest.raises(DataError) as caught:
        encode_words(rows, BERT, max_length=9, tags=TAGS)
    assert [str(problem) for problem in caught.value.problems] == [
        "row 1: must have a tag for each of 2 tokens, but has 1.",
        "row 3: token 0 must be 'e' at character 1, after the one before it.",
    ]
    with pytest.raises(DataError, match="row 0, token 0: must be one of ADJ, NOUN, VERB, but is"):
        encode_words(rows.iloc[[2]], BERT, max_length=9, tags=TAGS)
    with pytest.raises(DataError, match="tags: must be a column"):
        encode_words(rows.drop(columns="tags"), BERT, max_length=9, tags=TAGS)


def test_lengths_that_leave_no_room_are_refused():
    with pytest.raises(ConfigError, match="from 0 to below 2"):
        encode_words(make_rows([["a"]]), BERT, max_length=4, stride=2)
    with pytest.raises(ConfigError, match="special tokens"):
        encode_words(make_rows([["a"]]), BERT, max_length=2)
