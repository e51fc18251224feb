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

__all__ = ["StepOptions", "chain_options", "config_options", "step_options", "verbose_option"]


@dataclass(frozen=True)
class StepOptions:
    """What was asked for on the command line.

    Attributes:
        env: Name of the environment: ``config.<env>.yaml`` is laid over ``config.yaml``.
        overrides: ``a.b.0.c=value``, the strongest layer of the config.
        run_dir: The run to work in; ``None`` for the latest, or a new one.
        resume: For the chain: go on with a run instead of starting a new one. For a step: do it
            again in the run if it was done with another config.
        force: Do again what is done, even though nothing has changed.
        warm_start: What the fit begins with; ``None``: what the config says.
    """

    env: str | None = None
    overrides: tuple[str, ...] = ()
    run_dir: Path | None = None
    resume: bool = False
    force: bool = False
    warm_start: str | None = None


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


def chain_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the shared options to the command that does all steps; as :func:`step_options`."""
    return _add_options(
        function,
        resume="Go on with a run instead of a new one.",
        force="With --resume: do every step again even though nothing has changed.",
    )


def step_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the shared options to a step's command; it receives them as one :class:`StepOptions`.

    Example:
        >>> @click.command("fit")
        ... @step_options
        ... def command(options: StepOptions) -> None:
        ...     pass
    """
    return _add_options(
        function,
        resume="Do again in this run what was done with another config.",
        force="Do it again even though nothing has changed.",
    )


def _add_options(function: Callable[..., Any], *, resume: str, force: str) -> Callable[..., Any]:
    resume_help, force_help = resume, force

    @functools.wraps(function)
    def with_options(
        env: str | None,
        overrides: tuple[str, ...],
        run_dir: Path | None,
        resume: bool,
        force: bool,
        warm_start: str | None,
        **others: Any,
    ) -> Any:
        options = StepOptions(env, overrides, run_dir, resume, force, warm_start)
        return function(options=options, **others)

    for option in (
        verbose_option,
        click.option(
            "--json",
            is_flag=True,
            expose_value=False,
            help="End with one JSON object on stdout; all else goes to stderr.",
        ),
        click.option("--force", is_flag=True, help=force_help),
        click.option("--resume", is_flag=True, help=resume_help),
        click.option(
            "--warm-start-run-id",
            "warm_start",
            metavar="ID|ALIAS|PATH",
            help="Begin the fit with the weights of a model: v3, a folder or file of the project, "
            "models:/NAME@champion, MLflow's id of a run. As --set warm_start_config.source.",
        ),
        click.option(
            "--run-dir",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="The run to work in, its folder or v3, in place of the latest or a new one.",
        ),
    ):
        with_options = option(with_options)
    return config_options(with_options)
