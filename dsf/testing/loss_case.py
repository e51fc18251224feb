"""What must hold for every ``Loss``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from dsf.losses import Loss

__all__ = ["LossCase"]

_COUNTS = (6, 3, 1)
_ROWS = 8


class LossCase:
    """Proves that a ``Loss`` fits.

    Subclass it in a file of tests, and pytest runs it on your class::

        from dsf.testing import LossCase
        from trainer.losses import MyLoss

        class TestMyLoss(LossCase):
            loss_class = MyLoss

    You must set: ``loss_class``.
    You may set: ``options``.

    Attributes:
        loss_class: The class to test.
        options: What its constructor takes, besides the counts of the labels.
    """

    loss_class: ClassVar[type[Loss]]
    options: ClassVar[Mapping[str, Any]] = {}

    def test_it_is_one_finite_number_with_a_gradient(self) -> None:
        """Also for scores far outside the usual."""
        for scale in (1.0, 1000.0):
            logits, targets = self._batch(scale)
            loss = self._make()(logits.requires_grad_(), targets)
            assert loss.shape == ()
            assert loss.isfinite()
            loss.backward()
            assert logits.grad is not None
            assert logits.grad.isfinite().all(), f"a gradient is not finite at scores of {scale}"
            if scale == 1.0:
                assert logits.grad.any(), "the scores have no influence on the loss"

    def test_right_answers_cost_less_than_wrong_ones(self) -> None:
        """The loss falls when the scores follow the targets."""
        _, targets = self._batch()
        loss = self._make()
        right = self._right_answers(targets)
        assert loss(3 * right, targets) < loss(0 * right, targets) < loss(-3 * right, targets)

    def test_the_size_of_the_batch_does_not_change_it(self) -> None:
        """It is a mean: the same rows twice cost as much as once."""
        import torch

        logits, targets = self._batch()
        loss = self._make()
        twice = loss(torch.cat([logits, logits]), torch.cat([targets, targets]))
        torch.testing.assert_close(twice, loss(logits, targets))

    def test_half_precision_gives_the_same(self) -> None:
        """Logits come in 16 bits under autocast; the loss must not round on."""
        import torch

        logits, targets = self._batch()
        short = logits.bfloat16()
        answer = self._make()(short, targets)
        assert answer.dtype == torch.float32
        torch.testing.assert_close(answer, self._make()(short.float(), targets))

    def test_rows_without_a_target_cost_nothing(self) -> None:
        """Ignored rows change nothing, and a batch of nothing else costs 0."""
        import torch

        from dsf.losses import IGNORED

        if self.loss_class.kind != "single":
            return
        logits, targets = self._batch()
        loss = self._make()
        ignored = torch.full_like(targets, IGNORED)
        more = loss(torch.cat([logits, 9 * logits]), torch.cat([targets, ignored]))
        torch.testing.assert_close(more, loss(logits, targets))
        nothing = loss(logits.requires_grad_(), ignored)
        nothing.backward()
        assert nothing == 0
        assert logits.grad is not None
        assert not logits.grad.any()

    def test_shapes_that_do_not_fit_are_refused(self) -> None:
        """Broadcasting would give a number that means nothing."""
        logits, targets = self._batch()
        message = ""
        try:
            self._make()(logits, targets[:1])
        except ValueError as error:
            message = str(error)
        assert str(tuple(logits.shape)) in message, "a ValueError must give the shapes"

    def _make(self) -> Loss:
        return self.loss_class.from_counts(_COUNTS, _ROWS, **self.options)

    def _batch(self, scale: float = 1.0) -> tuple[Tensor, Tensor]:
        import torch

        random = torch.Generator().manual_seed(0)
        logits = torch.randn(_ROWS, len(_COUNTS), generator=random) * scale
        if self.loss_class.kind == "single":
            return logits, torch.randint(len(_COUNTS), (_ROWS,), generator=random)
        return logits, torch.randint(2, logits.shape, generator=random)

    def _right_answers(self, targets: Tensor) -> Tensor:
        from torch.nn.functional import one_hot

        truth = one_hot(targets, len(_COUNTS)) if self.loss_class.kind == "single" else targets
        return 2.0 * truth - 1.0
