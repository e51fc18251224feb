"""Reads the labelled rows. Fill in: `load`. You may also write `split`."""

import pandas as pd

from dsf.base import DatasetPreparation
from dsf.tasks.{{ cookiecutter.task }} import load_rows


class {{ cookiecutter.class_prefix }}DatasetPreparation(DatasetPreparation):
    """The file `dataset_config.dataset_path`, read as `dataset_config` says."""

    def load(self) -> pd.DataFrame:
        """Give one row per text, with its labels."""
        return load_rows(self.dataset_path, self.dataset_config)
