"""How the fit went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.report.sections.pictures import figure_view
from dsf.report.wording import describe_history

if TYPE_CHECKING:
    from dsf.report.run_contents import RunContents

__all__ = ["learning_view"]

_TABLE_UP_TO = 60
"""Epochs; a longer table stays in its file."""


def learning_view(contents: RunContents) -> dict[str, Any] | None:
    """Give what is shown of the fit; ``None`` if it kept no history."""
    history, fit = contents.history, contents.fit or {}
    epochs = len(history) - 1 if history else int(fit.get("epochs") or 0)
    summary = describe_history(epochs, fit.get("best"))
    label = f"Learning curve: loss and metrics on training and validation rows. {summary}"
    figure = figure_view(contents, "learning", label)
    if figure is None and history is None:
        return None
    return {
        "figure": figure,
        "summary": summary,
        "history": history if epochs <= _TABLE_UP_TO else None,
    }
