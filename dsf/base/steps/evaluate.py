"""eval: the existing model answers the same rows."""

from __future__ import annotations

from dsf.base.answered_rows import ROWS_FILE
from dsf.base.outcome import METRICS_FILE, PREDICTIONS_FILE, keep_outcome
from dsf.base.registered_model import name_existing
from dsf.base.steps.step import SCORING_SECTIONS, Step, StepContext, files_named
from dsf.core.atomic import write_json
from dsf.core.seeding import seed_process

__all__ = ["EVALUATE", "EXISTING_FILE"]

EXISTING_FILE = "existing.json"
"""Says which model has answered, and what must be known of its answers."""


def _perform(context: StepContext) -> None:
    """Let the project's existing model answer ``options["rows"]``."""
    model_config, rows = context.model_config(), context.options["rows"]
    seed_process(model_config["seed"])
    evaluation = context.project.evaluation_class(
        dataset_train=context.read_rows("train"),
        dataset_validation=context.read_rows("validation"),
        dataset_test=rows,
        eval_config=dict(context.config["eval_config"]),
        model_config=model_config,
        dataset_config=context.dataset_config(),
        save_path=context.folder,
    )
    evaluation.context = context
    keep_outcome(
        evaluation,
        evaluation.run(),
        rows,
        context.label_layout,
        {**context.config, "model_config": model_config},
        context.folder,
    )
    name = name_existing(context.config["eval_config"], context.options.get("registered"))
    write_json(context.folder / EXISTING_FILE, {"name": name, "notes": list(evaluation.notes)})


EVALUATE = Step(
    name="eval",
    folder="4_eval",
    sections=(
        "eval_config",
        *SCORING_SECTIONS,
        "dataset_config",
        "model_config.average",
        "model_config.label_names",
        "model_config.seed",
    ),
    after=("split",),
    reads=("1_split/train.parquet", "1_split/validation.parquet", "1_split/split.json"),
    classes=("evaluation_class",),
    perform=_perform,
    results=files_named(METRICS_FILE, PREDICTIONS_FILE, ROWS_FILE, EXISTING_FILE),
)
