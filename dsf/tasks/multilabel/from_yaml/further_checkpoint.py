"""One more checkpoint beside another of the same kind."""

from __future__ import annotations

from pytorch_lightning.callbacks import ModelCheckpoint

__all__ = ["FurtherCheckpoint"]


class FurtherCheckpoint(ModelCheckpoint):
    """A ``ModelCheckpoint`` that is told from others by where it saves.

    Lightning tells them apart by what they watch and when, and refuses two that agree in that.
    """

    @property
    def state_key(self) -> str:
        """Name of its state in a checkpoint."""
        return f"{super().state_key}:{self.dirpath}:{self.filename}"
