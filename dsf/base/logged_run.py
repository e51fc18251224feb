"""What a tracker is told of a run, as its steps begin and end."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]

from dsf.base.logged_numbers import read_logged_numbers
from dsf.base.named_logger import find_logger
from dsf.base.steps import BUNDLE_FOLDER, FIT, REGISTER, SPLIT, STEPS
from dsf.base.steps.fit import LAST_CHECKPOINT
from dsf.base.steps.step import SPLIT_FILE
from dsf.core.atomic import write_bytes, write_text
from dsf.core.config import read_frozen_config
from dsf.core.environment import git_patch, installed_packages
from dsf.core.errors import UserError
from dsf.core.hashing import hash_files
from dsf.core.run_folder import CONFIG_FILE
from dsf.core.run_record import RECORD_FILE
from dsf.tracking import TRACKING_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dsf.base.steps import Step
    from dsf.core.run_folder import RunFolder
    from dsf.core.run_record import RunRecord
    from dsf.tracking import JournalTracker, Status

__all__ = ["LoggedRun"]

_SHOWN = (".csv", ".html", ".json", ".md", ".svg", ".txt", ".yaml")
_OF_REGISTERING = ("register_config", "tracking_config")
_LARGEST = 20_000_000  # bytes of a file that a person looks at


class LoggedRun:
    """Tells a tracker what a run is, and what each of its steps has found.

    Nothing is told before a step is done: a run that comes to nothing leaves nothing behind.

    Args:
        tracker: Whom to tell.
        run: The run's folder.
        record: What is recorded of it.
        config: The resolved config.
        project: Folder of the project.
    """

    def __init__(
        self,
        tracker: JournalTracker,
        run: RunFolder,
        record: RunRecord,
        config: Mapping[str, Any],
        project: Path,
    ) -> None:
        self._tracker = tracker
        self._run = run
        self._record = record
        self._config = config
        self._project = project
        self._begun = False

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say how what is done inside ends, and wait for what is not sent, but not for long."""
        self.begin()
        try:
            yield
        except (KeyboardInterrupt, SystemExit):
            self._end("KILLED")
            raise
        except UserError:
            # A command that was refused has changed nothing of a run that is sound.
            statuses = {step.status for step in self._record.steps.values()}
            self._end("FINISHED" if statuses == {"done"} else "FAILED")
            raise
        except BaseException:
            self._end("FAILED")
            raise
        else:
            self._end("FINISHED")
        finally:
            self._tracker.close()
            self._keep_id()

    def begin(self, ending: Step | None = None) -> None:
        """Say what the run is, once, if one of its steps is done.

        What was done before the run was tracked is told now.

        Args:
            ending: The step that is told of next.
        """
        done = [name for name, step in self._record.steps.items() if step.status == "done"]
        if self._begun or not done:
            return
        self._begun = True
        is_new = self._tracker.is_new
        self._tracker.set_status("RUNNING")
        self._log_config(without=() if REGISTER.name in done else _OF_REGISTERING)
        self._tracker.set_tags(self._tags())
        self._log_environment()
        for name in done if is_new else ():
            if ending is None or name != ending.name:
                self._log_step(STEPS[name])

    def end_step(self, step: Step) -> None:
        """Say what a step has found, and keep the files that people look at."""
        self.begin(step)
        self._log_config()
        self._log_step(step)

    def _log_config(self, without: Sequence[str] = ()) -> None:
        """Say how the run was made, which today's config may say otherwise.

        Args:
            without: Sections of steps that are not done: their values are not final.
        """
        config = read_frozen_config(self._run.path / CONFIG_FILE)
        kept = {name: section for name, section in config.items() if name not in without}
        self._tracker.log_params(kept)

    def _log_step(self, step: Step) -> None:
        folder = self._run.path / step.folder
        numbers = read_logged_numbers(step.name, folder)
        numbers[f"seconds_{step.name}"] = self._record.steps[step.name].seconds
        self._tracker.log_metrics(numbers, step=0)
        bundle = folder / BUNDLE_FOLDER  # nothing to look at; where it is registered, it is whole
        for path in sorted(folder.rglob("*")):
            if bundle in path.parents or path.suffix not in _SHOWN:
                continue
            if path.is_file() and path.stat().st_size <= _LARGEST:
                place = path.parent.relative_to(self._run.path).as_posix()
                self._tracker.log_artifact(path, place)
        for name in (CONFIG_FILE, RECORD_FILE):
            self._tracker.log_artifact(self._run.path / name)
        if step is SPLIT:
            self._log_rows(folder)
        if step is FIT:
            self._log_checkpoints(folder / LAST_CHECKPOINT.parent)

    def _end(self, status: Status) -> None:
        if self._begun:
            self._tracker.set_status(status)

    def _keep_id(self) -> None:
        """Let the run's record say which run it is in the store."""
        found = self._tracker.run_id
        if found and found != self._record.tracking_run:
            self._record.tracking_run = found
            self._record.write(self._run.path)

    def _log_checkpoints(self, folder: Path) -> None:
        """Keep what the fit can be gone on with, if a logger of the config says so."""
        logger = find_logger(self._config)
        if logger is not None and logger.keeps_checkpoints:
            for path in sorted(folder.glob(f"*{LAST_CHECKPOINT.suffix}")):
                self._tracker.log_artifact(path, path.stem)  # as Lightning's logger places it

    def _log_rows(self, folder: Path) -> None:
        """Say which rows the run is made of."""
        section = self._config["dataset_config"]
        source = section["dataset_path"] or ""
        split = json.loads((folder / SPLIT_FILE).read_text(encoding="utf-8"))
        for part, rows in split["rows"].items():
            path = folder / f"{part}.parquet"
            self._tracker.log_dataset(
                f"{Path(str(source)).stem or self._record.project} {part}",
                digest=hash_files([path], folder)[path.name],
                source=str(source),
                schema={column.name: str(column.type) for column in pq.read_schema(path)},
                context=part,
                rows=rows,
            )

    def _tags(self) -> dict[str, str]:
        record = self._record
        tags = {
            "dsf.project": record.project,
            "dsf.task": record.task,
            "dsf.version": record.dsf_version,
            "dsf.run_folder": self._run.version,
            "dsf.seed": str(record.seed),
            "dsf.config_hash": record.config_hash,
            "dsf.data_hash": record.data_hash,
            "mlflow.source.name": record.project,
        }
        if record.git:
            tags["mlflow.source.git.commit"] = record.git["commit"]
            tags["dsf.uncommitted_changes"] = str(record.git["dirty"]).lower()
        return tags

    def _log_environment(self) -> None:
        """Keep what is installed, and what of the code is not committed."""
        folder = self._run.path / TRACKING_FOLDER
        folder.mkdir(exist_ok=True)
        lines = "\n".join(installed_packages())
        write_text(folder / "requirements.txt", f"{lines}\n")
        self._tracker.log_artifact(folder / "requirements.txt", "environment")
        if patch := git_patch(self._project):
            content = patch.encode("utf-8", "surrogateescape")  # as git gave it
            write_bytes(folder / "uncommitted.patch", content)
            self._tracker.log_artifact(folder / "uncommitted.patch", "environment")
