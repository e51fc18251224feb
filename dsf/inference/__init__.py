"""A bundle answers in process: nothing of its training is needed, and nothing else is read."""

from dsf.inference.params import Params
from dsf.inference.predictor import Predictor

__all__ = ["Params", "Predictor"]
