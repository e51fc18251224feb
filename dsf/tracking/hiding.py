"""Addresses without the passwords and keys in them: what may be shown, logged and kept."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote, urlsplit

__all__ = ["hide_credentials", "scrub"]

_SECRET_PARAMETER = re.compile(
    r"(?i)(?P<sign>[?&])(?P<name>[^=&#]*(?:passw|pwd|token|secret|key|sig|credential)[^=&#]*)"
    r"=(?P<value>[^&#]*)"
)
_SECRET_VARIABLES = ("MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN")
_SHORT = 4  # characters: a shorter secret is found in harmless words too
_HIDDEN = "***"


def hide_credentials(uri: str) -> str:
    """Give an address that still works once credentials come from elsewhere.

    Args:
        uri: Any address; one without credentials comes back as it is.

    Returns:
        The same without user, password, and parameters that are named like a secret.
    """
    userinfo = _userinfo(uri)
    bare = uri.replace(f"//{userinfo}@", "//", 1) if userinfo else uri
    if not _SECRET_PARAMETER.search(bare):
        return bare
    address, _, query = bare.partition("?")
    query, mark, fragment = query.partition("#")
    kept = [one for one in query.split("&") if not _SECRET_PARAMETER.match(f"?{one}")]
    return address + ("?" if kept else "") + "&".join(kept) + mark + fragment


def scrub(text: str, uri: str) -> str:
    """Hide in ``text`` whatever of ``uri`` and of MLflow's environment variables is secret."""
    text = text.replace(uri, hide_credentials(uri))
    userinfo = _userinfo(uri)
    if userinfo:
        text = text.replace(f"{userinfo}@", "")
    secrets = [userinfo.partition(":")[2]]
    secrets += [found["value"] for found in _SECRET_PARAMETER.finditer(uri)]
    secrets += [os.environ.get(name, "") for name in _SECRET_VARIABLES]
    plain = {form for one in secrets for form in (one, unquote(one)) if len(form) >= _SHORT}
    for secret in sorted(plain, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text


def _userinfo(uri: str) -> str:
    """Give what stands before the host: ``user:password``; empty if nothing does."""
    try:
        before, at, _ = urlsplit(uri).netloc.rpartition("@")
    except ValueError:  # a host that can be none
        before, at, _ = uri.partition("//")[2].partition("/")[0].rpartition("@")
    return before if at else ""
