"""The project's test: the trained model on rows it has never seen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, final

from dsf.base.hooks import hook_errors, result_error

__all__ = ["Test"]


class Test(ABC):
    """Lets the trained model answer the test rows.

    ``Main`` calls :meth:`run`, which calls :meth:`execute`. The numbers that are kept are
    computed from the answers by :mod:`dsf.metrics`.

    You must write: :meth:`execute`.

    Attributes:
        model_path: File that the model was loaded from.
        trainer_config: Section of the config, its callbacks and loggers made new for this test.
        model_config: Section of the config.
        metrics_config: Section ``metrics`` of the config.
        model: What ``Model.load_model`` gave.
        data_module: What ``Data.create_data_module`` made.
        dataset_test: The test rows.
        save_path: Folder to write to.
        dataset_config: Section of the config.
        answers: What :meth:`execute` gave; ``None`` before.
    """

    __test__ = False  # pytest would take it for a test case

    def __init__(
        self,
        model_path: Path | str,
        trainer_config: dict[str, Any] | None = None,
        model_config: dict[str, Any] | None = None,
        metrics_config: dict[str, Any] | None = None,
        model: Any = None,
        data_module: Any = None,
        dataset_test: Any = None,
        save_path: Path | str = ".",
        dataset_config: dict[str, Any] | None = None,
    ) -> None:
        self.model_path = Path(model_path)
        self.trainer_config = trainer_config or {}
        self.model_config = model_config or {}
        self.metrics_config = metrics_config or {}
        self.model = model
        self.data_module = data_module
        self.dataset_test = dataset_test
        self.save_path = Path(save_path)
        self.dataset_config = dataset_config or {}
        self.answers: Any = None

    @abstractmethod
    def execute(self) -> Any:
        """Let ``self.model`` answer the test rows, in their order.

        Return one of these, or set ``self.answers``; a model of :mod:`dsf.lightning` has kept its
        own answers after ``trainer.test``, so that nothing need be returned:

        - probabilities, shape ``(rows, labels)``, columns as ``model_config["label_names"]``;
        - label values, shape ``(rows,)``;
        - :class:`dsf.core.predictions.Predictions`, with the true labels in it; or, if a row has
          more than one label, :class:`dsf.core.multilabel_predictions.MultiLabelPredictions` (any
          number of labels), :class:`dsf.core.multi_output_predictions.MultiOutputPredictions`
          (one label of each of several outputs) or
          :class:`dsf.core.tag_predictions.TagPredictions` (a tag for every token; entities);
        - a dict of numbers, when your task is none that dsf can score.
        """

    @final
    def run(self) -> Any:
        """Give the answers.

        Raises:
            HookResultError: If :meth:`execute` gave none.
        """
        with hook_errors(self, "execute"):
            returned = self.execute()
        kept = getattr(self.model, "test_probabilities", None)
        found = [answers for answers in (returned, self.answers, kept) if answers is not None]
        if not found:
            raise result_error(
                self, "execute", "must return the answers or set self.answers, but did neither"
            )
        self.answers = found[0]
        return self.answers
