"""Run folders as a run leaves them, written in a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dsf.core.atomic import write_json, write_text
from dsf.core.config import dump_config, resolve_config
from dsf.core.run_record import RunRecord, StepRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    WriteRun = Callable[..., Path]

STEPS = ("split", "fit", "test")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The folder of all runs."""
    folder = tmp_path / "training_output"
    folder.mkdir()
    return folder


@pytest.fixture
def write_run(output: Path) -> WriteRun:
    """Write one run; ``files`` are laid over those of a run that was tested."""

    def write(
        version: str,
        *,
        accuracy: float | None = 0.9,
        config: Mapping[str, Any] | None = None,
        steps: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
        **record: Any,
    ) -> Path:
        folder = output / version
        folder.mkdir()
        known: dict[str, Any] = {
            "created": "2026-11-20T08:00:00+00:00",
            "task": "digits",
            "seed": 42,
        }
        RunRecord(
            dsf_version="0.1.0",
            project="shop",
            config_hash="c",
            steps={
                name: StepRecord(status, "k", "2026-11-20T08:00:00+00:00", seconds=2.5)  # type: ignore[arg-type]
                for name, status in (steps or dict.fromkeys(STEPS, "done")).items()
            },
            **known | record,
        ).write(folder)
        write_text(folder / "config.yaml", dump_config(resolve_config(config or {})))
        content: dict[str, Any] = {}
        if accuracy is not None:
            ends = {"lower": accuracy - 0.01, "upper": accuracy + 0.01}
            content["3_test/metrics.json"] = {
                "accuracy": accuracy,
                "f1": accuracy / 2,
                "intervals": {"accuracy": ends},
                "confusion_matrix": {"labels": ["a"], "matrix": [[3]]},
            }
        for name, one in {**content, **(files or {})}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            write_json(folder / name, one)
        return folder

    return write
