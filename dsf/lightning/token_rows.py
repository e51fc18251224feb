"""What the batches of one part of the data are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dsf.data.batching import BatchPlan, TokenBatches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.data.batching.token_batches import Encoded

__all__ = ["TokenRows"]


@dataclass(frozen=True)
class TokenRows:
    """Encoded rows of one part, and what a batch carries besides their tokens.

    Attributes:
        encoded: Encoded rows, such as :class:`~dsf.data.encoding.EncodedTexts`.
        row_fields: Arrays with one entry a row, such as ``targets``. Shape: ``(rows, …)``.
        token_fields: Arrays with one entry a token, such as the targets of a tagger.
            Shape: ``(tokens, …)``.
    """

    encoded: Encoded
    row_fields: Mapping[str, np.ndarray] = field(default_factory=dict)
    token_fields: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.encoded.offsets) - 1

    @property
    def lengths(self) -> np.ndarray:
        """Number of tokens of each row. Shape: ``(rows,)``."""
        return np.diff(self.encoded.offsets)

    def batches(self, plan: BatchPlan) -> TokenBatches:
        """Make batches of the rows.

        Raises:
            DataError: If the lengths of the arrays do not fit together; lists all.
        """
        return TokenBatches(
            self.encoded, plan, row_fields=self.row_fields, token_fields=self.token_fields
        )
