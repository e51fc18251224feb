"""`dsf-cli install-trainer-packages`: what training needs, in the build that fits this machine."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import click

from dsf.core.errors import UserError

if TYPE_CHECKING:
    from dsf.cli.training_packages import Device

__all__ = ["command"]


@click.command("install-trainer-packages")
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="Which build of torch; auto looks for an NVIDIA driver.",
)
@click.option("--dry-run", is_flag=True, help="Only print the command.")
def command(device: Device, dry_run: bool) -> None:
    """Install the training packages that fit this machine.

    A torch that is installed and new enough is never replaced.
    """
    # packaging is imported there; the list of commands does not need it.
    from dsf.cli import training_packages

    machine = training_packages.Machine.this()
    requirements = training_packages.training_requirements()
    arguments = training_packages.install_command(requirements, machine, device)
    kept = training_packages.kept_torch(requirements, machine)
    if kept:
        click.echo(f"torch {kept} fits and stays.", err=True)
    click.echo(shlex.join(arguments))
    if dry_run:
        return
    code = subprocess.run(arguments, check=False).returncode
    if code:
        raise UserError(
            f"The training packages must install, but the command above ended with {code}. "
            "Read what it says; you may change it and run it yourself."
        )
