"""How texts of a run are made of templates: one set of filters for the page and the model card."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from dsf.core.atomic import write_text
from dsf.core.decimals import as_decimal, as_duration
from dsf.report.numbers import (
    as_digits,
    as_ends,
    as_gap,
    as_p_value,
    as_signed,
    as_title,
    as_words,
)

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment

__all__ = ["make_environment", "write_page"]


@cache
def make_environment(*, html: bool) -> Environment:
    """Give the templates, compiled once a process.

    Args:
        html: Whether what is filled in is escaped for a page; Markdown has its own filter, and
            keeps the last newline.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("dsf.report"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not html,
    )
    environment.filters.update(
        cell=_cell,
        decimal=as_decimal,
        difference=as_signed,
        digits=as_digits,
        duration=as_duration,
        ends=as_ends,
        gap=as_gap,
        p_value=as_p_value,
        title=as_title,
        words=as_words,
    )
    return environment


def write_page(out: Path, text: str) -> Path:
    """Write a text whole or not at all; a name may hold what UTF-8 cannot: half a surrogate pair.

    Args:
        out: Where.
        text: What.

    Returns:
        ``out``.
    """
    write_text(out, text.encode("utf-8", errors="replace").decode("utf-8"))
    return out


def _cell(text: object) -> str:
    """Make any text fit a cell of a Markdown table, and keep it from being markup."""
    plain = " ".join(str(text).split())
    return re.sub(r"([\\`*_{}\[\]<>|#!~&$])", r"\\\1", plain)
