"""Nothing that is logged waits, and nothing is lost, whatever the store does."""

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from mlflow import MlflowClient

from dsf.tracking import JournalTracker, sync_run
from dsf.tracking.journal import TRACKING_FOLDER, Journal

HELD = 3.0  # seconds for which a database is locked
PROMPT = 1.0  # seconds: more than logging takes on a busy machine, less than any wait for a store


def wait_until(holds, patience=60.0):
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def runs_of(settings):
    client = MlflowClient(settings.find_place().uri)
    experiment = client.get_experiment_by_name(settings.experiment)
    return client, client.search_runs([experiment.experiment_id])


def steps_of(settings, name="loss"):
    client, runs = runs_of(settings)
    assert len(runs) == 1
    return [one.step for one in client.get_metric_history(runs[0].info.run_id, name)]


def test_what_is_logged_arrives_in_the_background(run_folder, make_settings, caplog):
    settings = make_settings(
        tracking_uri="mlruns", tags={"by": "me"}, description="why", run_name="first"
    )
    (settings.project / "mlruns").mkdir()
    shutil.copy(settings.project / "mlflow.db", settings.project / "mlruns")
    with caplog.at_level(logging.INFO, "dsf"):
        for _ in range(2):  # of one run: the logger of a fit and the step around it
            tracker = JournalTracker(run_folder, settings)
            tracker.log_params({"a": {"b": 1}})
            tracker.log_metrics({"loss": 0.5}, step=3, when=1.5)
    wait_until(lambda: tracker._sender._delivery.left() == 0)
    tracker.close()
    client, (run,) = runs_of(settings)
    assert run.info.run_name == "first"
    assert run.data.tags["by"] == "me"
    assert run.data.tags["mlflow.note.content"] == "why"
    assert run.data.params == {"a.b": "1"}
    (metric,) = client.get_metric_history(run.info.run_id, "loss")
    assert (metric.step, metric.timestamp, metric.value) == (3, 1500, 0.5)
    assert caplog.text.count("is a folder: MLflow 3 keeps runs in a database") == 1


def test_a_value_that_is_no_number_is_the_callers_fault(run_folder, settings):
    tracker = JournalTracker(run_folder, settings)
    with pytest.raises((TypeError, ValueError)):
        tracker.log_metrics({"loss": "much"}, step=1)
    tracker.close()


def test_a_run_that_was_moved_keeps_its_artifacts(run_folder, make_settings):
    settings = make_settings(tracking_uri="http://127.0.0.1:9")  # nobody is there
    tracker = JournalTracker(run_folder, settings)
    (run_folder / "plot.svg").write_text("<svg/>")
    tracker.log_artifact(run_folder / "plot.svg", "plots")
    assert not tracker.flush(5)
    tracker.close()
    moved = run_folder.rename(run_folder.with_name("v7"))
    here = make_settings()
    assert sync_run(moved, here).left == 0
    client, (run,) = runs_of(here)
    (artifact,) = client.list_artifacts(run.info.run_id, "plots")
    assert artifact.path == "plots/plot.svg"


def test_a_server_that_is_killed_and_comes_back(mlflow_server, run_folder, make_settings, caplog):
    settings = make_settings(tracking_uri=mlflow_server.uri, experiment_name="outage")
    tracker = JournalTracker(run_folder, settings)
    tracker.log_metrics({"loss": 1.0, "nan": float("nan"), "inf": float("-inf")}, step=0)
    assert tracker.flush(60)
    mlflow_server.kill()
    try:
        began = time.monotonic()
        for step in range(1, 200):
            tracker.log_metrics({"loss": 1 / step}, step=step)
        tracker.set_tags({"while": "away"})
        assert not tracker.flush(10)
        assert not tracker.flush(10)
        assert time.monotonic() - began < 10 * PROMPT
        assert caplog.text.count("does not answer") == 1
        assert f"dsf-cli sync {run_folder}" in caplog.text
    finally:
        mlflow_server.start()
    tracker.log_metrics({"loss": 0.0}, step=200)
    (run_folder / "report.html").write_text("<html/>")
    tracker.log_artifact(run_folder / "report.html")
    tracker.set_status("FINISHED")
    assert tracker.flush(60)
    tracker.close()
    assert caplog.text.count("is back") == 1
    assert steps_of(settings) == list(range(201))
    client, (run,) = runs_of(settings)
    assert run.data.tags["while"] == "away"
    assert run.info.status == "FINISHED"
    assert [one.path for one in client.list_artifacts(run.info.run_id)] == ["report.html"]
    assert str(client.get_metric_history(run.info.run_id, "nan")[0].value) == "nan"
    assert client.get_metric_history(run.info.run_id, "inf")[0].value < -1e308


