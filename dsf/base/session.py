"""One process at work in one run: which steps are done, which must run, and what is recorded."""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dsf.base.steps import STEPS, Step, StepContext
from dsf.core.atomic import publish_folder, remove_work_files, storage_errors, write_json
from dsf.core.config import Config, freeze_config, hash_config
from dsf.core.errors import RunMismatchError, RunNotFoundError
from dsf.core.hashing import hash_files, hash_value
from dsf.core.run_record import STEP_FILE, RunRecord, StepRecord, now

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.base.main import Main
    from dsf.core.run_folder import RunFolder

__all__ = ["INERT_KEYS", "WORKER_RUN", "WORKER_STEP", "Session"]

log = logging.getLogger("dsf")

INERT_KEYS = (
    "model_config.num_workers",
    "trainer_config.default_root_dir",
    "trainer_config.enable_model_summary",
    "trainer_config.enable_progress_bar",
    "trainer_config.log_every_n_steps",
    "trainer_config.logger",
    "trainer_config.profiler",
    "dataset_config.dataset_path",
)
"""Config that changes no result: where things are and how they are shown. Rows count by content."""

WORKER_RUN = "DSF_WORKER_RUN"
WORKER_STEP = "DSF_WORKER_STEP"
_WORKER_PATIENCE = 120.0  # seconds
_WORKER_PAUSE = 0.1  # seconds


class Session:
    """Runs steps in a run folder that this process holds.

    Args:
        project: Names the project's classes.
        config: The resolved config.
        run: The run; locked by the caller.
        record: What ``run.json`` says, or will say.
    """

    def __init__(self, project: Main, config: Config, run: RunFolder, record: RunRecord) -> None:
        self.project = project
        self.config = config
        self.run = run
        self.record = record
        self._frozen = freeze_config(config)

    def is_done(self, step: Step) -> bool:
        """Whether the step's files are there and nothing before it has changed since."""
        record = self.record.steps.get(step.name)
        return record is not None and record.status == "done" and self.folder(step).is_dir()

    def folder(self, step: Step) -> Path:
        """The step's place in the run."""
        return self.run.path / step.folder

    def require(self, *steps: Step) -> None:
        """Check that steps are done.

        Raises:
            RunNotFoundError: Names the first one that is not, and the command for it.
        """
        for step in steps:
            if not self.is_done(step):
                raise RunNotFoundError(
                    f"{self.run.path}: {step.name} must be done first, but is not (or what it "
                    f"rests on has changed). Run `dsf-cli {step.name}`."
                )

    def perform(
        self,
        step: Step,
        inputs: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
        needs: Sequence[Step] | None = None,
    ) -> Path:
        """Run a step, unless it is done with the same config and the same files.

        Args:
            step: What to run.
            inputs: Hashes of what it reads from outside the run.
            options: Handed on to the step.
            needs: Steps that must be done, in place of all that it comes after.

        Returns:
            Its folder.

        Raises:
            RunNotFoundError: If a step before it is not done.
        """
        self.require(*([STEPS[name] for name in step.after] if needs is None else needs))
        stamp = self._stamp(step, inputs or {})
        if _read_stamp(self.folder(step)) == stamp:
            log.info("%-8s skipped: done before with the same config and files", step.name)
            if not self.is_done(step):
                self._note(step, StepRecord("done", stamp["key"], now(), now()))
            return self.folder(step)
        work = self._prepare(step, stamp)
        context = StepContext(self.project, self.config, self.run.path, work, options or {})
        self._attempt(step, stamp, context)
        return self.folder(step)

    def assist(self, step: Step, options: Mapping[str, Any] | None = None) -> None:
        """Take part in a step that another process of the same job runs and records."""
        stamp, work = self._stamp(step, {}), self.run.work_folder(step.folder)
        if not self._wait_for(stamp, self.folder(step), work):
            return
        with _environment(self.run, step):
            step.perform(StepContext(self.project, self.config, self.run.path, work, options or {}))

    def _wait_for(self, stamp: Mapping[str, Any], final: Path, work: Path) -> bool:
        """Wait until the first process has made the step's folder; say if there is work to do."""
        for _ in range(int(_WORKER_PATIENCE / _WORKER_PAUSE)):
            if _read_stamp(final) == stamp:
                return False
            if _read_stamp(work) == stamp:
                return True
            time.sleep(_WORKER_PAUSE)
        raise RunNotFoundError(
            f"{work}: the first process of the job must begin the step within "
            f"{_WORKER_PATIENCE:.0f} s, but has not. Look at what it says."
        )

    def _stamp(self, step: Step, inputs: Mapping[str, str]) -> dict[str, Any]:
        """Say what decides the step's result; equal stamps, equal results."""
        missing = [name for name in step.reads if not (self.run.path / name).is_file()]
        if missing:
            raise RunNotFoundError(
                f"{self.run.path}: {step.name} reads {missing}, which must be here, but are not."
            )
        config = {section: _pick(self._frozen, section) for section in step.sections}
        files = hash_files([self.run.path / name for name in step.reads], self.run.path)
        key = hash_value(
            {
                "config": hash_config(_nest(config), ignore=INERT_KEYS),
                "files": files,
                "inputs": dict(inputs),
            }
        )
        return {"step": step.name, "key": key, "inputs": dict(inputs)}

    def _prepare(self, step: Step, stamp: Mapping[str, Any]) -> Path:
        """Give the folder to write to: the one of a killed attempt if it can go on from it."""
        work = self.run.work_folder(step.folder)
        goes_on = step.goes_on and _read_stamp(work) == stamp
        with storage_errors(work):
            if goes_on:
                remove_work_files(work)
                log.info("%-8s goes on where it was stopped", step.name)
            else:
                shutil.rmtree(work, ignore_errors=True)
                work.mkdir()
                write_json(work / STEP_FILE, stamp)
        return work

    def _attempt(self, step: Step, stamp: Mapping[str, Any], context: StepContext) -> None:
        record = StepRecord("running", stamp["key"], started=now())
        self._forget_later(step)
        self._note(step, record)
        begin = time.monotonic()
        try:
            with _environment(self.run, step), storage_errors(context.folder):
                step.perform(context)
                publish_folder(context.folder, self.folder(step))
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt | SystemExit)
            record.status = "interrupted" if stopped else "failed"
            record.error = "" if stopped else f"{type(error).__name__}: {error}"
            _clear_unless_begun(context.folder, step)
            if isinstance(error.__context__, KeyboardInterrupt):
                # Lightning makes Ctrl-C an exit; our callers must still see what it was.
                raise KeyboardInterrupt from error
            raise
        else:
            record.status = "done"
        finally:
            record.finished, record.seconds = now(), round(time.monotonic() - begin, 3)
            self._note(step, record)
        log.info("%-8s done in %.1f s", step.name, record.seconds)

    def _forget_later(self, step: Step) -> None:
        """Take back ``done`` from every step that rests on this one."""
        changed = {step.name}
        for later in STEPS.values():
            if changed & set(later.after):
                changed.add(later.name)
                self.record.steps.pop(later.name, None)

    def _note(self, step: Step, record: StepRecord) -> None:
        self.record.steps[step.name] = record
        self.record.write(self.run.path)


