"""Every key has a type, a range and a description, and a wrong value is told in one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch

from dsf.core.config import ProjectConfig, config_schema, dump_config, resolve_config
from dsf.core.errors import ConfigError
from dsf.core.yaml_text import parse_yaml

DEFAULTS = {
    "project": "",
    "task": "",
    "model_config": {
        "learning_rate": 1e-3,
        "optimizer": "AdamW",
        "weight_decay": 0.01,
        "schedule": "linear",
        "num_warmup_steps": 0,
        "loss_function": "torch.nn.functional:cross_entropy",
        "batch_size": 32,
        "num_workers": 0,
        "num_classes": None,
        "label_names": None,
        "average": "macro",
        "seed": 42,
        "deterministic": True,
        "save_last_model": False,
        "model_name": "my_model.ckpt",
    },
    "trainer_config": {"max_epochs": 1, "num_sanity_val_steps": 0, "log_every_n_steps": 20},
    "dataset_config": {
        "dataset_path": None,
        "training_path": None,
        "validation_path": None,
        "test_dataset_path": None,
        "load_data": None,
        "format": None,
        "encoding": "utf-8",
        "read_options": {},
        "text_column": None,
        "label_kind": "single",
        "label_column": "label",
        "label_columns": [],
        "label_separator": None,
        "labels_path": None,
        "tag_scheme": None,
        "tokens_column": None,
        "tags_column": None,
        "starts_column": None,
        "entities_column": None,
        "group_column": None,
        "time_column": None,
        "split_column": None,
        "keep_columns": [],
        "split_strategy": "stratified",
        "train_ratio": 0.75,
        "validation_ratio": 0.15,
        "test_ratio": 0.10,
        "train_rows": None,
        "validation_rows": None,
        "test_rows": None,
        "hash_columns": [],
        "folds": 5,
        "fold": 0,
        "on_leak": "warn",
        "cache_path": None,
        "rows_path": None,
        "audit_near": True,
        "seed": None,
    },
    "warm_start_config": {"source": None, "parts": None, "allow_differences": False},
    "metrics": {
        "accuracy": True,
        "precision": True,
        "recall": True,
        "f1": True,
        "confusion_matrix": True,
    },
    "bootstrap_config": {
        "n_iterations": 1000,
        "percentile": 2.5,
        "resample": "rows",
        "group_column": None,
        "seed": 42,
    },
    "calibration_config": {"method": None},
    "abstain_config": {"risk": None, "coverage": None, "certainty": 0.95},
    "eval_config": {},
    "comparison_config": {
        "metrics": None,
        "rule": "superiority",
        "margin": 0.01,
        "alpha": 0.05,
        "slices": [],
        "slice_rule": None,
        "smallest_slice": 30,
    },
    "export_config": {
        "enabled": None,
        "tolerance": 1e-4,
        "artifact_folder": None,
        "model_path": None,
        "tokenizer_path": None,
    },
    "register_config": {"name": None, "description": None, "tags": {}, "tolerance": 1e-4},
    "tracking_config": {
        "use_mlflow": None,
        "tracking_uri": None,
        "experiment_name": None,
        "artifact_location": None,
        "run_name": None,
        "description": None,
        "tags": {},
        "system_metrics": False,
        "patience": 10.0,
    },
    "paths": {"output": "training_output"},
}

OPTIMIZERS = (
    "must be one of ASGD, Adadelta, Adagrad, Adam, AdamW, Adamax, LBFGS, NAdam, RAdam, RMSprop, "
    "Rprop, SGD, SparseAdam, or a reference 'pkg.module:name'"
)
RATIOS = "train_ratio + validation_ratio + test_ratio must be 1, but"


def problems_of(mapping: dict[str, Any]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        resolve_config(mapping)
    return [str(problem) for problem in caught.value.problems]


def test_defaults() -> None:
    assert resolve_config({}) == DEFAULTS


@pytest.mark.parametrize(
    ("section", "key", "value", "said"),
    [
        ("model_config", "learning_rate", 0, "must be more than 0, not 0"),
        ("model_config", "learning_rate", float("inf"), "must be a finite number, not inf"),
        ("model_config", "learning_rate", True, "must be a number, not true"),
        ("model_config", "optimizer", "", f"{OPTIMIZERS}, not ''"),
        ("model_config", "optimizer", "AdmW", f"{OPTIMIZERS}, not 'AdmW'. Did you mean 'AdamW'?"),
        ("model_config", "optimizer", "sgd", f"{OPTIMIZERS}, not 'sgd'. Did you mean 'SGD'?"),
        ("model_config", "optimizer", "Adam W", f"{OPTIMIZERS}, not 'Adam W'. Did you mean "
         "'AdamW'?"),
        ("model_config", "optimizer", "torch.optim.AdamW", "must be a reference such as "
         "'pkg.module:name', not 'torch.optim.AdamW'. Did you mean 'torch.optim:AdamW'?"),
        ("model_config", "schedule", "linea", "must be one of 'linear', 'cosine' or 'constant', "
         "not 'linea'. Did you mean 'linear'?"),
        ("paths", "output", "a\0b", "must be a path, not 'a\\x00b'"),
        ("model_config", "optimizer", 3, "must be a reference such as 'pkg.module:name', not 3"),
        ("model_config", "weight_decay", -0.1, "must be at least 0, not -0.1"),
        ("model_config", "schedule", "cosin", "must be one of 'linear', 'cosine' or 'constant', "
         "not 'cosin'. Did you mean 'cosine'?"),
        ("model_config", "num_warmup_steps", -1, "must be at least 0, not -1"),
        ("model_config", "loss_function", "cross_entropy", "must be a reference such as "
         "'pkg.module:name', not 'cross_entropy'"),
        ("model_config", "batch_size", 0, "must be at least 1, not 0"),
        ("model_config", "batch_size", 3.0, "must be a whole number, not 3.0"),
        ("model_config", "num_workers", -1, "must be at least 0, not -1"),
        ("model_config", "num_classes", 0, "must be at least 1, not 0"),
        ("model_config", "label_names", [], "must be a list of at least 1 items, not []"),
        ("model_config", "label_names", ["a", "a"], "must differ from each other: ['a', 'a']"),
        ("model_config", "label_names", "ab", "must be a list, not 'ab'"),
        ("model_config", "average", "none", "must be one of 'micro', 'macro' or 'weighted', not "
         "'none'"),
        ("model_config", "seed", -1, "must be at least 0, not -1"),
        ("model_config", "seed", 2**32, "must be at most 4294967295, not 4294967296"),
        ("model_config", "deterministic", "on", "must be true or false, not 'on'"),
        ("model_config", "model_name", "a/b.ckpt", "must be the name of a file, without a folder, "
         "not 'a/b.ckpt'"),
        ("model_config", "model_name", "a\\b", "must be the name of a file, without a folder, "
         "not 'a\\\\b'"),
        ("dataset_config", "dataset_path", 3, "must be a path, not 3"),
        ("dataset_config", "label_column", 3, "must be text, not 3. Put it in quotes"),
        ("dataset_config", "split_strategy", "randm", "must be one of 'stratified', 'random', "
         "'multilabel', 'group', 'time', 'predefined', 'kfold' or 'hash', not 'randm'. Did you "
         "mean 'random'?"),
        ("dataset_config", "train_ratio", 1, "must be less than 1, not 1"),
        ("dataset_config", "test_ratio", 0, "must be more than 0, not 0"),
        ("dataset_config", "seed", 1.5, "must be a whole number, not 1.5"),
        ("metrics", "f1", "yes", "must be true, false, options or a reference 'pkg.module:name', "
         "not 'yes'"),
        ("metrics", "f1", 1, "must be true, false, options or a reference 'pkg.module:name', "
         "not 1"),
        ("metrics", "confusion_matrix", "a:b", "must be true or false, not 'a:b'"),
        ("metrics", "acuracy", True, "is not a known key. Did you mean 'accuracy'?"),
        ("metrics", "roc", True, "is not a known key. Did you mean 'roc_auc'?"),
        ("metrics", "own", "math.fsum", "must be a reference such as 'pkg.module:name', not "
         "'math.fsum'. Did you mean 'math:fsum'?"),
        ("bootstrap_config", "n_iterations", 0, "must be at least 1, not 0"),
        ("bootstrap_config", "percentile", 100, "must be less than 100, not 100"),
        ("bootstrap_config", "percentile", 50, "must not be 50: both ends of an interval would be "
         "one"),
        ("bootstrap_config", "resample", "row", "must be one of 'rows', 'stratified' or "
         "'clusters', not 'row'. Did you mean 'rows'?"),
        ("calibration_config", "method", "platt", "must be one of 'temperature' or 'isotonic', "
         "not 'platt'"),
        ("abstain_config", "risk", 0, "must be more than 0, not 0"),
        ("abstain_config", "coverage", 1.1, "must be at most 1, not 1.1"),
        ("comparison_config", "margin", -0.1, "must be at least 0, not -0.1"),
        ("comparison_config", "metrics", [], "must be a list of at least 1 items, not []"),
        ("comparison_config", "sclices", [], "is not a known key. Did you mean 'slices'?"),
        ("paths", "output", "", "must be a path, not ''"),
        ("paths", "batch_size", 3, "is not a known key. Did you mean 'model_config.batch_size'?"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told(section: str, key: str, value: Any, said: str) -> None:
    (problem,) = problems_of({section: {key: value}})
    assert problem.rstrip(".") == f"{section}.{key}: {said}"


def test_a_wish_to_abstain_is_one_of_risk_and_coverage() -> None:
    (problem,) = problems_of({"abstain_config": {"risk": 0.1, "coverage": 0.9}})
    assert "abstain_config.risk" in problem
    assert "must be null where coverage is set" in problem


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"model_confg": {}}, "model_confg: is not a known key. Did you mean 'model_config'?"),
        ({"model_section": {}}, "model_section: is not a known key."),
        ({"batch_size": 3}, "batch_size: is not a known key. Did you mean "
         "'model_config.batch_size'?"),
        ({"project": None}, "project: must be text, not null"),
        ({"metrics": ["f1"]}, "metrics: must be a section with keys, not ['f1']"),
        ({"model_config": {3: 4}}, "model_config.3: a key must be text, not 3"),
        ({"model_config": {"num_classes": 3, "label_names": ["a", "b"]}},
         "model_config.num_classes: must be the number of label_names, 2, not 3"),
        ({"dataset_config": {"train_ratio": 0.8}},
         f"dataset_config: {RATIOS} 0.8 + 0.15 + 0.1 = 1.05"),
    ],
)  # fmt: skip
def test_wrong_keys_and_sums_are_told(mapping: dict[str, Any], said: str) -> None:
    (problem,) = problems_of(mapping)
    assert problem.startswith(said)


def test_a_wrong_ratio_and_a_wrong_sum_do_not_hide_each_other() -> None:
    config = {"dataset_config": {"train_ratio": 0.8, "split_strategy": "x"}}
    assert [problem.split(":")[0] for problem in problems_of(config)] == [
        "dataset_config.split_strategy",
        "dataset_config",
    ]


def test_ratios_may_be_off_by_rounding() -> None:
    third = 0.3333333
    thirds = {"train_ratio": third, "validation_ratio": third, "test_ratio": third}
    assert resolve_config({"dataset_config": thirds})["dataset_config"]["train_ratio"] == third
    thirds["test_ratio"] = 0.333331
    assert len(problems_of({"dataset_config": thirds})) == 1


def test_additional_keys_are_kept_where_they_may_be() -> None:
    for section in ("model_config", "dataset_config", "eval_config"):
        config = resolve_config({section: {"own_key": {"a": [1]}}})
        assert config[section]["own_key"] == {"a": [1]}


def test_paths_and_functions_may_be_live() -> None:
    config = resolve_config(
        {
            "dataset_config": {"dataset_path": Path("rows.csv")},
            "model_config": {"loss_function": torch.relu, "optimizer": torch.optim.SGD},
        }
    )
    assert config["dataset_config"]["dataset_path"] == Path("rows.csv")
    assert config["model_config"]["loss_function"] is torch.relu


def test_the_optimizer_may_be_a_name_or_a_reference() -> None:
    for value in ("SGD", "torch.optim:SGD", {"class_path": "torch.optim.SGD"}):
        config = resolve_config({"model_config": {"optimizer": value}})
        assert config["model_config"]["optimizer"] == value


class TestJsonSchema:
    """The schema for editors says the same as the loader."""

    schema = config_schema()

    def test_it_is_a_schema_of_its_dialect(self) -> None:
        assert self.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        jsonschema.Draft202012Validator.check_schema(self.schema)
        json.dumps(self.schema, allow_nan=False)

    def test_it_has_the_public_names(self) -> None:
        assert list(self.schema["properties"]) == list(DEFAULTS)

    def test_every_key_is_described(self) -> None:
        sections = [d for d in self.schema["$defs"].values() if d.get("properties")]
        assert len(sections) > 4
        for section in sections:
            assert section["description"]
            for key, value in section["properties"].items():
                assert value.get("description"), key

    def accepts(self, config: Any) -> bool:
        return jsonschema.Draft202012Validator(self.schema).is_valid(config)

    def test_it_accepts_what_the_loader_accepts(self) -> None:
        assert self.accepts({})
        text = dump_config(resolve_config({}))
        assert self.accepts(parse_yaml(text).data)
        reference = {"class_path": "m.C", "init_args": {}}
        assert self.accepts({"trainer_config": {"callbacks": [reference, "m:C"], "logger": False}})
        assert self.accepts({"trainer_config": {"limit_val_batches": 0.5, "devices": [0, 1]}})
        assert self.accepts({"model_config": {"optimizer": reference, "own": 1}})
        assert self.accepts({"dataset_config": {"dataset_path": "rows.csv", "seed": None}})

    @pytest.mark.parametrize(
        "config",
        [
            {"model_confg": {}},
            {"model_config": {"batch_size": 0}},
            {"model_config": {"average": "x"}},
            {"trainer_config": {"max_epoch": 1}},
            {"trainer_config": {"max_epochs": -2}},
            {"metrics": {"f2": True}},
            {"dataset_config": {"train_ratio": 1.5}},
        ],
    )
    def test_it_refuses_what_the_loader_refuses(self, config: Any) -> None:
        assert not self.accepts(config)
        assert problems_of(config)

    @pytest.mark.parametrize(
        "value",
        [
            {"function": "pkg.m:f", "less_is_better": True},
            {"metric": "f1", "average": "micro"},
            {"module": "pkg.m", "func": "f", "kwargs": {"beta": 2}},
            "pkg.m:f",
        ],
    )
    def test_metrics_of_ones_own_may_stand_beside_the_known_ones(self, value: Any) -> None:
        config = {"metrics": {"own": value, "f1": {"average": "micro"}, "roc_auc": True}}
        assert self.accepts(config)
        metrics = resolve_config(config)["metrics"]
        assert list(metrics) == [*DEFAULTS["metrics"], "roc_auc", "own"]
        assert metrics["own"] == value

    def test_all_mistakes_of_a_metric_of_ones_own_are_told(self) -> None:
        own = {"function": "nope", "less_is_beter": 1, "less_is_better": "yes"}
        found = problems_of({"metrics": {"own": own, "other": {"metric": "f1_micr"}}})
        wanted = {
            "metrics.own.function: must be a reference such as 'pkg.module:name', not 'nope'",
            "metrics.own.less_is_better: must be true or false, not 'yes'",
            "metrics.own.less_is_beter: is not a known key. Did you mean 'less_is_better'?",
            "metrics.other.metric: is not a known metric. Did you mean 'f1_micro'?",
        }
        assert wanted <= set(found)

    def test_a_schema_of_ones_own_has_its_own(self) -> None:
        class Own(ProjectConfig):
            extra: int = 1
            """Something more."""

        assert config_schema(Own)["properties"]["extra"]["description"] == "Something more."


def test_the_names_of_optimizers_are_those_that_can_be_made() -> None:
    from dsf.core.config.schema import OPTIMIZER_NAMES
    from dsf.lightning.optimizers import OPTIMIZERS as MADE

    assert set(OPTIMIZER_NAMES) == set(MADE)
