"""A look at the registry of a project before its run is opened to be registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.core.config import Config

__all__ = ["reach_project_registry"]


def reach_project_registry(config: Config, project: Path) -> None:
    """Say at once if nothing can be registered now: no training goes on meanwhile.

    A database that is absent is no fault: the run makes it, when it is sent there.

    Args:
        config: The resolved config.
        project: Folder of the project.

    Raises:
        UserError: If the registry does not answer, or does not take our credentials.
        ConfigError: If the config has no registry, though it names a model.
    """
    from dsf.base.tracking_choice import choose_settings
    from dsf.registry.connection import Connection
    from dsf.registry.reaching import reach_registry

    settings = choose_settings(config, project)
    if settings is not None and Connection(settings).is_there:
        reach_registry(settings)
