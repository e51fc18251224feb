"""Getting started, followed to the letter: from the digits to a table of one's own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml

from dsf.cli.rendering import complete_answers, render_project
from dsf.cli.templates import list_templates

if TYPE_CHECKING:
    from tests.nursery import Nursery

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "getting-started.md").read_text(encoding="utf-8")
SPLIT = ["-m", "dsf.cli", "split"]
HOOKS = ["-m", "pytest", "-q", "-x", "tests/test_hooks.py"]


def _step(number: int) -> str:
    """The text of one numbered step of the page."""
    return PAGE.partition(f"\n### {number}. ")[2].partition("\n## ")[0].partition("\n### ")[0]


def _blocks(number: int, language: str) -> list[str]:
    pattern = rf"^```{language}\n(.*?)^```$"
    return [str(one) for one in re.findall(pattern, _step(number), re.DOTALL | re.MULTILINE)]


def _block(number: int, language: str) -> str:
    (block,) = _blocks(number, language)
    return block


def _write_orders(path: Path) -> None:
    """Three hundred orders whose outcome shows in the measurements, but not without errors."""
    random = np.random.default_rng(7)
    outcome = random.choice(["kept", "lost", "sent back"], size=300)
    centre = pd.Series(outcome).map({"kept": 0.0, "lost": 3.0, "sent back": 6.0}).to_numpy()
    measured = centre[:, None] + random.normal(size=(300, 3))
    path.parent.mkdir()
    rows = pd.DataFrame(measured, columns=["weight", "price", "distance"])
    rows.assign(outcome=outcome).to_csv(path, index=False)


def _merge(section: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Put the keys that a page shows into a section, sections within it too."""
    merged = dict(section)
    for key, value in changes.items():
        merged[key] = _merge(merged[key], value) if isinstance(value, dict) else value
    return merged


class Project:
    """A generated project, and the steps of the page that are done in it."""

    def __init__(self, place: Path, nursery: Nursery) -> None:
        self.nursery = nursery
        answers = complete_answers({"project_name": "my-shop", "task": "digits"})
        self.path = render_project(list_templates()["project"].path, answers, place)
        self.trainer = self.path / "trainer"
        _write_orders(self.path / "data" / "orders.csv")

    def set_config(self, number: int, without: tuple[str, ...] = ()) -> None:
        file = self.trainer / "config.yaml"
        config = _merge(yaml.safe_load(file.read_text()), yaml.safe_load(_block(number, "yaml")))
        for key in without:
            del config["model_config"][key]
        file.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")

    def fill_in_rows(self) -> None:
        (self.trainer / "dataset_preparation.py").write_text(_block(1, "python"))
        self.set_config(1)

    def fill_in_batches(self) -> None:
        file = self.trainer / "data.py"
        top, method = _blocks(2, "python")
        before, found, _ = file.read_text().partition("    def to_dataset(")
        assert found
        before, times = re.subn(r"^FEATURES = .*?^SHAPE = .*?\n", top, before, flags=re.S | re.M)
        assert times == 1
        file.write_text(before + method)

    def fill_in_network(self) -> None:
        (self.trainer / "pl_wrapper" / "network_module.py").write_text(_block(3, "python"))
        self.set_config(3, without=("channels", "dropout"))

    def answer(self, command: list[str]) -> tuple[int, str]:
        answer = self.nursery.run(*command, cwd=self.path)
        return answer.returncode, answer.stdout + answer.stderr

    def must(self, command: list[str]) -> str:
        code, said = self.answer(command)
        assert code == 0, said
        return said

    def lint(self, *words: str) -> None:
        command = [sys.executable, "-m", "ruff", *words]
        answer = subprocess.run(command, cwd=self.path, capture_output=True, text=True)
        assert answer.returncode == 0, answer.stdout + answer.stderr


def test_after_each_step_runs_what_the_page_says(tmp_path: Path, nursery: Nursery) -> None:
    project = Project(tmp_path, nursery)

    project.fill_in_rows()
    project.must(SPLIT)
    code, said = project.answer(HOOKS)
    assert code == 1
    assert "FAILED tests/test_hooks.py::test_data_gives_batches" in said

    project.fill_in_batches()
    project.fill_in_network()
    project.must(["-m", "pytest", "-q"])  # the whole chain is one of its tests
    assert "orders" in project.must(["-c", "from trainer.config import load; print(load())"])
    project.lint("check", "--no-cache", ".")
    project.lint("format", "--no-cache", "--check", ".")
