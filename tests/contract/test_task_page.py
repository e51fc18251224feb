"""The page on tasks is true: its task passes its case, in a project of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "extend" / "task.md"
SAMPLE = ROOT / "templates" / "overlays" / "intent_classification"


@pytest.mark.slow
def test_the_task_on_the_page_passes_its_case(tmp_path):
    task, case = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.M)
    for folder in ("trainer", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / "trainer" / "__init__.py").touch()
    (tmp_path / "trainer" / "claims.py").write_text(task, encoding="utf-8")
    (tmp_path / "tests" / "test_claims.py").write_text(case, encoding="utf-8")
    (sample,) = SAMPLE.glob("*/data/sample.csv")
    rows = pd.read_csv(sample).set_axis(["body", "decision"], axis=1).assign(subject="A claim")
    rows.to_csv(tmp_path / "tests" / "claims.csv", index=False)
    quiet = "ignore:.*does not have many workers.*"
    answer = subprocess.run(
        [*(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"), "-W", quiet],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout
    assert "11 passed" in answer.stdout
