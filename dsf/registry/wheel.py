"""The wheel of dsf as it is installed here: a model carries it along, so that it can be loaded."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import dsf
from dsf.core.atomic import atomic_path
from dsf.core.errors import ProjectError

__all__ = ["write_wheel"]

_DISTRIBUTION = "dsf-trainer"
_TEMPLATES = "dsf.templates"  # in a checkout it lies beside dsf, not in it
_LITTER = ("__pycache__", ".pyc", ".pyo")
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can name
_RIGHTS = 0o100644 << 16  # a plain file that its owner may write and all may read
_WHEEL = """\
Wheel-Version: 1.0
Generator: dsf
Root-Is-Purelib: true
Tag: py3-none-any
"""


def write_wheel(folder: Path) -> Path:
    """Write the wheel of dsf, from the files that this process runs.

    It works for an installed wheel and for an editable install alike. The same files give the same
    wheel, byte for byte.

    Args:
        folder: Where it goes; made when absent.

    Returns:
        The wheel; its name is that of the distribution and its version.

    Raises:
        ProjectError: If dsf is not installed, so that nobody knows its requirements.
        StorageError: If the disk does not let us write.
    """
    installed = _find_distribution()
    stem = f"{_DISTRIBUTION.replace('-', '_')}-{installed.version}"
    contents = _package_files() | _info_files(installed, f"{stem}.dist-info")
    path = Path(folder) / f"{stem}-py3-none-any.whl"
    with (
        atomic_path(path) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        # What describes a wheel comes last in it: who reads one looks there.
        for name in sorted(contents, key=lambda name: (".dist-info/" in name, name)):
            _add(archive, name, contents[name])
        record = f"{stem}.dist-info/RECORD"
        _add(archive, record, _record(contents, record))
    return path


def _find_distribution() -> metadata.Distribution:
    try:
        return metadata.distribution(_DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise ProjectError(
            f"{_DISTRIBUTION} must be installed, so that a model can carry it along, but only its "
            f"files are here ({dsf.__path__[0]}). Install it: pip install -e FOLDER, or its wheel."
        ) from error


def _package_files() -> dict[str, bytes]:
    """Read the files of the package: name in the wheel → content."""
    package = Path(dsf.__path__[0])
    files = {
        f"dsf/{name}": path
        for name, path in _files_below(package).items()
        # A tool's or an editor's own; of templates such files are a part.
        if not name.startswith("templates/")
        and not any(part[0] == "." for part in Path(name).parts)
    }
    spec = find_spec(_TEMPLATES)
    for place in [] if spec is None else spec.submodule_search_locations or []:
        below = _files_below(Path(place))
        files |= {f"dsf/templates/{name}": path for name, path in below.items()}
    return {name: path.read_bytes() for name, path in files.items()}


def _files_below(folder: Path) -> dict[str, Path]:
    found = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        name.as_posix(): path
        for name, path in found.items()
        if not any(part.endswith(_LITTER) for part in name.parts)
    }


def _info_files(installed: metadata.Distribution, folder: str) -> dict[str, bytes]:
    """Give what describes the wheel: name in the wheel → content."""
    # An editable install has the second name, if the build tool left it at that.
    described = installed.read_text("METADATA") or installed.read_text("PKG-INFO") or ""
    texts = {"METADATA": described, "WHEEL": _WHEEL, "top_level.txt": "dsf\n"}
    scripts = installed.read_text("entry_points.txt")
    if scripts:
        texts["entry_points.txt"] = scripts
    return {f"{folder}/{name}": text.encode("utf-8") for name, text in texts.items()}


def _record(contents: dict[str, bytes], own_name: str) -> bytes:
    """List all files with their hashes, as the format of wheels wants it."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    for name in sorted(contents):
        digest = base64.urlsafe_b64encode(hashlib.sha256(contents[name]).digest())
        plain = digest.decode("ascii").rstrip("=")
        lines.writerow([name, f"sha256={plain}", len(contents[name])])
    lines.writerow([own_name, "", ""])
    return text.getvalue().encode("utf-8")


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _RIGHTS
    archive.writestr(entry, content)
