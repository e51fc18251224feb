"""Which column of the rows has the texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["name_text"]


def name_text(dataset_config: Mapping[str, Any]) -> str | None:
    """Name the column of the texts of rows in their normal form.

    Tagged rows call it ``text``, whatever its name in the file.

    Args:
        dataset_config: Section of the config.

    Returns:
        The name, or ``None`` if the rows are no texts.
    """
    if dataset_config.get("label_kind") == "tags":
        return "text"
    return dataset_config.get("text_column")
