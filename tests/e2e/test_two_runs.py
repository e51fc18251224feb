"""Two runs that start at the same moment do not meet."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "projects" / "sklearn_project"


def test_two_runs_at_once_get_a_folder_each(tmp_path):
    project = shutil.copytree(PROJECT, tmp_path / "tumours")
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "trainer.trainer_main", "--json"],
            cwd=project,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ended = [(*run.communicate(timeout=300), run.returncode) for run in started]
    assert [code for _, _, code in ended] == [0, 0], ended

    answers = [json.loads(out) for out, _, _ in ended]
    assert answers[0]["comparison"] == answers[1]["comparison"]
    output = project / "training_output"
    assert sorted(path.name for path in output.iterdir()) == ["v1", "v2"]
    for version in ("v1", "v2"):
        steps = json.loads((output / version / "run.json").read_text())["steps"]
        assert {name: step["status"] for name, step in steps.items()} == dict.fromkeys(
            ("split", "fit", "test", "eval", "compare", "export"), "done"
        )
