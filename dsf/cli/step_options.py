"""The options that all commands on a run share."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dsf.cli.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["StepOptions", "config_options", "step_options", "verbose_option"]


@dataclass(frozen=True)
class StepOptions:
    """What was asked for on the command line.

    Attributes:
        env: Name of the environment: ``config.<env>.yaml`` is laid over ``config.yaml``.
        overrides: ``a.b.0.c=value``, the strongest layer of the config.
        run_dir: The run to work in; ``None`` for the latest, or a new one.
        resume: Go on with a run instead of starting a new one.
    """

    env: str | None = None
    overrides: tuple[str, ...] = ()
    run_dir: Path | None = None
    resume: bool = False


def _remember_verbose(_: click.Context, __: click.Parameter, value: bool) -> None:
    Invocation.current().verbose |= value


verbose_option = click.option(
    "--verbose",
    is_flag=True,
    expose_value=False,
    callback=_remember_verbose,
    help="Show the traceback of an error, and more of what happens.",
)


def config_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--env`` and ``--set``: which config is meant."""
    for option in (
        click.option(
            "--set",
            "overrides",
            metavar="A.B=VALUE",
            multiple=True,
            help="Set one value of the config, in YAML; list items by number. Repeatable.",
        ),
        click.option(
            "--env",
            metavar="NAME",
            help="Lay config.NAME.yaml over config.yaml [default: DSF_ENV].",
        ),
    ):
        function = option(function)
    return function


def step_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the shared options to a command; it receives them as one :class:`StepOptions`.

    Example:
        >>> @click.command("fit")
        ... @step_options
        ... def command(options: StepOptions) -> None:
        ...     pass
    """

    @functools.wraps(function)
    def with_options(
        env: str | None,
        overrides: tuple[str, ...],
        run_dir: Path | None,
        resume: bool,
        **others: Any,
    ) -> Any:
        return function(options=StepOptions(env, overrides, run_dir, resume), **others)

    for option in (
        verbose_option,
        click.option(
            "--json",
            is_flag=True,
            expose_value=False,
            help="End with one JSON object on stdout; all else goes to stderr.",
        ),
        click.option("--resume", is_flag=True, help="Go on with a run instead of a new one."),
        click.option(
            "--run-dir",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="The run to work in, in place of the latest or a new one.",
        ),
    ):
        with_options = option(with_options)
    return config_options(with_options)
