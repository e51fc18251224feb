"""A new encoder for texts that no encoder at hand knows: its own words, weights at random."""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import storage_errors, write_json, write_text
from dsf.core.errors import ConfigError, DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tokenizers import Tokenizer

__all__ = ["new_encoder"]

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_PREFIX = "##"  # before a piece that goes on with a word
_LONGEST_WORD = 100  # in characters; WordPiece gives a longer one [UNK], as BERT does
_SMALLEST = 32  # tokens: the special ones and the characters of some words


def new_encoder(
    folder: Path,
    texts: Iterable[str],
    *,
    vocabulary_size: int = 8000,
    hidden_size: int = 256,
    layers: int = 4,
    heads: int = 4,
    max_length: int = 512,
    cased: bool = False,
) -> str:
    """Write the tokenizer and the config of a new BERT encoder; its weights begin at random.

    The tokenizer is a WordPiece (Wu et al. 2016, section 4.1; Devlin et al. 2019, section 3)
    learned from the texts. Accents stay, since vowels of many scripts, Devanagari among them, are
    marks like accents. The same texts give the same files.

    Args:
        folder: Where to write; must be absent or empty.
        texts: Texts like those that it will read: the training rows. Read once; only their
            distinct words are held in memory.
        vocabulary_size: Most tokens that the tokenizer may have. Few texts give fewer.
        hidden_size: Length of a token's vector; a multiple of ``heads``. The inner layer of each
            feed-forward block is four times as wide.
        layers: Number of layers.
        heads: Number of attention heads in each.
        max_length: Most tokens of a text, ``[CLS]`` and ``[SEP]`` among them.
        cased: Whether capital letters differ from small ones.

    Returns:
        What ``model_config.encoder`` must name: ``scratch:FOLDER``.

    Raises:
        ConfigError: If sizes do not fit together or the folder holds something; lists all.
        DataError: If the texts hold no word.
        StorageError: If the disk does not let us write.
    """
    sizes = {
        "hidden_size": hidden_size,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": 4 * hidden_size,
        "max_position_embeddings": max_length,
    }
    _check(folder, sizes, vocabulary_size)
    tokenizer = _train_tokenizer(texts, vocabulary_size, cased=cased)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / "tokenizer.json", tokenizer.to_str(pretty=True) + "\n")
        write_json(folder / "tokenizer_config.json", _describe_tokenizer(max_length))
        # Last: without it, the folder is none of an encoder.
        write_json(folder / "config.json", _describe_model(sizes, tokenizer.get_vocab_size()))
    return f"scratch:{folder}"


def _train_tokenizer(texts: Iterable[str], size: int, *, cased: bool) -> Tokenizer:
    from tokenizers import decoders, normalizers, pre_tokenizers, processors

    normalizer = normalizers.BertNormalizer(strip_accents=False, lowercase=not cased)
    pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    words: Counter[str] = Counter()
    for text in texts:
        split = pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(text))
        words.update(word for word, _ in split if len(word) <= _LONGEST_WORD)
    if not words:
        message = "hold no word. Give the texts that the encoder will read."
        raise DataError("A new encoder needs texts.", [Problem("texts", message)])
    tokenizer = _learn_pieces(words, size)
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.add_special_tokens(list(_SPECIAL))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(name, _SPECIAL.index(name)) for name in ("[CLS]", "[SEP]")],
    )
    tokenizer.decoder = decoders.WordPiece(prefix=_PREFIX)
    return tokenizer


def _learn_pieces(words: Counter[str], size: int) -> Tokenizer:
    """Learn the pieces of words, the same ones in every process.

    The trainer numbers characters in the order in which it meets them, which is that of a hash
    with a random seed, and breaks ties by number. So they are numbered here, as special tokens.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    alphabet = _alphabet(words, size // 2)
    known = set(alphabet)
    whole = {word: count for word, count in words.items() if known.issuperset(_characters(word))}
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        min_frequency=2,
        special_tokens=[*_SPECIAL, *alphabet],
        continuing_subword_prefix=_PREFIX,
        show_progress=False,
    )
    learner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    learner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    learner.train_from_iterator(_lines(whole), trainer)
    return Tokenizer(
        models.WordPiece(
            vocab=learner.get_vocab(),
            unk_token="[UNK]",
            max_input_chars_per_word=_LONGEST_WORD,
            continuing_subword_prefix=_PREFIX,
        )
    )


def _alphabet(words: Counter[str], most: int) -> list[str]:
    """List the characters of words, the most frequent ones if there are too many."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for character in _characters(word):
            counts[character] += count
    kept = sorted(counts, key=lambda character: (-counts[character], character))
    return sorted(kept[: most - len(_SPECIAL)])


def _characters(word: str) -> list[str]:
    """Give the smallest pieces of a word.

    >>> _characters("cat")
    ['c', '##a', '##t']
    """
    return [word[0], *(_PREFIX + character for character in word[1:])]


def _lines(words: dict[str, int]) -> Iterator[str]:
    """Give each word as often as it came, many to a line."""
    one_by_one = chain.from_iterable(repeat(word, words[word]) for word in sorted(words))
    while line := " ".join(islice(one_by_one, 1000)):
        yield line


def _describe_tokenizer(max_length: int) -> dict[str, Any]:
    names = {f"{token[1:-1].lower()}_token": token for token in _SPECIAL}
    # Not BERT's class: that one makes the normaliser anew, and takes the accents off.
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": max_length,
        "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
        **names,
    }


def _describe_model(sizes: dict[str, int], vocabulary_size: int) -> dict[str, Any]:
    return {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": vocabulary_size,
        "pad_token_id": _SPECIAL.index("[PAD]"),
        **sizes,
    }


def _check(folder: Path, sizes: dict[str, int], vocabulary_size: int) -> None:
    problems = [
        Problem(name, f"must be 1 or more, but is {size}.")
        for name, size in sizes.items()
        if size < 1 and name != "intermediate_size"
    ]
    hidden_size, heads = sizes["hidden_size"], sizes["num_attention_heads"]
    if heads > 0 and hidden_size % heads:
        message = f"must be a multiple of the {heads} heads, but is {hidden_size}."
        problems.append(Problem("hidden_size", message))
    if vocabulary_size < _SMALLEST:
        message = f"must be {_SMALLEST} or more, but is {vocabulary_size}."
        problems.append(Problem("vocabulary_size", message))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = "must be a new or an empty folder, but is not. Choose another one."
        problems.append(Problem(str(folder), message))
    if problems:
        raise ConfigError("The new encoder cannot be made.", problems)
