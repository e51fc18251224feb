"""An MLflow store takes the events of one run."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from dsf.tracking.kept_files import called
from dsf.tracking.mlflow_errors import translated
from dsf.tracking.mlflow_limits import (
    MAX_PARAM,
    MAX_TAG,
    cut_text,
    fitting_name,
    in_parts,
    is_plain_path,
    plain_text,
)
from dsf.tracking.mlflow_package import entities, load_client_class, quiet
from dsf.tracking.mlflow_runs import find_or_make_run, is_active_run
from dsf.tracking.records import Identity, Sent
from dsf.tracking.sqlite_file import check_sqlite_file
from dsf.tracking.store_errors import EventRefusedError, StoreAwayError, StoreBlockedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dsf.tracking.events import Event

__all__ = ["CHANGED_TAG", "MlflowStore"]

CHANGED_TAG = "changed."

_LARGEST = 2**63  # of a step: MLflow keeps it in 64 bits
_DIGEST = 36  # characters of a data set's hash
_LOG = logging.getLogger("dsf")


class MlflowStore:
    """Makes the MLflow run when first sent to, and sends events to it.

    Resending does no harm: what is there already stays as it is.

    Args:
        run_folder: The run. Artifacts inside it are named relative to it.
        identity: Which run it is, and where it is tracked.
    """

    def __init__(self, run_folder: Path, identity: Identity) -> None:
        self.place = identity.settings.find_place()
        self._folder = run_folder
        self._identity = identity
        self._client: Any = None
        self._run_id = ""

    def connect(self) -> None:
        """Reach the store, and make its tables if it is a new database.

        Raises:
            StoreError: If that cannot be done now, or not at all.
            MissingExtraError: If MLflow is not installed.
        """
        if self._client is None:
            check_sqlite_file(self.place)
            with translated(self.place), quiet():
                client = load_client_class(self.place.uri)(self.place.uri)
                client.search_experiments(max_results=1)
            self._client = client

    def open_run(self, sent: Sent) -> Sent:
        """Find the MLflow run, or make it.

        Args:
            sent: What is known of it.

        Returns:
            The same with its ids; with offset 0 if it had to be made anew.

        Raises:
            StoreError: If that cannot be done now, or not at all.
        """
        self.connect()
        with translated(self.place), quiet():
            if sent.run_id and is_active_run(self._client, self.place, sent.run_id):
                self._run_id = sent.run_id
                return sent
            self._run_id, experiment = find_or_make_run(
                self._client, self.place, self._identity, self._folder.name
            )
            return Sent(0, self._run_id, experiment)

    def confirm(self) -> None:
        """See that the run still takes events.

        Raises:
            StoreError: If it does not.
        """
        with translated(self.place), quiet():
            if not is_active_run(self._client, self.place, self._run_id):
                raise StoreBlockedError(
                    f"{self.place.shown}: the run {self._run_id} must be there, but was removed. "
                    "It is made anew when the next process sends to it."
                )

    def send(self, events: Sequence[Event]) -> None:
        """Send events of one kind; several at a time if they are metrics.

        Raises:
            EventRefusedError: If the store will never take one of them.
            StoreAwayError: If it does not answer now.
            StoreBlockedError: If it takes nothing until the user mends it.
        """
        kind = events[0].kind
        with translated(self.place), quiet():
            if kind == "metrics":
                self._send_metrics(events)
                return
            for event in events:
                getattr(self, f"_send_{kind}")(event)

    def _send_metrics(self, events: Sequence[Event]) -> None:
        metrics = []
        for event in events:
            step = event.content["step"]
            if not -_LARGEST <= step < _LARGEST:
                raise EventRefusedError(f"a step must fit into 64 bits, but is {step}")
            for name, value in event.content["values"].items():
                metrics.append(entities().Metric(fitting_name(name), value, event.time, step))
        self._client.log_batch(self._run_id, metrics=metrics)

    def _send_params(self, event: Event) -> None:
        there = self._client.get_run(self._run_id).data.params
        given = {
            fitting_name(name): cut_text(str(value), MAX_PARAM)
            for name, value in event.content["params"].items()
        }
        new = [(name, value) for name, value in given.items() if name not in there]
        for part in in_parts(new):
            params = [entities().Param(name, value) for name, value in part]
            self._client.log_batch(self._run_id, params=params)
        changed = {name: value for name, value in given.items() if there.get(name, value) != value}
        if changed:
            self._set_tags({f"{CHANGED_TAG}{name}": value for name, value in changed.items()})
            _LOG.warning(
                "MLflow keeps the first value of a parameter. The run went on with other values of "
                "%s: they are its tags %s<name>.",
                ", ".join(sorted(changed)),
                CHANGED_TAG,
            )

    def _send_tags(self, event: Event) -> None:
        self._set_tags(event.content["tags"])

    def _send_description(self, event: Event) -> None:
        self._set_tags({"mlflow.note.content": event.content["text"]})

    def _set_tags(self, tags: Mapping[str, str]) -> None:
        fitting = [
            (fitting_name(name), cut_text(str(text), MAX_TAG)) for name, text in tags.items()
        ]
        for part in in_parts(fitting):
            self._client.log_batch(
                self._run_id, tags=[entities().RunTag(name, text) for name, text in part]
            )

    def _send_dataset(self, event: Event) -> None:
        content = event.content
        columns = [{"name": name, "type": kind} for name, kind in content["schema"].items()]
        rows = content.get("rows")
        dataset = entities().Dataset(
            name=plain_text(content["name"])[:MAX_TAG],
            digest=plain_text(content["digest"])[:_DIGEST],
            source_type="local",
            source=json.dumps({"uri": content["source"]}),
            schema=json.dumps({"mlflow_colspec": columns}) if columns else None,
            profile=json.dumps({"num_rows": rows}) if rows is not None else None,
        )
        context = content["context"]
        tags = [entities().InputTag("mlflow.data.context", plain_text(context))] if context else []
        self._client.log_inputs(self._run_id, [entities().DatasetInput(dataset, tags)])

    def _send_artifact(self, event: Event) -> None:
        path = self._folder / event.content["path"]
        if not path.exists():
            raise EventRefusedError(f"{path} must be there to be sent, but is not")
        folder = plain_text(event.content["folder"])
        if folder and not is_plain_path(folder):
            raise EventRefusedError(f"the folder of an artifact must be a/b or so, not {folder!r}")
        with called(path, event.content.get("name", "")) as file:
            try:
                with translated(self.place):
                    self._client.log_artifact(self._run_id, str(file), folder or None)
            except StoreAwayError as error:  # too large a file must not block all else for good
                raise StoreAwayError(str(error), fault_inside=True) from error

    def _send_status(self, event: Event) -> None:
        status = event.content["status"]
        if status == "RUNNING":
            self._client.update_run(self._run_id, status=status)
        else:
            self._client.set_terminated(self._run_id, status=status, end_time=event.time)
