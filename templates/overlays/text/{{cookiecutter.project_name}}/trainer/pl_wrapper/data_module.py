"""Batches for PyTorch Lightning. Change it to load or collate in your own way."""

from dsf.lightning import TokenDataModule


class {{ cookiecutter.class_prefix }}DataModule(TokenDataModule):
    """Seeded batches without padding; override any hook of pl.LightningDataModule."""
