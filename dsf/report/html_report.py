"""``report.html``: one run on one page that needs nothing but itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import write_text
from dsf.report.answer_views import figure_view, label_views, matrix_views, output_views
from dsf.report.audit_view import audit_view
from dsf.report.comparison_rows import as_decimal, as_difference, comparison_rows
from dsf.report.counts import read_counts, read_label_rows
from dsf.report.run_contents import read_run
from dsf.report.wording import describe_accuracy, describe_history, duration

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.report.comparison_rows import ComparisonRow
    from dsf.report.run_contents import RunContents

__all__ = ["write_report"]

_STEPS = ("split", "fit", "test", "eval", "compare")
_PARTS = ("train", "validation", "test")
_TABLE_UP_TO = 60
"""Labels or epochs; a longer table stays in its file."""


def write_report(run_dir: Path, out: Path) -> Path:
    """Write the report of a run: one HTML file with everything in it.

    What the run does not have (an existing model, a history, a confusion matrix) has no section.

    Args:
        run_dir: The run, tested at least.
        out: The file to write, whole or not at all. A ``comparison.json`` beside it is used in
            place of the run's own.

    Returns:
        ``out``.

    Raises:
        RunNotFoundError: If ``run.json`` or ``3_test/metrics.json`` is missing; names all missing.
        RunError: If a file of the run cannot be read.
        StorageError: If the disk is full, read-only or not ours.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    contents = read_run(run_dir, out.parent)
    environment = Environment(
        loader=PackageLoader("dsf.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        decimal=as_decimal,
        difference=_signed,
        digits=_digits,
        duration=duration,
        title=_title,
        words=_words,
    )
    page = environment.get_template("report.html.j2").render(_view(contents))
    # A name may hold what UTF-8 cannot: half of a surrogate pair.
    write_text(out, page.encode("utf-8", errors="replace").decode("utf-8"))
    return out


def _view(contents: RunContents) -> dict[str, Any]:
    """Gather what the template shows; a part that is ``None`` or empty has no section."""
    rows = comparison_rows(contents.comparison)
    record = contents.record
    order = {name: place for place, name in enumerate(_STEPS)}
    steps = sorted(record.steps.items(), key=lambda step: order.get(step[0], len(order)))
    return {
        "version": contents.version,
        "record": record,
        "headline": _headline(contents, rows),
        "rows": rows,
        "outputs": output_views(contents),
        "matrices": matrix_views(contents),
        "labels": label_views(contents),
        "learning": _learning(contents),
        "split": _split(contents.split),
        "steps": steps,
        "config": contents.config,
    }


def _headline(contents: RunContents, rows: list[ComparisonRow]) -> dict[str, Any] | None:
    """Choose the number on top: the accuracy, or else the first one that there is.

    Where most labels of a row, or most tokens, are none, the accuracy says little: there the F1.
    """
    trained = {n: v for n, v in contents.trained.items() if isinstance(v, int | float)}
    if not trained:
        return None
    compared = {row.metric: row for row in rows}
    names = (contents.split or {}).get("label_names") or ()
    labels, noun = read_label_rows(contents.trained, names)
    first = "f1" if labels else "accuracy"
    candidates = [first, "accuracy", *compared, *trained]
    metric = next(name for name in candidates if name in trained)
    counts = next(iter(read_counts(contents.trained, names).values()), None)
    return {
        "metric": metric,
        "trained": trained[metric],
        "row": compared.get(metric),
        "counts": counts,
        "accuracy": describe_accuracy(contents.trained, noun),
    }


def _learning(contents: RunContents) -> dict[str, Any] | None:
    history, fit = contents.history, contents.fit or {}
    epochs = len(history) - 1 if history else int(fit.get("epochs") or 0)
    summary = describe_history(epochs, fit.get("best"))
    label = f"Learning curve: loss and metrics on training and validation rows. {summary}"
    figure = figure_view(contents, "learning", label)
    if figure is None and history is None:
        return None
    return {
        "figure": figure,
        "summary": summary,
        "history": history if epochs <= _TABLE_UP_TO else None,
    }


def _split(split: dict[str, Any] | None) -> dict[str, Any] | None:
    if not split or not split.get("rows"):
        return None
    parts = sorted(split["rows"], key=lambda part: _PARTS.index(part) if part in _PARTS else 9)
    labels = split.get("labels") or {}
    names = list(dict.fromkeys(name for part in parts for name in labels.get(part, {})))
    known = _flat(split.get("label_names") or ())
    names.sort(key=lambda name: known.index(name) if name in known else len(known))
    shown = names if len(names) <= _TABLE_UP_TO else []
    return {
        "strategy": split.get("strategy"),
        "seed": split.get("seed"),
        "rows": {part: split["rows"][part] for part in parts},
        "total": sum(split["rows"].values()),
        "more": len(names) if len(names) > _TABLE_UP_TO else 0,
        "labels": {name: [labels.get(part, {}).get(name, 0) for part in parts] for name in shown},
        "audit": audit_view(split.get("audit")),
    }


def _flat(label_names: Any) -> list[str]:
    """List the labels as the counts of the split name them: with their output, if of several."""
    if isinstance(label_names, dict):
        return [f"{output}={label}" for output, labels in label_names.items() for label in labels]
    return [str(name) for name in label_names]


def _signed(difference: float) -> str:
    """Write a difference with a real minus sign: a hyphen is not read aloud."""
    return as_difference(difference).replace("-", "\N{MINUS SIGN}")


def _digits(text: str) -> str:
    """Shorten a number of ``history.csv`` to five digits; whole ones and words stay."""
    try:
        return text if text.lstrip("-").isdigit() else f"{float(text):.5g}"
    except ValueError:
        return text


def _title(metric: str) -> str:
    """Write a metric's name for people: ``val_loss`` becomes ``Val loss``."""
    words = _words(metric)
    return words[:1].upper() + words[1:]


def _words(metric: str) -> str:
    """Write a metric's name inside a sentence: ``val_f1`` becomes ``val F1``."""
    return re.sub(r"\bf(?=\d)", "F", metric.replace("_", " "))
