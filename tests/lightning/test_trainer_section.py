"""The config knows every argument of the trainer, and no other."""

import inspect

import pytorch_lightning as pl

from dsf.core.config import ProjectConfig


def test_the_section_has_the_arguments_of_the_trainer():
    section = ProjectConfig.model_fields["trainer_config"].annotation
    assert section is not None
    known = set(section.model_fields)
    assert known == set(inspect.signature(pl.Trainer).parameters)
