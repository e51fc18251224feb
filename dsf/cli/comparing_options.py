"""The options by which two models are compared that are named on the command line."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ComparingOptions", "comparing_options"]

_COLUMNS = ("row_id", "target", "prediction", "probability")


@dataclass(frozen=True)
class ComparingOptions:
    """What was asked for on the command line; ``None`` and ``()`` are what was not.

    Attributes:
        metric: Names of the metrics that are compared and judged.
        rule: What passes.
        margin: How much worse is still not worse.
        alpha: Level of the tests.
        slice_rule: What every slice must pass, too.
        slice: Columns of the rows to cut slices by.
        rows: File of the rows.
        text_column: Where their texts are, for slices by length.
        resample: What is drawn again for an interval.
        group_column: Column of the rows with the groups that are drawn.
        iterations: How many samples.
        percentile: Lower end of an interval among the samples, in percent.
        common_rows: Whether rows that only one model answered are left out.
        column: How the columns of files are called: ``kind=name``.
        output: Folder for ``comparison.json``.
    """

    metric: tuple[str, ...] = ()
    rule: str | None = None
    margin: float | None = None
    alpha: float | None = None
    slice_rule: str | None = None
    slice: tuple[str, ...] = ()
    rows: Path | None = None
    text_column: str | None = None
    resample: str | None = None
    group_column: str | None = None
    iterations: int | None = None
    percentile: float | None = None
    common_rows: bool = False
    column: tuple[str, ...] = ()
    output: Path | None = None

    def column_names(self) -> dict[str, str]:
        """Give what is called otherwise than usual: kind of column → its name.

        Raises:
            BadParameter: If one is not ``kind=name``.
        """
        pairs = [text.partition("=") for text in self.column]
        wrong = [
            kind + mark + name for kind, mark, name in pairs if kind not in _COLUMNS or not name
        ]
        if wrong:
            message = f"must be KIND=NAME with a kind of {', '.join(_COLUMNS)}: {', '.join(wrong)}."
            raise click.BadParameter(message, param_hint="--column")
        return {kind: name for kind, _, name in pairs}


def comparing_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command; it receives them as one :class:`ComparingOptions`."""

    @functools.wraps(function)
    def with_options(**given: Any) -> Any:
        names = [field.name for field in fields(ComparingOptions)]
        own = ComparingOptions(**{name: given.pop(name) for name in names})
        return function(comparing=own, **given)

    for option in reversed(_options()):
        with_options = option(with_options)
    return with_options


class _Finite(click.FloatRange):
    """A number; neither nan nor inf, which compare with nothing."""

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"must be a finite number, but is {value}.", param, ctx)
        return number


def _options() -> list[Callable[..., Any]]:
    folder = click.Path(file_okay=False, path_type=Path)
    table = click.Path(exists=True, dir_okay=False, path_type=Path)
    rules = click.Choice(["superiority", "non_inferiority"])
    option = functools.partial(click.option, show_default=False)
    return [
        option("--metric", metavar="NAME", multiple=True, help="Compare this metric and judge by "
               "it [default: accuracy, precision, recall and f1, judged by the main one]. "
               "Repeatable."),
        option("--rule", type=rules, help="What passes [default: superiority]."),
        option("--margin", type=_Finite(min=0), metavar="NUMBER",
               help="How much worse is still not worse, in units of the metric [default: 0.01]."),
        option("--alpha", type=_Finite(0, 1, min_open=True, max_open=True), metavar="NUMBER",
               help="Level below which a p-value is called significant [default: 0.05]."),
        option("--slice", metavar="COLUMN", multiple=True, help="Compare the rows of each value of "
               "a column as well; length: of the text. Repeatable."),
        option("--slice-rule", type=rules, help="What every slice must pass, too [default: slices "
               "are shown and decide nothing]."),
        option("--rows", type=table, metavar="FILE",
               help="The rows with such columns, by row_id, and those that a bundle is asked "
               "[default: those that a run has kept]."),
        option("--text-column", metavar="NAME", help="Where the texts are, for --slice length and "
               "for bundles [default: text, and what the bundle says]."),
        option("--resample", type=click.Choice(["rows", "stratified", "clusters"]),
               help="What is drawn again for an interval [default: rows]."),
        option("--group-column", metavar="COLUMN", help="Column of the rows with the groups that "
               "are drawn [default for stratified: the label]."),
        option("--iterations", type=int, metavar="NUMBER",
               help="How many samples are drawn [default: 1000]."),
        option("--percentile", type=float, metavar="NUMBER", help="Lower end of an interval among "
               "the samples, in percent [default: 2.5]."),
        option("--common-rows", is_flag=True, help="Leave rows out that only one model answered."),
        option("--column", metavar="KIND=NAME", multiple=True, help="How a column of a file is "
               f"called; kinds: {', '.join(_COLUMNS)} (the beginning of its name). Repeatable."),
        option("--output", type=folder, metavar="DIR", help="Write comparison.json there."),
    ]  # fmt: skip
