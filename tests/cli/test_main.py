"""`dsf-cli --help` is instant, and says what the commands say themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

import dsf
from dsf.cli.main import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

# Measured in milliseconds at import: each of them would be felt.
_HEAVY = [
    *["torch", "pytorch_lightning", "torchmetrics", "numpy", "pandas", "pyarrow", "sklearn"],
    *["matplotlib", "pydantic", "cookiecutter", "jinja2", "yaml", "rich", "packaging"],
]
_PROBE = """
import sys
from dsf.cli.main import main
code = main(sys.argv[2:])
import json
print(json.dumps([code, [name for name in json.loads(sys.argv[1]) if name in sys.modules]]))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["fti"], []])
def test_finding_a_command_imports_nothing_heavy(arguments: list[str]) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", _PROBE, json.dumps(_HEAVY), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    code, heavy = json.loads(answer.stdout.splitlines()[-1])
    assert code == (0 if arguments and arguments[0].startswith("--") else 2)
    assert heavy == []


@pytest.mark.parametrize("name", ["run", "new-project", "install-trainer-packages", "step"])
def test_the_help_of_a_command_imports_nothing_heavy(name: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", _PROBE, json.dumps(_HEAVY), name, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(answer.stdout.splitlines()[-1]) == [0, []]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert (command.help or "").splitlines()[0] == COMMANDS[name][1]


def test_help_lists_every_command(call: Callable[..., Answer]) -> None:
    answer = call("--help")
    assert answer.code == 0
    for name, (_, line) in COMMANDS.items():
        assert f"  {name} " in answer.out
        assert line.split()[0] in answer.out


def test_a_near_name_is_suggested(call: Callable[..., Answer]) -> None:
    answer = call("comapre")
    assert answer.code == 2
    assert "there is no command 'comapre'. Did you mean 'compare'?" in answer.err
    assert answer.out == ""


def test_a_far_name_is_not(call: Callable[..., Answer]) -> None:
    answer = call("zzz")
    assert answer.code == 2
    assert "there is no command 'zzz'." in answer.err
    assert "Did you mean" not in answer.err


def test_the_version_is_ours(call: Callable[..., Answer]) -> None:
    assert call("--version").out == f"dsf-cli, version {dsf.__version__}\n"


def test_without_a_command_the_help_is_shown(call: Callable[..., Answer]) -> None:
    answer = call()
    assert answer.code == 2
    assert "new-project" in answer.out + answer.err
