"""What MLflow takes: which names, how long a text, how much at once."""

from __future__ import annotations

import hashlib
import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "MAX_METRICS",
    "MAX_PARAM",
    "MAX_TAG",
    "cut_text",
    "fitting_name",
    "in_parts",
    "is_plain_path",
    "plain_text",
]

MAX_METRICS = 1000  # in one request
MAX_PARAM = 6000  # characters
MAX_TAG = 5000  # characters; servers of MLflow 3 take 8000, older ones 5000

_MAX_PAIRS = 100  # params or tags in one request
_MAX_CHARACTERS = 200_000  # in one request of them; a server refuses more than 1 MB
_MAX_NAME = 250
_NOT_IN_NAMES = re.compile(r"[^/\w.\- :]")
_DIGITS = 8


def fitting_name(name: str) -> str:
    """Give a name that MLflow takes: the name itself if it does, else one that resembles it.

    Another name ends with a hash of the first one, so that no two become the same.
    """
    clean = _NOT_IN_NAMES.sub("_", name)
    if clean == name and len(name) <= _MAX_NAME and is_plain_path(name):
        return name
    parts = [part for part in clean.split("/") if part not in ("", ".", "..")]
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    begin = "/".join(parts).lstrip(".")[: _MAX_NAME - _DIGITS - 1]
    return f"{begin}_{mark}"


def is_plain_path(name: str) -> bool:
    """Whether a file of this name would lie where the name says: MLflow's own rule."""
    return posixpath.normpath(name) == name and name != "." and not name.startswith(("..", "/"))


def cut_text(text: str, most: int) -> str:
    """Cut a text that is too long for MLflow, and say so at its end."""
    text = plain_text(text)
    if len(text) <= most:
        return text
    note = f" … (cut; {len(text)} characters)"
    return text[: most - len(note)] + note


def plain_text(text: str) -> str:
    """Replace halves of surrogate pairs, which no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def in_parts(pairs: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Split names and texts into what one request may hold."""
    part: list[tuple[str, str]] = []
    characters = 0
    for name, text in pairs:
        size = len(name) + len(text)
        if part and (len(part) == _MAX_PAIRS or characters + size > _MAX_CHARACTERS):
            yield part
            part, characters = [], 0
        part.append((name, text))
        characters += size
    if part:
        yield part
