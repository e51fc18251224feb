"""A bundle among the models of an MLflow run: logged there, and marked good or bad once checked."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.bundle import Bundle
from dsf.core.errors import StorageError, UserError
from dsf.registry.artifact_folder import artifact_folder
from dsf.registry.connection import Connection
from dsf.registry.leftovers import MAKER_TAG, remove_leftovers, remove_model
from dsf.registry.maker import Maker
from dsf.registry.mlflow_modules import load_mlflow_module, quiet_mlflow
from dsf.registry.saved_model import MODEL_FILE, save_served_bundle
from dsf.tracking.folders import why_not_writable
from dsf.tracking.mlflow_errors import is_unknown_run
from dsf.tracking.mlflow_limits import MAX_TAG, cut_text, fitting_name

if TYPE_CHECKING:
    import pandas as pd

    from dsf.registry.new_version import NewVersion
    from dsf.tracking import TrackingSettings

__all__ = [
    "BUNDLE_TAG",
    "LoggedBundle",
    "find_logged_bundle",
    "log_bundle",
    "mark_logged_bundle",
    "remove_unfinished",
]

BUNDLE_TAG = "dsf.bundle"
"""The tag of a logged model, and of a version, that holds the hash of its bundle."""

_REFUSED_TAG = "dsf.refused"
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("/:.%\"'", "-"))


@dataclass(frozen=True)
class LoggedBundle:
    """A bundle that was logged as a model of MLflow.

    Attributes:
        model_id: MLflow's id of the model.
        run_id: MLflow's id of the run that it belongs to.
    """

    model_id: str
    run_id: str

    @property
    def uri(self) -> str:
        """Its address: ``models:/m-…``."""
        return f"models:/{self.model_id}"


def log_bundle(
    bundle_folder: Path | str,
    rows: pd.DataFrame,
    new: NewVersion,
    *,
    settings: TrackingSettings,
    run_id: str,
) -> LoggedBundle:
    """Log a bundle into an MLflow run, as a model from code: nothing is pickled.

    MLflow shows the model as pending until :func:`mark_logged_bundle` says what a check gave.
    Neither MLflow's address nor its active run is changed.

    Args:
        bundle_folder: The bundle.
        rows: Some that it can answer: signature and input example are made from them.
        new: What the model is called, and says of itself.
        settings: Where the run is tracked.
        run_id: MLflow's id of the run.

    Raises:
        BundleError: If the bundle is not what was exported.
        DataError: If rows cannot be answered; lists what is wrong.
        StorageError: If files cannot be put where the run keeps its own, or a disk is full.
        UserError: If there is no such run, or the store does not answer or refuses the model.
        MissingExtraError: If a package is not installed.
    """
    bundle = Bundle.open(bundle_folder)
    connection = Connection(settings)
    experiment = _find_experiment(connection, run_id)
    with tempfile.TemporaryDirectory(prefix="dsf-model-") as temporary:
        folder = Path(temporary) / "model"
        model = save_served_bundle(bundle, rows, folder, new.card)
        with connection.client() as client:
            made = client.create_logged_model(
                experiment_id=experiment,
                name=new.name.translate(_NOT_IN_NAMES),
                source_run_id=run_id,
                tags=_tags(bundle, new),
                model_type=bundle.metadata.task,
            )
        _upload(connection, made, model, folder, run_id)
    return LoggedBundle(made.model_id, run_id)


def find_logged_bundle(
    bundle: Bundle, *, settings: TrackingSettings, run_id: str
) -> LoggedBundle | None:
    """Find a bundle that was logged into a run before, and was marked as good.

    Args:
        bundle: The bundle.
        settings: Where the run is tracked.
        run_id: MLflow's id of the run.

    Raises:
        UserError: If there is no such run, or the store does not answer.
    """
    connection = Connection(settings)
    experiment = _find_experiment(connection, run_id)
    wanted = f"source_run_id = '{run_id}' AND tags.`{BUNDLE_TAG}` = '{bundle.hash}'"
    with connection.client() as client:
        found = client.search_logged_models([experiment], filter_string=wanted)
        good = [one for one in found if str(one.status) == "READY"]
    return LoggedBundle(good[0].model_id, run_id) if good else None


def remove_unfinished(*, settings: TrackingSettings, run_id: str) -> None:
    """Remove what a process has left in a run that was killed before its model was checked.

    What a process is at work on stays; see :func:`dsf.registry.leftovers.remove_leftovers`.

    Args:
        settings: Where the run is tracked.
        run_id: MLflow's id of the run; this process must not log a bundle into it meanwhile.

    Raises:
        UserError: If there is no such run, or the store does not answer.
    """
    connection = Connection(settings)
    experiment = _find_experiment(connection, run_id)
    remove_leftovers(connection, experiment, f"source_run_id = '{run_id}'", BUNDLE_TAG)


def mark_logged_bundle(logged: LoggedBundle, settings: TrackingSettings, refused: str = "") -> None:
    """Say what became of a logged model.

    Args:
        logged: The model.
        settings: Where its run is tracked.
        refused: Why it must not be used; empty: it was checked, and may be.

    Raises:
        UserError: If the store does not answer.
    """
    with Connection(settings).client() as client:
        if refused:
            client.set_logged_model_tags(
                logged.model_id, {_REFUSED_TAG: cut_text(refused, MAX_TAG)}
            )
        else:
            _tell_run(client, logged)
        client.finalize_logged_model(logged.model_id, "FAILED" if refused else "READY")


def _tags(bundle: Bundle, new: NewVersion) -> dict[str, str]:
    texts = {**new.tags, BUNDLE_TAG: bundle.hash, MAKER_TAG: Maker.current().to_text()}
    if new.description:
        texts["mlflow.note.content"] = new.description
    return {fitting_name(str(key)): cut_text(str(text), MAX_TAG) for key, text in texts.items()}


def _tell_run(client: Any, logged: LoggedBundle) -> None:
    """Tell the run once that the model is one of its own."""
    outputs = client.get_run(logged.run_id).outputs
    known = outputs.model_outputs if outputs else []
    if logged.model_id not in [one.model_id for one in known]:
        output = load_mlflow_module("mlflow.entities").LoggedModelOutput(logged.model_id, step=0)
        client.log_outputs(logged.run_id, [output])


def _find_experiment(connection: Connection, run_id: str) -> str:
    """Give the id of the run's experiment, if the run may be logged to."""
    with connection.client() as client:
        try:
            run = client.get_run(run_id)
        except Exception as error:
            if not is_unknown_run(error):
                raise
            run = None
    if run is None:
        raise UserError(
            f"The run {run_id!r} must be in {connection.place.shown} before its bundle can be "
            "registered, but is not. Send it first: dsf-cli sync RUN."
        )
    with connection.client() as client:
        experiment = client.get_experiment(run.info.experiment_id)
    _check_place(experiment.artifact_location)
    return str(experiment.experiment_id)


def _check_place(location: str) -> None:
    folder = artifact_folder(location)
    reason = why_not_writable(folder) if folder else ""
    if reason:
        raise StorageError(
            f"{folder} must take the files of a model, but {reason}. Change its rights and try "
            "again: nothing was registered, and the trained model is in the run's folder as before."
        )


def _upload(connection: Connection, made: Any, model: Any, folder: Path, run_id: str) -> None:
    """Send the files of a model that was made; without them, it goes again."""
    model.model_uuid = model.model_id = made.model_id
    model.artifact_path = made.artifact_location
    model.run_id = run_id
    try:
        model.save(str(folder / MODEL_FILE))
        with connection.client() as client, quiet_mlflow():
            client.log_model_artifacts(made.model_id, str(folder))
    except BaseException:
        with suppress(UserError):  # what went wrong first says more; the next one removes it
            remove_model(connection, made)
        raise
