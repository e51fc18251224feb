"""Batches for PyTorch Lightning. Change it to load or collate in your own way."""

from dsf.lightning import DataModule


class {{ cookiecutter.class_prefix }}DataModule(DataModule):
    """Seeded batches of the three sets; override any hook of pl.LightningDataModule."""
