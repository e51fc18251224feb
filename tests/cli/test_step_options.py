"""The options of the step commands are the same everywhere, and arrive as one object."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dsf.cli.invocation import Invocation
from dsf.cli.main import COMMANDS, cli
from dsf.cli.step_options import StepOptions, step_options

SHARED = {"--env", "--set", "--run-dir", "--resume", "--json", "--verbose"}


@pytest.mark.parametrize("name", ["run", "split", "fit", "test", "eval", "compare", "step"])
def test_every_step_command_has_them(name: str) -> None:
    assert name in COMMANDS
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    flags = {flag for option in command.params for flag in option.opts if flag.startswith("--")}
    assert flags == SHARED


def test_they_arrive_as_one_object() -> None:
    seen: list[tuple[StepOptions, bool]] = []

    @click.command()
    @step_options
    def command(options: StepOptions) -> None:
        seen.append((options, Invocation.current().verbose))

    runner = CliRunner()
    assert runner.invoke(command, []).exit_code == 0
    line = "--env big --set a.b=1 --set c=x=y --run-dir runs/v1 --resume --json --verbose"
    assert runner.invoke(command, line.split()).exit_code == 0
    assert seen == [
        (StepOptions(), False),
        (StepOptions("big", ("a.b=1", "c=x=y"), Path("runs/v1"), resume=True), True),
    ]
