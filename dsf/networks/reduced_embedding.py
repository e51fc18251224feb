"""Train only the rows of the embedding that occur, and lose nothing of the others.

A data set uses a few thousand of a vocabulary's tens or hundreds of thousands of tokens. The
rows of the others get no gradient, yet an optimizer goes through all of them in every step. AdamW
only shrinks such a row, by 1 - lr * weight_decay: its moments stay 0. So the rows that occur are
trained in a table of their own, and the others are shrunk by the product over the steps whenever
the whole table is asked for.

Source: the update of Loshchilov & Hutter 2019, algorithm 2, https://arxiv.org/abs/1711.05101,
with a gradient of 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["ReducedEmbedding", "reduce_embedding", "restore_embedding"]


class ReducedEmbedding(nn.Module):
    """An embedding that trains some of its rows and keeps all of them.

    Its ``state_dict`` always holds the full table, as that of ``nn.Embedding`` does, and it can
    read one. The state of the optimizer has the size of the rows that are trained: to go on with
    it, reduce to the same tokens again.

    Attributes:
        weight: The rows that are trained. Shape: ``(kept, size)``.
        kept: Their tokens, rising. Shape: ``(kept,)``.
        padding_idx: Token whose row gets no gradient, or ``None``.
    """

    def __init__(self, table: Tensor, kept: Tensor, padding_idx: int | None = None) -> None:
        """Take the rows to train out of a table.

        Args:
            table: All rows. Shape: ``(vocabulary, size)``.
            kept: The tokens that occur, in any order. Shape: ``(any,)``.
            padding_idx: Token whose row gets no gradient, as in ``nn.Embedding``.

        Raises:
            ValueError: If there is no token, or one is not in the table.
        """
        super().__init__()
        rows = torch.unique(kept.detach().cpu().long())
        if len(rows) == 0 or rows[0] < 0 or rows[-1] >= len(table):
            raise ValueError(
                f"tokens must be from 0 to {len(table) - 1}, one or more, but got {len(rows)} "
                f"with {rows.tolist()[:1]} as the lowest and {rows.tolist()[-1:]} as the highest"
            )
        # Plain attributes, not buffers: DDP would send buffers round in every step.
        self.kept = rows
        self._table = table.detach().cpu().clone()
        self._places = torch.full((len(table),), -1).index_copy(0, rows, torch.arange(len(rows)))
        self._shrunk = 1.0
        self._expected: float | None = None
        self.padding_idx = padding_idx
        place = -1 if padding_idx is None else int(self._places[padding_idx])
        self._padding = None if place < 0 else place
        self.weight = nn.Parameter(table.detach()[rows.to(table.device)].clone())

    def forward(self, input_ids: Tensor) -> Tensor:
        """Look tokens up.

        Args:
            input_ids: Tokens. Shape: any.

        Returns:
            Shape: that of ``input_ids``, and ``size``.

        Raises:
            ValueError: If a token that is not trained comes while training.
        """
        if self._places.device != input_ids.device:
            self._places = self._places.to(input_ids.device)
        places = self._places[input_ids]
        others = places < 0
        if not bool(others.any()):
            return functional.embedding(places, self.weight, padding_idx=self._padding)
        if self.training:
            wrong = sorted(set(input_ids[others].tolist()))
            raise ValueError(
                "while training, every token must be one that the embedding was reduced to, but "
                f"got {wrong[:5]} and {max(0, len(wrong) - 5)} more. Reduce it to all tokens of "
                "the training rows."
            )
        vectors = functional.embedding(places.clamp(min=0), self.weight)
        rest = self._table[input_ids[others].cpu()] * self._shrunk
        return vectors.index_put((others,), rest.to(vectors))

    def follow(self, optimizer: torch.optim.Optimizer) -> None:
        """Shrink the other rows whenever this optimizer would have done it.

        Args:
            optimizer: It must train ``weight``. Call this before its first step.

        Raises:
            ConfigError: If it does something to rows without gradient that is not known here.
            ValueError: If it does not train ``weight``.
        """
        group = self._group(optimizer)
        plain = isinstance(optimizer, torch.optim.AdamW)
        if not plain and (group["weight_decay"] or not isinstance(optimizer, torch.optim.Adam)):
            came = f"{type(optimizer).__name__} with weight_decay={group['weight_decay']}"
            why = (
                f"must be AdamW, or Adam without weight decay, to train some rows only, not {came}"
            )
            raise ConfigError("The embedding cannot be reduced.", [Problem("optimizer", why)])
        optimizer.register_step_post_hook(self._shrink)

    @property
    def shrunk(self) -> float:
        """How much is left of the other rows: the product over the steps so far."""
        return self._shrunk

    def expect(self, shrunk: float) -> None:
        """Say what :attr:`shrunk` was where the state dict that is read next was written.

        Then the other rows are shrunk on from where they began, and end, to the last bit, as those
        of a fit that was never stopped. If they did not begin here, they go on from what is read.
        """
        self._expected = shrunk

    def full_table(self) -> Tensor:
        """Give all rows as training the full table would have left them.

        Returns:
            A copy. Shape: ``(vocabulary, size)``.
        """
        table = (self._table * self._shrunk).to(self.weight)
        table[self.kept.to(table.device)] = self.weight.detach()
        return table

    def _shrink(self, optimizer: torch.optim.Optimizer, _args: Any, _options: Any) -> None:
        # Without a gradient AdamW leaves a parameter out of the step, decay and all.
        if self.weight.grad is not None:
            group = self._group(optimizer)
            self._shrunk *= 1.0 - float(group["lr"]) * float(group["weight_decay"])

    def _group(self, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
        for group in optimizer.param_groups:
            if any(one is self.weight for one in group["params"]):
                return group
        raise ValueError("the optimizer must train the weight of the reduced embedding")

    def _save_to_state_dict(
        self, destination: dict[str, Any], prefix: str, keep_vars: bool
    ) -> None:
        del keep_vars
        destination[f"{prefix}weight"] = self.full_table()

    def _load_from_state_dict(
        self,
        state_dict: dict[str, Any],
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        del local_metadata, unexpected_keys
        name = f"{prefix}weight"
        table = state_dict.get(name)
        if table is None:
            if strict:
                missing_keys.append(name)
        elif table.shape != self._table.shape:
            shapes = f"{tuple(self._table.shape)}, not {tuple(table.shape)}"
            error_msgs.append(f"{name} must hold the full table of shape {shapes}")
        else:
            self._take_others(table.detach().cpu().to(self._table.dtype))
            with torch.no_grad():
                self.weight.copy_(table[self.kept.to(table.device)])

    def _take_others(self, table: Tensor) -> None:
        """Take the rows that are not trained from a table that was read."""
        expected, self._expected = self._expected, None
        if expected is not None:
            others = torch.ones(len(table), dtype=torch.bool).index_fill(0, self.kept, False)
            if torch.equal((self._table * expected)[others], table[others]):
                self._shrunk = expected
                return
        self._table, self._shrunk = table.clone(), 1.0


def reduce_embedding(model: PreTrainedModel, kept: Tensor) -> ReducedEmbedding:
    """Let a model train only the word embeddings of some tokens.

    Args:
        model: Changed in place.
        kept: The tokens of the training rows, special ones too. Shape: ``(any,)``.

    Returns:
        The new embedding; let it :meth:`~ReducedEmbedding.follow` the optimizer.
    """
    full: Any = model.get_input_embeddings()
    reduced = ReducedEmbedding(full.weight, kept, full.padding_idx)
    reduced.train(full.training)
    model.set_input_embeddings(reduced)
    return reduced


def restore_embedding(model: PreTrainedModel) -> None:
    """Put the full embedding back.

    Args:
        model: One that :func:`reduce_embedding` changed; any other stays as it is.
    """
    reduced: Any = model.get_input_embeddings()
    if isinstance(reduced, ReducedEmbedding):
        table = reduced.full_table()
        rows, size = table.shape
        full = nn.Embedding(rows, size, padding_idx=reduced.padding_idx, _weight=table)
        model.set_input_embeddings(full.train(reduced.training))
