"""What validation rows settled: thresholds, calibration, abstaining, and doubtful labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.report.numbers import as_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.report.run_contents import RunContents

__all__ = ["decision_view"]

_DOUBTFUL_SHOWN = 50


def decision_view(contents: RunContents) -> dict[str, Any] | None:
    """Give sentences, the thresholds, and the labels that look wrong; ``None`` without any."""
    found = contents.decisions
    told = [
        _tell_calibration(found.get("calibration")),
        _tell_thresholds(found.get("thresholds")),
        _tell_abstention(found.get("abstain")),
    ]
    sentences = [one for one in told if one]
    doubtful = contents.noisy_labels
    if not sentences and doubtful is None:
        return None
    thresholds = found.get("thresholds") or {}
    times = thresholds.get("rows_with_label") or {}
    return {
        "sentences": sentences,
        "thresholds": [
            (label, f"{value:.3g}", times.get(label, ""))
            for label, value in (thresholds.get("thresholds") or {}).items()
        ],
        "doubtful": doubtful and [doubtful[0], *doubtful[1 : 1 + _DOUBTFUL_SHOWN]],
        "doubtful_total": len(doubtful) - 1 if doubtful else 0,
    }


def _tell_calibration(found: Mapping[str, Any] | None) -> str:
    if not found:
        return ""
    return (
        f"Probabilities were calibrated ({found.get('method')}) on {found.get('validation_rows')} "
        "validation rows."
    )


def _tell_thresholds(found: Mapping[str, Any] | None) -> str:
    if not found:
        return ""
    if not found.get("metric"):
        return "The model brought its own thresholds."
    return (
        f"Thresholds were chosen on {found.get('validation_rows')} validation rows, by "
        f"{as_words(str(found['metric']))}."
    )


def _tell_abstention(found: Mapping[str, Any] | None) -> str:
    """Say when the model keeps still, and what came of it on the test rows."""
    if not found:
        return ""
    bound = found.get("confidence", 0)
    when = "every row" if bound < 0 else f"a row if its confidence is above {bound:.3g}"
    said = f"The model answers {when}: wished was a {found.get('wish')} of {found.get('wished')}."
    test = found.get("test")
    if isinstance(test, dict) and test.get("rows"):
        said += f" Of {test['rows']} test rows it answers {test['answered']}"
        said += f", {test['errors']} of them wrongly." if test["answered"] else "."
    return said
