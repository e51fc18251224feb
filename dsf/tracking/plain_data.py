"""Whatever a user hands over becomes data that JSON and YAML know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dsf.core.finite import spell_not_finite
from dsf.tracking.mlflow_limits import plain_text

__all__ = ["plain_data", "to_json"]

_INSIDE_ITSELF = "…"


def plain_data(value: Any) -> Any:
    """Give the same in dicts with keys of text, lists, texts, numbers, true, false and null.

    Keys are spelled as JSON spells them; of two that are spelled alike, the later one says of
    which type it is. A number of numpy or a tensor of one is a number; all else becomes text.

    Args:
        value: Anything.
    """
    return _plain(value, ())


def to_json(value: Any) -> str:
    """Write anything as strict JSON, indented.

    JSON has no word for NaN and infinities: they are the texts ``"nan"``, ``"inf"``, ``"-inf"``,
    from which ``float`` makes them again.

    Args:
        value: Anything; see :func:`plain_data`.
    """
    return json.dumps(
        spell_not_finite(plain_data(value)), indent=2, ensure_ascii=False, allow_nan=False
    )


def _plain(value: Any, around: tuple[int, ...]) -> Any:
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)  # an enum's value, without the enum
    if isinstance(value, str):
        return plain_text(value)
    if not isinstance(value, Mapping | list | tuple):
        return plain_text(str(value))
    if id(value) in around:
        return _INSIDE_ITSELF
    around = (*around, id(value))
    if isinstance(value, Mapping):
        return _plain_mapping(value, around)
    return [_plain(item, around) for item in value]


def _plain_mapping(value: Mapping[Any, Any], around: tuple[int, ...]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, item in value.items():
        name = _spell(key)
        while name in plain:
            name = f"{name} ({type(key).__name__})"
        plain[name] = _plain(item, around)
    return plain


def _spell(key: Any) -> str:
    plain = _plain(key, ())
    if isinstance(plain, str):
        return plain
    if plain is None or isinstance(plain, bool):
        return json.dumps(plain)
    return str(plain) if isinstance(plain, int | float) else plain_text(str(key))
