"""The batches of a run that began with a YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.lightning import TokenDataModule

if TYPE_CHECKING:
    from dsf.lightning.resumable_loader import ResumableLoader

__all__ = ["MultiLabelDataModule"]


class MultiLabelDataModule(TokenDataModule):
    """Batches of tokens, loaded as ``model_config.loader_options`` say."""

    def train_dataloader(self) -> ResumableLoader:
        """Give the training rows, shuffled anew every epoch."""
        return self._as_told(super().train_dataloader())

    def val_dataloader(self) -> ResumableLoader:
        """Give the validation rows in their order."""
        return self._as_told(super().val_dataloader())

    def test_dataloader(self) -> ResumableLoader:
        """Give the test rows in their order."""
        return self._as_told(super().test_dataloader())

    def _as_told(self, loader: ResumableLoader) -> ResumableLoader:
        options = self.model_config["loader_options"]
        loader.pin_memory = loader.pin_memory and options["pin_memory"]
        if loader.num_workers and options["prefetch_factor"] is not None:
            loader.prefetch_factor = options["prefetch_factor"]
        return loader
