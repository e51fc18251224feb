"""Windows over the tokens of a text that is longer than the model."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Window", "cut_windows"]


class Window(NamedTuple):
    """Tokens that the model sees together.

    Attributes:
        start: First token of the window.
        end: Its last token plus one.
        owned_start: First token that this window answers for.
        owned_end: The last such token plus one.
    """

    start: int
    end: int
    owned_start: int
    owned_end: int


def cut_windows(length: int, room: int, stride: int) -> list[Window]:
    """Cover the tokens of a text by windows.

    Args:
        length: Number of tokens of the text.
        room: Most tokens of a window.
        stride: Tokens that neighbours share, below ``room``. The earlier window answers for the
            first half of them. The last window is filled up with more shared ones.

    Returns:
        Windows in their order; one for a text that fits, an empty one included. Each token is
        owned by exactly one.

    >>> [tuple(window) for window in cut_windows(6, 4, 2)]
    [(0, 4, 0, 3), (2, 6, 3, 6)]
    """
    starts = [0]
    while starts[-1] + room < length:
        starts.append(min(starts[-1] + room - stride, length - room))
    ends = [min(start + room, length) for start in starts]
    bounds = [
        0,
        *((start + end) // 2 for start, end in zip(starts[1:], ends[:-1], strict=True)),
        length,
    ]
    return [Window(*window) for window in zip(starts, ends, bounds[:-1], bounds[1:], strict=True)]
