"""Turns rows into what the model eats. Fill in: `create_data_module`."""

import pandas as pd
import torch
from torch.utils.data import TensorDataset

from dsf.base import Data
from dsf.data import encode_labels
from trainer.pl_wrapper.data_module import {{ cookiecutter.class_prefix }}DataModule

FEATURES = [f"pixel_{i:02d}" for i in range(64)]  # columns of a row, as the network takes them
SHAPE = (1, 8, 8)  # what it makes of them: a picture of one channel


class {{ cookiecutter.class_prefix }}Data(Data):
    """Holds the training, validation and test rows."""

    def create_data_module(self) -> {{ cookiecutter.class_prefix }}DataModule:
        """Make the data module that gives batches of the three sets of rows."""
        self.data_module = {{ cookiecutter.class_prefix }}DataModule(
            model_config=self.model_config,
            train_set=self.to_dataset(self.dataset_train),
            val_set=self.to_dataset(self.dataset_validation),
            test_set=self.to_dataset(self.dataset_test),
        )
        return self.data_module

    def to_dataset(self, rows: pd.DataFrame | None) -> TensorDataset | None:
        """Give pairs: an image of shape (1, 8, 8) and the number of its label."""
        if rows is None:
            return None
        pixels = rows[FEATURES].to_numpy("float32", copy=True)
        labels = encode_labels(
            rows[self.dataset_config["label_column"]], self.model_config["label_names"]
        )
        images = torch.from_numpy(pixels).reshape(-1, *SHAPE)
        return TensorDataset(images, torch.from_numpy(labels))
