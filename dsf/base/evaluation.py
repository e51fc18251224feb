"""The existing model on the same test rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from dsf.base.hooks import call_hook

if TYPE_CHECKING:
    from dsf.base.steps.step import StepContext

__all__ = ["Evaluation"]


class Evaluation(ABC):
    """Lets the model in use, or a baseline, answer the rows that the new model was tested on.

    ``Main`` calls :meth:`run`, which calls :meth:`execute`.

    You must write: :meth:`execute`. :mod:`dsf.incumbents` has working ones.

    Attributes:
        dataset_train: Training rows; for a baseline that is fitted on the spot.
        dataset_validation: Validation rows.
        dataset_test: The test rows.
        eval_config: Section of the config.
        model_config: Section of the config, with ``num_classes`` and ``label_names`` filled in.
        dataset_config: Section of the config.
        save_path: Folder to write to.
        answers: What :meth:`execute` gave; ``None`` before.
        notes: What a person who reads the comparison must know of the answers, in sentences.
        context: The step that calls it: the project, the run, the whole config; ``None`` if it
            was made by hand.
    """

    context: StepContext | None = None

    def __init__(
        self,
        dataset_train: Any = None,
        dataset_validation: Any = None,
        dataset_test: Any = None,
        eval_config: dict[str, Any] | None = None,
        model_config: dict[str, Any] | None = None,
        dataset_config: dict[str, Any] | None = None,
        save_path: Path | str = ".",
    ) -> None:
        self.dataset_train = dataset_train
        self.dataset_validation = dataset_validation
        self.dataset_test = dataset_test
        self.eval_config = eval_config or {}
        self.model_config = model_config or {}
        self.dataset_config = dataset_config or {}
        self.save_path = Path(save_path)
        self.answers: Any = None
        self.notes: list[str] = []

    @abstractmethod
    def execute(self) -> Any:
        """Let the existing model answer the test rows, in their order.

        Return the same kinds of answers as ``Test.execute``, or set ``self.answers``.
        """

    @final
    def run(self) -> Any:
        """Give the answers.

        Raises:
            HookResultError: If :meth:`execute` gave none.
        """
        return call_hook(self, "execute", "answers", "the answers for the test rows")
