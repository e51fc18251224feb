"""Which registry a command works on: the one it names, the project's, or the environment's."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dsf.cli.invocation import Invocation
from dsf.cli.project import find_project, load_config_of
from dsf.cli.step_options import config_options, verbose_option
from dsf.core.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dsf.registry.versions import Registry
    from dsf.tracking import TrackingSettings

__all__ = ["find_settings", "registry_options"]

_VARIABLE = "MLFLOW_TRACKING_URI"


def registry_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which registry is meant; the command receives it as ``registry``."""

    @functools.wraps(function)
    def with_registry(
        tracking_uri: str | None, env: str | None, overrides: tuple[str, ...], **others: Any
    ) -> Any:
        from dsf.cli.streams import log_to_stderr
        from dsf.core.extras import require_extra
        from dsf.registry.versions import Registry

        require_extra("track", module="mlflow", feature="`dsf-cli registry`")
        with log_to_stderr(verbose=Invocation.current().verbose):
            registry: Registry = Registry(find_settings(tracking_uri, env, overrides))
            return function(registry=registry, **others)

    for option in (
        verbose_option,
        click.option(
            "--json",
            is_flag=True,
            expose_value=False,
            help="End with one JSON object on stdout; all else goes to stderr.",
        ),
        click.option(
            "--tracking-uri",
            metavar="URI",
            help="Where the models are registered, in place of this project's tracking_config.",
        ),
    ):
        with_registry = option(with_registry)
    return config_options(with_registry)


def find_settings(
    tracking_uri: str | None = None, env: str | None = None, overrides: Sequence[str] = ()
) -> TrackingSettings:
    """Say where models are registered.

    Args:
        tracking_uri: What the command names; ``None``: what the config of the project around the
            working folder says, and outside of a project MLFLOW_TRACKING_URI.
        env: Name of the environment of the config.
        overrides: Values laid over the config.

    Raises:
        UsageError: If both an address and a config are named.
        ConfigError: If the address is none of a registry.
        ProjectError: If none is named, and there is no project.
    """
    from dsf.tracking import TrackingSettings

    if tracking_uri is not None:
        given = [*(["--env"] if env else []), *(["--set"] if overrides else [])]
        if given:
            raise click.UsageError(
                f"--tracking-uri says where the registry is, so that {' and '.join(given)} would "
                "change nothing: the config is not read. Give one or the other."
            )
        settings = TrackingSettings.from_values({"tracking_uri": tracking_uri}, Path.cwd())
        file = settings.find_place().file
        if file is not None and not file.exists():
            message = f"there must be a registry, but there is no file {file}."
            raise click.BadParameter(message, param_hint="--tracking-uri")
        return settings
    try:
        root = find_project()
    except ProjectError as error:
        if os.environ.get(_VARIABLE, "").strip():
            return TrackingSettings.from_values({}, Path.cwd())
        raise ProjectError(
            f"{error} Or name the registry, by --tracking-uri or {_VARIABLE}."
        ) from error
    return _settings_of(root, env, overrides)


def _settings_of(root: Path, env: str | None, overrides: Sequence[str]) -> TrackingSettings:
    from dsf.base.tracking_choice import choose_settings

    config = load_config_of(root)(env=env, overrides=overrides)
    config["tracking_config"]["use_mlflow"] = True  # models may be there from before
    settings = choose_settings(config, root)
    assert settings is not None
    return settings
