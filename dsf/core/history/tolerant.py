"""Files of a run that may be half written, damaged or gone: what can be read is, the rest is said.

Looking back must never stop at one bad file among hundreds of good ones.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, RunError, StorageError
from dsf.core.run_folder import CONFIG_FILE
from dsf.core.run_record import RECORD_FILE, RunRecord

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["read_config", "read_object", "read_record", "read_sections"]

_SECTION = re.compile(r"^(?=\S)", re.MULTILINE)


def read_record(run_dir: Path, faults: list[str]) -> RunRecord | None:
    """Read ``run.json``; ``None`` if it is not there or cannot be understood.

    Args:
        run_dir: The run.
        faults: Gets a sentence about what is wrong.
    """
    if not (run_dir / RECORD_FILE).is_file():
        return None
    try:
        return RunRecord.read(run_dir)
    except (RunError, StorageError, OSError) as error:
        faults.append(_one_line(error))
        return None


def read_object(path: Path, faults: list[str]) -> dict[str, Any]:
    """Read the JSON object of a file; empty if it is not there or holds none.

    Args:
        path: The file.
        faults: Gets a sentence about what is wrong; a file that is not there is not wrong.
    """
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        faults.append(f"{path}: must be readable, but is not ({error.strerror or error}).")
        return {}
    except (ValueError, RecursionError) as error:
        faults.append(f"{path}: must be JSON, but cannot be read ({error}). Do its step again.")
        return {}
    if not isinstance(content, dict):
        faults.append(
            f"{path}: must hold a JSON object, but holds a {type(content).__name__}. "
            "Do its step again."
        )
        return {}
    return content


def read_config(run_dir: Path, faults: list[str]) -> dict[str, Any]:
    """Read the whole config of a run; empty if it is not there or cannot be read.

    Args:
        run_dir: The run.
        faults: Gets a sentence about what is wrong.
    """
    from dsf.core.config import read_frozen_config

    path = run_dir / CONFIG_FILE
    if not path.is_file():
        return {}
    try:
        return read_frozen_config(path)
    except ConfigError as error:
        faults.append(_one_line(error))
        return {}


def read_sections(run_dir: Path, names: Collection[str] | None = None) -> dict[str, Any]:
    """Read a run's config, or some sections of it, for a table of hundreds of runs.

    It relies on how dsf writes the file: each section begins in the first column. Most runs of a
    project share most of their sections, and what was parsed once is not parsed again. A file that
    is written otherwise is read as a whole; what cannot be read is left out.

    Args:
        run_dir: The run.
        names: Sections; ``None`` for all.

    Returns:
        Section → content, shared between runs: not to be changed.
    """
    try:
        text = (run_dir / CONFIG_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    parts = [
        part
        for part in _SECTION.split(text)
        if part and (names is None or part.partition(":")[0] in names)
    ]
    parsed = [_parse_section(part) for part in parts]
    if any(one is None for one in parsed):
        whole = read_config(run_dir, [])
        return {key: value for key, value in whole.items() if names is None or key in names}
    return {key: value for one in parsed if one for key, value in one.items()}


@lru_cache(maxsize=4096)
def _parse_section(text: str) -> dict[str, Any] | None:
    """Parse one section; ``None`` if it is none by itself."""
    from dsf.core.config.environment import unescape_text
    from dsf.core.yaml_text import parse_yaml

    def unescape(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: unescape(item) for key, item in value.items()}
        if isinstance(value, list):
            return [unescape(item) for item in value]
        return unescape_text(value) if isinstance(value, str) else value

    document = parse_yaml(text)
    if document.faults or not isinstance(document.data, dict | None):
        return None
    section: dict[str, Any] = unescape(document.data or {})
    return section


def _one_line(error: Exception) -> str:
    return " ".join(line.strip() for line in str(error).splitlines())
