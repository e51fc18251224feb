"""Whatever is in the journal is sent in order, once, and nothing stands in the way for good."""

import json
import shutil

import pytest
from filelock import FileLock
from mlflow import MlflowClient

from dsf.tracking.delivery import TRIES, Delivery
from dsf.tracking.events import Event
from dsf.tracking.journal import TRACKING_FOLDER
from dsf.tracking.records import SENT_FILE, Identity
from dsf.tracking.store_errors import StoreAwayError, StoreBlockedError


@pytest.fixture
def deliver(run_folder):
    def make(settings):
        return Delivery(run_folder, Identity.open(run_folder / TRACKING_FOLDER, settings))

    return make


def metric(step, name="loss", value=None):
    content = {"step": step, "values": {name: step / 7 if value is None else value}}
    return Event("metrics", 1000 + step, content)


def history(settings, run_id, name="loss"):
    found = MlflowClient(settings.find_place().uri).get_metric_history(run_id, name)
    return [(one.step, one.value) for one in found]


def test_all_is_sent_once_in_batches(deliver, settings, run_folder):
    delivery = deliver(settings)
    for step in range(2500):
        delivery.journal.append(metric(step))
    progress = delivery.run()
    assert (progress.events, progress.refused, progress.left) == (2500, 0, 0)
    assert history(settings, progress.run_id) == [(step, step / 7) for step in range(2500)]
    assert delivery.run().events == 0
    (run_folder / TRACKING_FOLDER / SENT_FILE).write_text("{damaged")
    again = deliver(settings).run()
    assert again.run_id == progress.run_id
    assert len(history(settings, progress.run_id)) == 2500


def test_only_what_is_refused_is_set_aside(deliver, settings):
    delivery = deliver(settings)
    delivery.journal.append(metric(1))
    both = Event("metrics", 5, {"step": 2**65, "values": {"a": 1.0, "b": 2.0}})
    delivery.journal.append(both)
    delivery.journal.append(metric(2))
    delivery.journal.append(Event("artifact", 1, {"path": "absent", "folder": ""}))
    with delivery.journal.path.open("ab") as file:
        file.write(b"no event\n")
    delivery.journal.append(metric(3))
    progress = delivery.run()
    assert (progress.events, progress.refused, progress.left) == (3, 4, 0)
    assert [step for step, _ in history(settings, progress.run_id)] == [1, 2, 3]
    refused = delivery.refused.read()
    assert [one.event.kind if one.event else one.line for one in refused] == [
        *("metrics", "metrics", "artifact", "no event")
    ]
    assert "64 bits" in refused[0].reason
    assert refused[0].where == settings.find_place().shown


def test_what_was_refused_is_tried_again_when_asked(deliver, settings, run_folder):
    delivery = deliver(settings)
    delivery.journal.append(Event("artifact", 1, {"path": "late", "folder": ""}))
    delivery.journal.append(Event("artifact", 1, {"path": "never", "folder": ""}))
    delivery.run()
    (run_folder / "late").write_text("here now")
    assert delivery.run().events == 0
    progress = delivery.run(again=True)
    assert progress.events == 1
    assert [one.event.content["path"] for one in delivery.refused.read()] == ["never"]
    (run_folder / "never").write_text("after all")
    delivery.run(again=True)
    assert not delivery.refused.path.exists()


def test_another_place_gets_all_from_the_beginning(
    deliver, settings, make_settings, project, new_database
):
    shutil.copy(new_database, project / "other.db")
    first = deliver(settings)
    first.journal.append(metric(1))
    assert first.run().events == 1
    elsewhere = make_settings(tracking_uri="other.db")
    second = deliver(elsewhere)
    second.journal.append(metric(2))
    assert second.run().events == 2
    assert deliver(settings).run().events == 1


def test_only_one_sends_at_a_time(deliver, settings, run_folder):
    delivery = deliver(settings)
    delivery.journal.append(metric(1))
    with FileLock(run_folder / TRACKING_FOLDER / "sending.lock"):
        progress = delivery.run()
    assert progress.busy
    assert progress.left == delivery.journal.size()


def test_a_server_that_refuses_a_name_gets_all_others(deliver, make_settings, misbehaving):
    refusal = {"error_code": "INVALID_PARAMETER_VALUE", "message": "not this one"}
    misbehaving.answers["poor"] = (400, json.dumps(refusal))
    delivery = deliver(make_settings(tracking_uri=misbehaving.uri))
    for step in range(5):
        delivery.journal.append(metric(step, "poor" if step == 3 else "good"))
    progress = delivery.run()
    assert (progress.events, progress.refused, progress.left) == (4, 1, 0)
    assert "not this one" in progress.reason


def test_an_event_at_which_the_server_fails_does_not_block_for_good(
    deliver, make_settings, misbehaving
):
    misbehaving.answers["poor"] = (500, "Traceback")
    delivery = deliver(make_settings(tracking_uri=misbehaving.uri))
    for step in range(5):
        delivery.journal.append(metric(step, "poor" if step == 3 else "good"))
    for _ in range(TRIES - 1):
        progress = delivery.run()
        assert isinstance(progress.problem, StoreAwayError)
        assert progress.refused == 0
    progress = delivery.run()
    assert (progress.events, progress.refused, progress.left) == (4, 1, 0)


def test_a_run_that_is_deleted_meanwhile_refuses_nothing(deliver, make_settings, misbehaving):
    refusal = {"error_code": "INVALID_PARAMETER_VALUE", "message": "the run must be active"}
    misbehaving.answers["log-batch"] = (400, json.dumps(refusal))
    deleted = {"run": {"info": {"run_id": "abc", "lifecycle_stage": "deleted"}}}
    misbehaving.answers["runs/get"] = (200, json.dumps(deleted))
    delivery = deliver(make_settings(tracking_uri=misbehaving.uri))
    delivery.journal.append(metric(1))
    progress = delivery.run()
    assert isinstance(progress.problem, StoreBlockedError)
    assert (progress.refused, progress.left) == (0, delivery.journal.size())


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_again(deliver, make_settings, misbehaving, status):
    misbehaving.answers["log-batch"] = (status, "later")
    delivery = deliver(make_settings(tracking_uri=misbehaving.uri))
    delivery.journal.append(metric(1))
    for _ in range(TRIES + 1):
        progress = delivery.run()
        assert isinstance(progress.problem, StoreAwayError)
        assert progress.left > 0
    misbehaving.answers.clear()
    assert delivery.run().events == 1


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_that_expire_lose_nothing(deliver, make_settings, misbehaving, status):
    uri = misbehaving.uri.replace("//", "//me:s3cr3t@")
    misbehaving.answers["log-batch"] = (status, "who are you, me:s3cr3t?")
    delivery = deliver(make_settings(tracking_uri=uri))
    delivery.journal.append(metric(1))
    progress = delivery.run()
    assert isinstance(progress.problem, StoreBlockedError)
    assert "MLFLOW_TRACKING_TOKEN" in str(progress.problem)
    assert (progress.refused, progress.left) == (0, delivery.journal.size())
    folder = delivery.journal.path.parent
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"s3cr3t" not in kept + str(progress.problem).encode()
    misbehaving.answers.clear()
    assert delivery.run().events == 1
