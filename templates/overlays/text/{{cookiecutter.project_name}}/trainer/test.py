"""Tests the model on rows it has never seen. Fill in: `execute`."""

from dsf.base import Test
from dsf.lightning import build_tester
from dsf.tasks.{{ cookiecutter.task }} import make_predictions


class {{ cookiecutter.class_prefix }}Test(Test):
    """A test with PyTorch Lightning."""

    def execute(self) -> object:
        """Give the answers for the test rows, next to the truth."""
        self.trainer = build_tester(self.trainer_config, self.save_path)
        self.trainer.test(self.model, self.data_module, verbose=False)
        return make_predictions(
            self.model,
            self.data_module,
            self.dataset_test,
            self.model_config,
            self.dataset_config,
        )
