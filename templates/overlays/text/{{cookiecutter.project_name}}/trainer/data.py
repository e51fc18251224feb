"""Turns rows into what the model eats. Fill in: `create_data_module`."""

from dsf.base import Data
from dsf.tasks.{{ cookiecutter.task }} import create_data_module
from trainer.pl_wrapper.data_module import {{ cookiecutter.class_prefix }}DataModule


class {{ cookiecutter.class_prefix }}Data(Data):
    """Holds the training, validation and test rows."""

    def create_data_module(self) -> {{ cookiecutter.class_prefix }}DataModule:
        """Encode the texts, once, and make the data module that gives batches of them."""
        self.data_module = create_data_module(
            self.model_config,
            self.dataset_config,
            self.dataset_train,
            self.dataset_validation,
            self.dataset_test,
            data_module_class={{ cookiecutter.class_prefix }}DataModule,
        )
        return self.data_module
