"""A tokenizer as it is meant: without the padding and the truncation that its file stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["PlainTokenizer"]

_PROBES = ("a", "1", ".", "the")


@dataclass(frozen=True)
class PlainTokenizer:
    """A tokenizer's own copy, and the special tokens that it puts around a text.

    Attributes:
        tokenizer: Neither pads nor truncates. The tokenizer that was given stays as it was.
        prefix: Ids before every text.
        suffix: Ids after every text.
    """

    tokenizer: Tokenizer
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]

    @classmethod
    def of(cls, tokenizer: Any) -> PlainTokenizer:
        """Copy a tokenizer.

        Args:
            tokenizer: A ``tokenizers.Tokenizer`` or a fast tokenizer of transformers.

        Raises:
            ConfigError: If it is neither, or does not put its special tokens around the text.
        """
        from tokenizers import Tokenizer

        fast = getattr(tokenizer, "backend_tokenizer", tokenizer)
        if not isinstance(fast, Tokenizer):
            raise _error(
                "must be a tokenizers.Tokenizer or a fast tokenizer of transformers, but is "
                f"{type(tokenizer).__name__}. Load one that has a tokenizer.json."
            )
        copy = Tokenizer.from_str(fast.to_str())
        copy.no_padding()
        copy.no_truncation()
        return cls(copy, *_special_ids(copy))

    @property
    def special_count(self) -> int:
        """How many special tokens stand around a text."""
        return len(self.prefix) + len(self.suffix)

    def room(self, max_length: int) -> int:
        """Give how many tokens of its own a text may have.

        Args:
            max_length: Most tokens of a text, special tokens included.

        Raises:
            ConfigError: If no room is left beside the special tokens.
        """
        if max_length <= self.special_count:
            raise ConfigError(
                "The texts cannot be encoded.",
                [
                    Problem(
                        "max_length",
                        f"must be more than the {self.special_count} special tokens that stand "
                        f"around every text, but is {max_length}.",
                    )
                ],
            )
        return max_length - self.special_count


def _special_ids(tokenizer: Tokenizer) -> tuple[tuple[int, ...], tuple[int, ...]]:
    for probe in _PROBES:
        bare = tokenizer.encode(probe, add_special_tokens=False).ids
        whole = tokenizer.encode(probe)
        if not bare:
            continue
        start = _leading_ones(whole.special_tokens_mask)
        prefix, suffix = whole.ids[:start], whole.ids[start + len(bare) :]
        if whole.ids == [*prefix, *bare, *suffix]:
            return tuple(prefix), tuple(suffix)
    raise _error(
        "must put its special tokens before and after the text and nowhere else, but "
        f"{_PROBES[0]!r} became {tokenizer.encode(_PROBES[0]).tokens}. Choose another tokenizer."
    )


def _leading_ones(mask: list[int]) -> int:
    return next((at for at, special in enumerate(mask) if not special), len(mask))


def _error(message: str) -> ConfigError:
    return ConfigError("The tokenizer cannot be used.", [Problem("tokenizer", message)])
