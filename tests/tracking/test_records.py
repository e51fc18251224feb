"""A tracking folder remembers which run it is, once and for all."""

import os
import subprocess
import sys
from pathlib import Path

from dsf.tracking.records import Identity, Sent, SentRecord

OPENING = """
import sys
from pathlib import Path
from dsf.tracking import TrackingSettings
from dsf.tracking.records import Identity
project = Path(sys.argv[1])
print(Identity.open(project / "tracking", TrackingSettings(project=project)).run)
"""


def test_all_processes_see_the_same_run(tmp_path):
    command = [sys.executable, "-c", OPENING, str(tmp_path)]
    pipes = {"stdout": subprocess.PIPE, "text": True}
    root = str(Path(__file__).parents[2])
    env = {**os.environ, "PYTHONPATH": root}
    processes = [subprocess.Popen(command, env=env, **pipes) for _ in range(4)]
    found = {process.communicate(timeout=60)[0] for process in processes}
    assert len(found) == 1
    assert len(found.pop()) == 33


def test_other_settings_are_remembered_for_the_same_run(tmp_path, make_settings):
    first = Identity.open(tmp_path, make_settings(tags={"a": "b"}))
    assert first.before is None
    second = Identity.open(tmp_path, make_settings(tracking_uri="elsewhere"))
    assert (second.run, second.started) == (first.run, first.started)
    assert second.before.tags == {"a": "b"}
    assert Identity.read(tmp_path).settings.find_place().shown.endswith("elsewhere/mlflow.db")


def test_how_far_it_was_sent_is_noted_for_each_store(tmp_path):
    record = SentRecord(tmp_path)
    assert record.read("a") == Sent()
    record.write("a", Sent(5, "x", "1"))
    record.write("b", Sent(7, "y", "2"))
    assert (record.read("a"), record.read("b")) == (Sent(5, "x", "1"), Sent(7, "y", "2"))


def test_a_damaged_note_counts_as_nothing_sent(tmp_path):
    record = SentRecord(tmp_path)
    for content in ("", "[]", "{", '{"a": {"offset": 1, "more": 2}}', '{"a": 3}', "\udcff"):
        record.path.write_text(content, errors="surrogateescape")
        assert record.read("a") == Sent()
    record.write("a", Sent(5))
    assert record.read("a") == Sent(5)
