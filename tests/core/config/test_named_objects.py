"""Names of losses, optimizers and callbacks are looked up while a config is loaded, if asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dsf.core.config import load_config, looking_up_names
from dsf.core.errors import ConfigError

CONFIG = """
model_config:
  loss_function: torch.nn.functional:cros_entropy
  own: ["numpy:absent"]
trainer_config:
  callbacks:
    - class_path: pytorch_lightning.callbacks.Timer
      init_args: {durtion: 1}
    - class_path: pytorch_lightning.callbacks.Timer
      init_arg: {}
metrics:
  f2: true
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")
    return Path("config.yaml")


def problems_of(path: Path, **options: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(path, environ={}, **options)
    return [str(problem) for problem in caught.value.problems]


def test_names_that_are_not_there_are_listed_with_all_else_and_their_place(path: Path) -> None:
    with looking_up_names(everywhere=True):
        problems = problems_of(path, overrides=["model_config.optimizer=AdamX"])
    for wanted in (
        "metrics.f2: is not a known key",
        "model_config.optimizer: must be one of ASGD",
        "trainer_config.callbacks.1.init_arg: is not a key of a reference",
        "model_config.loss_function: 'torch.nn.functional.cros_entropy' must be there",
        "model_config.own.0: 'numpy.absent' must be there",
        "trainer_config.callbacks.0.init_args: ",
    ):
        assert sum(problem.startswith(wanted) for problem in problems) == 1, wanted
    assert len(problems) == 6
    assert [problem.rpartition(" (")[2] for problem in problems if "cros_entropy" in problem] == [
        "config.yaml, line 3)"
    ]
    assert all(problem.endswith(")") for problem in problems)


def test_a_name_that_a_stronger_layer_set_alone_has_that_place(path: Path) -> None:
    override = "trainer_config.callbacks.0.class_path=os.system"
    with looking_up_names(everywhere=True):
        problems = problems_of(path, overrides=[override])
    assert [one for one in problems if "'os.system'" in one and one.endswith(f"(--set {override})")]


def test_only_what_dsf_itself_uses_is_looked_up_for_a_run(path: Path) -> None:
    with looking_up_names(everywhere=False):
        problems = problems_of(path)
    assert "numpy.absent" not in str(problems)
    assert "cros_entropy" in str(problems)
    assert "durtion" in str(problems)


def test_nothing_is_looked_up_unasked(path: Path) -> None:
    with looking_up_names(everywhere=True):
        pass
    assert "cros_entropy" not in str(problems_of(path))


def test_a_secret_from_the_environment_is_no_name(path: Path) -> None:
    path.write_text("eval_config: {login: ['${env:LOGIN}']}")
    with looking_up_names(everywhere=True):
        config = load_config(path, environ={"LOGIN": "user:password"})
    assert config["eval_config"]["login"] == ["user:password"]
