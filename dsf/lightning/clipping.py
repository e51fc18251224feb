"""Clipping that costs an optimizer's step on a CPU next to nothing."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["clip_within_step"]

_EPSILON = 1e-6  # as torch.nn.utils.clip_grad_norm_ has it
_CAN_SCALE = "_step_supports_amp_scaling"  # what torch's own scaler asks an optimizer for


def clip_within_step(optimizer: torch.optim.Optimizer, longest: float) -> bool:
    """Let the optimizer's next step shorten the gradients as it reads them, if it can.

    What comes out is what ``torch.nn.utils.clip_grad_norm_`` makes, but the gradients are not read
    and written once more for it. They lie shortened in their places after the step.

    Args:
        optimizer: Only its fused form on a CPU can, on whole float32 gradients.
        longest: The length that all gradients together may have.

    Returns:
        Whether it will. If not, nothing was done.
    """
    gradients = [
        one.grad
        for group in optimizer.param_groups
        for one in group["params"]
        if one.grad is not None
    ]
    can = optimizer.defaults.get("fused") and getattr(optimizer, _CAN_SCALE, False)
    if not (can and gradients and all(map(_is_plain, gradients))):
        return False
    squares = [torch.dot(flat, flat) for flat in (one.view(-1) for one in gradients)]
    length = torch.stack(squares).sum(dtype=torch.float64).sqrt()
    scaled: Any = optimizer  # the fused step divides by this, as mixed precision makes it do
    scaled.grad_scale = ((length + _EPSILON) / longest).clamp(min=1.0).float()
    scaled.found_inf = torch.zeros(())
    return True


def _is_plain(gradient: Tensor) -> bool:
    return (
        type(gradient) is Tensor
        and gradient.device.type == "cpu"
        and gradient.dtype == torch.float32
        and gradient.is_contiguous()
    )
