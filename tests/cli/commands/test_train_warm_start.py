"""`dsf-cli train --warm-start-run-id`: the weights of another run, and nothing else of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

MODULE = "trainer_config.lightning_module_config"
STILL = (  # so small steps that a fit ends with the weights that it began with
    f"{MODULE}.optimizer={{module: torch.optim, func: SGD, kwargs: {{lr: 1.0e-12}}}}"
)
SETTINGS = ("trainer_config.loggers=[]", "trainer_config.data_module_config.state_file=null", STILL)
WARM = ("--warm-start-run-id", "v1")


@pytest.fixture
def train(workplace: Path, call: Callable[..., Answer]) -> Callable[..., Answer]:
    """Train with the users' YAML, or from a checkpoint."""
    assert workplace == Path.cwd()

    def do(file: str, *words: str, seed: int = 1) -> Answer:
        given = [*SETTINGS, f"trainer_config.seed={seed}"] if file == "conf.yaml" else []
        options = [word for one in given for word in ("--set", one)]
        return call("train", "--file-path", file, *options, *words)

    return do


def fit_of(run: str) -> Path:
    return Path("training_output") / run / "2_fit"


def weights(run: str) -> dict[str, Any]:
    path = fit_of(run) / "checkpoints" / "best.ckpt"
    state: dict[str, Any] = torch.load(path, weights_only=True)["state_dict"]
    return {name: one for name, one in state.items() if one.is_floating_point()}


def close(one: str, other: str) -> bool:
    first, second = weights(one), weights(other)
    return all(torch.allclose(first[name], second[name], atol=1e-6) for name in first)


def test_a_fit_begins_with_another_one_and_what_follows_needs_that_no_more(
    train: Callable[..., Answer],
) -> None:
    assert train("conf.yaml").code == 0
    warm = train("conf.yaml", *WARM, seed=2)
    assert warm.code == 0, warm.err
    assert "fit      begins with weights of" in warm.err
    assert close("v1", "v2")
    began = json.loads((fit_of("v2") / "warm_start.json").read_text(encoding="utf-8"))
    assert began["source"] == "v1"

    again = train("conf.yaml", *WARM, "--check-point", "True", seed=2)
    assert again.code == 0, again.err
    assert again.err.count("skipped") >= 5

    shutil.copy(fit_of("v2") / "checkpoints" / "last.ckpt", "moved.ckpt")
    shutil.rmtree("training_output/v1")
    moved = train("moved.ckpt", "--check-point", "True")
    assert moved.code == 0, moved.err
    assert close("v2", "v3")
    assert not (fit_of("v3") / "warm_start.json").exists()


def test_what_cannot_be_begun_with_leaves_nothing(train: Callable[..., Answer]) -> None:
    refused = train("conf.yaml", "--warm-start-run-id", "v9")
    assert refused.code == 2
    assert "must be a version of this project (v3)" in refused.err
    assert not list(Path("training_output").glob("v*"))


def test_a_checkpoint_is_all_that_a_fit_begins_with(train: Callable[..., Answer]) -> None:
    Path("some.ckpt").touch()
    refused = train("some.ckpt", *WARM)
    assert refused.code == 2
    assert "--warm-start-run-id: must not be given with a checkpoint" in refused.err
    assert "--check-point: must be True with a checkpoint" in refused.err
