"""Which labels may be names in files and reports."""

from __future__ import annotations

import unicodedata

__all__ = ["unsafe_label"]


def unsafe_label(label: str) -> str | None:
    """Say why a label cannot be a name in files and reports; ``None`` if it can."""
    if not label.strip():
        return "must have a label, but has white space only."
    if label != label.strip():
        return f"the label {label!r} has white space around it (options: strip_labels)."
    if any(unicodedata.category(sign)[0] == "C" and sign not in "\u200c\u200d" for sign in label):
        return f"the label {label!r} has signs that cannot be seen; rename it."
    if len(label) > 200:
        return f"the label {label[:40]!r}… is longer than 200 characters."
    return None
