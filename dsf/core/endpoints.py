"""What a URL, its token and what is posted there must be; nothing is asked yet."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from dsf.core.errors import Problem

__all__ = ["check_header", "check_json", "check_token", "check_url"]

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_SHOWN = 60  # characters of a value


def check_url(url: str, where: str = "url") -> list[Problem]:
    """List what keeps a URL from being used.

    No message repeats the URL, which may hold a password or a key.

    Args:
        url: What is looked at.
        where: What it is called in problems.
    """
    message = _url_fault(url)
    return [Problem(where, message)] if message else []


def check_header(name: str, where: str) -> list[Problem]:
    """Say if the name of a header is none."""
    if _HEADER.fullmatch(name):
        return []
    return [Problem(where, f"must be the name of a header, such as X-Key, but is {name!r}.")]


def check_token(variable: str, where: str) -> list[Problem]:
    """Say why an environment variable holds no token that can be sent, without showing it.

    Args:
        variable: Its name.
        where: The key that names it, for messages.
    """
    token = os.environ.get(variable, "").strip()
    names = f"names the environment variable {variable}, which must hold the token"
    if not token:
        return [Problem(where, f"{names}, but is unset.")]
    if token.isascii() and token.isprintable():
        return []
    at = next(at for at, sign in enumerate(token) if not (sign.isascii() and sign.isprintable()))
    kind = "a line break or another control character" if token[at].isascii() else "not ASCII"
    message = (
        f"{names}, in ASCII on one line, but its character {at + 1} of {len(token)} is {kind}. "
        "Copy the token anew."
    )
    return [Problem(where, message)]


def check_json(value: Any, where: str) -> list[Problem]:
    """List what no JSON can hold: a date, a set, a number that is none.

    Args:
        value: Nested plain data.
        where: Its own path, for messages.
    """
    return [
        Problem(path, f"must be text, a number, true, false, null, a list or a mapping, but {said}")
        for path, said in _json_faults(value, where)
    ]


def _url_fault(url: str) -> str:
    if any(sign.isspace() or not sign.isprintable() for sign in url):
        return "must hold no blanks and no line breaks, but does."
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        host.encode("idna")
    except ValueError:  # of idna too; its text may hold what must not be shown
        return "must be a URL such as https://host:8080/path, but its host can be none."
    if parts.scheme not in ("http", "https"):
        return f"must begin with http:// or https://, but begins with {_beginning(url)!r}."
    if not host:
        return "must name a host after http:// or https://, but names none."
    if parts.username is not None or parts.password is not None:
        return "must not hold a password: name an environment variable by token_env instead."
    if not _has_port(parts):
        return "must have a port from 1 to 65535 after the host, or none, but has another."
    return ""


def _has_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _beginning(url: str) -> str:
    """Give the scheme, or the first word: what follows may be a secret."""
    return (re.match(r"[^:/?#@]*:?/{0,2}", url) or [""])[0][:_SHOWN]


def _json_faults(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str | int | float | bool | None):
                yield path, f"has a key that is {_describe(key)}."
            yield from _json_faults(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for at, item in enumerate(value):
            yield from _json_faults(item, f"{path}.{at}")
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield path, f"is {value}. Give null in its place."
    elif not isinstance(value, str | int | None):
        yield path, f"is {_describe(value)}. Give it as one of these."


def _describe(value: Any) -> str:
    text = repr(value)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return f"{type(value).__name__} ({shown})"
