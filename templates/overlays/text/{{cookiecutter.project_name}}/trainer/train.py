"""Fits the model. Fill in: `execute`. You may also write `save_last_model`."""

import pytorch_lightning as pl

from dsf.base import Train
from dsf.lightning import build_trainer
from dsf.tasks.{{ cookiecutter.task }} import save_model


class {{ cookiecutter.class_prefix }}Train(Train):
    """A fit with PyTorch Lightning."""

    def execute(self) -> pl.Trainer:
        """Fit `self.model` on `self.data_module`; go on from `self.resume_from` after a kill."""
        self.trainer = build_trainer(self.trainer_config, self.save_path, self.model_config["seed"])
        self.trainer.fit(
            self.model, self.data_module, ckpt_path=self.resume_from, weights_only=True
        )
        return self.trainer

    def save_last_model(self) -> None:
        """Save the best network as transformers loads it, if `save_last_model` is on."""
        folder = self.save_path / self.model_config["model_name"]
        save_model(self.model, self.model_path, self.model_config, folder)
