"""The page on proving a part is true: its example passes, and fails once it is broken."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extend" / "prove-your-part.md"


@pytest.fixture
def example():
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.M)
    return code


def run(code, folder):
    (folder / "test_split.py").write_text(code, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip


def test_the_example_passes(example, tmp_path):
    answer = run(example, tmp_path)
    assert answer.returncode == 0, answer.stdout
    assert "7 passed" in answer.stdout


def test_the_example_broken_fails(example, tmp_path):
    broken = example.replace("default_rng(seed)", "default_rng()")
    assert broken != example
    answer = run(broken, tmp_path)
    assert answer.returncode == 1, answer.stdout
    assert "test_the_seed_decides" in answer.stdout
