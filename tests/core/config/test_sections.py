"""A section has typed keys, rules between them, and no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import Field

from dsf.core.config import ProjectConfig, Section, load_config, resolve_config
from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Solver(Section):
    """Rounds of a solver."""

    max_iter: int = Field(default=100, ge=1)
    """Rounds."""
    min_iter: int = 0

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        if values.get("min_iter", 0) > values.get("max_iter", 0):
            yield Problem("min_iter", "must not be more than max_iter")


class Trainer(Section, extra="allow"):
    solver: Solver = Field(default_factory=Solver)
    stages: list[Solver] = Field(default_factory=list)
    name: str
    ratio: float | int | None = None


class OwnConfig(ProjectConfig):
    trainer_config: Trainer  # type: ignore[assignment]
    fit_config: Solver = Field(default_factory=Solver)


@dataclass
class Live:
    x: int = 1


def problems_of(mapping: dict[str, Any]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        resolve_config(mapping, OwnConfig)
    return [str(problem) for problem in caught.value.problems]


def test_a_schema_of_ones_own_types_its_sections() -> None:
    config = resolve_config(
        {"trainer_config": {"name": "x", "stages": [{"max_iter": 3}], "own": 1}}, OwnConfig
    )
    assert config["trainer_config"] == {
        "solver": {"max_iter": 100, "min_iter": 0},
        "stages": [{"max_iter": 3, "min_iter": 0}],
        "name": "x",
        "ratio": None,
        "own": 1,
    }
    assert config["fit_config"]["max_iter"] == 100
    assert config["model_config"]["batch_size"] == 32


def test_problems_in_nested_sections_have_their_whole_path() -> None:
    mapping = {
        "trainer_config": {
            "name": "x",
            "solver": {"max_itre": 1},
            "stages": [{}, {"max_iter": 0}],
            "ratio": "x",
        }
    }
    assert problems_of(mapping) == [
        "trainer_config.solver.max_itre: is not a known key. Did you mean 'max_iter'?",
        "trainer_config.stages.1.max_iter: must be at least 1, not 0",
        "trainer_config.ratio: must be a number or a whole number, not 'x'",
    ]


def test_a_key_that_must_be_given_is_told() -> None:
    assert problems_of({"trainer_config": {}}) == ["trainer_config.name: must be given, but is not"]
    assert problems_of({}) == ["trainer_config: must be given, but is not"]


def test_rules_between_keys_are_told_with_everything_else() -> None:
    mapping = {
        "project": 3,
        "trainer_config": {"name": 3, "solver": {"min_iter": 5, "max_iter": 4}},
        "fit_config": {"min_iter": 200},
    }
    assert problems_of(mapping) == [
        "project: must be text, not 3. Put it in quotes",
        "trainer_config.name: must be text, not 3. Put it in quotes",
        "trainer_config.solver.min_iter: must not be more than max_iter",
        "fit_config.min_iter: must not be more than max_iter",
    ]


def test_rules_see_only_values_that_are_right_by_themselves() -> None:
    mapping = {"trainer_config": {"name": "x"}, "fit_config": {"min_iter": 5, "max_iter": "x"}}
    assert problems_of(mapping)[0] == "fit_config.max_iter: must be a whole number, not 'x'"


def test_live_objects_stay_what_they_are() -> None:
    live = Live()
    config = resolve_config({"trainer_config": {"name": "x", "own": [live]}}, OwnConfig)
    assert config["trainer_config"]["own"][0] is live


@pytest.mark.parametrize(("text", "value"), [("5", 5), ("1e1", "1e1"), ("x", "x")])
def test_numbers_come_from_the_environment_as_numbers(tmp_path: Any, text: str, value: Any) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("trainer_config: {name: '${env:X}'}\nfit_config: {max_iter: '${env:X}'}\n")
    if isinstance(value, int):
        config = load_config(path, environ={"X": text}, schema=OwnConfig)
        assert config["fit_config"]["max_iter"] == 5
        assert config["trainer_config"]["name"] == "5"
        return
    with pytest.raises(ConfigError, match=r"must be a whole number, not '\$\{env:X\}'"):
        load_config(path, environ={"X": text}, schema=OwnConfig)
