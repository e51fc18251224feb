"""test: the trained model answers rows it has never seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dsf.base.answered_rows import ROWS_FILE
from dsf.base.decisions import ABSTAIN_FILE, finish_answers
from dsf.base.outcome import METRICS_FILE, PREDICTIONS_FILE, as_predictions, keep_outcome
from dsf.base.settling import write_noisy_labels
from dsf.base.steps.step import LABEL_KEYS, SCORING_SECTIONS, Step, StepContext, files_named
from dsf.core.seeding import seed_process

if TYPE_CHECKING:
    from dsf.base.test import Test

__all__ = ["TEST", "ask_model"]


def ask_model(context: StepContext) -> tuple[Test, Any]:
    """Load the model ``options["model_path"]`` and let it answer ``options["rows"]``.

    Returns:
        The project's test, and the answers that it gave.
    """
    project, model_config = context.project, context.model_config()
    rows, metrics_config = context.options["rows"], dict(context.config["metrics"])
    seed_process(model_config["seed"])
    model = project.model_class(
        model_config=model_config,
        metrics_config=metrics_config,
        trainer_config=context.trainer_config(),
        save_path=context.folder,
    )
    data = project.data_class(
        model_config=model_config,
        dataset_config=context.dataset_config(),
        dataset_train=context.read_rows("train"),
        dataset_validation=context.read_rows("validation"),
        dataset_test=rows,
    )
    test = project.test_class(
        model_path=context.options["model_path"],
        trainer_config=context.trainer_config(),
        model_config=model_config,
        metrics_config=metrics_config,
        model=model.get_trained_model(context.options["model_path"]),
        data_module=data.get_data_module(),
        dataset_test=rows,
        save_path=context.folder,
        dataset_config=context.dataset_config(),
    )
    return test, test.run()


def _perform(context: StepContext) -> None:
    """Test the model, and keep what it answered."""
    test, answers = ask_model(context)
    config = {**context.config, "model_config": context.model_config()}
    rows, layout = context.options["rows"], context.label_layout
    if not isinstance(answers, Mapping):
        made = as_predictions(test, answers, rows, layout, config["model_config"])
        answers = finish_answers(made, context.options["model_path"], config, context.folder)
        write_noisy_labels(answers, rows, config["dataset_config"], context.folder)
    keep_outcome(test, answers, rows, layout, config, context.folder)


TEST = Step(
    name="test",
    folder="3_test",
    sections=("model_config", "trainer_config", *SCORING_SECTIONS, *LABEL_KEYS),
    after=("split", "fit"),
    reads=("1_split/split.json",),
    classes=("data_class", "model_class", "test_class"),
    perform=_perform,
    results=files_named(METRICS_FILE, PREDICTIONS_FILE, ROWS_FILE, ABSTAIN_FILE),
)
