"""Numbers as the report writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsf.core.decimals import as_decimal, as_difference

if TYPE_CHECKING:
    from dsf.core.measures import Measure

__all__ = ["as_digits", "as_ends", "as_gap", "as_p_value", "as_signed", "as_title", "as_words"]

_MINUS = "\N{MINUS SIGN}"


def as_signed(difference: float) -> str:
    """Write a difference with a real minus sign: a hyphen is not read aloud."""
    return as_difference(difference).replace("-", _MINUS)


def as_gap(gap: float) -> str:
    """Write a difference of two probabilities with its sign and two decimals."""
    rounded = round(gap, 2) + 0.0
    return f"{rounded:+.2f}".replace("-", _MINUS) if rounded else "0.00"


def as_ends(measure: Measure | None, *, signed: bool = False) -> str:
    """Write both ends of an interval, ``0.9123 to 0.9456``; empty without one."""
    if measure is None or measure.ends is None:
        return ""
    write = as_signed if signed else as_decimal
    lower, upper = measure.ends
    return f"{write(lower)} to {write(upper)}"


def as_p_value(p_value: float | None) -> str:
    """Write a p-value as papers do: three decimals, or that it is smaller."""
    if p_value is None:
        return ""
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def as_digits(text: str) -> str:
    """Shorten a number of ``history.csv`` to five digits; whole ones and words stay."""
    try:
        return text if text.lstrip("-").isdigit() else f"{float(text):.5g}"
    except ValueError:
        return text


def as_title(metric: str) -> str:
    """Write a metric's name for people: ``val_loss`` becomes ``Val loss``."""
    words = as_words(metric)
    return words[:1].upper() + words[1:]


def as_words(metric: str) -> str:
    """Write a metric's name inside a sentence: ``val_f1`` becomes ``val F1``."""
    words = re.sub(r"\bf(?=\d)", "F", metric.replace("_", " "))
    return re.sub(r"\b(roc|auc|mcc|fpr|tpr|fnr|tnr)\b", lambda found: found[0].upper(), words)
