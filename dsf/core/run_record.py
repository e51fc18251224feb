"""``run.json``: what a run is, and how far it got."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from dsf.core.atomic import storage_errors, write_json
from dsf.core.errors import RunMismatchError

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

__all__ = ["RECORD_FILE", "STEP_FILE", "RunRecord", "Status", "StepRecord", "now"]

RECORD_FILE = "run.json"
STEP_FILE = "step.json"

Status = Literal["running", "done", "interrupted", "failed"]

_STRICT = {"extra": "forbid"}  # read by pydantic: what we do not know, we would lose


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

    __pydantic_config__ = _STRICT

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
        tracking_run: MLflow's id of the run; empty if it is not tracked, or was never sent.
        steps: Name → record, in the order in which they were begun.
    """

    __pydantic_config__ = _STRICT

    dsf_version: str
    created: str
    project: str
    task: str
    seed: int
    config_hash: str
    data_hash: str = ""
    git: dict[str, Any] | None = None
    versions: dict[str, str] = field(default_factory=dict)
    tracking_run: str = ""
    steps: dict[str, StepRecord] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> RunRecord:
        """Read ``run.json`` in ``folder``.

        Raises:
            RunMismatchError: If the file is not a record that this version understands; says all
                that is wrong with it.
            StorageError: If the file cannot be read.
        """
        from pydantic import TypeAdapter, ValidationError  # only who reads a run needs it

        path = folder / RECORD_FILE
        with storage_errors(path):
            content = path.read_bytes()
        try:
            return TypeAdapter(cls).validate_json(content, strict=True)
        except ValidationError as error:
            wrong = "; ".join(_explain(fault) for fault in error.errors(include_url=False))
            raise RunMismatchError(
                f"{path}: must be the record of a run as this version of dsf writes it, but "
                f"{wrong}. It was damaged, edited by hand, or written by another version of dsf. "
                "Put an older copy of the file back, or start a new run with `dsf-cli run`."
            ) from error

    def write(self, folder: Path) -> None:
        """Replace ``run.json`` in ``folder``; the old one stays until the new one is whole."""
        write_json(folder / RECORD_FILE, asdict(self))


def _explain(fault: ErrorDetails) -> str:
    """Say one thing that is wrong with a record, as the end of a sentence."""
    where, kind = ".".join(map(str, fault["loc"])), fault["type"]
    if kind == "json_invalid":
        return f"it is no JSON ({fault['ctx']['error']})"
    if not where:
        return "it is no JSON object"
    if kind == "missing":
        return f"{where} is missing"
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"{where} is not known"
    came = json.dumps(fault["input"], ensure_ascii=False)
    wanted = fault.get("ctx", {}).get("expected")
    law = f"one of {wanted}" if wanted else fault["msg"].removeprefix("Input should be ")
    return f"{where} must be {law}, not {came[:60]}"


def now() -> str:
    """The present moment: UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
