"""The compare step puts the numbers side by side and judges what differs."""

import json

import numpy as np
import pytest

from dsf.core.errors import HookRaisedError, HookResultError


@pytest.fixture
def run(plain_main, cfg, parts, tmp_path):
    """Run the whole chain with some classes changed; give what comparison.json holds."""

    def run_with(config=None, **classes):
        made = type(
            "Changed", (plain_main,), {f"{name}_class": one for name, one in classes.items()}
        )
        made(cfg | {"bootstrap_config": {"n_iterations": 50}} | (config or {})).run()
        path = max((tmp_path / "out").glob("v*/5_compare/comparison.json"))
        return json.loads(path.read_text("utf-8"))

    return run_with


def test_a_run_ends_with_a_verdict_and_says_why(run):
    found = run()
    assert found["metrics"]["accuracy"]["trained"] > found["metrics"]["accuracy"]["eval"]
    assert found["verdict"]["metrics"] == {"accuracy": found["verdict"]["verdict"]}
    assert found["verdict"]["reason"]
    difference = found["differences"]["accuracy"]
    assert difference["lower"] <= difference["difference"] <= difference["upper"]
    assert difference["test"] == "mcnemar"
    assert "randomness of training" in found["covers"]


def test_it_is_told_as_a_page_as_text_and_as_a_model_card(run, tmp_path):
    reason = run()["verdict"]["reason"]
    folder = tmp_path / "out" / "v1" / "5_compare"
    files = {path.name for path in folder.iterdir()}
    assert files == {
        *("comparison.json", "report.html", "report.txt", "model_card.md", "step.json"),
    }
    assert reason.split(":")[0] in (folder / "report.txt").read_text("utf-8")
    assert (folder / "model_card.md").read_text("utf-8").startswith("---\n")


def test_the_rules_and_slices_of_the_config_are_used(run):
    found = run(
        {
            "comparison_config": {
                "metrics": ["recall"],
                "rule": "non_inferiority",
                "margin": 1.0,
                "slices": ["x"],
                "smallest_slice": 1,
            }
        }
    )
    assert found["verdict"]["rule"] == "non_inferiority"
    assert found["verdict"]["verdict"] in ("better", "not worse")
    assert found["verdict"]["passed"]
    assert list(found["verdict"]["metrics"]) == ["recall"]
    assert {one["column"] for one in found["slices"]} == {"x"}


def test_numbers_alone_leave_it_undecided(run, parts):
    class Numbers(parts["Evaluation"]):
        def execute(self):
            return {"accuracy": 0.5}

    found = run(evaluation=Numbers)
    assert found["metrics"] == {
        "accuracy": {"trained": found["metrics"]["accuracy"]["trained"], "eval": 0.5}
    }
    assert found["verdict"]["verdict"] == "undecided"
    assert "the evaluation gave numbers" in found["verdict"]["reason"]
    assert found["verdict"]["passed"] is False


def test_a_project_may_judge_by_itself(run, parts):
    class Own(parts["Comparison"]):
        def judge(self):
            rows = len(self.trained.row_ids)
            assert list(self.rows["row_id"]) == list(self.trained.row_ids)
            assert np.array_equal(self.existing.row_ids, self.trained.row_ids)
            return {"verdict": {"verdict": "worse", "reason": f"{rows} rows", "passed": False}}

    found = run(comparison=Own)
    assert found["verdict"]["verdict"] == "worse"
    assert list(found) == ["names", "verdict", "metrics", "notes"]
    assert found["names"] == {"trained": "plain", "eval": "baseline"}


@pytest.mark.parametrize(
    "given", [None, {}, {"verdict": "better"}, {"verdict": {"verdict": "fine"}}]
)
def test_a_judgement_that_is_none_is_refused(run, parts, given):
    class Own(parts["Comparison"]):
        def judge(self):
            return given

    with pytest.raises(HookResultError, match=r"Own.judge .* must give .*better, not worse"):
        run(comparison=Own)


def test_an_error_of_the_judge_is_told_with_its_place(run, parts):
    class Own(parts["Comparison"]):
        def judge(self):
            raise ValueError("no idea")

    with pytest.raises(HookRaisedError, match=r"Own.judge .* raised ValueError: no idea"):
        run(comparison=Own)
