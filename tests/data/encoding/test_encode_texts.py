"""Encoded texts are the tokenizer's own answer, whole, cut where asked, and kept on disk."""

import logging

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, pre_tokenizers

from dsf.core.errors import ConfigError, DataError
from dsf.data.encoding import encode_texts
from dsf.data.encoding.word_encoder import encode_by_words, is_word_by_word

from .conftest import make_bert, make_byte_level

BERT, CASED, BYTES = make_bert(), make_bert(lowercase=False, strip_accents=False), make_byte_level()
MARKED = make_bert()
MARKED.add_tokens(["zz", AddedToken("q!", single_word=True), AddedToken("ss", lstrip=True)])
SPACED = make_bert()
SPACED.add_tokens([AddedToken("the song", normalized=True), AddedToken("中", normalized=True)])
TOKENIZERS = {"bert": BERT, "cased": CASED, "marked": MARKED, "spaced": SPACED, "bytes": BYTES}

# White space, control characters, accents apart from their letter, added tokens, and anything.
WHITE = [" ", "  ", "\t", "\n", "\v", "\x1c", "\x85", "\u00a0", "\u2028", "\u200b", "\x00"]
ADDED = ["[CLS]", "[MASK]", "[MASK] ", "the song", "zz", "q!", "ss", "中"]
PIECES = st.sampled_from([*WHITE, *ADDED, "\u0301", "É", "İ", "ﬁ", "Σ", "'"])
TEXTS = st.lists(
    st.lists(PIECES | st.text(max_size=4) | st.sampled_from(["play", "songs", "a"])).map("".join),
    max_size=12,
)


def expected(texts, tokenizer, max_length):
    own = Tokenizer.from_str(tokenizer.to_str())
    own.no_padding()
    own.enable_truncation(max_length)
    return [encoding.ids for encoding in own.encode_batch(texts)]


def as_lists(encoded):
    return [encoded[row].tolist() for row in range(len(encoded))]


@pytest.mark.parametrize("name", TOKENIZERS)
@settings(max_examples=50)
@given(texts=TEXTS, max_length=st.integers(3, 12))
def test_every_text_is_what_the_tokenizer_says(name, texts, max_length):
    encoded = encode_texts(texts, TOKENIZERS[name], max_length=max_length)
    assert as_lists(encoded) == expected(texts, TOKENIZERS[name], max_length)
    longer = [len(ids) > max_length for ids in expected(texts, TOKENIZERS[name], 10_000)]
    assert encoded.truncated == sum(longer)
    assert encoded.ids.dtype == np.int32
    assert encoded.lengths.tolist() == list(map(len, as_lists(encoded)))


@pytest.mark.parametrize("name", ["bert", "cased", "marked"])
@given(texts=TEXTS)
def test_word_by_word_is_exact_by_itself(name, texts):
    """Not only because the sample that is checked would show it."""
    assert is_word_by_word(TOKENIZERS[name])
    ids, lengths = encode_by_words(pa.array(texts, pa.large_string()), TOKENIZERS[name])
    found = [part.tolist() for part in np.split(ids, np.cumsum(lengths))[:-1]]
    assert found == [TOKENIZERS[name].encode(text).ids[1:-1] for text in texts]


@pytest.mark.parametrize("name", ["spaced", "bytes"])
def test_other_tokenizers_are_not_taken_word_by_word(name):
    assert not is_word_by_word(TOKENIZERS[name])


def test_stored_padding_and_truncation_are_not_used_and_stay():
    tokenizer = make_bert()
    tokenizer.enable_padding(length=16)
    tokenizer.enable_truncation(5)
    encoded = encode_texts(["play the songs", "a b c d e f g"], tokenizer, max_length=128)
    assert encoded.lengths.tolist() == [6, 9]
    assert encoded.truncated == 0
    assert tokenizer.padding["length"] == 16
    assert tokenizer.truncation["max_length"] == 5


def test_a_tokenizer_of_transformers_is_taken():
    from transformers import PreTrainedTokenizerFast

    wrapped = PreTrainedTokenizerFast(tokenizer_object=BERT, pad_token="[PAD]")
    assert as_lists(encode_texts(["play"], wrapped, max_length=8)) == [[2, 5, 3]]


