"""How our pictures look: colours that colour-blind people can tell apart, and plain settings."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dsf.core.extras import require_extra

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

__all__ = ["GRID", "INK", "MUTED", "SERIES", "fix_layout", "plain_style", "shorten"]

INK = "#1f2328"
MUTED = "#59636e"
GRID = "#d8dee4"

SERIES = ("#0072b2", "#d55e00", "#007d5c", "#a8578a", "#8a6d00", "#3b8fc4", "#4d4d4d")
"""Line colours after Okabe and Ito, the light ones darkened to stand out on white."""

_SETTINGS: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "figure.facecolor": "white",
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so it is the same everywhere
    "font.size": 10,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.fontsize": 9,
    "legend.frameon": False,
    # Text stays text: any script is drawn by the viewer's own fonts, and can be searched.
    "svg.fonttype": "none",
    "svg.hashsalt": "dsf",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 9,
}


@contextmanager
def plain_style() -> Iterator[None]:
    """Draw with our settings and with none of the user's; both are as before afterwards.

    Raises:
        MissingExtraError: If matplotlib is not installed.
    """
    require_extra("train", module="matplotlib", feature="Drawing a figure")
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        # A label in a script that the bundled font lacks: the SVG keeps it as text and is right.
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        warnings.filterwarnings("ignore", message=r"Matplotlib currently does not support")
        yield


def fix_layout(figure: Figure) -> Figure:
    """Place everything once and for all: placed anew at each save, it would move a little."""
    engine = figure.get_layout_engine()
    assert engine is not None  # all our figures have one
    for _ in range(2):  # the second time with the axes at the size that the first one gave them
        engine.execute(figure)  # drawing would do the same, and draw
    figure.set_layout_engine("none")
    return figure


def shorten(value: Any, longest: int = 24) -> str:
    """Make a label fit a picture: one line, printable, at most ``longest`` characters."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(value))
    return text if len(text) <= longest else text[: longest - 1] + "…"
