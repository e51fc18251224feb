"""Makes the model. Fill in: `define_model`. You may also write `load_model`."""

from dsf.base import Model
from trainer.pl_wrapper.plmodule import {{ cookiecutter.class_prefix }}Plmodel


class {{ cookiecutter.class_prefix }}Model(Model):
    """The network with its loss and optimizer."""

    def define_model(self) -> {{ cookiecutter.class_prefix }}Plmodel:
        """Make a new, untrained model; the network itself is in pl_wrapper/network_module.py."""
        self.model = {{ cookiecutter.class_prefix }}Plmodel(
            model_config=self.model_config,
            metrics_config=self.metrics_config,
            trainer_config=self.trainer_config,
            save_path=self.save_path,
        )
        return self.model
