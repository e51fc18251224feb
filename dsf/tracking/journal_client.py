"""What code that was written for MLflow's client calls: it goes into the journal."""

from __future__ import annotations

import posixpath
import re
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError
from dsf.tracking.events import milliseconds
from dsf.tracking.file_writers import write_data, write_figure, write_image, write_plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dsf.tracking.tracker import Tracker

__all__ = ["JournalClient"]

_KEY = re.compile(r"[a-zA-Z0-9_\-./ ]+\Z")  # MLflow's rule for the key of an image
_HAS_IMAGES = "mlflow.loggedImages"  # a tag: MLflow's page looks for them then


class JournalClient:
    """Takes the calls of ``mlflow.MlflowClient`` by which a training logs.

    They go to the tracker of the run: none waits for a server, and what was logged while there was
    none is sent later. Files are copied when they are logged, so that theirs may go. Each call
    takes the id of the run as MLflow's client does; one that is empty, since MLflow has not given
    it yet, is right as well. Any other call of MLflow's client raises ``UserError``, and says how
    to get that one.

    Args:
        tracker: Of the run. Where nothing is tracked, nothing is done.
    """

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    def log_metric(
        self,
        run_id: str | None,
        key: str,
        value: float,
        timestamp: int | None = None,
        step: int | None = None,
        synchronous: bool | None = None,  # noqa: ARG002 - MLflow's
    ) -> None:
        """Log a number.

        Args:
            run_id: Of this run, or empty.
            key: Its name.
            value: Anything that ``float`` takes.
            timestamp: Milliseconds since 1970; ``None`` for now.
            step: Where in the training; ``None`` for 0.
            synchronous: Not used: nothing waits.
        """
        self._check(run_id)
        when = None if timestamp is None else timestamp / 1000
        self._tracker.log_metrics({key: value}, step or 0, when)

    def log_param(
        self,
        run_id: str | None,
        key: str,
        value: Any,
        synchronous: bool | None = None,  # noqa: ARG002 - MLflow's
    ) -> Any:
        """Log a parameter; give its value.

        Args:
            run_id: Of this run, or empty.
            key: Its name.
            value: It becomes text.
            synchronous: Not used: nothing waits.
        """
        self._check(run_id)
        self._tracker.log_params({key: str(value)})
        return value

    def set_tag(
        self,
        run_id: str | None,
        key: str,
        value: Any,
        synchronous: bool | None = None,  # noqa: ARG002 - MLflow's
    ) -> None:
        """Set a tag.

        Args:
            run_id: Of this run, or empty.
            key: Its name.
            value: It becomes text.
            synchronous: Not used: nothing waits.
        """
        self._check(run_id)
        self._tracker.set_tags({key: value})

    def log_batch(
        self,
        run_id: str | None,
        metrics: Sequence[Any] = (),
        params: Sequence[Any] = (),
        tags: Sequence[Any] = (),
        synchronous: bool | None = None,
    ) -> None:
        """Log numbers, parameters and tags.

        Args:
            run_id: Of this run, or empty.
            metrics: ``mlflow.entities.Metric``.
            params: ``mlflow.entities.Param``.
            tags: ``mlflow.entities.RunTag``.
            synchronous: Not used: nothing waits.
        """
        for one in metrics:
            self.log_metric(run_id, one.key, one.value, one.timestamp, one.step, synchronous)
        for one in params:
            self.log_param(run_id, one.key, one.value)
        for one in tags:
            self.set_tag(run_id, one.key, one.value)

    def log_text(self, run_id: str | None, text: str, artifact_file: str) -> None:
        """Log a text as a file.

        Args:
            run_id: Of this run, or empty.
            text: What is in it.
            artifact_file: Its place among the artifacts: ``notes/first.txt``.
        """
        self._log_file(run_id, artifact_file, lambda path: write_plain_text(path, text))

    def log_dict(
        self, run_id: str | None, dictionary: Mapping[str, Any], artifact_file: str
    ) -> None:
        """Log plain data as a file: of YAML if its name ends so, else of JSON.

        Args:
            run_id: Of this run, or empty.
            dictionary: What is in it; what JSON does not know becomes text, keys too. NaN is
                ``.nan`` in YAML, and the text ``"nan"`` in JSON, which has no word for it.
            artifact_file: Its place among the artifacts.
        """
        self._log_file(
            run_id, artifact_file, lambda path: write_data(path, dictionary, artifact_file)
        )

    def log_figure(
        self,
        run_id: str | None,
        figure: Any,
        artifact_file: str,
        *,
        save_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        """Log a figure as a picture, or one of plotly as a page too.

        Args:
            run_id: Of this run, or empty.
            figure: Of matplotlib or plotly.
            artifact_file: Its place among the artifacts; how it ends says the format.
            save_kwargs: Handed on to what writes it.
        """
        options = dict(save_kwargs or {})
        self._log_file(
            run_id, artifact_file, lambda path: write_figure(path, figure, artifact_file, options)
        )

    def log_image(
        self,
        run_id: str | None,
        image: Any,
        artifact_file: str | None = None,
        key: str | None = None,
        step: int | None = None,
        timestamp: int | None = None,
        synchronous: bool | None = None,  # noqa: ARG002 - MLflow's
    ) -> None:
        """Log an image as a file, or as one of a row of images that MLflow's page shows by step.

        Args:
            run_id: Of this run, or empty.
            image: An array of numpy, an image of PIL or an ``mlflow.Image``.
                Shape: ``(height, width)`` or ``(height, width, 1, 3 or 4)``; whole numbers from 0
                to 255, or others from 0 to 1.
            artifact_file: Its place among the artifacts; how it ends says the format.
            key: What the row is called, in place of ``artifact_file``.
            step: Of an image of a row: where in the training; ``None`` for 0.
            timestamp: Of an image of a row: milliseconds since 1970; ``None`` for now.
            synchronous: Not used: nothing waits.

        Raises:
            UserError: If it has both a file and a row or neither, or is no image.
        """
        by_step = (key, step, timestamp) != (None, None, None)
        if (artifact_file is not None and by_step) or (artifact_file is None and key is None):
            raise UserError(
                "log_image must get either artifact_file, or key and, if you like, step and "
                f"timestamp, but got artifact_file={artifact_file!r}, key={key!r}, step={step!r}, "
                f"timestamp={timestamp!r}."
            )
        if key is None:
            self._log_image(run_id, image, str(artifact_file))
            return
        name = _image_name(key, step or 0, timestamp or milliseconds())
        self._log_image(run_id, image, f"{name}.png")
        self._log_image(run_id, image, f"{name}+compressed.webp", small=True)
        self.set_tag(run_id, _HAS_IMAGES, True)

    def log_artifact(
        self, run_id: str | None, local_path: str | Path, artifact_path: str | None = None
    ) -> None:
        """Log a file, or a folder with all that is in it, as it is now.

        Args:
            run_id: Of this run, or empty.
            local_path: Where it is.
            artifact_path: The folder of artifacts to put it into; at the top by default.

        Raises:
            UserError: If it is not there.
        """
        path = Path(local_path)
        if path.is_dir():
            self.log_artifacts(run_id, path, posixpath.join(artifact_path or "", path.name))
            return
        if not path.is_file():
            raise UserError(f"{path.absolute()}: must be there to be logged, but is not.")
        self._copy(run_id, path, posixpath.join(artifact_path or "", path.name))

    def log_artifacts(
        self, run_id: str | None, local_dir: str | Path, artifact_path: str | None = None
    ) -> None:
        """Log all that is in a folder, as it is now.

        Args:
            run_id: Of this run, or empty.
            local_dir: Where it is.
            artifact_path: The folder of artifacts to put it into; at the top by default.

        Raises:
            UserError: If it is not there.
        """
        folder = Path(local_dir)
        if not folder.is_dir():
            raise UserError(f"{folder.absolute()}: must be a folder to be logged, but is none.")
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            place = path.relative_to(folder).as_posix()
            self._copy(run_id, path, posixpath.join(artifact_path or "", place))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Give a call that says that it is not journalled, for whatever else a client has."""
        if name.startswith("_"):
            raise AttributeError(name)

        def refuse(*_: Any, **__: Any) -> Any:
            raise UserError(self._refusal(f"logger.experiment.{name} is not journalled"))

        return refuse

    def _copy(self, run_id: str | None, path: Path, name: str) -> None:
        def write(to: Path) -> None:
            shutil.copyfile(path, to)

        self._log_file(run_id, name, write)

    def _log_image(self, run_id: str | None, image: Any, name: str, *, small: bool = False) -> None:
        self._log_file(run_id, name, lambda path: write_image(path, image, name, small=small))

    def _log_file(self, run_id: str | None, name: str, write: Callable[[Path], None]) -> None:
        self._check(run_id)
        self._tracker.log_file(name, write)

    def _check(self, run_id: str | None) -> None:
        """Refuse to log into another run than this.

        Raises:
            UserError: If that is asked for.
        """
        own = self._tracker.run_id if run_id else ""
        if run_id and self._tracker.where and run_id != own:
            raise UserError(
                self._refusal(
                    f"logger.experiment logs into its own run, {own or 'not sent yet'}, but was "
                    f"asked to log into {run_id}"
                )
            )

    def _refusal(self, said: str) -> str:
        calls = ", ".join(name for name in vars(type(self)) if not name.startswith("_"))
        where = self._tracker.where
        return (
            f"{said}. It takes {calls}, and keeps what they log until the store answers. For all "
            f"else, ask MLflow itself, which must answer then: "
            f"mlflow.MlflowClient({repr(where) if where else ''})."
        )


def _image_name(key: str, step: int, timestamp: int) -> str:
    """Give the name by which MLflow's page finds an image of a row, without its ending."""
    if not _KEY.match(key):
        raise UserError(
            "The key of an image must be of letters, digits, blanks and _ - . / only, but is "
            f"{key!r}."
        )
    row = key.replace("/", "~")  # as MLflow does: all images lie in one folder
    return f"images/{row}+step+{step}+timestamp+{timestamp}+{uuid.uuid4()}"
