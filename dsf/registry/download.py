"""The bundle of a registered version: fetched once, and checked against what was registered."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import WORK_SUFFIX, publish_folder, storage_errors
from dsf.core.bundle import Bundle
from dsf.core.errors import BundleError, Problem
from dsf.core.yaml_text import parse_yaml
from dsf.tracking.mlflow_errors import is_unknown_run
from dsf.tracking.mlflow_limits import is_plain_path

if TYPE_CHECKING:
    from dsf.registry.connection import Connection
    from dsf.registry.registered_version import RegisteredVersion

__all__ = ["ARTIFACT", "download_bundle"]

ARTIFACT = "bundle"
"""What the bundle is called among the artifacts of a pyfunc model."""

_DEFAULT_PATH = f"artifacts/{ARTIFACT}"
_MODEL_FILE = "MLmodel"
_ABSENT = "404 Client Error"
_LOGGED_MODEL = "models:/"
_HASH = re.compile(r"[0-9a-f]{64}")


def download_bundle(connection: Connection, version: RegisteredVersion, folder: Path) -> Path:
    """Fetch the bundle of a version; see :meth:`dsf.registry.versions.Registry.download_bundle`."""
    wanted = _wanted_hash(version)
    target = folder / wanted
    if _is_whole(target, wanted):
        return target
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        name = f".{wanted[:12]}."
        with tempfile.TemporaryDirectory(prefix=name, suffix=WORK_SUFFIX, dir=folder) as work:
            found = _fetch(connection, version, Path(work))
            _check(found, wanted, version)
            try:
                publish_folder(found, target)
            except OSError:
                if not _is_whole(target, wanted):  # another process may have been faster
                    raise
    return target


def _wanted_hash(version: RegisteredVersion) -> str:
    earned = version.earned
    if earned is None or not _HASH.fullmatch(earned.bundle):
        message = (
            "must have been registered by dsf, with the hash of its bundle in the tag dsf.bundle, "
            "but has "
            + ("none" if earned is None else f"{earned.bundle!r}")
            + ". Choose a version that `dsf-cli registry list` shows with a verdict."
        )
        raise BundleError("The version has no bundle.", [Problem(version.uri, message)])
    return earned.bundle


def _is_whole(folder: Path, wanted: str) -> bool:
    if not folder.is_dir():
        return False
    try:
        return Bundle.open(folder).hash == wanted
    except BundleError:
        return False  # damaged since: it is fetched again


def _fetch(connection: Connection, version: RegisteredVersion, work: Path) -> Path:
    with connection.client() as client:
        uri = client.get_model_version_download_uri(version.name, version.version)
        if uri.startswith(_LOGGED_MODEL):
            logged = client.get_logged_model(uri.removeprefix(_LOGGED_MODEL).strip("/"))
            uri = logged.artifact_location
        artifacts = connection.open_artifacts(uri)
    described = _fetch_one(connection, artifacts, _MODEL_FILE, version, work)
    inside = _find_bundle(described.read_text(encoding="utf-8"), version)
    return _fetch_one(connection, artifacts, inside, version, work)


def _fetch_one(
    connection: Connection, artifacts: Any, path: str, version: RegisteredVersion, work: Path
) -> Path:
    with connection.client():
        try:
            return Path(artifacts.download_artifacts(path, str(work)))
        except Exception as error:
            # MLflow says the first of anything that is not there; a server's own words are hidden
            # in the text of another error.
            if not is_unknown_run(error) and _ABSENT not in str(error):
                raise
    message = f"must have {path!r} among its files, but has not. Register the run again."
    raise BundleError("The bundle cannot be fetched.", [Problem(version.uri, message)])


def _find_bundle(text: str, version: RegisteredVersion) -> str:
    """Read from the model's description where the bundle lies in it."""
    value: Any = parse_yaml(text).data
    for key in ("flavors", "python_function", "artifacts", ARTIFACT, "path"):
        value = value.get(key) if isinstance(value, dict) else None
    path = str(value or _DEFAULT_PATH)
    if not is_plain_path(path):
        message = f"must lie inside of the model, but its {_MODEL_FILE} says {path!r}."
        raise BundleError("The bundle cannot be fetched.", [Problem(version.uri, message)])
    return path


def _check(folder: Path, wanted: str, version: RegisteredVersion) -> None:
    try:
        found = Bundle.open(folder).hash
    except BundleError as error:
        raise _renamed(error, folder, version) from error
    if found != wanted:
        message = (
            f"must hold the bundle {wanted[:12]} that was registered, but holds {found[:12]}. "
            "Register the run again."
        )
        raise BundleError("The bundle was exchanged.", [Problem(version.uri, message)])


def _renamed(error: BundleError, folder: Path, version: RegisteredVersion) -> BundleError:
    """Name the version in place of the folder that it was fetched to: that one is gone by then."""

    def rename(text: str) -> str:
        return text.replace(str(folder), version.uri)

    kept = f"{version.earned.run}/6_export/bundle" if version.earned else "its run"
    way_out = f"Put its files back into the registry from {kept}, or name another version."
    return BundleError(
        rename(error.headline),
        [
            *(Problem(rename(one.where), rename(one.message)) for one in error.problems),
            Problem("", way_out),
        ],
    )
