"""The way to MLflow's registry: opened when first asked, and never made by looking at it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError
from dsf.core.extras import require_extra
from dsf.tracking.mlflow_errors import translated
from dsf.tracking.mlflow_package import load_client_class, quiet
from dsf.tracking.sqlite_file import check_sqlite_file
from dsf.tracking.store_errors import StoreAwayError, StoreBlockedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsf.tracking import Place, TrackingSettings

__all__ = ["Connection", "all_pages"]

_REPOSITORIES = "mlflow.store.artifact.artifact_repository_registry"


class Connection:
    """Gives MLflow's client, and says in our words why it does not answer.

    Args:
        settings: Where the registry is: the store that runs are tracked in.
    """

    def __init__(self, settings: TrackingSettings) -> None:
        self._settings = settings
        self._client: Any = None

    @property
    def place(self) -> Place:
        """Where the registry is."""
        return self._settings.find_place()

    @property
    def is_there(self) -> bool:
        """Whether there can be a registry: not, if the SQLite file is absent."""
        file = self.place.file
        return file is None or file.exists()

    @contextmanager
    def client(self) -> Iterator[Any]:
        """Give MLflow's client for the block; what it raises there becomes one of our errors.

        Raises:
            UserError: If there is no registry, it does not answer, or refuses what was asked.
            MissingExtraError: If MLflow is not installed.
        """
        place = self.place
        try:
            if self._client is None:
                self._client = self._open(place)
            with translated(place), quiet():
                yield self._client
        except StoreBlockedError:
            raise
        except StoreAwayError as error:
            raise UserError(
                f"The model registry must answer, but does not now: {error}. What was changed "
                "before is kept. Do it again when it answers."
            ) from error
        except StoreError as error:
            raise UserError(f"The model registry at {place.shown} refuses that: {error}") from error

    def open_artifacts(self, uri: str) -> Any:
        """Give MLflow's way to the files below a URI; call it in a block of :meth:`client`."""
        module = require_extra("track", module=_REPOSITORIES, feature="The model registry")
        place = self.place
        return module.get_artifact_repository(uri, tracking_uri=place.uri, registry_uri=place.uri)

    def _open(self, place: Place) -> Any:
        if not self.is_there:
            raise UserError(
                f"A model must be registered before it can be found, but {place.shown} is not "
                "there. Name a model (register_config.name) and run `dsf-cli run`, or name another "
                "registry with --tracking-uri."
            )
        check_sqlite_file(place, self._settings.patience)
        with translated(place), quiet():
            return load_client_class(place.uri)(place.uri)


def all_pages(search: Callable[..., Any], **options: Any) -> list[Any]:
    """Ask one of MLflow's searches until there is no further page."""
    found, token = [], None
    while True:
        page = search(**options, page_token=token)
        found += page
        token = page.token
        if not token:
            return found
