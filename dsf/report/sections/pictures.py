"""The pictures that the run's steps drew."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from dsf.report.figures.inline_svg import inline_svg

if TYPE_CHECKING:
    from dsf.report.run_contents import RunContents

__all__ = ["figure_view"]

_logger = logging.getLogger(__name__)


def figure_view(contents: RunContents, name: str, label: str) -> Any:
    """Give a picture as a part of the page, or ``None`` if the run has none that can be read."""
    from markupsafe import Markup

    if name not in contents.figures:
        return None
    try:
        return Markup(inline_svg(contents.figures[name], name=name, label=label.strip()))
    except ValueError as error:
        _logger.warning("The report leaves out the picture %r: %s.", name, error)
        return None
