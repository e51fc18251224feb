"""A tiny encoder of each family, and a tiny tokenizer, in folders as transformers saves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoConfig, AutoModel, PreTrainedTokenizerFast

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from transformers import PreTrainedModel

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "what", "is", "the", "time", "book", "a", "flight")


def make_model(family: str, **options: Any) -> PreTrainedModel:
    """A model with two layers and weights that are not small, so that mistakes show."""
    sizes: dict[str, Any] = {
        "vocab_size": 40,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 48,
        "max_position_embeddings": 24,
        "initializer_range": 0.5,
        "pad_token_id": 0,
    }
    if family == "distilbert":
        sizes |= {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 48}
        for name in ("hidden_size", "num_hidden_layers", "num_attention_heads"):
            del sizes[name]
        del sizes["intermediate_size"]
    if family in {"albert", "electra"}:
        sizes["embedding_size"] = 16
    if family in {"camembert", "roberta", "xlm-roberta"}:
        sizes["pad_token_id"] = 1
    torch.manual_seed(0)
    config = AutoConfig.for_model(family, **(sizes | options))
    model: PreTrainedModel = AutoModel.from_config(config)
    return model


def make_tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(
        models.WordPiece({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    )


@pytest.fixture
def build() -> Callable[..., PreTrainedModel]:
    """Make a tiny encoder of a family, with options of its config."""
    return make_model


@pytest.fixture
def tokenizer() -> PreTrainedTokenizerFast:
    """A tiny tokenizer."""
    return make_tokenizer()


@pytest.fixture
def save_encoder(tmp_path: Path) -> Callable[..., Path]:
    """Save a tiny encoder and its tokenizer, and give the folder."""

    def save(family: str = "bert", **options: Any) -> Path:
        folder = tmp_path / family
        make_model(family, **options).save_pretrained(folder)
        make_tokenizer().save_pretrained(folder)
        return folder

    return save
