"""``report.html``: one run on one page that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from dsf.report.mark_columns import label_marks, metric_marks, slice_marks, verdict_marks
from dsf.report.run_contents import read_run
from dsf.report.sections import (
    curve_groups,
    data_view,
    decision_view,
    differing_rows,
    label_groups,
    learning_view,
    matrix_views,
    metric_rows,
    nominal_percent,
    output_rows,
    slice_rows,
    verdict_view,
)
from dsf.report.sections.counts import read_counts, read_label_rows
from dsf.report.templating import make_environment, write_page
from dsf.report.wording import FEW_TIMES, describe_accuracy

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.report.run_contents import RunContents

__all__ = ["write_report"]

_PRINTED_ROWS = 30
"""Of those on which the models differ; the page itself has more."""
_STEPS = ("split", "fit", "test", "eval", "compare")


def write_report(run_dir: Path, out: Path, comparison: Path | None = None) -> Path:
    """Write the report of a run: one HTML file with everything in it.

    What the run does not have (an existing model, a history, a confusion matrix) has no section.

    Args:
        run_dir: The run, tested at least.
        out: The file to write, whole or not at all.
        comparison: The ``comparison.json`` to use; ``None``: the run's own.

    Returns:
        ``out``.

    Raises:
        RunNotFoundError: If ``run.json`` or ``3_test/metrics.json`` is missing; names all missing.
        RunError: If a file of the run cannot be read, or is not as it must be; names it and the
            keys.
        StorageError: If the disk is full, read-only or not ours.
    """
    contents = read_run(run_dir, comparison)
    environment = make_environment(html=True)
    script = environment.get_template("report.js.j2").render()
    view = _view(contents) | {"script": script, "script_hash": _hash(script)}
    page = environment.get_template("report.html.j2").render(view)
    return write_page(out, page)


def _hash(script: str) -> str:
    """Give what the page's own rule names: no other script may run in it.

    Source: https://www.w3.org/TR/CSP3/#grammardef-hash-source.
    """
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _view(contents: RunContents) -> dict[str, Any]:
    """Gather what the template shows; a part that is ``None`` or empty has no section."""
    rows, outputs = metric_rows(contents), output_rows(contents)
    slices, labels = slice_rows(contents.comparison), label_groups(contents)
    verdict = verdict_view(contents, rows)
    record = contents.record
    order = {name: place for place, name in enumerate(_STEPS)}
    steps = sorted(record.steps.items(), key=lambda step: order.get(step[0], len(order)))
    return {
        "version": contents.version,
        "record": record,
        "verdict": verdict,
        "verdict_marks": verdict_marks(verdict) if verdict else [],
        "counted": _counted(contents),
        "metrics": metric_marks(rows),
        "outputs": metric_marks(outputs),
        "percent": nominal_percent(
            contents.comparison.get("bootstrap"), contents.trained.get("bootstrap")
        ),
        "slices": slice_marks(slices, verdict.margin if verdict else 0.0),
        "labels": [label_marks(group) for group in labels],
        "few_times": FEW_TIMES,
        "matrices": matrix_views(contents),
        "curves": curve_groups(contents),
        "differing": differing_rows(contents),
        "printed_rows": _PRINTED_ROWS,
        "decisions": decision_view(contents),
        "learning": learning_view(contents),
        "split": data_view(contents.split),
        "steps": steps,
        "config": contents.config,
    }


def _counted(contents: RunContents) -> str:
    """Say what the numbers were counted on, and what the accuracy is the share of."""
    names = (contents.split or {}).get("label_names") or ()
    counts = next(iter(read_counts(contents.trained, names).values()), None)
    _, noun = read_label_rows(contents.trained, names)
    said = ""
    rows = contents.comparison.get("rows") or (contents.trained.get("bootstrap") or {}).get("rows")
    if counts is not None and counts.noun != "rows":
        said = f"Counted on {counts.rows} {counts.noun} of the test rows."
    elif rows or counts is not None:
        said = f"Counted on {rows or getattr(counts, 'rows', 0)} test rows."
    return f"{said} {describe_accuracy(contents.trained, noun)}".strip()
