"""Processes that need not import what all of them import: forked from one that has.

Torch, Lightning and transformers take a process five to eight seconds. Where the start of Python is
not what is tested, a child of the nursery does the same in its own process, folder and environment:
it can be killed, can end with any code, and leaves nothing behind. What must hold for the first
import itself (what is imported, and when) needs a process of its own, and not one of these.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 240.0  # seconds
PYTEST_STRICTLY = (
    *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"),
    # The nursery has imported what one of pytest's plugins comes with.
    *("-W", "ignore:Module already imported so cannot be rewritten"),
)


class Nursery:
    """Has children, one at a time; see nursery_server.py.

    Args:
        log: File for what its process and its jobs write.
    """

    def __init__(self, log: Path) -> None:
        self.log = log
        paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        changes = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "OMP_NUM_THREADS": "1"}
        with log.open("w", encoding="utf-8") as stream:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("nursery_server.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                env=os.environ | changes | {"HF_HUB_OFFLINE": "1"},
            )

    def do(self, run: Path, env: Mapping[str, str] | None = None, **job: Any) -> dict[str, Any]:
        """Let a child work on the reference project in ``run``; see e2e/killable.py.

        Args:
            run: Folder of the run.
            env: What its environment has in addition.
            job: What it shall do.

        Returns:
            How it ended, what it did to files, and what it did last.
        """
        return self._ask({"killable": {"run": str(run), **job}, "env": dict(env or {})})

    def run(
        self, *words: str, cwd: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Do what ``python`` followed by these words does: ``-m MODULE …`` or ``-c CODE …``.

        Args:
            words: The words.
            cwd: Working folder, which comes first on the path, as with Python.
            env: The environment; that of this process unless given.

        Returns:
            Its code (that of the signal, negative, if one ended it) and what it wrote.
        """
        with tempfile.TemporaryDirectory() as place:
            out, err = (Path(place) / name for name in ("out", "err"))
            environment = dict(os.environ if env is None else env)
            job = {"words": words, "cwd": str(cwd), "out": str(out), "err": str(err)}
            answer = self._ask({"command": job, "env": environment})
            said = [path.read_text(encoding="utf-8") for path in (out, err)]
        return subprocess.CompletedProcess(list(words), answer["exit"], *said)

    def close(self) -> None:
        """End it, and wait for the end."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=PATIENCE)
        self._process.stdout.close()

    def _ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, self.log.read_text(encoding="utf-8")
        answer: dict[str, Any] = json.loads(line)
        return answer
