"""Reads the labelled rows. Fill in: `load`. You may also write `split`."""

import pandas as pd
from sklearn.datasets import load_digits

from dsf.base import DatasetPreparation


class {{ cookiecutter.class_prefix }}DatasetPreparation(DatasetPreparation):
    """Handwritten digits: 1,797 images of 8 x 8 pixels, one row an image."""

    def load(self) -> pd.DataFrame:
        """Give one row per example, with the label in `dataset_config.label_column`."""
        if self.dataset_path is not None:
            return pd.read_parquet(self.dataset_path)
        images, labels = load_digits(return_X_y=True)
        rows = pd.DataFrame(images / 16.0, columns=[f"pixel_{i:02d}" for i in range(64)])
        rows[self.dataset_config["label_column"]] = labels
        return rows
