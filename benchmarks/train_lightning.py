"""Fine-tuning by Lightning: ours, and what its user would write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader
from torchmetrics.classification import MulticlassAccuracy

from benchmarks.train_ways import (
    BETAS,
    EPSILON,
    LONGEST_GRADIENT,
    WARMUP,
    WEIGHT_DECAY,
    encode,
    place_of,
)
from dsf.core.config import resolve_config
from dsf.data import list_labels
from dsf.lightning import PlModel, build_trainer
from dsf.tasks import intent_classification as task
from dsf.tasks.config import TextProjectConfig

if TYPE_CHECKING:
    import pandas as pd
    from torch import Tensor

    from benchmarks.train_ways import Pace, Setting


class Report(pl.Callback):
    """Tells steps and scores."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    def on_train_batch_end(self, *arguments: Any) -> None:
        self.pace.step()

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self.pace.score(float(trainer.callback_metrics["val_accuracy"]))


def trainer_arguments(setting: Setting, pace: Pace) -> dict[str, Any]:
    """Give the arguments that both fits are run with."""
    return {
        "max_epochs": setting.epochs,
        "accelerator": "gpu" if setting.gpu else "cpu",
        "devices": 1,
        "precision": "bf16-mixed" if setting.bf16 else "32-true",
        "callbacks": [Report(pace)],
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "num_sanity_val_steps": 0,
        "limit_val_batches": 1.0 if setting.accuracy else 0,
    }


def fit_ours(setting: Setting, parts: dict[str, pd.DataFrame], pace: Pace) -> None:
    """Fit as a generated project does, its loggers, checkpoints and scores included."""
    train = parts["train"]
    names = list_labels([part["label"] for part in parts.values()])
    config = resolve_config(make_config(setting), schema=TextProjectConfig)
    counts = train["label"].value_counts().reindex(names, fill_value=0)
    filled = {"label_names": names, "label_counts": counts.tolist(), "train_rows": len(train)}
    model_config = task.complete_config(config["model_config"] | filled)
    data_module = task.create_data_module(
        model_config, config["dataset_config"], train, parts["validation"]
    )
    network = task.build_network(model_config)
    if setting.gpu:
        network.compile(dynamic=True)
    scores = dict.fromkeys(("accuracy", "precision", "recall", "f1"), True)
    objective = task.build_objective(model_config, scores)
    model = PlModel(network, model_config, scores, objective=objective)
    arguments = trainer_arguments(setting, pace) | {"deterministic": True}
    build_trainer(arguments, "run", setting.seed).fit(model, data_module)


def make_config(setting: Setting) -> dict[str, Any]:
    """Write a project's config, with the settings that all ways share."""
    return {
        "model_config": {
            "encoder": setting.encoder,
            "pooling": setting.pooling,
            "max_length": setting.max_length,
            "batch_size": setting.batch_size,
            "learning_rate": setting.learning_rate,
            "weight_decay": WEIGHT_DECAY,
            "betas": list(BETAS),
            "epsilon": EPSILON,
            "warmup_share": WARMUP,
            "max_grad_norm": LONGEST_GRADIENT,
            "seed": setting.seed,
        },
        "dataset_config": {"text_column": "text", "label_column": "label"},
    }


class PlainModule(pl.LightningModule):
    """What a user of Lightning writes."""

    def __init__(self, setting: Setting, labels: int, *, fused: bool | None) -> None:
        super().__init__()
        self.fused = fused
        from transformers import AutoModelForSequenceClassification

        place = place_of(setting.encoder)
        model = AutoModelForSequenceClassification.from_pretrained(
            place, num_labels=labels, dtype=torch.float32
        )
        self.model, self.setting = model.train(), setting
        if setting.gpu:
            self.model.compile()
        self.accuracy = MulticlassAccuracy(labels, average="micro")

    def training_step(self, batch: dict[str, Tensor], batch_idx: int) -> Tensor:
        loss: Tensor = self.model(**batch).loss
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch: dict[str, Tensor], batch_idx: int) -> None:
        self.accuracy(self.model(**batch).logits, batch["labels"])
        self.log("val_accuracy", self.accuracy)

    def configure_optimizers(self) -> Any:
        from transformers import get_linear_schedule_with_warmup

        optimizer = torch.optim.AdamW(
            self.parameters(),
            lr=self.setting.learning_rate,
            betas=BETAS,
            eps=EPSILON,
            weight_decay=WEIGHT_DECAY,
            fused=self.fused,
        )
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = get_linear_schedule_with_warmup(  # type: ignore[no-untyped-call]
            optimizer, round(WARMUP * steps), steps
        )
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }


def fit_plain(
    setting: Setting,
    parts: dict[str, pd.DataFrame],
    pace: Pace,
    padding: bool | str,
    *,
    fused: bool | None = True,
) -> None:
    """Fit by what a user of Lightning writes."""
    from transformers import AutoTokenizer, DataCollatorWithPadding

    pl.seed_everything(setting.seed)
    names = list_labels([part["label"] for part in parts.values()])
    tokenizer = AutoTokenizer.from_pretrained(place_of(setting.encoder))
    collate = DataCollatorWithPadding(tokenizer, padding, max_length=setting.max_length)
    loaders: dict[str, DataLoader[Any]] = {
        name: DataLoader(
            encode(part, names, tokenizer, setting.max_length),  # type: ignore[arg-type]
            setting.batch_size,
            shuffle=name == "train",
            collate_fn=collate,
        )
        for name, part in parts.items()
    }
    trainer = pl.Trainer(
        **trainer_arguments(setting, pace),
        gradient_clip_val=LONGEST_GRADIENT,
        logger=pl.loggers.CSVLogger("plain"),
    )
    model = PlainModule(setting, len(names), fused=fused)
    trainer.fit(model, loaders["train"], loaders["validation"])