CONTAINERS = {
    "tuple": tuple,
    "numpy": np.array,
    "series": pd.Series,
    "series of objects": lambda texts: pd.Series(texts, dtype=object),
    "series with its own index": lambda texts: pd.Series(texts, index=[7, 3, 3]),
    "arrow": pa.array,
    "a cut of an arrow array": lambda texts: pa.array(["x", *texts, "y"])[1:-1],
    "arrow in chunks": lambda texts: pa.chunked_array([texts[:1], texts[1:]]),
    "arrow dictionary": lambda texts: pa.array(texts).dictionary_encode(),
}


@pytest.mark.parametrize("kind", CONTAINERS.values(), ids=CONTAINERS)
def test_texts_may_come_in_any_container(kind):
    texts = ["play the song", "", "sing!"]
    encoded = encode_texts(kind(texts), BERT, max_length=9)
    assert as_lists(encoded) == expected(texts, BERT, 9)


def test_many_rows_are_joined_in_their_order():
    texts = [f"song {i % 999} {'x' * (i % 7)}" for i in range(70_000)]
    encoded = encode_texts(pd.Series(texts), BERT, max_length=6)
    assert as_lists(encoded) == expected(texts, BERT, 6)


def test_a_tokenizer_that_looks_beyond_a_word_is_noticed(monkeypatch, caplog):
    """Should a family be taken for word by word that is not, the sample shows it."""
    monkeypatch.setattr("dsf.data.encoding.texts.is_word_by_word", lambda tokenizer: True)
    tokenizer = make_bert()
    tokenizer.pre_tokenizer = pre_tokenizers.CharDelimiterSplit("x")
    with caplog.at_level(logging.WARNING):
        encoded = encode_texts(["the song", "a"], tokenizer, max_length=9)
    assert as_lists(encoded) == expected(["the song", "a"], tokenizer, 9)
    assert "encoded whole" in caplog.text


def test_the_cache_gives_the_same_from_a_memory_map(tmp_path, caplog):
    texts = ["play the song", "", "sing"]
    first = encode_texts(texts, BERT, max_length=4, cache=tmp_path, part="train")
    (folder,) = tmp_path.iterdir()
    written = (folder / "ids.npy").stat().st_mtime_ns
    again = encode_texts(pd.Series(texts), BERT, max_length=4, cache=tmp_path)
    assert isinstance(again.ids, np.memmap)
    assert not again.ids.flags.writeable
    assert as_lists(again) == as_lists(first) == expected(texts, BERT, 4)
    assert again.truncated == first.truncated == 1
    message = "1 of 3 texts are cut at 4 tokens (max_length) and lose their end."
    assert caplog.messages == [f"train: {message}", message]
    assert (folder / "ids.npy").stat().st_mtime_ns == written


def test_the_cache_knows_other_texts_lengths_and_tokenizers(tmp_path):
    for texts, tokenizer, length in [
        (["ab", "c"], BERT, 8),
        (["a", "bc"], BERT, 8),
        (["ab", "c"], BERT, 9),
        (["ab", "c"], CASED, 8),
        ([], BERT, 8),
    ]:
        encoded = encode_texts(texts, tokenizer, max_length=length, cache=tmp_path)
        assert as_lists(encoded) == expected(texts, tokenizer, length)
    assert len(list(tmp_path.iterdir())) == 5


@pytest.mark.parametrize("name", ["ids.npy", "offsets.npy", "encoding.json"])
def test_a_damaged_cache_is_made_anew(tmp_path, name):
    encode_texts(["play"], BERT, max_length=8, cache=tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / name).write_bytes(b"")
    encoded = encode_texts(["play"], BERT, max_length=8, cache=tmp_path)
    assert as_lists(encoded) == [[2, 5, 3]]
    assert (folder / name).stat().st_size
    assert list(tmp_path.iterdir()) == [folder]


def test_texts_that_are_none_are_all_named():
    with pytest.raises(DataError) as caught:
        encode_texts(["a", None, 3, "\ud800", float("nan")], BERT, max_length=8)
    assert [problem.where for problem in caught.value.problems] == [
        "row 1", "row 2", "row 3", "row 4"
    ]  # fmt: skip
    with pytest.raises(DataError, match="row 1: the text is missing"):
        encode_texts(pd.Series(["a", None]), BERT, max_length=8)
    with pytest.raises(DataError, match="… and 10 more"):
        encode_texts([1] * 30, BERT, max_length=8)


def test_what_is_no_tokenizer_is_refused():
    with pytest.raises(ConfigError, match="but is str"):
        encode_texts(["a"], "bert", max_length=8)
    with pytest.raises(ConfigError, match="more than the 2 special tokens"):
        encode_texts(["a"], BERT, max_length=2)
