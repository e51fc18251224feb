"""Networks: encoders from transformers, where they come from, and the heads on them."""

from dsf.networks.loading import load_encoder, load_tokenizer
from dsf.networks.source import EncoderSource, find_source

__all__ = ["EncoderSource", "find_source", "load_encoder", "load_tokenizer"]
