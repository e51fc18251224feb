"""Where numbers go: the address in a YAML becomes one that MLflow takes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from dsf.core.config.tracking_section import DATABASES, SERVICES
from dsf.core.endpoints import check_url
from dsf.core.errors import ConfigError, Problem
from dsf.tracking.hiding import hide_credentials

__all__ = ["ARTIFACT_FOLDER", "DATABASE_FILE", "Place", "find_place_of"]

DATABASE_FILE = "mlflow.db"
ARTIFACT_FOLDER = "mlartifacts"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")  # two letters or more: C:\ is a path
_FILE_ENDINGS = (".db", ".sqlite", ".sqlite3")
_OLD_STORE = "meta.yaml"  # in each experiment's folder of a file store
_VARIABLE = "MLFLOW_TRACKING_URI"
_WHERE = "tracking_config.tracking_uri"


@dataclass(frozen=True)
class Place:
    """Where runs are kept.

    Attributes:
        uri: For MLflow, with credentials if there were any.
        shown: The same without them: for messages and for the disk.
        artifacts: Where an experiment that we make keeps its files; ``None``: the server decides.
        file: The SQLite file, if it is one.
        note: What the user should hear once about it; often empty.
    """

    uri: str = field(repr=False)
    shown: str
    artifacts: str | None = None
    file: Path | None = None
    note: str = ""


def find_place_of(
    tracking_uri: str | None, project: Path, artifact_location: str | None = None
) -> Place:
    """Say where runs are kept.

    Args:
        tracking_uri: ``None`` for what the environment variable MLFLOW_TRACKING_URI says, or else
            ``mlflow.db`` in the project; a folder or a ``file:`` URI for
            that file in it; ``sqlite:///`` with a path, relative to the project; an address of a
            server or database as MLflow takes it.
        project: The project's folder.
        artifact_location: Where new experiments keep their files: a URI, or a folder relative to
            the project. ``None``: beside a SQLite file; elsewhere the server decides.

    Raises:
        ConfigError: If the address is none that MLflow can use.
    """
    project = Path(project).resolve()
    text = (tracking_uri or os.environ.get(_VARIABLE, "")).strip()
    if not text:
        return _in_file(project / DATABASE_FILE, project, artifact_location)
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    if scheme in ("", "file"):
        return _in_folder(text, project, artifact_location)
    if scheme.partition("+")[0] == "sqlite":
        return _in_file(_sqlite_path(text, project), project, artifact_location)
    if scheme in ("http", "https"):
        problems = check_url(_without_user(text), _WHERE)
        if problems:
            raise ConfigError("The address of the tracking server cannot be used:", problems)
    elif scheme.partition("+")[0] not in (*DATABASES, *SERVICES):
        raise _unknown(scheme)
    return Place(text, hide_credentials(text), _artifacts(artifact_location, project))


def _in_file(file: Path, project: Path, artifact_location: str | None, note: str = "") -> Place:
    uri = f"sqlite:///{file.as_posix().replace('%', '%25')}"  # what SQLAlchemy reads as it stood
    beside = (file.parent / ARTIFACT_FOLDER).as_uri()
    return Place(uri, uri, _artifacts(artifact_location, project) or beside, file, note)


def _in_folder(text: str, project: Path, artifact_location: str | None) -> Place:
    path = _path_of(text, project)
    if path.is_file() or (not path.is_dir() and path.suffix in _FILE_ENDINGS):
        return _in_file(path, project, artifact_location)
    file = path / DATABASE_FILE
    note = f"tracking_uri {text!r} is a folder: MLflow 3 keeps runs in a database, here {file}."
    if any(path.glob(f"*/{_OLD_STORE}")):
        note += (
            f" The older runs in {path} stay there unseen; bring them over with `mlflow "
            f"migrate-filestore --source {path} --target sqlite:///{file.as_posix()}`, before the "
            "first new run."
        )
    return _in_file(file, project, artifact_location, note)


def _path_of(text: str, project: Path) -> Path:
    if not text.lower().startswith("file:"):
        return (project / Path(text).expanduser()).resolve()
    parts = urlsplit(text)
    if parts.netloc not in ("", "localhost"):
        raise ConfigError(
            "The place for runs cannot be used:",
            [Problem(_WHERE, f"must be a folder of this machine, but names {parts.netloc!r}.")],
        )
    return (project / url2pathname(parts.path)).resolve()


def _sqlite_path(text: str, project: Path) -> Path:
    path = text.partition(":")[2].removeprefix("///").partition("?")[0]
    if path in ("", "//", ":memory:") or path.startswith("//:memory:"):
        raise ConfigError(
            "The place for runs cannot be used:",
            [
                Problem(
                    _WHERE,
                    f"must name a file, such as sqlite:///{DATABASE_FILE}, but {text!r} would be "
                    "gone with the process.",
                )
            ],
        )
    return (project / unquote(path)).resolve()


def _artifacts(location: str | None, project: Path) -> str | None:
    if not location:
        return None
    if _SCHEME.match(location) and not location.lower().startswith("file:"):
        return location
    return _path_of(location, project).as_uri()


def _without_user(uri: str) -> str:
    return hide_credentials(uri) if "@" in uri else uri


def _unknown(scheme: str) -> ConfigError:
    return ConfigError(
        "The address of the tracking store cannot be used:",
        [
            Problem(
                _WHERE,
                "must be a folder, or begin with http:, https:, sqlite:, postgresql:, mysql:, "
                f"mssql: or databricks, but begins with {scheme}:.",
            )
        ],
    )
