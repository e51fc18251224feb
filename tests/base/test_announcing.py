"""Processes that a step starts know what to join, and the next step finds a clean environment."""

from __future__ import annotations

import os
import subprocess
import sys

from dsf.base.announcing import announced, read_announced
from dsf.base.steps import FIT
from dsf.core.run_folder import RunFolder

ASK = "from dsf.base.announcing import read_announced; print(*read_announced())"


def test_a_process_that_a_step_starts_is_told_what_to_join(tmp_path):
    run = RunFolder.create(tmp_path)
    assert read_announced() == ("", "")
    with announced(run, FIT):
        done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True)
    assert done.stdout.split() == [str(run.path), "fit"], done.stderr
    assert read_announced() == ("", "")


def test_what_a_step_leaves_in_the_environment_is_taken_back(tmp_path, monkeypatch):
    monkeypatch.setenv("MASTER_PORT", "1")
    before = dict(os.environ)
    with announced(RunFolder.create(tmp_path), FIT):
        os.environ["MASTER_PORT"] = "2"
        os.environ["NODE_RANK"] = "1"
    assert dict(os.environ) == before
