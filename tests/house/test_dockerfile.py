"""No engine builds the image here, so its recipe is read: what it copies and calls must exist."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    found = [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]
    assert len(found) > 8
    return found  # type: ignore[return-value]


def _arguments(keyword: str) -> list[str]:
    return [argument for name, argument in _instructions() if name == keyword]


def _is_sent(path: str) -> bool:
    """Whether .dockerignore lets a path through to the builder: the last rule that fits decides."""
    sent = True
    for rule in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not rule.strip() or rule.startswith("#"):
            continue
        pattern = rule.removeprefix("!")
        if any(fnmatch.fnmatch(p, pattern) for p in (path, path.partition("/")[0])):
            sent = rule.startswith("!")
    return sent


def test_the_stage_has_its_name() -> None:
    assert [stage.split()[-1] for stage in _arguments("FROM")] == ["train"]


def test_python_is_the_one_of_the_lock() -> None:
    (base,) = _arguments("FROM")
    assert re.match(r"python:3\.1[123]-slim ", base)


def test_what_is_copied_exists_and_is_sent() -> None:
    sources = [word for line in _arguments("COPY") for word in line.split()[:-1]]
    assert {"requirements_docker.txt", "setup.py", "dsf", "templates"} <= set(sources)
    assert all((ROOT / source).exists() and _is_sent(source) for source in sources)


def test_setup_has_all_it_reads() -> None:
    """What setup.py opens must be in the image before it runs."""
    read = re.findall(r'ROOT / "([\w.]+)"', (ROOT / "setup.py").read_text(encoding="utf-8"))
    sources = {word for line in _arguments("COPY") for word in line.split()[:-1]}
    assert "README.md" in read
    assert set(read) <= sources


def test_secrets_and_caches_are_not_sent() -> None:
    assert not any(map(_is_sent, [".git", ".venv", "demo", "training_output", ".env"]))
    assert not _is_sent("dsf/__pycache__")


def test_the_lock_is_installed_before_the_code() -> None:
    steps = [f"{name} {argument}" for name, argument in _instructions()]
    lock = next(
        i for i, step in enumerate(steps) if "pip install -r requirements_docker.txt" in step
    )
    code = next(i for i, step in enumerate(steps) if step.startswith("COPY dsf "))
    assert lock < code


def test_it_runs_the_chain_of_a_project_without_being_root() -> None:
    names = [name for name, _ in _instructions()]
    assert _arguments("USER")[-1] not in ("root", "0")
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert _arguments("WORKDIR")[-1] == "/project"
    (entry,) = json.loads(_arguments("ENTRYPOINT")[-1])
    (command,) = json.loads(_arguments("CMD")[-1])
    assert f"{entry}=" in (ROOT / "setup.py").read_text(encoding="utf-8")
    assert command == "run"


def test_every_shell_line_can_be_read() -> None:
    for line in _arguments("RUN"):
        assert shlex.split(line)
