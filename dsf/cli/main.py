"""The table of commands, and the program `dsf-cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf import __version__
from dsf.cli.answering import answer
from dsf.cli.invocation import Invocation
from dsf.cli.lazy_group import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COMMANDS", "cli", "main"]

PROGRAM = "dsf-cli"

# In the order in which they are used. The second string is the first sentence of the command's
# own help, written here so that the list of commands can be shown without importing any.
COMMANDS: dict[str, tuple[str, str]] = {
    "new-project": (
        "dsf.cli.commands.new_project:command",
        "Write a new project that works before you touch it.",
    ),
    "install-trainer-packages": (
        "dsf.cli.commands.install_trainer_packages:command",
        "Install the training packages that fit this machine.",
    ),
    "run": (
        "dsf.cli.commands.run:command",
        "Split, fit, test, evaluate, compare and export, in a new run.",
    ),
    "train": (
        "dsf.cli.commands.train:command",
        "Train and test a multi-label text classifier from one YAML file.",
    ),
    "split": ("dsf.cli.commands.split:command", "Split the data set, in a new run."),
    "fit": ("dsf.cli.commands.fit:command", "Fit the model, in the latest run."),
    "test": ("dsf.cli.commands.test:command", "Test the fitted model, in the latest run."),
    "eval": ("dsf.cli.commands.eval:command", "Evaluate the existing model on the same rows."),
    "compare": (
        "dsf.cli.commands.compare:command",
        "Compare two models on the same rows, and judge the difference.",
    ),
    "export": (
        "dsf.cli.commands.export:command",
        "Export the tested model as a bundle, in the latest run.",
    ),
    "register": (
        "dsf.cli.commands.register:command",
        "Register a run's bundle as the newest version of a model, and as its challenger.",
    ),
    "report": ("dsf.cli.commands.report:command", "Draw the report of a run again."),
    "history": (
        "dsf.cli.commands.history:command",
        "List the runs of a project, newest first.",
    ),
    "sync": (
        "dsf.cli.commands.sync:command",
        "Send to MLflow what a run could not send while it ran.",
    ),
    "ui": (
        "dsf.cli.commands.ui:command",
        "Open MLflow's page over the runs of this project, until Ctrl-C.",
    ),
    "registry": (
        "dsf.cli.commands.registry:command",
        "Show registered models, and say which version is champion.",
    ),
    "step": ("dsf.cli.commands.step:command", "Do one step by name, for an outside engine."),
    "config": ("dsf.cli.commands.config:command", "Show, check and describe the configuration."),
}


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`dsf-cli COMMAND --help` tells more about a command.",
)
@click.version_option(__version__, prog_name=PROGRAM)
@click.option("--verbose", is_flag=True, help="Show the traceback of an error.")
def cli(verbose: bool) -> None:
    """From a labelled data set to a model that can be trusted, with code you own."""
    Invocation.current().verbose |= verbose


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `dsf-cli`.

    Args:
        arguments: What was typed after the program's name; ``None`` for this process's own.

    Returns:
        The exit code.
    """
    return answer(cli, arguments, program=PROGRAM)
