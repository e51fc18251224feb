"""What the pages show of incumbents is so."""

import json
import re
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from dsf.base import Evaluation
from dsf.core.config import resolve_config
from dsf.core.references import allow_folder
from dsf.incumbents import INCUMBENTS, answer_with_incumbent

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE, EXTEND = DOCS / "guide" / "incumbents.md", DOCS / "extend" / "an-incumbent.md"


def blocks(page, language):
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


SHOWN = [*blocks(GUIDE, "yaml"), *blocks(EXTEND, "yaml")]


def test_the_pages_show_configs():
    assert len(SHOWN) > 7


@pytest.mark.parametrize("shown", SHOWN)
def test_a_config_of_the_page_is_right(shown):
    section = yaml.safe_load(shown)
    assert resolve_config(section)["eval_config"] == section["eval_config"]


def test_the_guide_has_every_name():
    shown = set(re.findall(r"\b(\w+)`", GUIDE.read_text(encoding="utf-8")))
    assert set(INCUMBENTS) <= shown


def test_the_class_of_the_page_answers(tmp_path, monkeypatch):
    code, case = blocks(EXTEND, "python")
    assert "IncumbentCase" in case
    (tmp_path / "old_rules_of_page.py").write_text(code)
    (tmp_path / "rules.json").write_text(json.dumps({"stop": "cancel", "where": "track"}))
    monkeypatch.syspath_prepend(tmp_path)
    allow_folder(tmp_path)
    (shown,) = blocks(EXTEND, "yaml")
    named = yaml.safe_load(shown)["eval_config"]["incumbent"]
    assert named["class_path"] == "trainer.old_rules.OldRules"
    named["class_path"] = "old_rules_of_page.OldRules"
    named["init_args"]["file"] = str(tmp_path / "rules.json")

    class PageEvaluation(Evaluation):
        def execute(self):
            return answer_with_incumbent(self)

    texts = ["please stop it", "where is it", "hello"]
    labels = ["cancel", "track", "other"]
    rows = pd.DataFrame({"row_id": [5, 6, 7], "text": texts, "intent": labels})
    found = PageEvaluation(
        rows,
        rows,
        rows,
        eval_config={"incumbent": named},
        model_config={"label_names": labels},
        dataset_config={"label_column": "intent"},
    ).run()
    assert found.predictions.tolist() == labels
    assert "old_rules_of_page" in sys.modules
