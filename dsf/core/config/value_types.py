"""Types of single values that several sections share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

__all__ = ["MAX_SEED", "FileName", "LabelNames", "Named", "PathText", "Seed", "Share"]

MAX_SEED = 2**32 - 1  # NumPy takes no larger one


def _check_path(value: Any) -> Any:
    if isinstance(value, os.PathLike) or (isinstance(value, str) and value and "\0" not in value):
        return value
    raise ValueError("must be a path")


def _check_file_name(value: str) -> str:
    if value in ("", ".", "..") or "/" in value or "\\" in value:
        raise ValueError("must be the name of a file, without a folder")
    return value


def _check_label_names(value: Any) -> Any:
    """Take a list of labels, or a list for each output."""
    named = value if isinstance(value, Mapping) else {"": value}
    for output, labels in named.items():
        of = f" for {output!r}" if output else ""
        if not isinstance(labels, list):
            raise ValueError(f"must be a list{of}")
        if not labels:
            raise ValueError(f"must be a list of at least 1 items{of}")
    if not named:
        raise ValueError("must have at least 1 output")
    return value


PathText = Annotated[Any, AfterValidator(_check_path), WithJsonSchema({"type": "string"})]
LabelNames = Annotated[
    Any,
    AfterValidator(_check_label_names),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "minItems": 1},
                {"type": "object", "additionalProperties": {"type": "array", "minItems": 1}},
            ]
        }
    ),
]
FileName = Annotated[str, AfterValidator(_check_file_name)]
Named = Annotated[Any, WithJsonSchema({"type": ["string", "object"]})]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Share = Annotated[float, Field(gt=0, lt=1)]
