"""A run is sent later, from anywhere."""

import time

import pytest
from mlflow import MlflowClient

from dsf.core.errors import RunMismatchError, RunNotFoundError
from dsf.tracking import JournalTracker, Synced, sync_run
from dsf.tracking.journal import TRACKING_FOLDER
from dsf.tracking.records import IDENTITY_FILE


@pytest.fixture
def logged(run_folder, make_settings):
    """A run whose server was never there, and whose address held a password."""
    settings = make_settings(tracking_uri="http://me:s3cr3t@127.0.0.1:9", experiment_name="mine")
    tracker = JournalTracker(run_folder, settings)
    tracker.log_metrics({"loss": 0.5}, step=1)
    tracker.log_artifact(run_folder / "late.txt")
    tracker.set_status("FINISHED")
    tracker.close()
    return run_folder


def test_what_is_left_is_said(logged):
    synced = sync_run(logged)
    assert synced.where == "http://127.0.0.1:9"
    assert (synced.events, synced.run_id) == (0, "")
    assert synced.left > 0
    assert "127.0.0.1" in synced.problem
    kept = b"".join(path.read_bytes() for path in logged.rglob("*") if path.is_file())
    assert b"s3cr3t" not in kept + repr(synced).encode()


def test_all_is_sent_to_where_it_is_told(logged, make_settings):
    here = make_settings(experiment_name="mine")
    synced = sync_run(logged, here)
    assert (synced.events, synced.refused, synced.left, synced.problem) == (2, 1, 0, "")
    (logged / "late.txt").write_text("x")
    again = sync_run(logged, here)
    assert (again.events, again.refused) == (1, 0)
    assert sync_run(logged, here) == Synced(here.find_place().shown, synced.run_id, 0, 0, 0, "")
    client = MlflowClient(here.find_place().uri)
    run = client.get_run(synced.run_id)
    assert run.data.metrics == {"loss": 0.5}
    assert run.info.status == "FINISHED"
    assert [one.path for one in client.list_artifacts(synced.run_id)] == ["late.txt"]


def test_an_event_at_which_the_server_fails_is_set_aside(run_folder, make_settings, misbehaving):
    tracker = JournalTracker(run_folder, make_settings())
    tracker.log_metrics({"poor": 0.5}, step=1)
    tracker.log_metrics({"good": 0.5}, step=1)
    tracker.close()
    misbehaving.answers["poor"] = (500, "Traceback")
    synced = sync_run(run_folder, make_settings(tracking_uri=misbehaving.uri))
    assert (synced.events, synced.refused, synced.left, synced.problem) == (1, 1, 0, "")


@pytest.mark.parametrize("silent_uri", ["mute", "drip"], indirect=True)
def test_a_store_that_never_ends_its_answer_is_told_of_and_given_up(
    logged, make_settings, silent_uri, caplog
):
    settings = make_settings(tracking_uri=silent_uri, patience=0.3)
    began = time.monotonic()
    synced = sync_run(logged, settings, longest=1.2)
    assert 1.2 <= time.monotonic() - began < 4
    assert synced.problem == f"{silent_uri} gave no answer in 1.2 s"
    assert (synced.events, synced.refused) == (0, 0)
    assert synced.left > 0
    assert caplog.text.count(f"{silent_uri} has given no answer for 0.3 s; still waiting") == 1


def test_a_file_may_take_its_time(logged, make_settings, misbehaving, caplog):
    """While the server is slow to take a file, it is told, but not given up.

    All else it answers at once, which on a busy machine may take a second or two.
    """
    (logged / "late.txt").write_text("x")
    misbehaving.slow["late.txt"] = 3.5
    settings = make_settings(tracking_uri=misbehaving.uri, patience=1)
    synced = sync_run(logged, settings, longest=2.5)
    assert (synced.events, synced.refused, synced.left, synced.problem) == (3, 0, 0, "")
    assert "still waiting" in caplog.text


def test_a_run_that_was_never_tracked_is_named(run_folder):
    with pytest.raises(RunNotFoundError, match=str(run_folder)):
        sync_run(run_folder)
    assert list(run_folder.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"run": "a", "started": 1, "settings": 3}'])
def test_notes_that_were_damaged_are_named(logged, content):
    path = logged / TRACKING_FOLDER / IDENTITY_FILE
    path.write_text(content)
    with pytest.raises(RunMismatchError, match=str(path)):
        sync_run(logged)
