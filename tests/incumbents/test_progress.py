"""Asking takes long: a terminal shows how far it has come, a log file does not."""

import os
import pty
import subprocess
import sys
import textwrap

import pytest

CODE = """
import pandas as pd
from dsf.incumbents import CallableIncumbent, HttpEndpoint
from dsf.core.errors import IncumbentError

rows = pd.DataFrame({"row_id": [1, 2], "text": ["a", "b"], "label": ["a", "b"]})
def by_hand(text):
    return text
if "http" in MODE:
    try:
        HttpEndpoint("http://127.0.0.1:9", retries=0).predict(rows)
    except IncumbentError:
        pass
else:
    CallableIncumbent(by_hand, takes="text").predict(rows)
"""


def shown(mode, stderr):
    code = textwrap.dedent(CODE).replace("MODE", repr(mode))
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    subprocess.run([sys.executable, "-c", code], stderr=stderr, env=environment, check=True)


@pytest.mark.parametrize(("mode", "name"), [("http", "http://127.0.0.1:9"), ("text", "by_hand")])
def test_a_terminal_shows_a_bar_and_a_file_none(tmp_path, mode, name):
    ours, theirs = pty.openpty()
    try:
        shown(mode, theirs)
        said = os.read(ours, 65536).decode()
    finally:
        os.close(theirs)
        os.close(ours)
    assert name in said
    assert "%" in said
    with (tmp_path / "log.txt").open("w+") as log:
        shown(mode, log)
        log.seek(0)
        assert log.read() == ""
