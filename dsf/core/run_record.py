"""``run.json``: what a run is, and how far it got."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from dsf.core.atomic import write_json
from dsf.core.errors import RunError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RECORD_FILE", "STEP_FILE", "RunRecord", "Status", "StepRecord", "now"]

RECORD_FILE = "run.json"
STEP_FILE = "step.json"

Status = Literal["running", "done", "interrupted", "failed"]


@dataclass
class StepRecord:
    """One step of a run.

    Attributes:
        status: How it stands. A step killed by force stays ``running`` until it runs again.
        key: Hash of what decides the result: its part of the config and the files it reads.
        started: UTC, ISO 8601.
        finished: UTC, ISO 8601; empty while it runs.
        seconds: Time of the last attempt.
        error: Why it failed; empty otherwise.
    """

    status: Status
    key: str
    started: str
    finished: str = ""
    seconds: float = 0.0
    error: str = ""


@dataclass
class RunRecord:
    """One run.

    Attributes:
        dsf_version: Version of dsf that made it.
        created: UTC, ISO 8601.
        project: Name of the project.
        task: What the project learns; a run is never continued for another task.
        seed: Seed of everything random.
        config_hash: Hash of the whole frozen config.
        data_hash: Hash of the rows before the split; empty until the split is done.
        git: Commit and whether files differ from it; ``None`` outside a repository.
        versions: Package → version.
        steps: Name → record, in the order in which they were begun.
    """

    dsf_version: str
    created: str
    project: str
    task: str
    seed: int
    config_hash: str
    data_hash: str = ""
    git: dict[str, Any] | None = None
    versions: dict[str, str] = field(default_factory=dict)
    steps: dict[str, StepRecord] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> RunRecord:
        """Read ``run.json`` in ``folder``.

        Raises:
            RunError: If the file is not a record that this version understands.
        """
        path = folder / RECORD_FILE
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            steps = {name: StepRecord(**step) for name, step in content.pop("steps").items()}
            return cls(**content, steps=steps)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RunError(
                f"{path}: must be the record of a run, but cannot be read ({error}). "
                "It was edited by hand or written by another version of dsf; start a new run."
            ) from error

    def write(self, folder: Path) -> None:
        """Replace ``run.json`` in ``folder``; the old one stays until the new one is whole."""
        write_json(folder / RECORD_FILE, asdict(self))


def now() -> str:
    """The present moment: UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
