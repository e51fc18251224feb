"""`dsf-cli register`: which run, which name, and what cannot be registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

    Call = Callable[..., Answer]


def test_what_cannot_be_registered_is_told_before_anything_is_made(
    call: Call, project: Path
) -> None:
    twice = call("register", "v1", "--run-dir", "v1")
    assert twice.code == 2
    assert "RUN and --run-dir name the run: give one of them" in twice.err
    assert call("run").code == 0
    nameless = call("register", "training_output/v1")
    assert nameless.code == 2
    assert "register_config.name: must be the name of the model" in nameless.err
    bad = call("register", "training_output/v1", "--name", "a/b")
    assert bad.code == 2
    assert "register_config.name" in bad.err
    assert not (project / "mlflow.db").exists()
    without = call("register", "training_output/v1", "--name", "tumours")
    assert without.code == 2
    assert "There is no bundle that could be registered." in without.err
    assert "must be written: a" in without.err
