"""The curves of a report: which are drawn, and what they show in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dsf.report.curves import (
    Scored,
    pair_predictions,
    precision_recall_curve,
    rank_answers,
    reliability_bins,
    risk_coverage_curve,
    roc_curve,
    score_answers,
    thin_curve,
)
from dsf.report.figures import Line, curve_figure, inline_svg, render_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.figure import Figure

    from dsf.report.curves import Curve, Ranking
    from dsf.report.run_contents import RunContents

    Sides = Mapping[str, Scored]

__all__ = ["CurveGroup", "CurveView", "curve_groups"]

_SINGLE_LABELS = 6
"""Labels that get curves of their own; of more, the worst ones."""
_FIRST_UNITS = 20
"""Answers; the risk of fewer is all chance, and would be the tallest part of the curve."""
_FEWEST = 5
"""Times that a label must be true for a curve of its own, where there are many."""


class CurveView(NamedTuple):
    """One picture.

    Attributes:
        title: What it shows.
        figure: The picture, as a part of the page.
        summary: The same in words.
    """

    title: str
    figure: Any
    summary: str


class CurveGroup(NamedTuple):
    """The pictures of one output.

    Attributes:
        output: Its name; empty if there is one.
        views: Those of the output as a whole.
        labels: Those of single labels.
        labels_title: Which labels these are.
    """

    output: str
    views: Sequence[CurveView]
    labels: Sequence[CurveView]
    labels_title: str


def curve_groups(contents: RunContents) -> list[CurveGroup]:
    """Draw the curves of both models, from the answers that were kept with probabilities."""
    found = dict(contents.predictions)
    if "trained" not in found:
        return []
    pair = pair_predictions(found["trained"], found["existing"]) if len(found) > 1 else None
    if pair is not None:
        found = pair._asdict()
    else:
        found.pop("existing", None)
    scored = {side: score_answers(predictions) for side, predictions in found.items()}
    groups = []
    for number, output in enumerate(scored["trained"]):
        sides = {side: one[output] for side, one in scored.items() if output in one}
        groups.append(_group(output, sides, f"curve-{number}"))
    return groups


def _group(output: str, sides: Sides, prefix: str) -> CurveGroup:
    views: list[CurveView | None] = []
    if sides["trained"].labels:
        names = sides["trained"].labels
        title = "" if len(names) > 2 or _several(sides) else f" of {names[-1]}"
        chosen = {side: _overall(scored) for side, scored in sides.items()}
        views += _ranking_views(chosen, title, prefix)
    views.append(_reliability_view(sides, prefix))
    views.append(_risk_view(sides, prefix))
    labels, title = _label_views(sides, prefix)
    return CurveGroup(output, [view for view in views if view is not None], labels, title)


def _several(sides: Sides) -> bool:
    """Whether a row may have several labels."""
    return bool((sides["trained"].truth.sum(axis=1) != 1).any())


def _overall(scored: Scored) -> Ranking:
    """Pool all pairs of a row and a label; of two labels, take the second."""
    truth, probabilities = scored.truth, scored.probabilities
    if truth.shape[1] == 2 and bool((truth.sum(axis=1) == 1).all()):
        return rank_answers(truth[:, 1], probabilities[:, 1])
    return rank_answers(truth.ravel(), probabilities.ravel())


def _ranking_views(ranked: Mapping[str, Ranking], of: str, prefix: str) -> list[CurveView]:
    views = [
        _ranking_view(ranked, precision_recall_curve, f"Precision and recall{of}", f"{prefix}-pr"),
        _ranking_view(ranked, roc_curve, f"ROC{of}", f"{prefix}-roc"),
    ]
    return [view for view in views if view is not None]


def _ranking_view(
    ranked: Mapping[str, Ranking],
    draw: Callable[[Ranking], Curve | None],
    title: str,
    name: str,
) -> CurveView | None:
    curves = {side: draw(one) for side, one in ranked.items()}
    there = {side: curve for side, curve in curves.items() if curve is not None}
    if not there:
        return None
    is_roc = draw is roc_curve
    figure = curve_figure(
        [_line(side, curve, steps=not is_roc) for side, curve in there.items()],
        ("false positive rate", "true positive rate") if is_roc else ("recall", "precision"),
        diagonal=is_roc,
    )
    area = "Area under it" if is_roc else "Average precision"
    return _view(title, figure, _tell(area, there), name)


def _reliability_view(sides: Sides, prefix: str) -> CurveView | None:
    found = {side: reliability_bins(one.claimed, one.came_true) for side, one in sides.items()}
    there = {side: bins for side, bins in found.items() if bins is not None}
    if not there:
        return None
    lines = [
        Line(side, bins.claimed, bins.share, side, (bins.lower, bins.upper))
        for side, bins in there.items()
    ]
    labels = ("probability that was given", "share that came true")
    figure = curve_figure(lines, labels, diagonal=True)
    summary = (
        "On the dotted line, a probability means what it says; below it, the model is too sure."
    )
    return _view("Reliability", figure, summary, f"{prefix}-reliability")


def _risk_view(sides: Sides, prefix: str) -> CurveView | None:
    curves = {side: risk_coverage_curve(one.sure, one.right) for side, one in sides.items()}
    there = {side: curve for side, curve in curves.items() if curve is not None}
    if not there:
        return None
    unit = sides["trained"].unit
    figure = curve_figure(
        [_line(side, _settled(curve, len(sides[side].sure))) for side, curve in there.items()],
        (f"share of {unit}, the surest first", "share of them that is wrong"),
        top=None,
    )
    half = {side: float(np.interp(0.5, curve.x, curve.y)) for side, curve in there.items()}
    told = ", ".join(f"{side} {100 * risk:.1f} %" for side, risk in half.items())
    areas = ", ".join(f"{side} {curve.area:.4f}" for side, curve in there.items())
    summary = f"Wrong among the surest half of the {unit}: {told}. Area: {areas}."
    return _view("Risk and coverage", figure, summary, f"{prefix}-risk")


def _settled(curve: Curve, units: int) -> Curve:
    """Leave out the beginning of a risk curve; its area stays that of the whole."""
    kept = curve.x >= min(0.5, _FIRST_UNITS / units)
    return curve._replace(x=curve.x[kept], y=curve.y[kept])


def _label_views(sides: Sides, prefix: str) -> tuple[list[CurveView], str]:
    """Draw labels by themselves: all if they are few, else those that are ranked worst."""
    trained = sides["trained"]
    if len(trained.labels) < 3 and not _several(sides):
        return [], ""
    times = trained.truth.sum(axis=0)
    few = len(trained.labels) <= _SINGLE_LABELS
    places = np.flatnonzero(times >= (1 if few else _FEWEST))
    curves = {
        int(place): precision_recall_curve(
            rank_answers(trained.truth[:, place], trained.probabilities[:, place])
        )
        for place in places
    }
    areas = {place: curve.area for place, curve in curves.items() if curve is not None}
    worst = sorted(areas, key=lambda place: areas[place])[:_SINGLE_LABELS]
    views = []
    for place in worst:
        ranked = {side: _of_label(one, trained.labels[place]) for side, one in sides.items()}
        there = {side: one for side, one in ranked.items() if one is not None}
        of = f": {trained.labels[place]}"
        views += _ranking_views(there, of, f"{prefix}-label-{place}")
    title = "Labels by themselves" if few else "The labels that are ranked worst"
    return views, title if views else ""


def _of_label(scored: Scored, label: str) -> Ranking | None:
    if label not in scored.labels:
        return None
    place = list(scored.labels).index(label)
    return rank_answers(scored.truth[:, place], scored.probabilities[:, place])


def _line(side: str, curve: Curve, *, steps: bool = False) -> Line:
    thin = thin_curve(curve)
    return Line(side, thin.x, thin.y, f"{side}: {curve.area:.3f}", steps=steps)


def _tell(what: str, curves: Mapping[str, Curve]) -> str:
    areas = ", ".join(f"{side} {curve.area:.4f}" for side, curve in curves.items())
    return f"{what}: {areas}."


def _view(title: str, figure: Figure, summary: str, name: str) -> CurveView:
    from markupsafe import Markup

    svg = inline_svg(render_svg(figure), name=name, label=f"{title}. {summary}")
    return CurveView(title, Markup(svg), summary)
