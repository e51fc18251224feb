"""What a run's tracking folder remembers: which run it is, and how far it was sent."""

from __future__ import annotations

import contextlib
import json
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from dsf.core.atomic import storage_errors, write_json
from dsf.core.errors import ConfigError, RunMismatchError
from dsf.tracking.events import milliseconds
from dsf.tracking.journal import TRACKING_FOLDER
from dsf.tracking.settings import TrackingSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["IDENTITY_FILE", "SENT_FILE", "Identity", "Sent", "SentRecord", "find_run_id"]

IDENTITY_FILE = "tracking.json"
SENT_FILE = "sent.json"


@dataclass(frozen=True)
class Identity:
    """Which run this is, whatever it is called in MLflow.

    Attributes:
        run: Unique; the MLflow run carries it as a tag.
        started: When tracking of it began, in milliseconds since 1970, UTC.
        settings: Where it is tracked, without credentials.
        before: The settings that were remembered before this call; ``None`` if it began the folder.
    """

    run: str
    started: int
    settings: TrackingSettings
    before: TrackingSettings | None = None

    @classmethod
    def read(cls, folder: Path) -> Identity | None:
        """Read what a tracking folder remembers; ``None`` if nothing was ever logged there.

        Raises:
            RunMismatchError: If the file is none of ours.
        """
        path = folder / IDENTITY_FILE
        with storage_errors(path):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                return None
        try:
            data = json.loads(content)
            values = dict(data["settings"])
            project = Path(values.pop("project"))
            values.pop("system_metrics_interval", None)  # earlier versions of dsf have kept it
            settings = TrackingSettings.from_values(values, project)
            return cls(str(data["run"]), int(data["started"]), settings)
        except (ValueError, TypeError, KeyError, AttributeError, ConfigError) as error:
            raise RunMismatchError(
                f"{path}: must say which run this is, as dsf wrote it, but does not "
                f"({type(error).__name__}: {error}). Put an older copy of the file back."
            ) from error

    @classmethod
    def open(cls, folder: Path, settings: TrackingSettings) -> Identity:
        """Read it, or begin it; other settings than before are remembered.

        Raises:
            RunMismatchError: If the file is none of ours.
            StorageError: If the disk does not take it.
        """
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / f"{IDENTITY_FILE}.lock"):
                known = cls.read(folder)
                run = known.run if known else uuid.uuid4().hex
                started = known.started if known else milliseconds()
                values = settings.to_values()
                if known is None or known.settings.to_values() != values:
                    content = {"run": run, "started": started, "settings": values}
                    write_json(folder / IDENTITY_FILE, content)
        return cls(run, started, settings, before=known.settings if known else None)


@dataclass(frozen=True)
class Sent:
    """How far a journal was sent to one store.

    Attributes:
        offset: Bytes of the journal that are there, or were set aside.
        run_id: MLflow's id of the run; empty if none was made yet, as far as we know.
        experiment_id: MLflow's id of its experiment.
    """

    offset: int = 0
    run_id: str = ""
    experiment_id: str = ""


class SentRecord:
    """How far a journal was sent, store by store.

    A record that is damaged counts as empty: sending twice does no harm.

    Args:
        folder: The run's ``tracking`` folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / SENT_FILE

    def read(self, where: str) -> Sent:
        """Say how far it was sent to the store at ``where`` (without credentials)."""
        with contextlib.suppress(TypeError):
            return Sent(**self._read_all().get(where, {}))
        return Sent()

    def write(self, where: str, sent: Sent) -> None:
        """Note how far it was sent.

        Raises:
            StorageError: If the disk does not take it.
        """
        write_json(self.path, {**self._read_all(), where: asdict(sent)})

    def _read_all(self) -> Mapping[str, Any]:
        try:
            content = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def find_run_id(run_folder: Path, settings: TrackingSettings) -> str:
    """Give MLflow's id of a run; empty if nothing was ever sent to that store.

    Args:
        run_folder: The run.
        settings: Where it is tracked.
    """
    return SentRecord(run_folder / TRACKING_FOLDER).read(settings.find_place().shown).run_id
