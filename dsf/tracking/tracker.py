"""Where a run's numbers go: the contract, and the tracker that keeps nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from dsf.tracking.events import Status

__all__ = ["NoTracker", "Tracker"]


class Tracker(ABC):
    """Takes what a run has to say, and never makes it wait.

    A step logs whatever it has, in any order; :meth:`flush` at the step's end, :meth:`close` at
    the end of the process. Beside what a method names, only the disk of the run can make a call
    fail (``StorageError``).

    You must write all methods.
    """

    @property
    @abstractmethod
    def where(self) -> str:
        """The store, without credentials; empty if there is none."""

    @property
    @abstractmethod
    def run_id(self) -> str:
        """What the store calls the run; empty while nothing was sent to it."""

    @abstractmethod
    def log_params(self, params: Mapping[str, Any]) -> None:
        """Log parameters.

        Args:
            params: Name → value. Nested mappings become dotted names, values become text.
        """

    @abstractmethod
    def log_metrics(self, metrics: Mapping[str, Any], step: int, when: float | None = None) -> None:
        """Log numbers.

        Args:
            metrics: Name → anything that ``float`` takes; NaN and infinities too.
            step: Where in the training, in whatever unit the run counts.
            when: Seconds since 1970; ``None`` for now.

        Raises:
            TypeError: If a value is no number.
        """

    @abstractmethod
    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags: name → text. A later one of the same name counts."""

    @abstractmethod
    def describe(self, text: str) -> None:
        """Set the run's description, in Markdown."""

    @abstractmethod
    def log_dataset(
        self,
        name: str,
        *,
        digest: str,
        source: str = "",
        schema: Mapping[str, str] | None = None,
        context: str = "",
        rows: int | None = None,
    ) -> None:
        """Log which rows were used.

        Args:
            name: What they are called.
            digest: Hash of the content; MLflow shows the first 36 characters.
            source: Where they came from: a path or a URI.
            schema: Column → type.
            context: What for: ``"training"``, ``"test"``.
            rows: How many.
        """

    @abstractmethod
    def log_artifact(self, path: Path, folder: str = "") -> None:
        """Log a file, or a folder with all that is in it, as it is when it is sent.

        Args:
            path: It must stay where it is until it was sent: name the final place.
            folder: The folder of artifacts to put it into; at the top by default.
        """

    @abstractmethod
    def log_file(self, name: str, write: Callable[[Path], None]) -> None:
        """Log a file that has no place of its own: the tracker keeps it until it is sent.

        Args:
            name: Its place among the artifacts: ``plots/errors.png``. What was logged under the
                same name before is replaced.
            write: Writes the file to the path that it gets; not called if nothing is kept.

        Raises:
            UserError: If the name is none of a place among artifacts.
        """

    @abstractmethod
    def set_status(self, status: Status) -> None:
        """Say how the run stands: ``RUNNING``, ``FINISHED``, ``FAILED`` or ``KILLED``."""

    @abstractmethod
    def flush(self, patience: float | None = None) -> bool:
        """Wait until all is where it belongs, but not for long.

        Args:
            patience: Seconds; ``None`` for that of the settings.

        Returns:
            Whether all is there. What is not is kept and sent later.
        """

    @abstractmethod
    def close(self) -> None:
        """Flush, and stop. What is logged afterwards is kept, and sent by the next process."""


class NoTracker(Tracker):
    """Keeps nothing, writes nothing, imports nothing."""

    @property
    def where(self) -> str:
        """Nowhere."""
        return ""

    @property
    def run_id(self) -> str:
        """There is none."""
        return ""

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Do nothing."""

    def log_metrics(self, metrics: Mapping[str, Any], step: int, when: float | None = None) -> None:
        """Do nothing."""

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Do nothing."""

    def describe(self, text: str) -> None:
        """Do nothing."""

    def log_dataset(
        self,
        name: str,
        *,
        digest: str,
        source: str = "",
        schema: Mapping[str, str] | None = None,
        context: str = "",
        rows: int | None = None,
    ) -> None:
        """Do nothing."""

    def log_artifact(self, path: Path, folder: str = "") -> None:
        """Do nothing."""

    def log_file(self, name: str, write: Callable[[Path], None]) -> None:
        """Do nothing."""

    def set_status(self, status: Status) -> None:
        """Do nothing."""

    def flush(self, patience: float | None = None) -> bool:  # noqa: ARG002 - the contract's
        """Do nothing; all is where it belongs."""
        return True

    def close(self) -> None:
        """Do nothing."""
