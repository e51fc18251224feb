"""What a model is asked for when it is exported."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dsf.base.decisions import Decisions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

__all__ = ["ExportRequest"]


@dataclass(frozen=True)
class ExportRequest:
    """Where a bundle goes, and what is known of it.

    Attributes:
        folder: Folder of the bundle; an older bundle there is replaced.
        model_config: What the model was made with, with the names of the labels.
        config: The resolved config, all sections; kept in the bundle, but for ``model_config``,
            which is the one above.
        model_path: The checkpoint; ``None``: the model as it is.
        decisions: What the fit settled; ``None``: what it kept beside the checkpoint.
        name: What the model is called.
        version: Which of that name, such as ``v3``.
        task: What it was made for, such as ``ner``.
        data_hash: Of its rows, before the split.
        config_hash: Of its config; empty: that of ``config``.
        scores: What it earned in its test: name → number, or number with interval, as plain data.
        learned: Rows that it has learned from, or by which its epoch was chosen: their hashes are
            kept, so that it is not judged on them later; ``None``: they are not known.
    """

    folder: Path
    model_config: Mapping[str, Any]
    config: Mapping[str, Any]
    model_path: Path | None = None
    decisions: Decisions | None = None
    name: str = ""
    version: str = ""
    task: str = ""
    data_hash: str = ""
    config_hash: str = ""
    scores: Mapping[str, Any] = field(default_factory=dict)
    learned: pd.DataFrame | None = None

    def as_it_is(self) -> ExportRequest:
        """Ask for a model that has its weights already, and is not to read them from the file."""
        decisions = self.decisions
        if decisions is None and self.model_path is not None:
            decisions = Decisions.of_model(self.model_path)
        return replace(self, model_path=None, decisions=decisions)
