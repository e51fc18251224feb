"""What the existing model needs is looked for before the first step, not after the fit."""

import re

import pytest

from dsf.core.errors import ConfigError


def told_at_once(plain_main, cfg, **eval_config):
    """Run a project whose rows may not be read; give the problems."""

    class Unread(plain_main.dataset_preparation_class):
        def load(self):
            raise AssertionError("the existing model must be looked for first")

    class EagerMain(plain_main):
        dataset_preparation_class = Unread

    with pytest.raises(ConfigError) as caught:
        EagerMain({**cfg, "eval_config": eval_config}).run()
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"incumbent": "file", "path": "nope.csv"}, "eval_config.path: must be a CSV or Parquet"),
        ({"incumbent": "bundle", "path": "."}, "eval_config.path: must be the folder of a bundle"),
        ({"incumbent": "checkpoint", "path": "nowhere"}, "eval_config.path: must be a run with"),
        ({"incumbent": "checkpoint", "path": "."}, "eval_config.path: must be a run with"),
        (
            {"incumbent": "function", "function": "dsf.metrics:nothing_here"},
            "eval_config.function: .*nothing_here",
        ),
        (
            {"incumbent": "http", "url": "http://shop", "read_response": "os:system"},
            r"eval_config\.read_response: .*os\.system",
        ),
        ({"incumbent": "dsf.incumbents:Nothing"}, "eval_config.incumbent: .*Nothing"),
        (
            {"incumbent": {"class_path": "dsf.incumbents.TextBaseline", "init_args": {"sed": 1}}},
            "'sed'",
        ),
        (
            {"incumbent": "http", "url": "http://shop", "token_env": "TOKEN_OF_NOBODY"},
            "eval_config.token_env: .*TOKEN_OF_NOBODY.* unset",
        ),
    ],
)
def test_what_is_not_there_is_told_before_the_rows_are_read(plain_main, cfg, section, told):
    (problem,) = told_at_once(plain_main, cfg, **section)
    assert re.search(told, problem), problem


def test_all_is_told_at_once_and_no_run_stays(plain_main, cfg, tmp_path):
    missing = {"write_request": "dsf.metrics:no_one", "read_response": "dsf.metrics:nobody"}
    found = told_at_once(plain_main, cfg, incumbent="http", url="http://shop", **missing)
    assert len(found) == 2
    assert list((tmp_path / "out").glob("v*")) == []


@pytest.mark.parametrize("named", [True, False])
def test_one_that_is_named_answers_before_the_fit(plain_main, parts, cfg, tmp_path, named):
    done = []

    class Evaluation(parts["Evaluation"]):
        def execute(self):
            done.append("eval")
            return super().execute()

    class Train(parts["Train"]):
        def execute(self):
            done.append("fit")
            return super().execute()

    class OrderedMain(plain_main):
        evaluation_class = Evaluation
        train_class = Train

    (tmp_path / "old.csv").write_text("row_id,prediction\n")
    section = {"incumbent": "file", "path": str(tmp_path / "old.csv")} if named else {}
    OrderedMain({**cfg, "eval_config": section}).run()
    assert done == (["eval", "fit"] if named else ["fit", "eval"])


def test_what_is_there_and_keys_of_ones_own_are_no_problem(plain_main, cfg, tmp_path):
    (tmp_path / "old.csv").write_text("row_id,prediction\n")
    older = plain_main({**cfg, "eval_config": {"path": "of our own"}})
    older.run()
    for named in (
        {"incumbent": "file", "path": str(tmp_path / "old.csv")},
        {"incumbent": "checkpoint", "path": str(tmp_path / "out" / "v1")},
        {"incumbent": "checkpoint", "path": str(tmp_path / "out" / "v1/2_fit/model.json")},
    ):
        assert "accuracy" in plain_main({**cfg, "eval_config": named}).run()
