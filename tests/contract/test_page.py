"""The page on proving a part is true: its example passes, and fails once it is broken."""

import re
from pathlib import Path

import pytest

from tests.nursery import PYTEST_STRICTLY

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extend" / "prove-your-part.md"


@pytest.fixture
def example():
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.M)
    return code


def run(nursery, code, folder):
    (folder / "test_split.py").write_text(code, encoding="utf-8")
    return nursery.run(*PYTEST_STRICTLY, cwd=folder)


def test_the_example_passes(example, nursery, tmp_path):
    answer = run(nursery, example, tmp_path)
    assert answer.returncode == 0, answer.stdout
    assert "7 passed" in answer.stdout


def test_the_example_broken_fails(example, nursery, tmp_path):
    broken = example.replace("default_rng(seed)", "default_rng()")
    assert broken != example
    answer = run(nursery, broken, tmp_path)
    assert answer.returncode == 1, answer.stdout
    assert "test_the_seed_decides" in answer.stdout
