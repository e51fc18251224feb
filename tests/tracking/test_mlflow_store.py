"""One MLflow run takes all that a run has to say, once."""

import json
import logging
import math
import shutil
import sqlite3

import pytest
from mlflow import MlflowClient

from dsf.tracking.events import Event
from dsf.tracking.mlflow_runs import RUN_TAG
from dsf.tracking.mlflow_store import CHANGED_TAG, MlflowStore
from dsf.tracking.records import Identity, Sent
from dsf.tracking.store_errors import EventRefusedError, StoreBlockedError


@pytest.fixture
def identity(settings):
    return Identity("cafe", 1_700_000_000_000, settings)


@pytest.fixture
def store(run_folder, identity):
    return MlflowStore(run_folder, identity)


def client_of(store):
    return MlflowClient(store.place.uri)


def test_the_run_is_made_once_even_if_that_was_not_noted(run_folder, identity, store):
    first = store.open_run(Sent())
    again = MlflowStore(run_folder, identity).open_run(Sent())  # killed before sent.json
    assert again == first
    run = client_of(store).get_run(first.run_id)
    assert run.info.run_name == "v1"
    assert run.info.start_time == identity.started
    assert run.data.tags[RUN_TAG] == "cafe"
    experiment = client_of(store).get_experiment(first.experiment_id)
    assert experiment.name == "project"
    assert experiment.artifact_location == (run_folder.parents[1] / "mlartifacts").as_uri()


def test_what_was_noted_is_used(store):
    first = store.open_run(Sent())
    noted = Sent(17, first.run_id, first.experiment_id)
    assert store.open_run(noted) == noted


def test_all_kinds_arrive(store, run_folder):
    run_id = store.open_run(Sent()).run_id
    (run_folder / "plots").mkdir()
    (run_folder / "plots" / "a.svg").write_text("<svg/>")
    values = {"loss": 0.5, "nan": math.nan, "inf": math.inf}
    for event in (
        Event("params", 1, {"params": {"a.b": "1", "bad*name": "x", "long": "y" * 7000}}),
        Event("metrics", 5, {"step": 3, "values": values}),
        Event("tags", 1, {"tags": {"t": "u", "long": "é" * 9000}}),
        Event("description", 1, {"text": "what it is **for**"}),
        Event("artifact", 1, {"path": "plots", "folder": "seen"}),
        Event("artifact", 1, {"path": "plots/a.svg", "folder": ""}),
        Event(
            "dataset",
            1,
            {
                "name": "train",
                "digest": "d" * 64,
                "source": "/data/x.csv",
                "schema": {"text": "string"},
                "context": "training",
                "rows": 7,
            },
        ),
        Event("status", 99, {"status": "FAILED"}),
    ):
        store.send([event])
        store.send([event])  # resending does no harm
    client = client_of(store)
    run = client.get_run(run_id)
    assert run.data.params["a.b"] == "1"
    assert run.data.params["long"].endswith("(cut; 7000 characters)")
    assert [v for k, v in run.data.params.items() if k.startswith("bad_name_")] == ["x"]
    assert [(m.value, m.step, m.timestamp) for m in client.get_metric_history(run_id, "loss")] == [
        (0.5, 3, 5)
    ]
    assert math.isnan(client.get_metric_history(run_id, "nan")[0].value)
    assert client.get_metric_history(run_id, "inf")[0].value > 1e308
    assert run.data.tags["t"] == "u"
    assert run.data.tags["mlflow.note.content"] == "what it is **for**"
    assert [one.path for one in client.list_artifacts(run_id, "seen/plots")] == ["seen/plots/a.svg"]
    assert "a.svg" in [one.path for one in client.list_artifacts(run_id)]
    (dataset,) = run.inputs.dataset_inputs
    assert dataset.dataset.name == "train"
    assert json.loads(dataset.dataset.schema)["mlflow_colspec"][0]["name"] == "text"
    assert dataset.tags[0].value == "training"
    assert (run.info.status, run.info.end_time) == ("FAILED", 99)
    store.send([Event("status", 100, {"status": "RUNNING"})])
    assert client.get_run(run_id).info.status == "RUNNING"


def test_a_parameter_that_changed_becomes_a_tag(store, caplog):
    run_id = store.open_run(Sent()).run_id
    store.send([Event("params", 1, {"params": {"lr": "0.1", "seed": "1"}})])
    with caplog.at_level(logging.WARNING, "dsf"):
        store.send([Event("params", 1, {"params": {"lr": "0.2", "seed": "1", "new": "x"}})])
    run = client_of(store).get_run(run_id)
    assert run.data.params == {"lr": "0.1", "seed": "1", "new": "x"}
    changed = {k: v for k, v in run.data.tags.items() if k.startswith(CHANGED_TAG)}
    assert changed == {"changed.lr": "0.2"}
    assert "lr" in caplog.text


def test_many_parameters_go_in_several_requests(store):
    run_id = store.open_run(Sent()).run_id
    params = {f"p{number}": "x" * 3000 for number in range(250)}
    store.send([Event("params", 1, {"params": params})])
    assert client_of(store).get_run(run_id).data.params == params


@pytest.mark.parametrize(
    "event",
    [
        Event("artifact", 1, {"path": "absent", "folder": ""}),
        Event("metrics", 1, {"step": 2**63, "values": {"a": 1.0}}),
        Event("artifact", 1, {"path": "file", "folder": "../../out"}),
    ],
)
def test_what_is_never_taken_is_refused(store, run_folder, event):
    store.open_run(Sent())
    (run_folder / "file").write_text("x")
    with pytest.raises(EventRefusedError):
        store.send([event])


def test_a_deleted_run_is_named_with_the_way_back(store):
    sent = store.open_run(Sent())
    client_of(store).delete_run(sent.run_id)
    for ask in (lambda: store.open_run(sent), store.confirm):
        with pytest.raises(StoreBlockedError, match=f"mlflow runs restore --run-id {sent.run_id}"):
            ask()


def test_a_deleted_experiment_is_named_with_the_way_back(store):
    sent = store.open_run(Sent())
    client_of(store).delete_experiment(sent.experiment_id)
    with pytest.raises(StoreBlockedError, match="mlflow experiments restore"):
        store.open_run(Sent())


def test_a_store_that_was_emptied_gets_all_again(run_folder, identity, store, new_database):
    sent = store.open_run(Sent())
    shutil.copy(new_database, store.place.file)
    fresh = MlflowStore(run_folder, identity).open_run(Sent(400, sent.run_id, sent.experiment_id))
    assert fresh.offset == 0
    assert fresh.run_id != sent.run_id


def test_a_database_of_another_version_is_named(store):
    with sqlite3.connect(store.place.file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'fffffffffff0'")
    connection.close()
    with pytest.raises(StoreBlockedError, match=r"pip install -U mlflow.*mlflow db upgrade"):
        store.connect()
