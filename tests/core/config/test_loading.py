"""A config comes from its layers, the strongest winning, or says all that is wrong with them."""

from __future__ import annotations

import copy
import logging
import pickle
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.core.config import Config, ProjectConfig, load_config, resolve_config
from dsf.core.errors import ConfigError


@pytest.fixture(autouse=True)
def _in_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("trainer").mkdir()


def write(text: str, name: str = "config") -> Path:
    path = Path("trainer", f"{name}.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path, **options: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(path, **{"environ": {}, **options})
    return [str(problem) for problem in caught.value.problems]


def test_each_layer_wins_over_the_one_below() -> None:
    path = write("model_config: {own_1: 1, own_2: 1, own_3: 1, own_4: 1, batch_size: 1}")
    write("model_config: {own_2: 2, own_3: 2, own_4: 2}", "config.local")
    config = load_config(
        path,
        env="local",
        environ={"DSF__model_config__own_3": "3", "DSF__model_config__own_4": "3"},
        overrides=["model_config.own_4=4"],
    )
    section = config["model_config"]
    assert [section[f"own_{i}"] for i in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert section["seed"] == 42
    assert config.describe_sources() == (
        "defaults < trainer/config.yaml < trainer/config.local.yaml (--env local)"
        " < environment: DSF__model_config__own_3 < environment: DSF__model_config__own_4 < "
        "--set model_config.own_4=4"
    )
    assert config.sources["model_config.own_1"] == "trainer/config.yaml, line 1"
    assert config.sources["model_config.own_2"] == "trainer/config.local.yaml, line 1"
    assert config.sources["model_config.own_4"] == "--set model_config.own_4=4"
    assert config.sources["paths.output"] == "default"


LAYERS = ("file", "env", "variable", "override")


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(LAYERS), st.integers(1, 99)))
def test_the_strongest_layer_that_sets_a_key_wins(values: dict[str, int]) -> None:
    def text(layer: str) -> str:
        return f"model_config: {{batch_size: {values[layer]}}}" if layer in values else "{}"

    path = write(text("file"))
    write(text("env"), "config.x")
    environ = {"DSF_ENV": "x"}
    if "variable" in values:
        environ["DSF__model_config__batch_size"] = str(values["variable"])
    overrides = [f"model_config.batch_size={values['override']}"] if "override" in values else []
    config = load_config(path, environ=environ, overrides=overrides)
    strongest = [layer for layer in LAYERS if layer in values]
    assert config["model_config"]["batch_size"] == (values[strongest[-1]] if strongest else 32)


def test_lists_are_replaced_by_files_and_changed_item_by_item_by_overrides() -> None:
    path = write("model_config: {label_names: [a, b, c], sizes: [1, 2]}")
    write("model_config: {label_names: [x, y]}", "config.small")
    config = load_config(path, env="small", environ={}, overrides=["model_config.label_names.1=z"])
    assert config["model_config"]["label_names"] == ["x", "z"]
    assert config["model_config"]["sizes"] == [1, 2]


def test_dsf_env_names_the_environment_unless_it_is_given() -> None:
    path = write("project: base")
    write("project: one", "config.one")
    write("project: two", "config.two")
    assert load_config(path, environ={"DSF_ENV": "one"})["project"] == "one"
    assert load_config(path, env="two", environ={"DSF_ENV": "one"})["project"] == "two"
    assert load_config(path, environ={"DSF_ENV": ""})["project"] == "base"
    assert load_config(path, environ={"DSF_ENV": "one"}).sources.layers[1] == (
        "trainer/config.one.yaml (DSF_ENV=one)"
    )


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSF__project", "from-variable")
    assert load_config(write("project: x"))["project"] == "from-variable"


def test_an_environment_without_a_file_is_told_with_those_there_are() -> None:
    path = write("{}")
    write("", "config.local")
    write("", "config.gpu")
    write("", "other.locl")
    assert problems_of(path, env="locl") == [
        "--env locl: the environment 'locl' must have a file trainer/config.locl.yaml, but has "
        "none. Files of environments here: trainer/config.gpu.yaml, trainer/config.local.yaml. "
        "Did you mean 'local'?"
    ]


def test_an_environment_cannot_leave_the_folder() -> None:
    path = write("{}")
    Path("secret.yaml").write_text("project: secret")
    Path("trainer/config.").mkdir()
    (problem,) = problems_of(path, environ={"DSF_ENV": "/../../secret"})
    assert problem.startswith("DSF_ENV=/../../secret: the environment '/../../secret' must have")
    assert "trainer/config.<name>.yaml" in problem