@contextmanager
def _environment(run: RunFolder, step: Step) -> Iterator[None]:
    """Tell processes that the step starts what to join; take back what it left in the environment.

    Lightning's launcher, for one, leaves ranks and ports there that would mislead the next step.
    """
    before = dict(os.environ)
    os.environ[WORKER_RUN] = str(run.path)
    os.environ[WORKER_STEP] = step.name
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def check_same_data(record: RunRecord, data_hash: str, run: Path) -> None:
    """Refuse to go on with rows that the run was not made from.

    Raises:
        RunMismatchError: If the hashes differ.
    """
    if record.data_hash and record.data_hash != data_hash:
        raise RunMismatchError(
            f"{run}: a run must go on with its own data, but the rows have changed "
            f"(hash {record.data_hash[:12]} then, {data_hash[:12]} now). Start a new run."
        )


def _clear_unless_begun(work: Path, step: Step) -> None:
    """Remove what a failed step left, but not the checkpoints of a fit."""
    left = [path.name for path in work.iterdir() if path.name != STEP_FILE] if work.is_dir() else []
    if not (step.goes_on and left):
        shutil.rmtree(work, ignore_errors=True)


def _read_stamp(folder: Path) -> Any:
    path = folder / STEP_FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _pick(config: Mapping[str, Any], path: str) -> Any:
    value: Any = config
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Put dotted paths back into sections, so that they can be named by dotted paths again."""
    nested: dict[str, Any] = {}
    for path, value in flat.items():
        *sections, last = path.split(".")
        place = nested
        for name in sections:
            place = place.setdefault(name, {})
        place[last] = value
    return nested
