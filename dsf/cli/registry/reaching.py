"""A look at the registry of a project before its run is opened to be registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.cli.invocation import Invocation
from dsf.cli.project import load_project

if TYPE_CHECKING:
    from dsf.cli.step_options import StepOptions

__all__ = ["reach_project_registry"]


def reach_project_registry(options: StepOptions) -> None:
    """Say at once if nothing can be registered now: no training goes on meanwhile.

    A database that is absent is no fault: the run makes it, when it is sent there.

    Args:
        options: What was asked for.

    Raises:
        UserError: If the registry does not answer, or does not take our credentials.
        ConfigError: If the config has no registry, though it names a model.
    """
    from dsf.base.tracking_choice import choose_settings
    from dsf.core.config import looking_up_names
    from dsf.registry.connection import Connection
    from dsf.registry.reaching import reach_registry

    invocation = Invocation.current()
    if invocation.project is None:
        invocation.project = load_project()
    project = invocation.project
    with looking_up_names(everywhere=False):
        config = project.load(env=options.env, overrides=options.overrides)
    settings = choose_settings(config, project.root)
    if settings is not None and Connection(settings).is_there:
        reach_registry(settings)
