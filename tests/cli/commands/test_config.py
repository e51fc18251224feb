"""`dsf-cli config` works on the config alone: nothing else of a project is imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from dsf.core.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

    Call = Callable[..., Answer]

OWN_SCHEMA = """
from dsf.core.config import ProjectConfig, Section
from pathlib import Path
from dsf.core.config import load_config

class ShopSection(Section):
    '''The shop.'''

    shelves: int = 3
    '''Number of shelves.'''

class ShopConfig(ProjectConfig):
    shop: ShopSection = ShopSection()

def load(env=None, overrides=()):
    path = Path(__file__).parent / "config.yaml"
    return load_config(path, env=env, overrides=overrides, schema=ShopConfig)
"""


@pytest.fixture
def config_only(project: Path) -> Path:
    """A project whose code cannot be imported: the config must do without it."""
    (project / "trainer" / "trainer_main.py").write_text("1 / 0\n", encoding="utf-8")
    return project


def test_show_prints_a_config_that_can_be_used(call: Call, config_only: Path) -> None:
    answer = call("config", "show", "--set", "model_config.batch_size=8")
    assert answer.code == 0, answer.err
    shown = parse_yaml(answer.out).data
    assert shown["project"] == "tumours"
    assert shown["model_config"]["batch_size"] == 8
    assert "# --set model_config.batch_size=8" in answer.out


def test_show_takes_an_environment(call: Call, config_only: Path) -> None:
    (config_only / "trainer" / "config.big.yaml").write_text("model_config: {trees: 500}\n")
    assert (
        parse_yaml(call("config", "show", "--env", "big").out).data["model_config"]["trees"] == 500
    )
    answer = call("config", "show", "--env", "bgi")
    assert answer.code == 2
    assert "big" in answer.err


def test_check_says_that_all_is_right(call: Call, config_only: Path) -> None:
    answer = call("config", "check")
    assert answer.code == 0, answer.err
    assert "The config is right" in answer.out


def test_check_lists_what_is_not(call: Call, config_only: Path) -> None:
    answer = call("config", "check", "--set", "metrics.f2=true", "--set", "task=3")
    assert answer.code == 2
    assert "metrics.f2" in answer.err
    assert "task" in answer.err
    answer = call("config", "check", "--set", "model_config.loss_function=torch.nn:Absent")
    assert answer.code == 2
    assert "model_config.loss_function" in answer.err


def test_the_schema_accepts_the_config_and_refuses_a_typing_error(
    call: Call, config_only: Path
) -> None:
    schema = json.loads(call("config", "schema").out)
    text = (config_only / "trainer" / "config.yaml").read_text(encoding="utf-8")
    config = parse_yaml(text).data
    jsonschema.validate(config, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**config, "metrics": {"f2": True}}, schema)


def test_the_schema_can_be_written_outside_a_project(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call("config", "schema", "--output", "config.schema.json")
    assert (answer.code, answer.out) == (0, "")
    assert json.loads((tmp_path / "config.schema.json").read_text()) == json.loads(
        call("config", "schema").out
    )


def test_a_projects_own_keys_are_in_its_schema(call: Call, config_only: Path) -> None:
    (config_only / "trainer" / "config.py").write_text(OWN_SCHEMA, encoding="utf-8")
    schema = json.loads(call("config", "schema").out)
    assert "shop" in schema["properties"]
    assert "shelves: 3" in call("config", "show").out


def test_outside_a_project_there_is_nothing_to_show(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("show", "check"):
        answer = call("config", name)
        assert answer.code == 2
        assert "trainer_main.py" in answer.err
