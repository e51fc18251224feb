"""The version of a registered model that ``eval_config`` names, looked up before it is asked."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.base.tracking_choice import choose_settings
from dsf.core.errors import ConfigError, Problem
from dsf.registry import BASELINE, Registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.registry import RegisteredVersion

__all__ = ["RegisteredModel", "find_registered_model", "name_existing"]

log = logging.getLogger("dsf")

_INCUMBENT = "registry"
_CHAMPION = "champion"


@dataclass(frozen=True)
class RegisteredModel:
    """A version of a registered model, and where it can be fetched.

    Attributes:
        registry: The registry.
        version: Which version.
    """

    registry: Registry
    version: RegisteredVersion

    @property
    def uri(self) -> str:
        """Its address: ``models:/NAME/3``."""
        return self.version.uri

    @property
    def bundle(self) -> str:
        """Hash of its bundle; empty if dsf has not registered it."""
        return self.version.earned.bundle if self.version.earned else ""

    def download(self, folder: Path) -> Path:
        """Fetch its bundle, once; give the folder of it.

        Args:
            folder: Where bundles are kept, by their hashes.
        """
        return self.registry.download_bundle(self.version, folder)


def find_registered_model(config: Mapping[str, Any], project: Path) -> RegisteredModel | None:
    """Look up the version that is the existing model.

    Args:
        config: The resolved config.
        project: Folder of the project.

    Returns:
        ``None`` if the config names no registered model, or the model has no champion yet.

    Raises:
        ConfigError: If nothing says which model, or runs are not to be tracked.
        UserError: If the registry does not answer, or has no such alias or version.
    """
    section = config["eval_config"]
    if section.get("incumbent") != _INCUMBENT:
        return None
    name = section.get("name") or config["register_config"]["name"]
    if name is None:
        message = "must be the name of a registered model, if register_config.name is null."
        raise ConfigError("There is no existing model.", [Problem("eval_config.name", message)])
    settings = choose_settings(config, project)
    assert settings is not None  # a model out of the registry switches tracking on
    registry, alias = Registry(settings), section.get("alias", _CHAMPION)
    if alias != _CHAMPION:
        return RegisteredModel(registry, registry.find(name, alias))
    if name != config["register_config"]["name"]:
        registry.list_versions(name)  # of another project: there must be such a model
    found = registry.champion(name)
    if found is None:
        log.info("eval     %s has no champion yet: the project's baseline answers", name)
    return None if found is None else RegisteredModel(registry, found)


def name_existing(eval_config: Mapping[str, Any], registered: RegisteredModel | None) -> str:
    """Say which model is the existing one, as a registered version remembers it.

    Args:
        eval_config: Section of the config.
        registered: What :func:`find_registered_model` gave.
    """
    named = eval_config.get("incumbent")
    if named is None or (named == _INCUMBENT and registered is None):
        return BASELINE
    if registered is not None:
        return registered.uri
    if not isinstance(named, str):
        named = named.get("class_path") or f"{named.get('module')}.{named.get('func')}"
    place = next(
        (eval_config[key] for key in ("path", "url", "function") if key in eval_config), ""
    )
    return f"{named} {place}".strip()