def test_a_server_that_falls_silent_holds_nobody_up(run_folder, make_settings, silent_uri):
    settings = make_settings(tracking_uri=silent_uri, patience=0.5)
    tracker = JournalTracker(run_folder, settings)
    (run_folder / "plot.svg").write_text("<svg/>")
    tracker.log_artifact(run_folder / "plot.svg")
    began = time.monotonic()
    for step in range(50):
        tracker.log_metrics({"loss": 1.0}, step=step)
    assert not tracker.flush(0.5)
    tracker.close()
    assert time.monotonic() - began < 1.0 + 2 * PROMPT
    assert len(list(Journal(run_folder / TRACKING_FOLDER).read())) == 51


ENDING = """
import sys, time
from pathlib import Path
from dsf.tracking import JournalTracker, TrackingSettings, check_store

settings = TrackingSettings(Path.cwd(), tracking_uri=sys.argv[1], patience=1)
began = time.monotonic()
check_store(settings)
run = Path.cwd() / "v1"
run.mkdir()
tracker = JournalTracker(run, settings)
(run / "plot.svg").write_text("<svg/>")
tracker.log_artifact(run / "plot.svg")
tracker.close()
print(time.time(), time.monotonic() - began)
"""


def test_a_process_ends_although_the_server_is_silent(tmp_path, silent_uri):
    command = [sys.executable, "-c", ENDING, silent_uri]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    ended = time.time()
    assert done.returncode == 0, done.stderr
    left, took = map(float, done.stdout.split())
    assert ended - left < 5  # the interpreter takes a while to go
    assert took < 2 * 1 + 10  # the patience of the start and that of the end, and MLflow's import


LOGGING = """
import sys
from pathlib import Path
from dsf.tracking import JournalTracker, TrackingSettings
project, name = Path(sys.argv[1]), sys.argv[2]
tracker = JournalTracker(project / "training_output" / name, TrackingSettings(project=project))
tracker.log_metrics({"loss": 0.0}, step=0)
print("ready", flush=True)
sys.stdin.readline()
for step in range(1, 100):
    tracker.log_metrics({"loss": float(step)}, step=step)
print("logged", flush=True)
sys.exit(0 if tracker.flush(60) else 1)
"""


def test_two_processes_log_into_one_file_that_a_third_one_locks(project, settings):
    command = [sys.executable, "-c", LOGGING, str(project)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([*command, name], **pipes) for name in ("v1", "v2")]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    locking = sqlite3.connect(project / "mlflow.db", timeout=30)
    locking.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
        assert process.stdout.readline() == "logged\n"
    assert time.monotonic() - began < HELD, "logging waited for the database"
    time.sleep(max(0.0, HELD - (time.monotonic() - began)))
    locking.rollback()
    locking.close()
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    client, runs = runs_of(settings)
    assert sorted(run.info.run_name for run in runs) == ["v1", "v2"]
    for run in runs:
        found = client.get_metric_history(run.info.run_id, "loss")
        assert [(one.step, one.value) for one in found] == [(n, float(n)) for n in range(100)]


FORKING = """
import os, sys, threading, time
from pathlib import Path
from dsf.tracking import JournalTracker, TrackingSettings
project = Path(sys.argv[1])
settings = TrackingSettings(project=project)
tracker = JournalTracker(project / "training_output" / "v1", settings)
later = JournalTracker(project / "training_output" / "v1", settings)
tracker.log_metrics({"loss": 0.0}, step=0)
for round in range(20):
    child = os.fork()
    if not child:
        tracker.log_metrics({"loss": 1.0}, step=1 + round)
        later.log_metrics({"other": 1.0}, step=1 + round)
        assert not tracker.flush(30) and not later.flush(30)
        tracker.close()
        later.close()
        assert threading.active_count() == 1
        os._exit(0)
    tracker.log_metrics({"parent": 1.0}, step=round)
    assert os.waitpid(child, 0)[1] == 0
sys.exit(0 if tracker.flush(60) else 1)
"""