def test_everything_that_is_wrong_is_told_at_once_with_its_place() -> None:
    path = write(
        "project: 3\n"
        "model_confg: {}\n"
        "model_config:\n"
        "  learning_rate: abc\n"
        "  token: ${env:TOKEN}\n"
        "dataset_config:\n"
        "  train_ratio: 0.9\n"
        "trainer_config:\n"
        "  callbacks:\n"
        "    - class_path: m.C\n"
        "      init_arg: {}\n"
    )
    write("metrics:\n  f1: maybe\n", "config.local")
    problems = problems_of(
        path,
        env="local",
        environ={"DSF__model_config__batch_size": "0", "DSF__x": "["},
        overrides=["trainer_config.callbacks.1.x=1", "model_config.seed=x", "oops"],
    )
    assert problems == [
        "environment: DSF__x: the value must be YAML, but while parsing a flow node, expected the "
        "node content, but found '<stream end>' (column 2)",
        "--set: must be written path.to.key=value, not 'oops'",
        "trainer_config.callbacks.1.x: index 1 out of range: trainer_config.callbacks has 1 item "
        "(--set trainer_config.callbacks.1.x=1)",
        "model_config.token: the environment variable 'TOKEN' must be set, but is not "
        "(trainer/config.yaml, line 5)",
        "project: must be text, not 3. Put it in quotes (trainer/config.yaml, line 1)",
        "model_config.learning_rate: must be a number, not 'abc' (trainer/config.yaml, line 4)",
        "model_config.batch_size: must be at least 1, not 0 "
        "(environment: DSF__model_config__batch_size)",
        "model_config.seed: must be a whole number, not 'x' (--set model_config.seed=x)",
        "model_confg: is not a known key. Did you mean 'model_config'? "
        "(trainer/config.yaml, line 2)",
        "trainer_config.callbacks.0.init_arg: is not a key of a reference. Did you mean "
        "'init_args'? (trainer/config.yaml, line 11)",
        "dataset_config: train_ratio + validation_ratio + test_ratio must be 1, but "
        "0.9 + 0.15 + 0.1 = 1.15 (train_ratio: trainer/config.yaml, line 7)",
        "metrics.f1: must be true, false, options or a reference 'pkg.module:name', not 'maybe' "
        "(trainer/config.local.yaml, line 2)",
    ]


def test_files_that_cannot_be_read_are_told_together_and_nothing_is_guessed() -> None:
    path = write("a: 1\na: 2\n")
    write("[", "config.local")
    problems = problems_of(path, env="local", overrides=["x.0=1", "y"])
    assert [problem.split(": ")[0] for problem in problems] == [
        "trainer/config.yaml, line 2",
        "trainer/config.local.yaml, line 1",
        "--set",
    ]


def test_what_a_broken_file_may_have_set_right_is_not_told() -> None:
    path = write("project: 3")
    write("[", "config.local")
    (problem,) = problems_of(path, env="local")
    assert problem.startswith("trainer/config.local.yaml, line 1")


def test_a_variable_that_is_not_set_is_told_once() -> None:
    path = write("model_config: {num_workers: '${env:N}'}")
    (problem,) = problems_of(path)
    assert "the environment variable 'N' must be set" in problem


def test_a_missing_file_is_told() -> None:
    assert (
        "trainer/config.yaml: must be there, but is not"
        in problems_of(Path("trainer/config.yaml"))[0]
    )


def test_sections_without_keys_are_as_if_not_there() -> None:
    path = write("metrics:\n  f1: false\ntrainer_config:\n")
    write("metrics:\n# f1: true\n", "config.local")
    config = load_config(path, env="local", environ={})
    assert config["metrics"]["f1"] is False
    assert config["trainer_config"]["max_epochs"] == 1


def test_an_override_may_be_a_single_text() -> None:
    assert load_config(write("{}"), environ={}, overrides="project=x")["project"] == "x"


def test_a_variable_is_only_needed_where_its_value_is_used() -> None:
    path = write("model_config: {token: '${env:TOKEN}'}")
    config = load_config(path, environ={}, overrides=["model_config.token=x"])
    assert config["model_config"]["token"] == "x"
    assert load_config(path, environ={"TOKEN": "t"})["model_config"]["token"] == "t"


def test_a_key_like_a_known_one_is_worth_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="dsf"):
        config = load_config(
            write("model_config: {batchsize: 3, dropout: 0.1}\neval_config: {batchsize: 3}"),
            environ={},
        )
        resolve_config(config)  # the second look says nothing new
    assert caplog.messages == [
        "model_config.batchsize is a key of your own (trainer/config.yaml, line 1). "
        "Did you mean 'batch_size'?"
    ]


def test_a_warning_is_given_whatever_else_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    problems_of(write("{metrics: {f2: true}, model_config: {batchsize: 3}}"))
    assert "Did you mean 'batch_size'?" in caplog.text


def test_a_key_like_one_of_your_own_in_a_weaker_layer_is_worth_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = write("model_config:\n  hidden: 3\n  size_1: 1\n  deep: {width: [{colour: 1}]}\n")
    write("model_config: {hiden: 4, deep: {widht: 1}}", "config.local")
    overrides = ["model_config.size_2=2", "model_config.deep.width.0.color=2", "model_config.x=1"]
    load_config(path, env="local", environ={"DSF__model_config__hiddn": "1"}, overrides=overrides)
    known = "(trainer/config.yaml, line"
    assert caplog.messages == [
        "model_config.hiden is a key of your own (trainer/config.local.yaml, line 1). "
        f"Did you mean 'hidden' {known} 2)?",
        "model_config.hiddn is a key of your own (environment: DSF__model_config__hiddn). "
        f"Did you mean 'hidden' {known} 2)?",
        "model_config.deep.width.0.color is a key of your own "
        f"(--set model_config.deep.width.0.color=2). Did you mean 'colour' {known} 4)?",
    ]


