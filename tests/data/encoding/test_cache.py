"""What was encoded once is read again: the same arrays, from disk, for the same question only."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from dsf.core.errors import DataError
from dsf.data.encoding import encode_texts, encode_words

from .conftest import make_bert

BERT, CASED = make_bert(), make_bert(lowercase=False, strip_accents=False)
TAGS = ["O", "B-x", "I-x"]
OPTIONS = {"max_length": 6, "stride": 2, "tags": TAGS, "scheme": "iob2", "tag_subtokens": True}
WRITERS, TURNS = 8, 20


def make_rows(text="play the songs  Ab c \x00", word="Ab"):
    words = [["play", "the", "songs", word, "c", "\x00"], ["a"], []]
    rows = pd.DataFrame({"text": [text, "a", "b"], "tokens": words})
    rows["starts"] = [[text.index(word) for word in words[0]], [0], []]
    rows["tags"] = [["O", "O", "B-x", "I-x", "O", "O"], ["B-x"], []]
    return rows


def encode(rows=None, tokenizer=BERT, **changes):
    rows = make_rows() if rows is None else rows
    return encode_words(rows, tokenizer, **OPTIONS | changes)


def check_same(found, expected):
    for field in fields(expected):
        array, other = getattr(found, field.name), getattr(expected, field.name)
        assert array.dtype == other.dtype
        np.testing.assert_array_equal(array, other, strict=True)


@pytest.fixture
def no_tokenizer(monkeypatch):
    """Let every call fail that would tokenise words."""

    def stop():
        monkeypatch.setattr("dsf.data.encoding.words.WordBatch", None)

    return stop


def test_words_come_back_the_same_without_the_tokenizer(tmp_path, caplog, no_tokenizer):
    caplog.set_level("INFO")
    expected = encode()
    first = encode(cache=tmp_path, part="train")
    no_tokenizer()
    again = encode(cache=tmp_path, part="train")
    for encoded in (first, again):
        check_same(encoded, expected)
        for field in fields(encoded):
            array = getattr(encoded, field.name)
            assert isinstance(array, np.memmap)
            assert not array.flags.writeable
    assert len(expected.silent_words) == 1
    assert caplog.messages[2:] == [f"train: {said}" for said in caplog.messages[:2] * 2]


@pytest.mark.parametrize("rows", [make_rows()[:0], make_rows()[2:], make_rows()[1:2]])
def test_few_words_or_none_are_kept_too(tmp_path, rows, no_tokenizer):
    expected = encode(rows)
    encode(rows, cache=tmp_path)
    no_tokenizer()
    check_same(encode(rows, cache=tmp_path), expected)


def test_where_rows_lie_and_what_holds_their_lists_does_not_matter(tmp_path, no_tokenizer):
    """As when the parts of a split are read from their files."""
    encode(cache=tmp_path)
    no_tokenizer()
    rows = make_rows()
    for name in ("tokens", "starts", "tags"):
        rows[name] = [np.array(cell, dtype=object) for cell in rows[name]]
    check_same(encode(rows.set_axis([7, 3, 3]), cache=tmp_path), encode(cache=tmp_path))


def with_cell(column, value):
    rows = make_rows()
    rows.at[0, column] = value
    return rows


OTHERS = {
    "text": {"rows": make_rows("play the songs  Ab c \x00!")},
    "words": {"rows": make_rows(word="A")},
    "places": {"rows": make_rows("play the songs Ab  c \x00")},
    "row tags": {"rows": with_cell("tags", ["O", "O", "B-x", "B-x", "O", "O"])},
    "fewer rows": {"rows": make_rows()[:2]},
    "tokenizer": {"tokenizer": CASED},
    "max_length": {"max_length": 7},
    "stride": {"stride": 1},
    "tags": {"tags": ["O", "I-x", "B-x"]},
    "no tags": {"tags": None},
    "scheme": {"scheme": None},
    "tag_subtokens": {"tag_subtokens": False},
}


def test_all_that_decides_the_answer_has_a_folder_of_its_own(tmp_path):
    for kept, changes in enumerate([{}, *OTHERS.values()]):
        assert len([*tmp_path.iterdir()]) == kept
        check_same(encode(cache=tmp_path, **changes), encode(**changes))
    encode_texts(make_rows()["text"], BERT, max_length=6, cache=tmp_path)
    assert len([*tmp_path.iterdir()]) == len(OTHERS) + 2


def test_rows_that_do_not_fit_are_refused_before_any_cache(tmp_path):
    rows = with_cell("starts", [0, 5, 9, 16, 19, 22])
    with pytest.raises(DataError, match="row 0: token 5 must be"):
        encode(rows, cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


ARRAYS = [f"{field.name}.npy" for field in fields(encode())]


@pytest.mark.parametrize("name", [*ARRAYS, "encoding.json"])
@pytest.mark.parametrize("damage", ["empty", "gone", "shorter", "other"])
def test_damaged_words_are_encoded_anew(tmp_path, name, damage):
    encode(cache=tmp_path)
    (folder,) = tmp_path.iterdir()
    whole = (folder / name).read_bytes()
    if damage == "gone":
        (folder / name).unlink()
    elif damage == "other" and name.endswith(".npy"):
        np.save(folder / name, np.load(folder / name)[:-1])
    else:
        left = {"empty": b"", "shorter": whole[:-1].rstrip(b"}"), "other": b"[]"}
        (folder / name).write_bytes(left[damage])
    check_same(encode(cache=tmp_path), encode())
    assert (folder / name).read_bytes() == whole
    assert [*tmp_path.iterdir()] == [folder]


def test_several_may_write_at_once(tmp_path):
    """As the processes of a fit on several devices do: each moves its folder to one place."""
    barrier = threading.Barrier(WRITERS)

    def write(folder):
        barrier.wait()
        return encode(cache=folder)

    with ThreadPoolExecutor(WRITERS) as pool:
        for turn in range(TURNS):
            folder = tmp_path / str(turn)
            for encoded in pool.map(write, [folder] * WRITERS):
                check_same(encoded, encode())
            assert len([*folder.iterdir()]) == 1
