"""Networks: encoders from transformers, where they come from, and the heads on them."""

from dsf.networks.layout import TokenLayout
from dsf.networks.loading import load_encoder, load_tokenizer
from dsf.networks.source import EncoderSource, find_source
from dsf.networks.text_encoder import TextEncoder
from dsf.networks.unpadded import why_padded

__all__ = [
    "EncoderSource",
    "TextEncoder",
    "TokenLayout",
    "find_source",
    "load_encoder",
    "load_tokenizer",
    "why_padded",
]
