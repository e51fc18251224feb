"""What lies in a bundle, file by file: so that what is read is what was exported."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import storage_errors, write_json
from dsf.core.errors import BundleError, Problem
from dsf.core.hashing import hash_files, hash_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["FORMAT_VERSION", "MANIFEST_FILE", "FileFacts", "Manifest"]

FORMAT_VERSION = 1
"""Of the folder's layout; raised when an older reader would misread a newer bundle."""

MANIFEST_FILE = "MANIFEST.json"

_HEADLINE = "The bundle is not what was exported: {}"
_REMEDY = "Copy or export the bundle again"


@dataclass(frozen=True)
class FileFacts:
    """What a file must be.

    Attributes:
        sha256: Of its content, in hexadecimal.
        size: In bytes.
    """

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """Every file of a bundle but the manifest itself.

    Attributes:
        files: Name relative to the folder, with ``/`` → facts.
    """

    files: Mapping[str, FileFacts]

    @property
    def hash(self) -> str:
        """SHA-256 over names, hashes and sizes: one bundle, one hash, wherever it lies."""
        return hash_value({name: asdict(facts) for name, facts in self.files.items()})

    @classmethod
    def of(cls, folder: Path) -> Manifest:
        """Take down what lies in a folder.

        Raises:
            BundleError: If something in it is no plain file; lists all.
            StorageError: If it cannot be read.
        """
        paths, problems = _walk(folder)
        if problems:
            raise _error(folder, problems)
        with storage_errors(folder):
            hashes = hash_files(paths.values(), folder)
            files = {name: FileFacts(hashes[name], paths[name].stat().st_size) for name in paths}
        return cls(files)

    def write(self, folder: Path) -> None:
        """Write it into the folder, whole or not at all."""
        files = {name: asdict(facts) for name, facts in sorted(self.files.items())}
        content = {"format_version": FORMAT_VERSION, "hash": self.hash, "files": files}
        write_json(folder / MANIFEST_FILE, content)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read what :meth:`write` wrote.

        Raises:
            BundleError: If there is none, it is of a newer format, or it is damaged.
            StorageError: If it cannot be read.
        """
        path = folder / MANIFEST_FILE
        if path.is_symlink() or not path.is_file():
            came = "a link" if path.is_symlink() else "not there"
            message = f"must be a file that lists all others, but is {came}. {_REMEDY}."
            raise _error(folder, [Problem(MANIFEST_FILE, message)])
        with storage_errors(path):
            content = path.read_bytes()
        found, fault = _parse(content)
        if fault:
            raise _error(folder, [Problem(MANIFEST_FILE, fault)])
        return found

    def check(self, folder: Path) -> None:
        """Compare a folder with it.

        Raises:
            BundleError: If files are missing, changed, added, or are links; names all of them.
            StorageError: If the folder cannot be read.
        """
        paths, problems = _walk(folder)
        linked = {problem.where for problem in problems}
        problems += [
            Problem(name, f"must be in the bundle, but is missing. {_REMEDY}.")
            for name in sorted(self.files)
            if name not in paths and name not in linked
        ]
        problems += [
            Problem(name, "must not be in the bundle: its manifest does not name it. Remove it.")
            for name in sorted(paths)
            if name not in self.files
        ]
        with storage_errors(folder):
            problems += _changed(folder, paths, self.files)
        if problems:
            raise _error(folder, problems)


def _walk(folder: Path) -> tuple[dict[str, Path], list[Problem]]:
    """Find the plain files in a folder, without the manifest, and what is none of them."""
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    with storage_errors(folder):
        for path in _entries(folder):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink():
                target = path.readlink()
                message = f"must be a file of the bundle's own, but is a link to {target}."
                problems.append(Problem(name, f"{message} Put the file itself there."))
            elif path.is_file():
                found[name] = path
            elif not path.is_dir():
                problems.append(Problem(name, "must be a plain file, but is none. Remove it."))
    found.pop(MANIFEST_FILE, None)
    return found, problems


def _entries(folder: Path) -> list[Path]:
    """List all that lies below a folder; links are not followed."""
    found = []
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        path = folder / entry.name
        found.append(path)
        if entry.is_dir(follow_symlinks=False):
            found += _entries(path)
    return found


def _changed(
    folder: Path, paths: Mapping[str, Path], files: Mapping[str, FileFacts]
) -> list[Problem]:
    problems = []
    for name in sorted(paths.keys() & files.keys()):
        wanted, size = files[name], paths[name].stat().st_size
        if size != wanted.size:  # tells a file that was cut off, and spares to read it
            fault = f"must have {wanted.size} bytes, but has {size}"
        elif hash_files([paths[name]], folder)[name] != wanted.sha256:
            fault = "must have the content that was exported, but has another"
        else:
            continue
        problems.append(Problem(name, f"{fault}. {_REMEDY}."))
    return problems


def _parse(content: bytes) -> tuple[Manifest, str]:
    """Read a manifest, or say what is wrong with it."""
    try:
        read: Any = json.loads(content)
        version = read["format_version"]
        if isinstance(version, int) and version > FORMAT_VERSION:
            return Manifest({}), (
                f"must be of format {FORMAT_VERSION} or lower, but is of {version}: a newer dsf "
                "wrote the bundle. Install that version or a later one."
            )
        files = {
            str(name): FileFacts(str(facts["sha256"]), int(facts["size"]))
            for name, facts in read["files"].items()
        }
        given = read["hash"]
    except (ValueError, TypeError, KeyError, AttributeError):
        wanted = "must be JSON with format_version, hash and files, but is not"
        return Manifest({}), f"{wanted}. {_REMEDY}."
    manifest = Manifest(files)
    if given != manifest.hash:
        return manifest, f"must have the hash of its own list, but has another. {_REMEDY}."
    return manifest, ""


def _error(folder: Path, problems: list[Problem]) -> BundleError:
    return BundleError(_HEADLINE.format(folder), problems)
