"""What decided a step's result, kept beside it in ``step.json``: equal keys, equal results."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import write_json
from dsf.core.hashing import hash_files
from dsf.core.run_record import STEP_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Stamp"]


@dataclass(frozen=True)
class Stamp:
    """What a step was done with, and what it left.

    Attributes:
        step: Name of the step.
        key: Hash of all that decides the result: config, files and inputs.
        config: Hash of its part of the config alone.
        inputs: Name → hash of what it read from outside the run.
        code: File of the project → hash, for the code that did it. Not part of the key: a typo
            mended in a comment must not cost a day's fit.
        files: Result file → hash; empty while the step is at work.
    """

    step: str
    key: str
    config: str
    inputs: dict[str, str] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Stamp | None:
        """Read the stamp in a step's folder; ``None`` if there is none that can be understood."""
        try:
            content: dict[str, Any] = json.loads((folder / STEP_FILE).read_text(encoding="utf-8"))
            return cls(**content)
        except (OSError, ValueError, TypeError):
            return None

    def write(self, folder: Path, results: Iterable[Path] = ()) -> None:
        """Write the stamp into a step's folder, with the hashes of its results."""
        content = asdict(self) | {"files": hash_files(results, folder)}
        write_json(folder / STEP_FILE, content)

    def is_that_of(self, folder: Path) -> bool:
        """Whether what a folder holds was begun or done with just this."""
        there = Stamp.read(folder)
        return there is not None and there.key == self.key

    def spoiled(self, folder: Path) -> list[str]:
        """List result files that are gone or are no longer what the step wrote."""
        there = [folder / name for name in self.files if (folder / name).is_file()]
        now = hash_files(there, folder)
        return [name for name, known in self.files.items() if now.get(name) != known]

    def changed_code(self, code: dict[str, str]) -> list[str]:
        """List the project's files that differ from those that did the step."""
        names = sorted(self.code.keys() | code.keys())
        return [name for name in names if self.code.get(name) != code.get(name)]
