"""The options of the step commands are the same everywhere, and arrive as one object."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dsf.cli.invocation import Invocation
from dsf.cli.main import COMMANDS, cli
from dsf.cli.step_options import StepOptions, step_options

SHARED = {
    *("--env", "--set", "--run-dir", "--resume", "--force", "--json", "--verbose"),
    "--warm-start-run-id",
}


@pytest.mark.parametrize("name", ["run", "split", "fit", "test", "eval", "compare", "step"])
def test_every_step_command_has_them(name: str) -> None:
    assert name in COMMANDS
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    flags = {flag for option in command.params for flag in option.opts if flag.startswith("--")}
    judging = {"--require"} if name in {"run", "compare", "step"} else set()
    assert flags >= SHARED | judging
    assert name == "compare" or flags == SHARED | judging  # compare also takes two models


@pytest.mark.parametrize(
    ("name", "resume", "force"),
    [
        ("run", "Go on with a run instead of a new one.", "With --resume: do every step again"),
        ("fit", "Do again in this run what was done with another config.", "Do it again even"),
        ("step", "Do again in this run what was done with another config.", "Do it again even"),
    ],
)
def test_help_says_what_they_do_to_a_step_and_to_the_chain(
    name: str, resume: str, force: str
) -> None:
    told = " ".join(CliRunner().invoke(cli, [name, "--help"]).output.split())
    assert f"--resume {resume}" in told
    assert f"--force {force}" in told


def test_they_arrive_as_one_object() -> None:
    seen: list[tuple[StepOptions, bool]] = []

    @click.command()
    @step_options
    def command(options: StepOptions) -> None:
        seen.append((options, Invocation.current().verbose))

    runner = CliRunner()
    assert runner.invoke(command, []).exit_code == 0
    line = "--env big --set a.b=1 --set c=x=y --run-dir runs/v1 --resume --force --json --verbose"
    assert runner.invoke(command, [*line.split(), "--warm-start-run-id", "v3"]).exit_code == 0
    assert seen == [
        (StepOptions(), False),
        (StepOptions("big", ("a.b=1", "c=x=y"), Path("runs/v1"), True, True, "v3"), True),
    ]
