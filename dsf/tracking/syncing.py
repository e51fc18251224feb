"""Sends what a run could not send while it ran."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dsf.core.errors import RunNotFoundError
from dsf.tracking.delivery import TRIES, Delivery, Progress
from dsf.tracking.journal import TRACKING_FOLDER
from dsf.tracking.mlflow_package import load_client_class
from dsf.tracking.records import Identity
from dsf.tracking.store_errors import StoreAwayError

if TYPE_CHECKING:
    from dsf.tracking.settings import TrackingSettings

__all__ = ["Synced", "sync_run"]

_LOG = logging.getLogger("dsf")
_LONGEST = 60.0  # seconds: a store under load takes its time, and here nobody waits to train
_LOOK = 0.2  # seconds between two looks at whether the store still answers


@dataclass(frozen=True)
class Synced:
    """What became of a run's journal.

    Attributes:
        where: The store, without credentials.
        run_id: MLflow's id of the run; empty if it could not be made.
        events: How many were sent by this call.
        refused: How many are set aside now, those of earlier calls included.
        left: Bytes of the journal that were not sent.
        problem: Why something was left, and what to do; empty if nothing was.
    """

    where: str
    run_id: str
    events: int
    refused: int
    left: int
    problem: str


def sync_run(
    run_folder: Path, settings: TrackingSettings | None = None, longest: float = _LONGEST
) -> Synced:
    """Send what is left of a run's journal, and try again what was set aside.

    However much it is, it is sent as long as the store answers. A store that has not answered for
    ``patience`` is told of; one that has not for ``longest`` is given up, but for a file, which may
    take as long to send as it likes.

    Args:
        run_folder: The run, wherever it lies now.
        settings: Where to; ``None`` for where the run was tracked. Credentials were not kept: they
            come from MLflow's environment variables, or from these settings.
        longest: Seconds that a store may take to answer once; the patience of the settings if that
            is more.

    Raises:
        RunNotFoundError: If nothing was ever tracked there.
        RunMismatchError: If the run's notes were damaged.
        ConfigError: If the address is none that MLflow can use.
        MissingExtraError: If MLflow is not installed.
        StorageError: If the run's own disk does not take the notes.
    """
    run_folder = Path(run_folder).resolve()
    folder = run_folder / TRACKING_FOLDER
    identity = Identity.read(folder) if folder.is_dir() else None
    if identity is None:
        raise RunNotFoundError(
            f"{run_folder}: must be a run that was tracked (with {TRACKING_FOLDER}/), but is not. "
            "Runs with use_mlflow: false keep nothing to send."
        )
    if settings is not None:
        identity = replace(identity, settings=settings)
    place = identity.settings.find_place()
    load_client_class(place.uri)
    delivery = Delivery(run_folder, identity)
    progress = _send_watched(delivery, identity.settings.patience, longest)
    problem = str(progress.problem or "")
    if progress.busy:
        problem = "another process sends this run just now; try again when it has ended"
    return Synced(
        where=place.shown,
        run_id=progress.run_id,
        events=delivery.events,
        refused=len(delivery.refused.read()),
        left=progress.left,
        problem=problem,
    )


def _send_watched(delivery: Delivery, patience: float, longest: float) -> Progress:
    """Send in a thread of its own, since nothing stops a connection that hangs."""
    done: Future[Progress] = Future()

    def send() -> None:
        try:
            done.set_result(_send(delivery, patience))
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            done.set_exception(error)

    threading.Thread(target=send, name="dsf-sync", daemon=True).start()
    longest = max(longest, patience)
    was_told = False
    while not wait([done], _LOOK).done:
        silence = delivery.silence()
        if silence > longest and not delivery.sends_file:
            problem = StoreAwayError(f"{delivery.where} gave no answer in {longest:g} s")
            return Progress(left=delivery.left(), problem=problem, run_id=delivery.sent().run_id)
        if silence > patience and not was_told:
            _LOG.warning(
                "%s has given no answer for %g s; still waiting. Ctrl-C does no harm: what was not "
                "sent is kept, and sent by the next `dsf-cli sync`.",
                delivery.where,
                patience,
            )
        was_told = silence > patience
    return done.result()


def _send(delivery: Delivery, patience: float) -> Progress:
    """Send, again where the store itself fails at an event: that one is set aside at last."""
    progress = Progress()
    for number in range(TRIES):
        progress = delivery.run(patience, again=number == 0)
        problem = progress.problem
        if not (isinstance(problem, StoreAwayError) and problem.fault_inside):
            break
    return progress
