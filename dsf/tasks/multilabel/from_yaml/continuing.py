"""A fit goes on: where it was killed, for more epochs than before, or from a checkpoint."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.base.stamp import Stamp
from dsf.base.steps import FIT
from dsf.base.steps.fit import LAST_CHECKPOINT
from dsf.core.config import diff_configs, freeze_config, read_frozen_config
from dsf.core.errors import RunMismatchError
from dsf.core.run_folder import CONFIG_FILE
from dsf.lightning.checkpoint_io import read_checkpoint

if TYPE_CHECKING:
    from dsf.base.session import Session

__all__ = ["begin_at_checkpoint", "config_of_checkpoint", "extend_fit"]

log = logging.getLogger("dsf")

_EPOCHS = "trainer_config.max_epochs"


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
    folder = (work / LAST_CHECKPOINT).parent
    folder.mkdir(parents=True)
    shutil.copyfile(checkpoint, work / LAST_CHECKPOINT)
    shutil.copyfile(_best_of(checkpoint), folder / "best.ckpt")
    now.write(work)


def config_of_checkpoint(path: Path) -> dict[str, Any]:
    """Give the config of the run that a checkpoint is of.

    Raises:
        RunMismatchError: If it has none.
        RunNotFoundError: If there is no such file.
    """
    config = read_checkpoint(path).get("hyper_parameters", {}).get("config")
    if not isinstance(config, dict):
        raise RunMismatchError(
            f"{path}: must be a checkpoint that `dsf-cli train` has left, with its config, but "
            "has none. Give the YAML file instead."
        )
    return config


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


def _best_of(checkpoint: Path) -> Path:
    """Find the best model that a checkpoint knows of; itself, if that is gone."""
    for name, state in read_checkpoint(checkpoint).get("callbacks", {}).items():
        if str(name).startswith("BestCheckpoint") and state.get("best_model_path"):
            best = Path(state["best_model_path"])
            return best if best.is_file() else checkpoint
    return checkpoint
