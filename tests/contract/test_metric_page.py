"""The page on metrics is true: its metric passes its case, and the config can name all of them."""

import re
from pathlib import Path

import pytest

from dsf.metrics import METRICS
from tests.nursery import PYTEST_STRICTLY, Nursery

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extend" / "a-metric.md"

NAMED = """

import numpy as np
import pytest

from dsf.core.config import load_config
from dsf.metrics import Bootstrap, compare_predictions, read_metrics, score_predictions
from dsf.core.predictions import Predictions
from dsf.testing.random_predictions import make_predictions

TRUE = np.array(["spam", "spam", "mail", "mail", "mail"])


def mails(answers):
    return Predictions(np.arange(5), TRUE, np.array(answers), ["mail", "spam"])


def test_the_config_names_it():
    config = load_config("config.yaml", environ={})["metrics"]
    (ours,) = [one for one in read_metrics(config) if one.name == "mean_cost"]
    assert ours.less_is_better
    answers = mails(["mail", "spam", "spam", "mail", "mail"])
    found = score_predictions(answers, config, bootstrap=Bootstrap(20))
    assert found["mean_cost"] == (20 + 1) / 5
    assert found["intervals"]["mean_cost"]["lower"] < found["mean_cost"]
    short = {"mean_cost": "trainer.metrics:mean_cost"}
    assert score_predictions(answers, short)["mean_cost"] == (10 + 1) / 5


def test_a_comparison_knows_that_less_is_better():
    config = load_config("config.yaml", environ={})["metrics"]
    right, wrong = mails(TRUE), mails(TRUE[::-1])
    found = compare_predictions(right, wrong, config, bootstrap=Bootstrap(20))
    assert found["differences"]["mean_cost"]["less_is_better"]
    assert found["differences"]["mean_cost"]["difference"] < 0


def test_the_others_can_be_named():
    config = load_config("others.yaml", environ={})["metrics"]
    found = score_predictions(make_predictions("single", labels=4), config | {"tpr": True})
    assert found["balanced"] == pytest.approx(found["tpr"])
    assert found["f1_of_all"] == found["accuracy"] < found["top_2"]
    assert 0 < found["f2"] < 1
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.M)


def test_the_metric_on_the_page_passes_its_case(nursery: Nursery, tmp_path: Path) -> None:
    metric, case = blocks("python")
    config, others = blocks("yaml")
    (tmp_path / "trainer").mkdir()
    (tmp_path / "trainer" / "__init__.py").touch()
    (tmp_path / "trainer" / "metrics.py").write_text(metric, encoding="utf-8")
    (tmp_path / "config.yaml").write_text(config, encoding="utf-8")
    (tmp_path / "others.yaml").write_text(others, encoding="utf-8")
    (tmp_path / "test_metrics.py").write_text(case + NAMED, encoding="utf-8")
    answer = nursery.run(*PYTEST_STRICTLY, cwd=tmp_path)
    assert answer.returncode == 0, answer.stdout
    assert "8 passed" in answer.stdout


@pytest.mark.parametrize("name", sorted(set(re.findall(r"metric: (\w+)", PAGE.read_text("utf-8")))))
def test_names_on_the_page_are_known(name: str) -> None:
    assert name in METRICS
