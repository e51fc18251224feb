"""An encoder made from texts is read like any other, and is the same wherever it is made."""

import os
import subprocess
import sys

import pytest
import torch

from dsf.core.errors import ConfigError, DataError
from dsf.data.encoding import encode_texts
from dsf.networks import TextEncoder, load_encoder, load_tokenizer, new_encoder

TINY = {"vocabulary_size": 300, "hidden_size": 32, "layers": 2, "heads": 4, "max_length": 24}
TEXTS = [
    "Where is my parcel? It should have come on Monday.",
    "The new phone stopped working after two days, please refund it.",
    "Café Müller asks for a second invoice — can you send it today?",
    "How do I change the password of my account?",
] * 5
HINDI = ["मेरी किताब कहाँ है?", "यह दुकान आज बंद है।", "क्या आप हिंदी में लिख सकते हैं?"] * 5


@pytest.fixture
def make(tmp_path):
    def build(texts=TEXTS, name="encoder", **options):
        return new_encoder(tmp_path / name, texts, **(TINY | options))

    return build


def test_its_parts_are_loaded_like_those_of_any_encoder(make):
    source = make()
    encoder, tokenizer = load_encoder(source), load_tokenizer(source)
    assert encoder.config.vocab_size == len(tokenizer) <= 300
    assert encoder.config.num_hidden_layers == 2
    assert tokenizer.model_max_length == 24
    encoded = encode_texts(TEXTS[:2], tokenizer, max_length=24)
    hidden = TextEncoder(encoder)(
        torch.from_numpy(encoded.ids.astype("int64")), torch.from_numpy(encoded.lengths)
    )
    assert hidden.shape == (int(encoded.lengths.sum()), 32)


def test_a_text_comes_back_from_its_tokens(make):
    tokenizer = load_tokenizer(make())
    for text in TEXTS[:4]:
        ids = tokenizer(text)["input_ids"]
        assert tokenizer.unk_token_id not in ids
        told = tokenizer.decode(ids, skip_special_tokens=True)
        assert told.replace(" ", "") == text.lower().replace(" ", "")
        assert ids[0] == tokenizer.cls_token_id
        assert ids[-1] == tokenizer.sep_token_id


def test_marks_of_devanagari_and_accents_stay(make):
    tokenizer = load_tokenizer(make([*HINDI, *TEXTS]))
    whole = tokenizer.decode(tokenizer("मेरी किताब, café")["input_ids"], skip_special_tokens=True)
    assert whole.replace(" ,", ",") == "मेरी किताब, café"


def test_frequent_words_become_one_token(make):
    tokenizer = load_tokenizer(make())
    assert tokenizer.tokenize("password parcel") == ["password", "parcel"]


@pytest.mark.parametrize(("cased", "same"), [(False, True), (True, False)])
def test_capitals_differ_only_where_asked(make, cased, same):
    tokenizer = load_tokenizer(make(cased=cased))
    assert (tokenizer("Where")["input_ids"] == tokenizer("where")["input_ids"]) is same


MAKE_IT = """
import random
from pathlib import Path
from dsf.networks import new_encoder

draw = random.Random(0)
words = ["".join(draw.choices("abcdefgh", k=draw.randint(2, 7))) for _ in range(200)]
texts = [" ".join(draw.choices(words, k=8)) for _ in range(200)]
new_encoder(Path(folder), texts, vocabulary_size=300)
"""


def test_the_same_texts_give_the_same_files_in_every_process(tmp_path):
    elsewhere = f"folder = {str(tmp_path / '0')!r}\n{MAKE_IT}"
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    subprocess.run([sys.executable, "-c", elsewhere], check=True, env=environment)
    for name in ("1", "2"):
        exec(MAKE_IT, {"folder": str(tmp_path / name)})
    made = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "012"
    ]
    assert set(made[0]) == {"tokenizer.json", "tokenizer_config.json", "config.json"}
    assert made[0] == made[1] == made[2]


def test_a_script_with_more_characters_than_room_keeps_the_most_frequent(make):
    # 400 letters of Chinese, of which the first twenty come ten times as often.
    common = "".join(chr(0x4E00 + number) for number in range(20))
    rare = "".join(chr(0x5E00 + number) for number in range(400))
    tokenizer = load_tokenizer(make([common * 10, rare], vocabulary_size=64))
    assert len(tokenizer) <= 64
    assert tokenizer.unk_token_id not in tokenizer(common)["input_ids"]
    assert tokenizer.unk_token_id in tokenizer(rare)["input_ids"]


def test_texts_are_read_once(make):
    assert load_tokenizer(make(iter(TEXTS))).tokenize("password") == ["password"]


@pytest.mark.parametrize("texts", [[], ["", " \n\t"]])
def test_texts_without_a_word_are_refused(make, texts):
    with pytest.raises(DataError, match="texts: hold no word"):
        make(texts)


def test_sizes_that_do_not_fit_are_all_named(make):
    with pytest.raises(ConfigError) as caught:
        make(vocabulary_size=8, hidden_size=30, layers=0)
    message = str(caught.value)
    assert "hidden_size: must be a multiple of the 4 heads, but is 30" in message
    assert "vocabulary_size: must be 32 or more, but is 8" in message
    assert "num_hidden_layers: must be 1 or more, but is 0" in message


def test_an_encoder_that_is_there_is_not_written_over(tmp_path, make):
    make()
    before = (tmp_path / "encoder" / "tokenizer.json").read_bytes()
    with pytest.raises(ConfigError, match="must be a new or an empty folder"):
        make(HINDI)
    assert (tmp_path / "encoder" / "tokenizer.json").read_bytes() == before
