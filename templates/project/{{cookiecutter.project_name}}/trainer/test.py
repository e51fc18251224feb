"""Tests the model on rows it has never seen. Fill in: `execute`."""

import numpy as np

from dsf.base import Test
from dsf.lightning import build_tester


class {{ cookiecutter.class_prefix }}Test(Test):
    """A test with PyTorch Lightning."""

    def execute(self) -> np.ndarray:
        """Give the probabilities of the labels for the test rows, in their order."""
        self.trainer = build_tester(self.trainer_config, self.save_path)
        self.trainer.test(self.model, self.data_module, verbose=False)
        return self.model.test_probabilities
