"""One process at work in one run: which steps are done, which must run, and what is recorded."""

from __future__ import annotations

import logging
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dsf.base.announcing import announced
from dsf.base.logged_run import LoggedRun
from dsf.base.snapshot import Snapshot
from dsf.base.stamp import Stamp
from dsf.base.stamper import Stamper
from dsf.base.step_states import StepStates
from dsf.base.steps import STEPS, Step, StepContext
from dsf.base.tracked_run import TrackedRun, find_tracked_run
from dsf.base.tracking_choice import choose_settings
from dsf.core.atomic import publish_folder, remove_work_files, storage_errors, write_text
from dsf.core.config import Config, dump_sections, hash_config, read_frozen_config
from dsf.core.errors import RunMismatchError
from dsf.core.run_folder import CONFIG_FILE
from dsf.core.run_record import STEP_FILE, RunRecord, StepRecord, now
from dsf.tracking import JournalTracker, check_store, tracking_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dsf.base.main import Main
    from dsf.core.run_folder import RunFolder

__all__ = ["Session", "check_same_data"]

log = logging.getLogger("dsf")


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
        self.stamper = Stamper(project, config, run)
        self._states = StepStates(project, run, record, self.stamper)
        self._logged: LoggedRun | None = None
        self._tracker: JournalTracker | None = None

    @contextmanager
    def tracked(self) -> Iterator[None]:
        """Log what is done inside to where the config says, and how it ends.

        Raises:
            ConfigError: If nothing can be logged there, and never will be.
        """
        root = self.project.project_dir()
        settings = choose_settings(self.config, root)
        if settings is None:
            yield
            return
        check_store(settings)
        tracker = self._tracker = JournalTracker(self.run.path, settings)
        self._logged = LoggedRun(tracker, self.run, self.record, self.config, root)
        with tracking_with(tracker), self._logged.told():
            yield

    @contextmanager
    def noting(self, step: Step) -> Iterator[None]:
        """Record that a step failed, if what it needs cannot be had and it was never done."""
        begin = now()
        try:
            yield
        except Exception as error:
            known = self.record.steps.get(step.name)
            if known is None or known.status != "done":
                told = f"{type(error).__name__}: {error}"
                self._note(step, StepRecord("failed", "", begin, now(), error=told))
            raise

    def tracked_run(self) -> TrackedRun:
        """Say where the run is tracked, once all that was logged so far is there.

        Raises:
            UserError: If the store does not take it now.
        """
        assert self._tracker is not None  # who registers is tracked
        return find_tracked_run(self._tracker)

    def is_done(self, step: Step) -> bool:
        """Whether the step's files are there, whole, and made with this config."""
        return not self._states.list_reasons(step)

    def folder(self, step: Step) -> Path:
        """The step's place in the run."""
        return self.run.path / step.folder

    def require(self, *steps: Step) -> None:
        """Check that steps are done.

        Raises:
            RunNotFoundError: Names the first one that is not, why, and the command for it.
            RunMismatchError: If it was done with another config.
        """
        for step in steps:
            self._states.require(step)

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
            RunMismatchError: If it is done with another config, and the run is not resumed.
        """
        self.require(*([STEPS[name] for name in step.after] if needs is None else needs))
        stamp = self.stamper.make(step, inputs)
        if self._states.may_skip(step, stamp):
            log.info("%-8s skipped: done before with the same config and files", step.name)
            self._states.warn_of_code(step)
            if not self.is_done(step):
                self._note(step, StepRecord("done", stamp.key, now(), now()))
            return self.folder(step)
        work = self._prepare(step, stamp)
        context = StepContext(self.project, self.config, self.run.path, work, options or {})
        self._attempt(step, stamp, context)
        return self.folder(step)

    def _prepare(self, step: Step, stamp: Stamp) -> Path:
        """Give the folder to write to: the one of a killed attempt if it can go on from it."""
        work = self.run.work_folder(step.folder)
        goes_on = step.goes_on and stamp.is_that_of(work) and not self.project.force
        with storage_errors(work):
            if goes_on:
                remove_work_files(work)
                log.info("%-8s goes on where it was stopped", step.name)
            else:
                shutil.rmtree(work, ignore_errors=True)
                work.mkdir()
                stamp.write(work)
        return work

    def _attempt(self, step: Step, stamp: Stamp, context: StepContext) -> None:
        record, final = StepRecord("running", stamp.key, started=now()), self.folder(step)
        before = Snapshot(self.run, self.record)
        self._forget_later(step)
        self._take_config(step)
        self._note(step, record)
        begin = time.monotonic()
        replaced = Stamp.read(final)
        try:
            with announced(self.run, step), storage_errors(context.folder):
                step.perform(context)
                stamp.write(context.folder, step.results(context.folder))
                publish_folder(context.folder, final)
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt | SystemExit)
            record.status = "interrupted" if stopped else "failed"
            record.error = "" if stopped else f"{type(error).__name__}: {error}"
            if not _clear_unless_begun(context.folder, step):
                before.restore(step.name)
            if isinstance(error.__context__, KeyboardInterrupt):
                # Lightning makes Ctrl-C an exit; our callers must still see what it was.
                raise KeyboardInterrupt from error
            raise
        else:
            record.status = "done"
            self._remove_outdated(step, replaced)
        finally:
            record.finished, record.seconds = now(), round(time.monotonic() - begin, 3)
            self.record.write(self.run.path)
        log.info("%-8s done in %.1f s", step.name, record.seconds)
        if self._logged is not None:
            self._logged.end_step(step)

    def _take_config(self, step: Step) -> None:
        """Let ``config.yaml`` say how the step is made now; how the others were made stays."""
        path = self.run.path / CONFIG_FILE
        write_text(path, dump_sections(path, self.config, step.sections))
        self.record.config_hash = hash_config(read_frozen_config(path))

    def _forget_later(self, step: Step) -> None:
        """Take back ``done`` from every step that rests on this one."""
        for later in _steps_after(step):
            self.record.steps.pop(later.name, None)

    def _remove_outdated(self, step: Step, replaced: Stamp | None) -> None:
        """Remove what rested on results of this step that are no more."""
        new = Stamp.read(self.folder(step))
        if replaced is None or new is None or replaced.files == new.files:
            return
        for later in _steps_after(step):
            if self.folder(later).is_dir():
                log.info(
                    "%-8s removed: it rested on the %s that was replaced", later.name, step.name
                )
                shutil.rmtree(self.folder(later))

    def _note(self, step: Step, record: StepRecord) -> None:
        self.record.steps[step.name] = record
        self.record.write(self.run.path)


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


def _clear_unless_begun(work: Path, step: Step) -> bool:
    """Remove what a failed step left, but not the checkpoints of a fit; say if anything stays."""
    left = [path.name for path in work.iterdir() if path.name != STEP_FILE] if work.is_dir() else []
    if step.goes_on and left:
        return True
    shutil.rmtree(work, ignore_errors=True)
    return False


def _steps_after(step: Step) -> list[Step]:
    """List the steps that rest on a step, near or far."""
    after: list[Step] = []
    for later in STEPS.values():
        if {step.name, *(one.name for one in after)} & set(later.after):
            after.append(later)
    return after
