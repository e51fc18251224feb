"""Fits the model. Fill in: `execute`. You may also write `save_last_model`."""

import pytorch_lightning as pl

from dsf.base import Train
from dsf.lightning import build_trainer


class {{ cookiecutter.class_prefix }}Train(Train):
    """A fit with PyTorch Lightning."""

    def execute(self) -> pl.Trainer:
        """Fit `self.model` on `self.data_module`; go on from `self.resume_from` after a kill."""
        self.trainer = build_trainer(self.trainer_config, self.save_path, self.model_config["seed"])
        self.trainer.fit(
            self.model, self.data_module, ckpt_path=self.resume_from, weights_only=True
        )
        return self.trainer
