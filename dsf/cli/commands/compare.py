"""`dsf-cli compare`: two models on the same rows, in a run or wherever their answers are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from dsf.cli.comparing_options import comparing_options
from dsf.cli.invocation import Invocation
from dsf.cli.requirement import check_requirement, require_option
from dsf.cli.run_argument import locate_version
from dsf.cli.step_options import step_options
from dsf.cli.step_runner import run_step

if TYPE_CHECKING:
    from dsf.cli.comparing_options import ComparingOptions
    from dsf.cli.comparing_plan import ComparingPlan
    from dsf.cli.step_options import StepOptions

__all__ = ["command"]

_OF_BOTH = {"models", "require"}
_OF_STEP = {"env", "overrides", "run_dir", "resume", "force", "warm_start"}
_FILE = "comparison.json"


@click.command("compare")
@click.argument("models", nargs=-1, type=click.Path(path_type=Path), metavar="[TRAINED EXISTING]")
@require_option
@comparing_options
@step_options
def command(
    models: tuple[Path, ...],
    require: str | None,
    comparing: ComparingOptions,
    options: StepOptions,
) -> None:
    """Compare two models on the same rows, and judge the difference.

    TRAINED and EXISTING are each a run (its folder, or v3), the folder of a step of it, a file of
    predictions (CSV, TSV or Parquet with row_id, prediction and, in one of the two at least,
    target), or a bundle, which is asked about the rows of --rows or of the other side's run. It
    works outside of a project, too.

    Without them it is the step of a run, the latest or that of --run-dir: the two models that were
    tested and evaluated are compared, and a report is written.
    """
    if len(models) not in (0, 2):
        raise click.UsageError("two models must be named, or none for the step of a run.")
    _check_options(_OF_STEP if models else None)
    if models:
        first, second = map(locate_version, models)
        verdict = _compare(first, second, comparing)["verdict"]
    else:
        run_step("compare", options)
        verdict = (Invocation.current().result or {}).get("verdict")
    check_requirement(require, verdict)


def _check_options(others: set[str] | None) -> None:
    """Refuse options of the other use of the command.

    Args:
        others: Options that do not belong here; ``None``: all that are not of a step.
    """
    context = click.get_current_context()
    wrong = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name not in _OF_BOTH
        and parameter.expose_value
        and ((parameter.name in others) if others else (parameter.name not in _OF_STEP))
        and context.get_parameter_source(str(parameter.name)) == ParameterSource.COMMANDLINE
    ]
    if wrong:
        use = "the step of a run, without two models" if others else "two models that are named"
        raise click.UsageError(f"{', '.join(wrong)}: only for {use}.")


def _compare(first: Path, second: Path, options: ComparingOptions) -> dict[str, Any]:
    """Compare what two files hold, and show it."""
    from dsf.cli.bundle_answers import answered_bundles
    from dsf.cli.comparing_plan import ComparingPlan
    from dsf.cli.prediction_sources import find_predictions, name_apart, read_pair
    from dsf.cli.same_rows import check_same_rows
    from dsf.cli.streams import log_to_stderr
    from dsf.core.atomic import write_json
    from dsf.core.prediction_columns import PredictionColumns
    from dsf.core.row_matching import find_rows
    from dsf.metrics import compare_predictions
    from dsf.metrics.comparing.lone_answers import remark_on_lone_answers

    columns = PredictionColumns(**options.column_names())
    sources = [find_predictions(path) for path in (first, second)]
    config = next(filter(None, (one.config for one in sources)), None)
    plan = ComparingPlan.make(options, config, asks=any(one.is_bundle for one in sources))
    invocation = Invocation.current()
    if plan.taken:
        click.echo(plan.taken, err=True)
    with (
        log_to_stderr(verbose=invocation.verbose),
        answered_bundles(sources, options, columns) as ((one, other), remarks),
    ):
        trained, existing = read_pair(one, other, columns, common_rows=options.common_rows)
    _check_probabilities(options, {first: trained, second: existing})
    both = trained.row_ids[find_rows(trained.row_ids, existing.row_ids) >= 0]
    notes = [
        *plan.notes,
        *remarks,
        *check_same_rows(sources[0], sources[1], both),
        *remark_on_lone_answers(trained, existing),
    ]
    rows = _find_rows(options, plan, [source.rows for source in sources], columns.row_id)
    compared = compare_predictions(
        trained,
        existing,
        plan.metrics,
        average=plan.average,  # type: ignore[arg-type]
        rules=plan.rules,
        bootstrap=_make_bootstrap(plan, trained, rows),
        rows=rows,
        slices=plan.slices,
        text_column=plan.text_column,
        common_rows=options.common_rows,
    )
    compared["notes"] = [*notes, *compared["notes"]]
    apart = name_apart(first, second)
    comparison = {"names": dict(zip(("trained", "eval"), apart, strict=True)), **compared}
    if options.output is not None:
        write_json(options.output / _FILE, comparison)
    invocation.result = {"command": "compare", **comparison}
    if not invocation.as_json:
        _show(comparison)
    return comparison


def _show(comparison: dict[str, Any]) -> None:
    from rich.console import Console

    from dsf.report.terminal_table import comparison_panel

    Console().print(comparison_panel(comparison))


def _check_probabilities(options: ComparingOptions, sides: dict[Path, Any]) -> None:
    """Refuse metrics that were asked for and that answers without probabilities do not have."""
    from dsf.core.multi_output_predictions import MultiOutputPredictions
    from dsf.metrics import METRICS

    wanted = [name for name in options.metric if name in METRICS]
    wanted = [name for name in wanted if METRICS[name].from_probabilities]
    silent = []
    for path, side in sides.items():
        parts = side.outputs.values() if isinstance(side, MultiOutputPredictions) else [side]
        if any(getattr(part, "probabilities", part) is None for part in parts):
            silent.append(str(path))
    if wanted and silent:
        message = (
            f"{', '.join(wanted)} must be computed from the probability of every label, but "
            f"{' and '.join(silent)} has no columns probability_<label>."
        )
        raise click.BadParameter(message, param_hint="--metric")


def _find_rows(
    options: ComparingOptions, plan: ComparingPlan, kept: list[Path | None], id_column: str
) -> Any:
    """Read the rows if slices or groups need them; ``None`` if nothing does.

    Raises:
        UsageError: If there are none.
    """
    from dsf.cli.prediction_sources import read_rows

    if not plan.slices and plan.group_column is None:
        return None
    path = options.rows or next(filter(None, kept), None)
    if path is None:
        raise click.UsageError("--slice and --group-column need the rows: name them by --rows.")
    return read_rows(path, id_column)


def _make_bootstrap(plan: ComparingPlan, trained: Any, rows: Any) -> Any:
    from dsf.core.predictions import Predictions
    from dsf.metrics import Bootstrap
    from dsf.metrics.comparing.slices import align_rows

    groups, column, resample = None, plan.group_column, plan.bootstrap.get("resample", "rows")
    if column is not None:
        if column not in rows.columns:
            known = ", ".join(map(str, rows.columns))
            message = f"must be a column of the rows: {column!r} is none of {known}."
            raise click.BadParameter(message, param_hint="--group-column")
        groups = align_rows(rows, trained.row_ids)[column].to_numpy()
    elif resample == "stratified":
        if not isinstance(trained, Predictions):
            raise click.UsageError("--resample stratified needs --group-column.")
        groups = trained.targets
    return Bootstrap(**plan.bootstrap, groups=groups)
