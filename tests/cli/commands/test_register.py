"""`dsf-cli register`: which run, which name, and what cannot be registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

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


def test_the_config_of_a_project_is_loaded_once(call: Call, project: Path) -> None:
    config = project / "trainer" / "config.py"
    text = config.read_text(encoding="utf-8")
    begin = "    return "
    assert text.count(begin) == 1
    count = "    with open('loads.txt', 'a') as file:\n        file.write('once ')\n"
    config.write_text(text.replace(begin, count + begin), encoding="utf-8")
    assert call("run", "--set", "model_config.trees=3").code == 0
    (project / "loads.txt").unlink()
    assert call("register", "training_output/v1", "--name", "tumours").code == 2
    assert (project / "loads.txt").read_text() == "once "


def test_a_registry_that_is_away_is_told_at_once_and_for_what_it_means(
    call: Call, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    assert call("run", "--set", "model_config.trees=3").code == 0
    record = (project / "training_output" / "v1" / "run.json").read_bytes()
    away = ("--set", "tracking_config.tracking_uri=http://127.0.0.1:9")
    for words in (
        ("register", "training_output/v1", "--name", "tumours"),
        ("step", "register", "--set", "register_config.name=tumours"),
    ):
        answer = call(*words, *away)
        assert answer.code == 2
        assert "must answer before a bundle is registered, but does not now" in answer.err
        assert "Nothing was registered" in answer.err
        assert "raining goes on" not in answer.err
    assert (project / "training_output" / "v1" / "run.json").read_bytes() == record
    assert not (project / "training_output" / "v1" / "tracking").exists()
