"""What the config says of metrics, intervals and the verdict is checked before anything runs."""

import numpy as np
import pandas as pd
import pytest

from dsf.base.scoring import (
    answers_kind,
    check_scored_rows,
    check_scoring,
    make_bootstrap,
    make_rules,
)
from dsf.core.config import resolve_config
from dsf.core.errors import ConfigError, DataError
from dsf.data import LabelLayout

RANDOM = {"split_strategy": "random"}
TAGS = RANDOM | {"label_kind": "tags", "tag_scheme": "iob2"}
SEVERAL = RANDOM | {"label_columns": ["a", "b"]}


def problems_of(**sections):
    with pytest.raises(ConfigError) as caught:
        check_scoring(resolve_config(sections))
    return {problem.where: problem.message for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("dataset", "kind"),
    [
        ({"label_column": "y"}, "single"),
        (SEVERAL | {"label_kind": "multilabel"}, "multilabel"),
        (SEVERAL | {"label_kind": "multi_output"}, "multi_output"),
        (TAGS, "entities"),
        (RANDOM | {"label_kind": "tags"}, "tags"),
        ({"label_column": None}, None),
    ],
)
def test_the_kind_of_answers_follows_from_the_labels(dataset, kind):
    assert (
        answers_kind(LabelLayout.of(resolve_config({"dataset_config": dataset})["dataset_config"]))
        == kind
    )


def test_all_that_a_task_cannot_have_is_told_at_once():
    found = problems_of(
        dataset_config=TAGS,
        metrics={"roc_auc": True, "partial_f1": True, "f1": {"averge": "micro"}, "mcc": False},
        comparison_config={"metrics": ["f1", "mcc"]},
        bootstrap_config={"resample": "stratified"},
    )
    assert set(found) == {
        *("metrics.roc_auc", "metrics.f1"),
        *("comparison_config.metrics", "bootstrap_config.group_column"),
    }
    assert "this task has entities" in found["metrics.roc_auc"]
    assert "'mcc'" in found["comparison_config.metrics"]
    assert found["bootstrap_config.group_column"] == (
        "must name a column: only rows with one label each have their label for it."
    )


def test_a_verdict_may_be_about_a_metric_with_empty_options():
    config = {"metrics": {"f1": {}}, "comparison_config": {"metrics": ["f1"]}}
    check_scoring(resolve_config(config))
    off = config | {"metrics": {"f1": None}}
    assert "['f1'] are not" in problems_of(**off)["comparison_config.metrics"]


def test_clusters_need_a_column_with_them():
    found = problems_of(bootstrap_config={"resample": "clusters"})
    assert found["bootstrap_config.group_column"] == (
        "must name a column, or dataset_config.group_column must: resample is clusters."
    )
    stratified = {"bootstrap_config": {"resample": "stratified"}}
    found = problems_of(**stratified, dataset_config=RANDOM | {"label_column": None})
    assert "or dataset_config.label_column must" in found["bootstrap_config.group_column"]
    for section in ("bootstrap_config", "dataset_config"):
        config = {"bootstrap_config": {"resample": "clusters"}}
        config[section] = config.get(section, {}) | {"group_column": "user"}
        check_scoring(resolve_config(config))


def test_the_groups_are_those_of_the_answered_rows_in_their_order():
    rows = pd.DataFrame({"row_id": [3, 4, 5], "user": ["x", "y", "x"], "y": ["b", "a", "b"]})
    ids = np.array([5, 4])
    drawn = {"resample": "clusters", "group_column": "user", "n_iterations": 7, "percentile": 5.0}
    made = make_bootstrap(resolve_config({"bootstrap_config": drawn}), rows, ids)
    assert (made.n_iterations, made.percentile, made.resample) == (7, 5.0, "clusters")
    assert list(made.groups) == ["x", "y"]
    config = {
        "bootstrap_config": {"resample": "stratified"},
        "dataset_config": {"label_column": "y"},
    }
    assert list(make_bootstrap(resolve_config(config), rows, ids).groups) == ["b", "a"]
    assert make_bootstrap(resolve_config({}), rows, ids).groups is None


def test_a_column_that_the_rows_lack_is_named_with_those_they_have():
    config = resolve_config({"bootstrap_config": {"resample": "clusters", "group_column": "usr"}})
    rows = pd.DataFrame({"row_id": [1], "user": ["x"]})
    with pytest.raises(ConfigError, match=r"'usr' is none of \['row_id', 'user'\]"):
        make_bootstrap(config, rows, np.array([1]))


@pytest.mark.parametrize(
    "groups",
    [
        ["a", None, "a", None],
        [1.0, np.nan, 2.0, np.nan],
        pd.array([1, None, 2, None], dtype="Int64"),
        pd.Categorical(["a", None, "a", None]),
    ],
)
def test_rows_without_a_group_are_no_group_and_named_by_their_ids(groups):
    config = resolve_config({"bootstrap_config": {"resample": "clusters", "group_column": "doc"}})
    rows = pd.DataFrame({"row_id": [11, 12, 13, 14], "doc": groups})
    with pytest.raises(ConfigError, match=r"'doc' has none in 2 rows \(row_id \[14, 12\]\)\.$"):
        make_bootstrap(config, rows, np.array([14, 13, 12, 11]))
    filled = make_bootstrap(config, rows, np.array([13, 11]))
    assert len(filled.groups) == 2


def test_groups_may_be_the_rows_themselves_and_answers_need_a_row():
    config = resolve_config(
        {"bootstrap_config": {"resample": "clusters", "group_column": "row_id"}}
    )
    rows = pd.DataFrame({"row_id": [1, 2]})
    assert list(make_bootstrap(config, rows, np.array([2, 1])).groups) == ["2", "1"]
    with pytest.raises(DataError, match=r"every row that was answered, but not 1 answer: \[3\]"):
        make_bootstrap(config, rows, np.array([3, 1]))


def test_all_that_rows_to_test_on_lack_is_told_at_once():
    config = resolve_config(
        {
            "bootstrap_config": {"resample": "clusters", "group_column": "user"},
            "comparison_config": {"slices": ["language", "name", "length"]},
            "dataset_config": {"text_column": "text"},
        }
    )
    rows = pd.DataFrame(
        {"row_id": range(30), "text": "a", "name": [f"n{row}" for row in range(30)]}
    )
    with pytest.raises(ConfigError) as caught:
        check_scored_rows(config, rows)
    found = [(problem.where, problem.message) for problem in caught.value.problems]
    assert [where for where, _ in found] == [
        "bootstrap_config.group_column",
        *["comparison_config.slices"] * 2,
    ]
    for (_, message), column in zip(found, ("user", "language"), strict=False):
        assert f"{column!r} is none of ['row_id', 'text', 'name']" in message
        assert "dataset_config.keep_columns" in message
    assert "'name' has 30" in found[2][1]
    check_scored_rows(config, rows.assign(user=1, language="de", name="n"))


def test_the_rules_are_those_of_the_config():
    section = {"metrics": ["f1", "recall"], "rule": "non_inferiority", "margin": 0.02}
    rules = make_rules(resolve_config({"comparison_config": section}))
    assert (rules.metrics, rules.rule, rules.margin) == (("f1", "recall"), "non_inferiority", 0.02)
    assert make_rules(resolve_config({})).metrics is None
