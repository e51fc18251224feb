"""What code that was written for MLflow's client calls: it goes into the journal."""

from __future__ import annotations

import json
import posixpath
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dsf.tracking.tracker import Tracker

__all__ = ["JournalClient"]


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
        self._log_file(run_id, artifact_file, lambda path: _write_text(path, text))

    def log_dict(
        self, run_id: str | None, dictionary: Mapping[str, Any], artifact_file: str
    ) -> None:
        """Log plain data as a file: of YAML if its name ends so, else of JSON.

        Args:
            run_id: Of this run, or empty.
            dictionary: What is in it; what JSON does not know becomes text.
            artifact_file: Its place among the artifacts.
        """
        # All JSON is YAML.
        text = json.dumps(dictionary, indent=2, ensure_ascii=False, default=str)
        self.log_text(run_id, text, artifact_file)

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
        kind = PurePosixPath(artifact_file).suffix.removeprefix(".").lower()
        options = dict(save_kwargs or {})

        def write(path: Path) -> None:
            # The file is not called as it will be, so the format must be said.
            if hasattr(figure, "savefig"):
                figure.savefig(path, **{"format": kind or "png", **options})
            elif kind == "html":
                figure.write_html(path, **{"include_plotlyjs": "cdn", "auto_open": False} | options)
            else:
                figure.write_image(path, format=kind or None, **options)

        self._log_file(run_id, artifact_file, write)

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


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
