"""A figure as files: SVG for the report and the web, PNG for everything else."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from dsf.core.atomic import write_bytes
from dsf.report.figures.style import plain_style

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

__all__ = ["render_svg", "save_figure"]

_DOTS_PER_INCH = 160

# Both would name the version of matplotlib or the hour: the same figure must give the same bytes.
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}


def save_figure(figure: Figure, path: Path) -> tuple[Path, Path]:
    """Write a figure as SVG and as PNG, each whole or not at all.

    The same figure gives the same bytes, today and tomorrow.

    Args:
        figure: It stays as it is, and may be drawn on again.
        path: Where, without an ending. The folder is made when absent.

    Returns:
        The paths of the SVG and of the PNG.

    Raises:
        StorageError: If the disk is full, read-only or not ours.
    """
    svg, png = (path.with_name(f"{path.name}.{kind}") for kind in _METADATA)
    write_bytes(svg, _render(figure, "svg"))
    write_bytes(png, _render(figure, "png"))
    return svg, png


def render_svg(figure: Figure) -> str:
    """Give a figure as the text of an SVG file, as large as it is; it is drawn once alone."""
    return _render(figure, "svg", trimmed=False).decode("utf-8")


def _render(figure: Figure, kind: str, *, trimmed: bool = True) -> bytes:
    buffer = io.BytesIO()
    with plain_style():
        figure.savefig(
            buffer,
            format=kind,
            dpi=_DOTS_PER_INCH,
            metadata=_METADATA[kind],
            bbox_inches="tight" if trimmed else None,
            pad_inches=0.08,
        )
    return buffer.getvalue()
