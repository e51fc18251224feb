"""Whether an encoder has a vector for every token of a tokenizer."""

from __future__ import annotations

from dsf.networks import load_tokenizer

__all__ = ["explain_vocabulary"]


def explain_vocabulary(tokenizer: str, encoder: str, vectors: int) -> str | None:
    """Say why a tokenizer does not go with an encoder; ``None`` if it does.

    Args:
        tokenizer: Where it is from; see :func:`dsf.networks.find_source`.
        encoder: The same of the encoder.
        vectors: How many tokens the encoder has vectors for.

    Raises:
        ConfigError: If the tokenizer cannot be loaded.
    """
    tokens = max(load_tokenizer(tokenizer).get_vocab().values()) + 1
    if tokens <= vectors:
        return None
    return (
        f"must be a tokenizer of at most {vectors} tokens, for which the encoder {encoder!r} has "
        f"vectors, but {tokenizer!r} has {tokens}. Name the tokenizer that belongs to the encoder"
    )
