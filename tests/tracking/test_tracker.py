"""Whoever wants no tracking gets none."""

import subprocess
import sys

CODE = """
import sys
from pathlib import Path
from dsf.tracking import NoTracker, current_tracker
for tracker in (NoTracker(), current_tracker()):
    tracker.log_params({"a": 1})
    tracker.log_metrics({"a": 1.0}, step=0)
    tracker.set_tags({"a": "b"})
    tracker.describe("text")
    tracker.log_dataset("train", digest="abc")
    tracker.log_artifact(Path("x"))
    tracker.set_status("FINISHED")
    assert tracker.flush()
    tracker.close()
heavy = {"mlflow", "sqlalchemy", "pandas", "numpy", "requests", "torch"} & set(sys.modules)
assert not heavy, heavy
"""


def test_no_tracker_leaves_no_trace(tmp_path):
    subprocess.run([sys.executable, "-c", CODE], cwd=tmp_path, check=True)
    assert list(tmp_path.iterdir()) == []


def test_without_mlflow_all_is_kept(tmp_path):
    code = """
import sys
from pathlib import Path
sys.modules["mlflow"] = None
from dsf.core.errors import MissingExtraError
from dsf.tracking import JournalTracker, TrackingSettings, check_store, sync_run
settings = TrackingSettings(project=Path.cwd())
tracker = JournalTracker(Path("run"), settings)
tracker.log_metrics({"loss": 1.0}, step=1)
assert not tracker.flush(5)
tracker.close()
assert "loss" in Path("run/tracking/journal.jsonl").read_text()
for ask in (lambda: check_store(settings), lambda: sync_run(Path("run"))):
    try:
        ask()
    except MissingExtraError as error:
        assert "dsf-trainer[track]" in str(error)
    else:
        raise AssertionError
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("dsf-trainer[track]") == 1
