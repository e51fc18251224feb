"""The versions of registered models: listed, found by number or alias, fetched, tagged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError
from dsf.core.suggestions import did_you_mean
from dsf.registry.connection import Connection, all_pages
from dsf.registry.download import download_bundle
from dsf.registry.registered_version import RegisteredVersion, parse_model_uri
from dsf.tracking.mlflow_errors import is_unknown_run

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.tracking import Place, TrackingSettings

__all__ = [
    "CHALLENGER",
    "CHAMPION",
    "REGISTRY_CACHE",
    "RegisteredVersion",
    "Registry",
]

CHAMPION = "champion"
"""Alias of the version that is in use."""

CHALLENGER = "challenger"
"""Alias of the version that wants to be."""

REGISTRY_CACHE = ".registry"
"""Folder beside a project's runs in which fetched bundles are kept, by their hashes."""

_LATEST = "latest"


class Registry:
    """The models that are registered where runs are tracked.

    Nothing is opened before it is asked, and a SQLite file that is absent is not made: it is a
    registry with nothing in it.

    Args:
        settings: Where runs are tracked.
    """

    def __init__(self, settings: TrackingSettings) -> None:
        self._connection = Connection(settings)

    @property
    def place(self) -> Place:
        """Where it is."""
        return self._connection.place

    def list_models(self) -> list[str]:
        """Give the names of all models, sorted.

        Raises:
            UserError: If the registry does not answer.
        """
        if not self._connection.is_there:
            return []
        with self._connection.client() as client:
            return sorted(model.name for model in all_pages(client.search_registered_models))

    def list_versions(self, name: str) -> list[RegisteredVersion]:
        """Give all versions of a model, the newest first.

        Raises:
            UserError: If there is no such model; names those that there are.
        """
        aliases = self._get_model(name).aliases
        quote = '"' if "'" in name else "'"
        wanted = f"name = {quote}{name}{quote}"
        with self._connection.client() as client:
            found = all_pages(client.search_model_versions, filter_string=wanted)
        versions = [
            RegisteredVersion.from_mlflow(one, aliases) for one in found if one.name == name
        ]
        return sorted(versions, key=lambda one: -int(one.version))

    def find(self, name: str, which: str | int) -> RegisteredVersion:
        """Find one version.

        Args:
            name: Of the model.
            which: A number, an alias, ``latest``, ``models:/NAME/3`` or ``models:/NAME@champion``.

        Raises:
            UserError: If there is none; says which there are.
        """
        text = str(which).strip()
        of_uri = parse_model_uri(text)
        if of_uri is not None:
            if of_uri[0] != name:
                raise UserError(f"The version must be one of {name!r}, but {text} is of another.")
            text = of_uri[1]
        versions = self.list_versions(name)
        if text == _LATEST and versions:
            return versions[0]
        number = str(int(text)) if text.isdecimal() else ""
        for one in versions:
            if one.version == number or (not number and text in one.aliases):
                return one
        raise _unknown_version(name, text, versions)

    def champion(self, name: str) -> RegisteredVersion | None:
        """Find the version in use; ``None`` if there is no such model, or none in use.

        Raises:
            UserError: If the registry does not answer.
        """
        if not self._connection.is_there or self._look_up(name) is None:
            return None
        return next((one for one in self.list_versions(name) if CHAMPION in one.aliases), None)

    def find_of_run(self, run_id: str) -> RegisteredVersion | None:
        """Find the newest version that a run has made; ``None`` if there is none.

        Args:
            run_id: MLflow's id of the run.

        Raises:
            UserError: If the registry does not answer.
        """
        if not self._connection.is_there:
            return None
        with self._connection.client() as client:
            wanted = f"run_id = '{run_id}'"
            found = all_pages(client.search_model_versions, filter_string=wanted)
        versions = sorted(
            (RegisteredVersion.from_mlflow(one, {}) for one in found), key=lambda one: one.created
        )
        return versions[-1] if versions else None

    def download_bundle(self, version: RegisteredVersion, folder: Path) -> Path:
        """Fetch the bundle of a version, unless it lies in the folder already.

        Args:
            version: Which one.
            folder: Where fetched bundles are kept, each under its hash. Made when absent.

        Returns:
            The folder of the bundle, checked file by file.

        Raises:
            BundleError: If dsf did not register the version, or what lies there is not the bundle
                that was registered.
            UserError: If the registry does not answer.
            StorageError: If the folder cannot be written to.
        """
        return download_bundle(self._connection, version, folder)

    def set_alias(self, version: RegisteredVersion, alias: str) -> None:
        """Let an alias point to a version, whatever it pointed to before."""
        with self._connection.client() as client:
            client.set_registered_model_alias(version.name, alias, version.version)

    def remove_alias(self, name: str, alias: str) -> None:
        """Take an alias away; nothing happens if there is none."""
        with self._connection.client() as client:
            client.delete_registered_model_alias(name, alias)

    def tag_version(self, name: str, version: str, tag: str, text: str) -> None:
        """Set a tag of a version."""
        with self._connection.client() as client:
            client.set_model_version_tag(name, version, tag, text)

    def read_model_tags(self, name: str) -> dict[str, str]:
        """Give the tags of a model, not of its versions.

        Raises:
            UserError: If there is no such model.
        """
        return dict(self._get_model(name).tags)

    def tag_model(self, name: str, tag: str, text: str) -> None:
        """Set a tag of a model."""
        with self._connection.client() as client:
            client.set_registered_model_tag(name, tag, text)

    def untag_model(self, name: str, tag: str) -> None:
        """Take a tag of a model away; nothing happens if there is none."""
        with self._connection.client() as client:
            client.delete_registered_model_tag(name, tag)

    def _get_model(self, name: str) -> Any:
        found = self._look_up(name)
        if found is not None:
            return found
        known = self.list_models()
        raise UserError(
            f"There must be a registered model {name!r}, but {self.place.shown} has "
            f"{', '.join(known) or 'none at all'}.{did_you_mean(name, known)}"
        )

    def _look_up(self, name: str) -> Any:
        with self._connection.client() as client:
            try:
                return client.get_registered_model(name)
            except Exception as error:
                if is_unknown_run(error):  # MLflow says it of anything that is not there
                    return None
                raise


def _unknown_version(name: str, text: str, versions: list[RegisteredVersion]) -> UserError:
    aliases = {alias: one.version for one in versions for alias in one.aliases}
    numbers = ", ".join(one.version for one in reversed(versions)) or "none"
    told = ", ".join(f"{alias} ({number})" for alias, number in sorted(aliases.items())) or "none"
    return UserError(
        f"There must be a version or an alias {text!r} of {name!r}, but its versions are "
        f"{numbers}, its aliases {told}.{did_you_mean(text, aliases)}"
    )
