"""Losses: logits and targets in, one number out; one loss a file."""

from dsf.losses.binary_cross_entropy import BinaryCrossEntropy, binary_cross_entropy
from dsf.losses.class_balanced_focal import (
    ClassBalancedFocal,
    class_balanced_focal,
    class_balanced_weights,
)
from dsf.losses.cross_entropy import CrossEntropy, cross_entropy
from dsf.losses.inverse_frequency_bce import (
    InverseFrequencyBCE,
    inverse_frequency_weights,
)
from dsf.losses.loss import IGNORED, Loss, check_multilabel, check_single
from dsf.losses.table import LOSSES, build_loss

__all__ = [
    "IGNORED",
    "LOSSES",
    "BinaryCrossEntropy",
    "ClassBalancedFocal",
    "CrossEntropy",
    "InverseFrequencyBCE",
    "Loss",
    "binary_cross_entropy",
    "build_loss",
    "check_multilabel",
    "check_single",
    "class_balanced_focal",
    "class_balanced_weights",
    "cross_entropy",
    "inverse_frequency_weights",
]
