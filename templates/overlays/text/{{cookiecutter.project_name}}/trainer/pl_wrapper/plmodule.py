"""The network as a Lightning module. Change it for another loss, step or optimizer."""

from pathlib import Path

from dsf.lightning import PlModel
from dsf.tasks.{{ cookiecutter.task }} import build_objective, complete_config
from trainer.pl_wrapper.network_module import build_network


class {{ cookiecutter.class_prefix }}Plmodel(PlModel):
    """Fine-tunes by config.yaml; override any hook of pl.LightningModule."""

    def __init__(
        self,
        model_config: dict,
        metrics_config: dict | None = None,
        trainer_config: dict | None = None,
        save_path: Path | None = None,
    ) -> None:
        model_config = complete_config(model_config)  # what the encoder's family is tuned with
        super().__init__(
            network=build_network(model_config),
            objective=build_objective(model_config, metrics_config or {}),
            model_config=model_config,
            metrics_config=metrics_config,
            trainer_config=trainer_config,
            save_path=save_path,
        )
