"""The functions that the YAML names by default, called as others may call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import torch

from dsf.core.errors import ConfigError, DataError
from dsf.core.references import resolve

if TYPE_CHECKING:
    from pathlib import Path


def component(name: str, **kwargs: object):
    module, _, func = name.partition(":")
    return resolve({"module": f"tmlc.components.{module}", "func": func, "kwargs": kwargs})


def test_the_loss_counts_all_rows_and_not_a_batch() -> None:
    labels = torch.tensor([[1, 1, 0], [0, 1, 1], [1, 1, 0], [0, 0, 1]])
    loss = component("loss:bceloss_inverse_frequency_weighted")(labels=labels)
    assert loss.positive_weights.tolist() == pytest.approx([1.6667, 1.25, 1.6667], abs=1e-4)
    assert loss(torch.zeros(1, 3), torch.zeros(1, 3)).item() == pytest.approx(np.log(2))


def test_thresholds_are_tried_below_vmax_and_the_lowest_wins_a_tie() -> None:
    find = component(
        "calculate_best_thresholds:calculate_best_thresholds", vmin=0.1, vmax=0.9, step=0.05
    )
    found = find(labels=[[0], [1]], probabilities=[[0.3], [0.8]])
    assert found == pytest.approx([0.3])
    with pytest.raises(ConfigError):
        component("calculate_best_thresholds:calculate_best_thresholds", vmin=0.9, vmax=0.1)(
            labels=[[1]], probabilities=[[1.0]]
        )


def test_thresholds_are_chosen_by_any_metric_or_loss() -> None:
    name = "calculate_best_thresholds:calculate_best_thresholds"
    rows = {"labels": [[0], [1], [0], [1]], "probabilities": [[0.2], [0.4], [0.6], [0.8]]}
    assert component(name, metric="precision")(**rows) == pytest.approx([0.6])
    find = component(name, metric="sklearn.metrics:zero_one_loss", maximize=False)
    assert find(**rows) == pytest.approx([0.2])
    assert component(name)(metric=lambda labels, answers: answers.sum(), **rows) == [0.1]


def test_equal_to_the_threshold_is_not_enough() -> None:
    decide = component("predictions:calculate_predictions")
    answers = decide(probabilities=[[0.5, 0.6]], thresholds=[0.5, 0.5])
    assert answers.tolist() == [[0, 1]]


def test_the_metrics_have_sixteen_names() -> None:
    measure = component("metrics:calculate_metrics", n_iterations=50, percentile=2.5)
    labels = np.array([[1, 0], [1, 1], [0, 1], [0, 0]])
    found = measure(labels=labels, predictions=1 - labels, element="val")
    assert len(found) == 16
    assert all(name.startswith("val_") for name in found)
    assert found["val_f1"] == found["val_tpr_avg"] == 0.0
    assert found["val_fpr_error_bars_upper"] == 1.0
    assert found["val_number_samples"] == 4
    with pytest.raises(ConfigError, match="percentile"):
        component("metrics:calculate_metrics", percentile=0)(
            labels=labels, predictions=labels, element="val"
        )


def test_a_split_gives_one_label_its_share() -> None:
    rows = pd.DataFrame({"text": [f"t{n}" for n in range(100)], "rude": [1, 0, 0, 0] * 25})
    split = component("split_data:split_data", train_ratio=0.8, val_ratio=0.1, test_ratio=0.1)
    parts = split(rows, labels_columns=["rude"], random_state=1)
    assert [len(part) for part in parts] == [80, 10, 10]
    assert parts[0]["rude"].sum() == 20
    again = split(rows, labels_columns=["rude"], random_state=1)
    assert all(one.equals(other) for one, other in zip(parts, again, strict=True))


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "parquet"])
def test_a_file_is_read_by_its_ending(tmp_path: Path, ending: str) -> None:
    rows = pd.DataFrame({"comment": ["good", "bad"], "rude": [0, 1]})
    path = tmp_path / f"rows.{ending}"
    {
        "csv": lambda: rows.to_csv(path, index=False),
        "tsv": lambda: rows.to_csv(path, index=False, sep="\t"),
        "json": lambda: rows.to_json(path, orient="records"),
        "jsonl": lambda: rows.to_json(path, orient="records", lines=True),
        "parquet": lambda: rows.to_parquet(path),
    }[ending]()
    found = component("load_data:load_data", file_path=str(path))()
    assert found["comment"].tolist() == ["good", "bad"]
    assert found["rude"].astype(int).tolist() == [0, 1]


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl"])
def test_a_text_is_read_as_it_stands(tmp_path: Path, ending: str) -> None:
    texts = ["NA", "null", "007", "2020-01-31", "True"]
    numbers = ["01", "02", "03", "1e3", "5"]
    rows = pd.DataFrame({"modified": texts, "number": numbers, "rude": [0, 1, 1, 0, 1]})
    path = tmp_path / f"rows.{ending}"
    if ending in ("csv", "tsv"):
        rows.to_csv(path, index=False, sep="," if ending == "csv" else "\t")
    else:
        rows.to_json(path, orient="records", lines=ending == "jsonl")
    found = component("load_data:load_data", file_path=str(path))()
    assert found["modified"].tolist() == texts
    assert found["number"].tolist() == numbers
    process = component(
        "process_data:process_data", text_column="modified", labels_columns=["rude"]
    )
    made = process(found)
    assert made["modified"].tolist() == texts
    assert made["rude"].tolist() == [0, 1, 1, 0, 1]
    assert made["rude"].dtype == "int8"


def test_an_empty_cell_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("text,rude\n,1\nfine,\n", encoding="utf-8")
    rows = component("load_data:load_data", file_path=str(path))()
    with pytest.raises(DataError) as caught:
        component("process_data:process_data", text_column="text", labels_columns=["rude"])(rows)
    assert "text: must have text, but has none in 1 row: [0]" in str(caught.value)
    assert "rude: must be 0 or 1, but is not in 1 row: [1]" in str(caught.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"rows\.csv"):
        component("load_data:load_data", file_path=str(tmp_path / "rows.csv"))()
    (tmp_path / "rows.json").write_text("{broken", encoding="utf-8")
    with pytest.raises(DataError, match=r"must be a readable \.json file"):
        component("load_data:load_data", file_path=str(tmp_path / "rows.json"))()
    with pytest.raises(DataError, match=r"\.xlsx"):
        component("load_data:load_data", file_path="rows.xlsx")()


def test_rows_are_checked() -> None:
    process = component("process_data:process_data", text_column="text", labels_columns=["rude"])
    good = process(pd.DataFrame({"text": ["a"], "rude": [1.0], "when": [3]}))
    assert good["rude"].dtype == "int8"
    assert good["when"].tolist() == [3]
    with pytest.raises(DataError) as caught:
        process(pd.DataFrame({"text": ["a", " ", None], "rude": [2, 0, 1]}))
    assert [problem.where for problem in caught.value.problems] == ["text", "rude"]
    assert "2 rows: [1, 2]" in str(caught.value)
    with pytest.raises(DataError, match="Did you mean 'rude '"):
        process(pd.DataFrame({"text": ["a"], "rude ": [1]}))
