"""The project's training."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, final

from dsf.base.hooks import call_hook, hook_errors, result_error

__all__ = ["Train"]


class Train(ABC):
    """Fits the model and leaves a file that ``Model.load_model`` can read.

    ``Main`` calls :meth:`run`, which calls :meth:`execute`, then :meth:`save_last_model` if
    ``model_config["save_last_model"]`` is on.

    You must write: :meth:`execute`.
    You may write: :meth:`save_last_model`.

    Attributes:
        trainer_config: Section of the config, its callbacks and loggers made new for this fit.
        model_config: Section of the config.
        model: What ``Model.define_model`` made.
        data_module: What ``Data.create_data_module`` made.
        save_path: Folder to write to. It is kept when the process is killed and given again when
            the run goes on, so that a fit can find its own checkpoints in it.
        resume_from: Checkpoint to go on from; ``None`` at a fresh start.
        trainer: What fitted the model; ``None`` before.
        model_path: The file to test. Left ``None`` by :meth:`execute`, it becomes the best
            checkpoint of a Lightning trainer.
    """

    def __init__(
        self,
        trainer_config: dict[str, Any],
        model_config: dict[str, Any] | None = None,
        model: Any = None,
        data_module: Any = None,
        save_path: Path | str = ".",
        resume_from: Path | None = None,
    ) -> None:
        self.trainer_config = trainer_config
        self.model_config = model_config or {}
        self.model = model
        self.data_module = data_module
        self.save_path = Path(save_path)
        self.resume_from = resume_from
        self.trainer: Any = None
        self.model_path: Path | str | None = None

    @abstractmethod
    def execute(self) -> Any:
        """Fit ``self.model`` on ``self.data_module``. Return the trainer or set ``self.trainer``.

        Go on from ``self.resume_from`` if it is not ``None``. If the trainer is not Lightning's,
        set ``self.model_path`` to the file that ``Model.load_model`` reads.
        """

    def save_last_model(self) -> None:
        """Save the model as it is after the last step; the best one is kept anyway.

        As it stands: asks the trainer for a checkpoint ``model_config["model_name"]``.
        """
        self.trainer.save_checkpoint(self.save_path / self.model_config["model_name"])

    @final
    def run(self) -> Path:
        """Fit, and give the file of the model to test.

        Raises:
            HookResultError: If :meth:`execute` left no trainer or no model file.
        """
        call_hook(self, "execute", "trainer", "the trainer")
        model_path = self._find_model()
        if self.model_config.get("save_last_model"):
            self.model_path = model_path
            with hook_errors(self, "save_last_model"):
                self.save_last_model()
        return model_path

    def _find_model(self) -> Path:
        checkpoints = getattr(self.trainer, "checkpoint_callback", None)
        path = self.model_path or getattr(checkpoints, "best_model_path", None)
        if not path:
            raise result_error(
                self, "execute", "must set self.model_path to the file of the model, but did not"
            )
        if not Path(path).is_file():
            raise result_error(self, "execute", f"must leave the model in {path}, but did not")
        return Path(path).resolve()
