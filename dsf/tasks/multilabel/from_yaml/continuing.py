"""A run goes on: where it was killed, for more epochs than before, or from a checkpoint."""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING, Any

from dsf.base.stamp import Stamp
from dsf.base.steps import FIT, SPLIT
from dsf.base.steps.fit import LAST_CHECKPOINT
from dsf.core.config import diff_configs, freeze_config, read_frozen_config
from dsf.core.errors import RunMismatchError
from dsf.core.run_folder import CONFIG_FILE
from dsf.lightning.checkpoint_io import AtomicCheckpointIO, read_checkpoint
from dsf.tasks.multilabel.from_yaml.best_weights import find_best, forget_best, knows_best

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.base.session import Session

__all__ = ["begin_at_checkpoint", "check_same_split", "extend_fit"]

log = logging.getLogger("dsf")

_EPOCHS = "trainer_config.max_epochs"


def check_same_split(session: Session) -> None:
    """Refuse to go on with a run whose rows would be split in another way.

    Raises:
        RunMismatchError: Lists what has changed.
    """
    then = Stamp.read(session.folder(SPLIT))
    if then is None or session.stamper.make(SPLIT, then.inputs).key == then.key:
        return
    changes = session.stamper.list_changes(SPLIT) or "  - a file that the config names"
    raise RunMismatchError(
        f"{session.run.path}: a run goes on with the split that it has, but what decides the split "
        f"has changed:\n{changes}\nGive the same config and files, or start a new run with "
        "--check-point False."
    )


def extend_fit(session: Session) -> None:
    """Let a fit of this run go on if it is to have more epochs than it was given.

    Raises:
        RunMismatchError: If anything else of what decides a fit has changed: it would not be the
            same fit.
    """
    final, work = session.folder(FIT), session.run.work_folder(FIT.folder)
    now = session.stamper.make(FIT)
    for folder in (work, final):
        then = Stamp.read(folder)
        if then is None:
            continue
        if then.key == now.key:
            if folder == final:
                log.info("%-8s is finished: it goes on only if max_epochs grows", FIT.name)
            return
        if then.config == now.config:  # other rows: the run itself says what that means
            return
        _check_growth(session)
        if folder == final:
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(final, work)
        now.write(work)
        return


def begin_at_checkpoint(session: Session, checkpoint: Path) -> None:
    """Let the fit of a new run begin with what a checkpoint holds.

    Args:
        session: The run, its rows split.
        checkpoint: A file that a fit of the same config has left.
    """
    final, work = session.folder(FIT), session.run.work_folder(FIT.folder)
    now = session.stamper.make(FIT)
    if any(there is not None for there in (Stamp.read(final), Stamp.read(work))):
        return
    last = work / LAST_CHECKPOINT
    last.parent.mkdir(parents=True)
    content = read_checkpoint(checkpoint)
    best = find_best(checkpoint, content) if knows_best(content) else checkpoint
    if best is None:
        log.warning(
            "%-8s the best model that %s knows of is gone, or was trained further: this checkpoint "
            "itself counts as the best one until an epoch is better",
            FIT.name,
            checkpoint,
        )
        forget_best(content)
        AtomicCheckpointIO().save_checkpoint(content, last)
    else:
        shutil.copyfile(checkpoint, last)
    shutil.copyfile(best or last, last.with_name("best.ckpt"))
    now.write(work)


def _check_growth(session: Session) -> None:
    """Refuse all changes but one.

    Raises:
        RunMismatchError: Lists what has changed.
    """
    old = read_frozen_config(session.run.path / CONFIG_FILE)
    changes = {
        change.path: change
        for change in diff_configs(old, freeze_config(session.config))
        if FIT.is_decided_by(change.path)
    }
    epochs = changes.get(_EPOCHS)
    if len(changes) == 1 and epochs is not None and _is_more(epochs.new, epochs.old):
        log.info("%-8s goes on: %s epochs in place of %s", FIT.name, epochs.new, epochs.old)
        return
    listed = "\n".join(f"  - {one.path}: {one.old} -> {one.new}" for one in changes.values())
    raise RunMismatchError(
        f"{session.run.path}: a fit goes on with its own config, only max_epochs may grow, but it "
        f"was begun with another one:\n{listed}\nGive the same config, or start a new run with "
        "--check-point False."
    )


def _is_more(new: Any, old: Any) -> bool:
    return isinstance(new, int) and isinstance(old, int) and (new > old > 0 or new == -1)
