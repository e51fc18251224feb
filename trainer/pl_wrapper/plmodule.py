"""The network as a Lightning module. Change it for another loss, step or optimizer."""

from pathlib import Path

from dsf.base import ExportRequest
from dsf.core.bundle import Bundle
from dsf.lightning import PlModel, export_tabular_bundle
from trainer.data import FEATURES, SHAPE
from trainer.pl_wrapper.network_module import build_network


class DigitsPlmodel(PlModel):
    """Cross-entropy and AdamW by config.yaml; override any hook of pl.LightningModule."""

    def __init__(
        self,
        model_config: dict,
        metrics_config: dict | None = None,
        trainer_config: dict | None = None,
        save_path: Path | None = None,
    ) -> None:
        super().__init__(
            network=build_network(model_config),
            model_config=model_config,
            metrics_config=metrics_config,
            trainer_config=trainer_config,
            save_path=save_path,
        )

    def export_bundle(self, request: ExportRequest) -> Bundle:
        """Write all it takes to answer rows of numbers, without this project's code."""
        return export_tabular_bundle(self, request, FEATURES, SHAPE)
