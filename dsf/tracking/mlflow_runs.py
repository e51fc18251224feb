"""Which MLflow run stands for a run of ours: found again, or made."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

from dsf.tracking.mlflow_errors import is_unknown_run
from dsf.tracking.mlflow_limits import MAX_TAG, cut_text, plain_text
from dsf.tracking.store_errors import StoreBlockedError

if TYPE_CHECKING:
    from dsf.tracking.records import Identity
    from dsf.tracking.uris import Place

__all__ = ["RUN_TAG", "find_or_make_run", "is_active_run"]

RUN_TAG = "dsf.run"
"""The tag that says which run of ours it is."""

# What MLflow's page shows of an experiment: runs, not traces of chats.
_SHOWN_AS = {"mlflow.experimentKind": "custom_model_development"}


def is_active_run(client: Any, place: Place, run_id: str) -> bool:
    """Whether a run is there and may be logged to.

    Args:
        client: MLflow's.
        place: What it talks to, for messages.
        run_id: MLflow's id of the run.

    Raises:
        StoreBlockedError: If it was deleted, but can be taken back.
    """
    try:
        run = client.get_run(run_id)
    except Exception as error:
        if is_unknown_run(error):
            return False
        raise
    if run.info.lifecycle_stage != "active":
        raise StoreBlockedError(
            f"{place.shown}: the run {run_id} was deleted. Take it back by "
            f"`mlflow runs restore --run-id {run_id}`."
        )
    return True


def find_or_make_run(client: Any, place: Place, identity: Identity, folder: str) -> tuple[str, str]:
    """Give MLflow's ids of the run and of its experiment.

    Args:
        client: MLflow's.
        place: What it talks to.
        identity: Which run it is.
        folder: Name of its folder, the name of the run where the settings give none.

    Raises:
        StoreBlockedError: If the experiment was deleted.
    """
    experiment = _find_or_make_experiment(client, place, identity.settings.experiment)
    # The run may have been made just before its maker was killed.
    wanted = f"tags.`{RUN_TAG}` = '{identity.run}'"
    found = client.search_runs([experiment], filter_string=wanted, max_results=1)
    run = found[0] if found else _make_run(client, experiment, identity, folder)
    return str(run.info.run_id), experiment


def _make_run(client: Any, experiment: str, identity: Identity, folder: str) -> Any:
    tags = {RUN_TAG: identity.run, "mlflow.source.type": "LOCAL"}
    user = _user()
    if user:
        tags["mlflow.user"] = user
    return client.create_run(
        experiment,
        start_time=identity.started,
        tags=tags,
        run_name=cut_text(identity.settings.run_name or folder, MAX_TAG),
    )


def _find_or_make_experiment(client: Any, place: Place, name: str) -> str:
    name = plain_text(name)
    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return str(client.create_experiment(name, place.artifacts, _SHOWN_AS))
        except Exception:
            found = client.get_experiment_by_name(name)  # somebody else may have been faster
            if found is None:
                raise
    if found.lifecycle_stage != "active":
        raise StoreBlockedError(
            f"{place.shown}: the experiment {name!r} was deleted. Take it back by `mlflow "
            f"experiments restore --experiment-id {found.experiment_id}`, or name another one "
            "(tracking_config.experiment_name)."
        )
    return str(found.experiment_id)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may know no user
        return ""
