"""How the steps of a run stand with the config, the files and the code of today."""

from __future__ import annotations

import logging
import shlex
from typing import TYPE_CHECKING

from dsf.base.stamp import Stamp
from dsf.core.errors import RunMismatchError, RunNotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.base.main import Main
    from dsf.base.stamper import Stamper
    from dsf.base.steps import Step
    from dsf.core.run_folder import RunFolder
    from dsf.core.run_record import RunRecord

__all__ = ["StepStates"]

log = logging.getLogger("dsf")


class StepStates:
    """Says which steps count as done, and what keeps the others from it.

    Args:
        project: What was asked for: whether to resume, and to do again by force.
        run: The run.
        record: What is recorded of it, as it changes.
        stamper: Says what would decide a step now.
    """

    def __init__(self, project: Main, run: RunFolder, record: RunRecord, stamper: Stamper) -> None:
        self._project = project
        self._run = run
        self._record = record
        self._stamper = stamper

    def list_reasons(self, step: Step) -> list[str]:
        """Say why a step does not count as done; empty if it does."""
        record, stamp = self._record.steps.get(step.name), Stamp.read(self._folder(step))
        if record is None or record.status != "done" or stamp is None:
            return ["is not (or what it rests on has changed)"]
        if stamp.config != self._stamper.hash_config(step):
            return ["it was done with another config"]
        return [
            f"{step.folder}/{name} was changed or removed since"
            for name in stamp.spoiled(self._folder(step))
        ]

    def require(self, step: Step) -> None:
        """Check that a step is done, and warn if that was with other code.

        Raises:
            RunNotFoundError: If it is not; says why, and the command for it.
            RunMismatchError: If it was done with another config.
        """
        if self._differs(step):
            raise RunMismatchError(
                f"{self._run.path}: {step.name} was done with another config:\n"
                f"{self._stamper.list_changes(step)}\nGive the same settings, or do it again "
                f"in this run by `{self._command(step)} --resume`."
            )
        if reasons := self.list_reasons(step):
            raise RunNotFoundError(
                f"{self._run.path}: {step.name} must be done first, but {', '.join(reasons)}. "
                f"Run `{self._command(step)}`."
            )
        self.warn_of_code(step)

    def may_skip(self, step: Step, stamp: Stamp) -> bool:
        """Whether the step's folder holds just what it would make.

        Args:
            step: The step.
            stamp: What would decide it now.

        Raises:
            RunMismatchError: If it holds what another config made, and the run is not resumed.
        """
        done = Stamp.read(self._folder(step))
        if done is None or self._project.force:
            return False
        if spoiled := done.spoiled(self._folder(step)):
            files = ", ".join(f"{step.folder}/{name}" for name in spoiled)
            log.warning("%-8s is done again: changed or removed since: %s", step.name, files)
            return False
        if done.config != stamp.config and not self._project.resume:
            raise RunMismatchError(
                f"{self._run.path}: {step.name} is done in this run with another config:\n"
                f"{self._stamper.list_changes(step)}\nA new run keeps both: `dsf-cli run`. To do "
                "it again in this run, in place of what is there: "
                f"`{self._command(step)} --resume`."
            )
        return done.key == stamp.key

    def warn_of_code(self, step: Step) -> None:
        """Say which of the project's files are not those that did the step."""
        stamp = Stamp.read(self._folder(step))
        changed = stamp.changed_code(self._stamper.hash_code(step)) if stamp else []
        if changed:
            log.warning(
                "%-8s was done with other code; changed since: %s. `%s --force` does it again",
                step.name,
                ", ".join(changed),
                self._command(step),
            )

    def _differs(self, step: Step) -> bool:
        """Whether a step is there, but was done with another config."""
        stamp = Stamp.read(self._folder(step))
        return stamp is not None and stamp.config != self._stamper.hash_config(step)

    def _folder(self, step: Step) -> Path:
        return self._run.path / step.folder

    def _command(self, step: Step) -> str:
        """Give the command that does a step in this run, be it the latest or not."""
        return f"dsf-cli {step.name} --run-dir {shlex.quote(str(self._run.path))}"