def test_forked_workers_neither_send_nor_hang(project, run_folder, settings):
    done = subprocess.run([sys.executable, "-c", FORKING, str(project)], timeout=120, check=False)
    assert done.returncode == 0
    assert steps_of(settings) == list(range(21))
    assert steps_of(settings, "parent") == list(range(20))
    assert steps_of(settings, "other") == list(range(1, 21))


KILLED = """
import os, signal, sys
from pathlib import Path
from dsf.tracking import JournalTracker, TrackingSettings
project = Path(sys.argv[1])
tracker = JournalTracker(project / "training_output" / "v1", TrackingSettings(project=project))
tracker.log_metrics({"loss": 0.0}, step=0)
assert tracker.flush(60)
for step in range(1, 50):
    tracker.log_metrics({"loss": 0.0}, step=step)
with tracker._journal.path.open("ab") as file:
    file.write(b'{"kind":"metrics","time":17')
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_run_that_is_killed_while_writing_goes_on(project, run_folder, settings):
    subprocess.run([sys.executable, "-c", KILLED, str(project)], timeout=60, check=False)
    tracker = JournalTracker(run_folder, settings)
    tracker.log_metrics({"loss": 0.0}, step=50)
    assert tracker.flush(60)
    tracker.close()
    assert steps_of(settings) == list(range(51))


def test_steps_that_are_done_again_after_a_kill_are_logged_once(run_folder, settings):
    """The same numbers of the same steps; what came out otherwise is logged."""
    first = JournalTracker(run_folder, settings)
    for step in range(5):
        first.log_metrics({"loss": 1 / (step + 1), "epoch": 0.0}, step=step)
    first.close()
    again = JournalTracker(run_folder, settings)
    for step in range(3, 7):
        again.log_metrics({"loss": 1 / (step + 1), "epoch": 0.0}, step=step)
    again.log_metrics({"loss": 9.0}, step=2)
    again.close()
    assert sorted(steps_of(settings)) == [0, 1, 2, 2, 3, 4, 5, 6]
    assert sorted(steps_of(settings, "epoch")) == list(range(7))


def test_what_is_logged_after_closing_is_kept(run_folder, settings):
    tracker = JournalTracker(run_folder, settings)
    tracker.log_metrics({"loss": 0.0}, step=0)
    tracker.close()
    tracker.close()
    tracker.log_metrics({"loss": 0.0}, step=1)
    assert not tracker.flush(1)
    assert sync_run(run_folder).events == 1
    assert steps_of(settings) == [0, 1]


def test_threads_log_together(run_folder, settings):
    tracker = JournalTracker(run_folder, settings)

    def log(name):
        for step in range(50):
            tracker.log_metrics({name: 1.0}, step=step)

    threads = [threading.Thread(target=log, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tracker.flush(60)
    tracker.close()
    for name in "abc":
        assert steps_of(settings, name) == list(range(50))


def test_nothing_of_mlflows_own_state_changes(project, run_folder):
    code = f"""
import os
from pathlib import Path
from dsf.tracking import JournalTracker, TrackingSettings, check_store
project = Path({str(project)!r})
settings = TrackingSettings(project=project)
assert check_store(settings)
tracker = JournalTracker(Path({str(run_folder)!r}), settings)
tracker.log_metrics({{"a": 1.0}}, step=0)
assert tracker.flush(60)
assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == os.environ["DO_NOT_TRACK"] == "true"
import mlflow
assert mlflow.active_run() is None
assert not mlflow.tracking.is_tracking_uri_set()
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project.parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [one.name for one in project.parent.iterdir()] == ["project"]


def test_the_settings_of_the_last_process_count(run_folder, make_settings, new_database):
    for uri in ("first", "second"):
        (run_folder.parents[1] / uri).mkdir()
        shutil.copy(new_database, run_folder.parents[1] / uri)
        tracker = JournalTracker(run_folder, make_settings(tracking_uri=uri))
        tracker.log_metrics({"loss": 0.0}, step=0)
        assert tracker.flush(60)
        tracker.close()
    assert sync_run(run_folder).where.endswith("second/mlflow.db")
