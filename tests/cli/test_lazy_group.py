"""A lazy group lists its commands from a table and imports the one that is called."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from dsf.cli.lazy_group import LazyGroup

if TYPE_CHECKING:
    from pathlib import Path

_MODULE = """
import click

@click.command("greet")
def command():
    click.echo("hello")
"""


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LazyGroup:
    (tmp_path / "dsf_lazy_greeting.py").write_text(_MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "dsf_lazy_greeting", raising=False)
    table = {
        "zeta": ("dsf_lazy_absent:command", "Is never imported."),
        "greet": ("dsf_lazy_greeting:command", "Say hello."),
    }

    @click.group(cls=LazyGroup, table=table)
    def commands() -> None:
        """Commands."""

    assert isinstance(commands, LazyGroup)
    return commands


def test_help_keeps_the_order_and_imports_nothing(group: LazyGroup) -> None:
    answer = CliRunner().invoke(group, ["--help"])
    assert answer.exit_code == 0
    assert answer.output.index("zeta") < answer.output.index("greet")
    assert "Is never imported." in answer.output
    assert "dsf_lazy_greeting" not in sys.modules


def test_the_called_command_is_imported(group: LazyGroup) -> None:
    answer = CliRunner().invoke(group, ["greet"])
    assert answer.output == "hello\n"
    assert "dsf_lazy_greeting" in sys.modules


def test_options_before_a_command_are_not_taken_for_names(group: LazyGroup) -> None:
    answer = CliRunner().invoke(group, ["--nothing"])
    assert answer.exit_code == 2
    assert "No such option" in answer.output
