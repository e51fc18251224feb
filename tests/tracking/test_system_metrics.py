"""The use of the machine is logged with the run, by one process."""

import sys
import threading
import time
from dataclasses import replace

import pytest

from dsf.tracking import JournalTracker
from dsf.tracking.journal import TRACKING_FOLDER, Journal


def events(run_folder):
    read = Journal(run_folder / TRACKING_FOLDER).read()
    return [entry.event for entry in read if entry.event.kind == "metrics"]


def test_the_use_of_the_machine_is_logged_once(run_folder, make_settings):
    pytest.importorskip("psutil")
    settings = replace(make_settings(system_metrics=True), system_metrics_interval=0.2)
    trackers = [JournalTracker(run_folder, settings) for _ in range(2)]
    for tracker in trackers:
        tracker.set_status("RUNNING")
    deadline = time.monotonic() + 30
    while len(events(run_folder)) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    names = {thread.name for thread in threading.enumerate()}
    assert "dsf-system-metrics" in names
    assert sum(thread.name == "dsf-system-metrics" for thread in threading.enumerate()) == 1
    for tracker in trackers:
        tracker.close()
    found = events(run_folder)
    assert 0 <= found[0].content["values"]["system/system_memory_usage_percentage"] <= 100
    assert "system/disk_usage_percentage" in found[0].content["values"]
    assert 0 <= found[0].content["step"] < 60
    time.sleep(0.5)
    assert len(events(run_folder)) == len(found)


def test_without_the_package_it_is_said_and_the_run_goes_on(
    run_folder, make_settings, monkeypatch, caplog
):
    monkeypatch.setitem(sys.modules, "psutil", None)
    tracker = JournalTracker(run_folder, make_settings(system_metrics=True))
    tracker.log_metrics({"loss": 1.0}, step=1)
    tracker.close()
    assert caplog.text.count("psutil") == 1
    assert len(events(run_folder)) == 1
