"""``report.html``: one run on one page that needs nothing but itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import write_text
from dsf.report.comparison_rows import as_decimal, as_difference, comparison_rows
from dsf.report.inline_svg import inline_svg
from dsf.report.run_contents import read_run
from dsf.report.wording import describe_counts, describe_history, duration, read_counts

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.report.comparison_rows import ComparisonRow
    from dsf.report.run_contents import RunContents

__all__ = ["write_report"]

_STEPS = ("split", "fit", "test", "eval", "compare")
_PARTS = ("train", "validation", "test")
_SIDES = {"trained": "Trained model", "existing": "Existing model"}
_TABLE_UP_TO = 60
"""Labels or epochs; a longer table stays in its file."""

_BESIDE_UP_TO = 12
"""Labels; larger confusion matrices stand below each other."""

_logger = logging.getLogger(__name__)


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
        decimal=as_decimal, difference=_signed, digits=_digits, duration=duration, title=_title
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
        "matrices": _matrices(contents),
        "learning": _learning(contents),
        "split": _split(contents.split),
        "steps": steps,
        "config": contents.config,
    }


def _headline(contents: RunContents, rows: list[ComparisonRow]) -> dict[str, Any] | None:
    """Choose the number on top: the accuracy, or else the first one that there is."""
    trained = {n: v for n, v in contents.trained.items() if isinstance(v, int | float)}
    if not trained:
        return None
    compared = {row.metric: row for row in rows}
    candidates = ["accuracy", *compared, *trained]
    metric = next(name for name in candidates if name in trained)
    counts = read_counts(contents.trained, ())
    return {
        "metric": metric,
        "trained": trained[metric],
        "row": compared.get(metric),
        "rows": counts.rows if counts else None,
    }


def _matrices(contents: RunContents) -> list[dict[str, Any]]:
    label_names = (contents.split or {}).get("label_names") or ()
    matrices = []
    for side, metrics in (("trained", contents.trained), ("existing", contents.existing)):
        counts = read_counts(metrics, label_names)
        if counts is None:
            continue
        summary = describe_counts(counts)
        label = f"Confusion matrix of the {_SIDES[side].lower()}. {summary}"
        matrices.append(
            {
                "title": _SIDES[side],
                "wide": len(counts.labels) > _BESIDE_UP_TO,
                "summary": summary,
                "figure": _figure(contents, side, label),
                "counts": counts if len(counts.labels) <= _TABLE_UP_TO else None,
            }
        )
    return matrices


def _learning(contents: RunContents) -> dict[str, Any] | None:
    history, fit = contents.history, contents.fit or {}
    epochs = len(history) - 1 if history else int(fit.get("epochs") or 0)
    summary = describe_history(epochs, fit.get("best"))
    label = f"Learning curve: loss and metrics on training and validation rows. {summary}"
    figure = _figure(contents, "learning", label)
    if figure is None and history is None:
        return None
    return {
        "figure": figure,
        "summary": summary,
        "history": history if epochs <= _TABLE_UP_TO else None,
    }


def _figure(contents: RunContents, name: str, label: str) -> Any:
    """Give a picture as a part of the page, or ``None`` if the run has none that can be read."""
    from markupsafe import Markup

    if name not in contents.figures:
        return None
    try:
        return Markup(inline_svg(contents.figures[name], name=name, label=label))
    except ValueError as error:
        _logger.warning("The report leaves out the picture %r: %s.", name, error)
        return None


def _split(split: dict[str, Any] | None) -> dict[str, Any] | None:
    if not split or not split.get("rows"):
        return None
    parts = sorted(split["rows"], key=lambda part: _PARTS.index(part) if part in _PARTS else 9)
    labels = split.get("labels") or {}
    names = list(dict.fromkeys(name for part in parts for name in labels.get(part, {})))
    known = [str(name) for name in split.get("label_names") or ()]
    names.sort(key=lambda name: known.index(name) if name in known else len(known))
    return {
        "strategy": split.get("strategy"),
        "seed": split.get("seed"),
        "rows": {part: split["rows"][part] for part in parts},
        "total": sum(split["rows"].values()),
        "labels": {name: [labels.get(part, {}).get(name, 0) for part in parts] for name in names},
    }


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
    words = metric.replace("_", " ")
    return words[:1].upper() + words[1:]