def test_a_known_key_is_no_slip_of_one_of_your_own(caplog: pytest.LogCaptureFixture) -> None:
    path = write("model_config: {batch_sizes: [1, 2]}")
    load_config(path, environ={}, overrides=["model_config.batch_size=1"])
    assert len(caplog.messages) == 1
    assert "batch_sizes is a key of your own" in caplog.text


@pytest.mark.parametrize("text", ["", "\n \n", "# only a remark\n", "---\n", "null"])
def test_an_empty_file_is_a_mistake_but_not_that_of_an_environment(text: str) -> None:
    path = write(text)
    assert problems_of(path) == [
        "trainer/config.yaml: must hold the config, but is empty. "
        "If only defaults are wanted, write {}."
    ]
    assert load_config(write("{}"), environ={})["project"] == ""
    write(text, "config.local")
    assert load_config(path, env="local", environ={})["project"] == ""


def test_what_is_wrong_between_keys_names_all_that_were_set_the_strongest_first() -> None:
    path = write("dataset_config:\n  validation_ratio: 0.2\n  train_ratio: 0.7\n")
    (problem,) = problems_of(path, overrides=["dataset_config.train_ratio=0.9"])
    assert problem.endswith(
        "(train_ratio: --set dataset_config.train_ratio=0.9; "
        "validation_ratio: trainer/config.yaml, line 2)"
    )
    (problem,) = problems_of(
        write("model_config: {num_classes: 3}"),
        environ={"DSF__model_config__label_names": "[a, b]"},
    )
    assert problem.endswith(
        "(label_names: environment: DSF__model_config__label_names; "
        "num_classes: trainer/config.yaml, line 1)"
    )


def test_an_unknown_section_has_the_place_of_what_was_set_in_it() -> None:
    (problem,) = problems_of(write("{}"), overrides=["foo.bar=1"])
    assert problem.startswith("foo: is not a known key.")
    assert problem.endswith("(--set foo.bar=1)")


def test_text_that_python_takes_for_a_number_needs_no_quotes_taken_away() -> None:
    (problem,) = problems_of(write("{}"), overrides=["model_config.learning_rate=nan"])
    assert problem == (
        "model_config.learning_rate: must be a number, not 'nan' "
        "(--set model_config.learning_rate=nan)"
    )


def test_a_config_is_a_dict_that_can_be_copied_and_pickled() -> None:
    config = load_config(write("project: x"), environ={})
    assert isinstance(config, dict)
    for twin in (copy.deepcopy(config), pickle.loads(pickle.dumps(config))):
        assert isinstance(twin, Config)
        assert twin == config
        assert twin.describe_sources() == "defaults < trainer/config.yaml"
    assert copy.deepcopy(config)["metrics"] is not config["metrics"]


def test_resolving_again_changes_nothing_and_keeps_the_sources() -> None:
    config = load_config(write("project: x\nmodel_config: {k: '${env:K}'}"), environ={"K": "v"})
    again = resolve_config(config)
    assert again == config
    assert again.describe_sources() == config.describe_sources()
    assert type(again["model_config"]["k"]) is type(config["model_config"]["k"])


def test_a_config_changed_in_python_is_checked_again() -> None:
    config = load_config(write("project: x"), environ={})
    config["model_config"]["batch_size"] = 0
    with pytest.raises(ConfigError, match=r"model_config\.batch_size: must be at least 1, not 0$"):
        resolve_config(config)


def test_mappings_and_numbers_of_other_libraries_become_plain() -> None:
    config = resolve_config({"model_config": MappingProxyType({"batch_size": np.int64(8)})})
    assert type(config["model_config"]) is dict
    assert type(config["model_config"]["batch_size"]) is int


def test_resolving_leaves_what_it_was_given_alone() -> None:
    given_ = {"model_config": {"own": [1]}, "metrics": None}
    config = resolve_config(given_)
    config["model_config"]["own"].append(2)
    assert given_ == {"model_config": {"own": [1]}, "metrics": None}
    assert config["metrics"]["f1"] is True
    assert config.describe_sources() == "defaults < Python"


def test_a_schema_of_ones_own_is_used() -> None:
    class Own(ProjectConfig):
        extra: int = 1

    assert load_config(write("extra: 2"), environ={}, schema=Own)["extra"] == 2
    assert "extra: is not a known key" in problems_of(write("extra: 2"))[0]


def test_importing_and_loading_bring_nothing_heavy() -> None:
    path = write("trainer_config: {callbacks: ['pytorch_lightning.callbacks:EarlyStopping']}")
    code = (
        "import sys; from dsf.core.config import dump_config, load_config, config_schema\n"
        f"dump_config(load_config({str(path)!r})); config_schema()\n"
        "heavy = {'torch', 'numpy', 'pandas', 'pytorch_lightning', 'sklearn', 'click'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "[]", answer.stderr
