"""Every command that the docs show exists, with the options that they show."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dsf.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _shown(program: str) -> list[str]:
    """Give each command line of a program that stands in a console block or in `code`."""
    lines = set()
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        blocks = re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        candidates = [line for block in blocks for line in block.splitlines()]
        candidates += re.findall(
            r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
        )
        for line in candidates:
            for command in line.partition("  #")[0].split("&&"):
                if command.strip().startswith(f"{program} "):
                    lines.add(command.strip())
    return sorted(lines)


def _make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))


def test_the_docs_show_commands() -> None:
    assert len(_shown("dsf-cli")) > 5
    assert len(_shown("make")) > 3


@pytest.mark.parametrize("line", _shown("make"))
def test_make_targets_exist(line: str) -> None:
    words = [word for word in shlex.split(line)[1:] if "=" not in word]
    assert words
    assert set(words) <= _make_targets()


@pytest.mark.parametrize("line", _shown("dsf-cli"))
def test_commands_and_their_options_exist(line: str) -> None:
    words = [word for word in shlex.split(line)[1:] if not word.isupper()]  # no placeholders
    first = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    options = [word.partition("=")[0] for word in words[first:] if word.startswith("-")]
    answer = subprocess.run(
        [sys.executable, "-m", "dsf.cli", *words[:first], "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    shown = set(re.findall(r"--?[a-z-]+", answer.stdout))
    assert set(options) <= shown, f"{line}: not all of {options} are in\n{answer.stdout}"


def test_the_reference_lists_every_command() -> None:
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    assert len(COMMANDS) > 5
    assert [name for name in COMMANDS if f"| `{name}` |" not in page] == []
