"""Texts, encoded once, with what a batch carries besides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.data.encoding import encode_texts
from dsf.lightning import TokenRows
from dsf.tasks.parts.encoder import make_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    import pandas as pd

__all__ = ["encode_parts"]


def encode_parts(
    model_config: Mapping[str, Any],
    dataset_config: Mapping[str, Any],
    parts: Mapping[str, pd.DataFrame | None],
    fields: Callable[[pd.DataFrame], dict[str, np.ndarray]],
) -> dict[str, TokenRows]:
    """Encode the texts of the parts that there are.

    Args:
        model_config: ``encoder``, ``max_length``, and what batches need.
        dataset_config: ``text_column``, and ``cache_path``: the folder that keeps encoded texts.
        parts: ``train``, ``validation``, ``test`` → rows, or ``None``.
        fields: Gives the arrays with one entry a row that belong to rows, such as targets.
    """
    tokenizer = make_tokenizer(model_config)
    cache = dataset_config.get("cache_path")
    return {
        part: TokenRows(
            encode_texts(
                rows[dataset_config["text_column"]],
                tokenizer,
                max_length=model_config["max_length"],
                cache=None if cache is None else Path(cache),
                part=part,
            ),
            row_fields=fields(rows),
        )
        for part, rows in parts.items()
        if rows is not None
    }
