"""Fine-tuning by the Trainer of transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from benchmarks.train_ways import (
    BETAS,
    EPSILON,
    LONGEST_GRADIENT,
    WARMUP,
    WEIGHT_DECAY,
    encode,
    place_of,
)
from dsf.data import list_labels

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks.train_ways import Pace, Setting


class Report(TrainerCallback):
    """Tells steps and scores."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    def on_step_end(self, *arguments: Any, **others: Any) -> None:
        self.pace.step()

    def on_evaluate(self, *arguments: Any, **others: Any) -> None:
        self.pace.score(others["metrics"]["eval_accuracy"])


def fit_trainer(
    setting: Setting,
    parts: dict[str, pd.DataFrame],
    pace: Pace,
    *,
    sampling: str = "random",
    padding: bool | str = True,
) -> None:
    """Fit with fused AdamW."""
    set_seed(setting.seed)
    names = list_labels([part["label"] for part in parts.values()])
    place = place_of(setting.encoder)
    tokenizer = AutoTokenizer.from_pretrained(place)
    model = AutoModelForSequenceClassification.from_pretrained(
        place, num_labels=len(names), dtype=torch.float32
    )
    encoded = [encode(part, names, tokenizer, setting.max_length) for part in parts.values()]
    trainer = Trainer(
        model,
        make_arguments(setting, sampling),
        train_dataset=encoded[0],
        eval_dataset=encoded[1],
        data_collator=DataCollatorWithPadding(tokenizer, padding, setting.max_length),
        compute_metrics=score,
        callbacks=[Report(pace)],
    )
    trainer.train()


def make_arguments(setting: Setting, sampling: str) -> TrainingArguments:
    """Give the settings that all ways share, and nothing that costs time."""
    return TrainingArguments(
        "trainer",
        num_train_epochs=setting.epochs,
        per_device_train_batch_size=setting.batch_size,
        per_device_eval_batch_size=4 * setting.batch_size,
        learning_rate=setting.learning_rate,
        weight_decay=WEIGHT_DECAY,
        adam_beta1=BETAS[0],
        adam_beta2=BETAS[1],
        adam_epsilon=EPSILON,
        max_grad_norm=LONGEST_GRADIENT,
        lr_scheduler_type="linear",
        warmup_steps=WARMUP,
        optim="adamw_torch_fused",
        train_sampling_strategy=sampling,
        bf16=setting.bf16,
        torch_compile=setting.gpu,
        use_cpu=not setting.gpu,
        seed=setting.seed,
        eval_strategy="epoch" if setting.accuracy else "no",
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        logging_strategy="no",
    )


def score(answers: Any) -> dict[str, float]:
    """Give the accuracy."""
    return {"accuracy": float((answers.predictions.argmax(-1) == answers.label_ids).mean())}
