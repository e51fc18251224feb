"""What the audit of a split found, for the report."""

from __future__ import annotations

from typing import Any

__all__ = ["audit_view"]

_WORDS = {
    "exact": "the same text",
    "normalised": "the same but for case, spaces and punctuation",
    "near": "nearly the same text",
    "group": "a group in common",
}
_DONE = {
    "warn": "They were left where they are: the test may look better than the model is.",
    "drop": "They were taken out of the earlier part, so that the later one stays whole.",
}
_SHOWN = 5


def audit_view(audit: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give what the page shows: a sentence, a row for each finding, and examples.

    Args:
        audit: ``audit`` of ``split.json``; ``None`` in runs that were never audited.

    Returns:
        ``None`` if nothing was looked at.
    """
    checked = (audit or {}).get("checked") or {}
    if audit is None or not (checked.get("text") or checked.get("groups")):
        return None
    findings = [_finding(one, audit["sizes"]) for one in audit["findings"]]
    done = _DONE.get(audit.get("on_leak", ""), "") if findings else ""
    return {"summary": _summary(checked, bool(findings)), "findings": findings, "done": done}


def _summary(checked: dict[str, bool], found: bool) -> str:
    looked = []
    if checked.get("text"):
        looked.append(
            "the same text or nearly the same" if checked.get("near") else "the same text"
        )
    if checked.get("groups"):
        looked.append("a group in common")
    what = " or ".join(looked)
    return f"Some rows of two parts have {what}." if found else f"No two parts have {what}."


def _finding(finding: dict[str, Any], sizes: dict[str, int]) -> dict[str, Any]:
    earlier, later = finding["parts"]
    count = finding[f"{later}_rows"]
    examples = [
        tuple(_example(example[part]) for part in (later, earlier))
        for example in finding["examples"][:_SHOWN]
        if all(isinstance(example.get(part), dict) for part in (later, earlier))
    ]
    return {
        "what": _WORDS[finding["kind"]],
        "later": later,
        "earlier": earlier,
        "count": count,
        "share": f"{100 * count / max(1, sizes[later]):.1f} %",
        "earlier_count": finding[f"{earlier}_rows"],
        "examples": examples,
    }


def _example(row: dict[str, Any]) -> str:
    text = str(row.get("text", ""))
    return text if len(text) <= 160 else f"{text[:159]}…"
