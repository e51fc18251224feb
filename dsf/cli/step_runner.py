"""From a step command's options to work done and results shown."""

from __future__ import annotations

import json
import logging
import shlex
from typing import TYPE_CHECKING, Any

import click

from dsf.cli.invocation import Invocation
from dsf.cli.project import load_project
from dsf.cli.registry.reaching import reach_project_registry
from dsf.cli.streams import log_to_stderr
from dsf.core.errors import ConfigError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from dsf.base import Main
    from dsf.cli.project import Project
    from dsf.cli.step_options import StepOptions
    from dsf.core.config import Config

__all__ = ["run_chain", "run_step"]

log = logging.getLogger("dsf.cli")

# What --json calls the numbers of a step, and the file in the step's folder that holds them.
_RESULTS = {
    "split": ("split", "split.json"),
    "fit": ("fit", "fit.json"),
    "test": ("metrics", "metrics.json"),
    "eval": ("metrics", "metrics.json"),
    "compare": ("comparison", "comparison.json"),
    "export": ("export", "export.json"),
    "register": ("registration", "registration.json"),
}
_REPORT = "report.html"


def run_chain(options: StepOptions, again: str = "") -> None:
    """Do all steps and show how they ended.

    Args:
        options: What was asked for.
        again: Command that goes on with a run whose step has ended early; empty for `dsf-cli run`.
    """

    def work(main: Main) -> Path:
        from dsf.base.steps import STEPS  # after the project: it says what is not installed

        main.run()
        return _run_path(main) / STEPS["compare"].folder

    _perform("run", "compare", options, work, again)


def run_step(name: str, options: StepOptions) -> None:
    """Do one step, in the run that was named or the latest, and show how it ended."""
    before = reach_project_registry if name == "register" else None
    _perform(name, name, options, lambda main: main.run_step(name), before=before)


def _perform(
    command: str,
    step: str,
    options: StepOptions,
    work: Callable[[Main], Path],
    again: str = "",
    before: Callable[[Config, Path], None] | None = None,
) -> None:
    """Do ``work``, which gives the folder of ``step``, and show that step's results.

    Args:
        command: What was called.
        step: Whose results are shown.
        options: What was asked for.
        work: What is done.
        again: See :func:`run_chain`.
        before: Looks at the config and the project's folder before a run is opened.
    """
    invocation = Invocation.current()
    with log_to_stderr(verbose=invocation.verbose):
        project, config = _open(invocation, options)
        if before is not None:
            before(config, project.root)
        main = project.main_class(
            cfg=config,
            run_dir=options.run_dir,
            resume=options.resume,
            force=options.force,
            warm_start=options.warm_start,
        )
        try:
            folder = work(main)
        except BaseException as error:
            invocation.resume_hint = _resume_hint(command, options, main, error, again)
            if _is_interrupt(error):
                raise KeyboardInterrupt from error
            raise
    invocation.result = _describe(command, step, main, folder)
    if not invocation.as_json:
        _show(step, invocation.result, folder)


def _open(invocation: Invocation, options: StepOptions) -> tuple[Project, Config]:
    """Load the project, and its config with what was asked for."""
    from dsf.core.config import looking_up_names  # not for this command's help

    if invocation.project is None:
        invocation.project = load_project()
    project = invocation.project
    log.info("project  %s", project.root)
    with looking_up_names(everywhere=False):
        config = project.load(env=options.env, overrides=options.overrides)
    log.info("config   %s", config.describe_sources())
    return project, config


def _run_path(main: Main) -> Path:
    """Folder of the run that ``main`` has worked in."""
    if main.run_folder is None:
        raise RuntimeError("a run that is done must have a folder")
    return main.run_folder.path


def _is_interrupt(stop: BaseException) -> bool:
    """Say if this is Ctrl-C: Lightning answers it with ``SystemExit`` in its place."""
    return isinstance(stop, KeyboardInterrupt) or isinstance(stop.__context__, KeyboardInterrupt)


def _resume_hint(
    command: str, options: StepOptions, main: Main, error: BaseException, again: str
) -> str:
    """Give the command that goes on with a run, if the run has outlived the error."""
    # A run error has refused to go on, and says itself what to do.
    if isinstance(error, RunError) or main.run_folder is None or not main.run_folder.path.is_dir():
        return ""
    from dsf.base.steps import COMPARE, REPORT_FILE  # loaded already, with the run

    words = ["dsf-cli", command, "--run-dir", str(main.run_folder.path), "--resume"]
    words += ["--env", options.env] if options.env else []
    overrides = _without_refused(options.overrides, error)
    words += [word for override in overrides for word in ("--set", override)]
    words += ["--warm-start-run-id", options.warm_start] if options.warm_start else []
    stopped = isinstance(error, KeyboardInterrupt | SystemExit)
    go_on = "Go on with" if stopped else "When that is mended, go on with"
    report = main.run_folder.path / COMPARE.folder / REPORT_FILE
    kept = f"What is finished is kept, the report too: {report}\n" if report.is_file() else ""
    kept = kept or "What is finished is kept. "
    return f"{kept}{go_on}:\n    {again or shlex.join(words)}"


def _without_refused(overrides: Sequence[str], error: BaseException) -> list[str]:
    """Leave out the values that the error has named: with them it would come again."""
    named = [problem.where for problem in error.problems] if isinstance(error, ConfigError) else []
    return [one for one in overrides if not _is_named(one.partition("=")[0].strip(), named)]


def _is_named(path: str, named: Sequence[str]) -> bool:
    """Whether one of the places is the path, lies in it, holds it, or is its end."""
    return any(
        where == path
        or where.startswith(f"{path}.")
        or (where and path.startswith(f"{where}."))
        or (where and path.endswith(f".{where}"))
        for where in named
    )


def _describe(command: str, step: str, main: Main, folder: Path) -> dict[str, Any]:
    """Collect what ``--json`` prints."""
    record = main.run_folder.read_record() if main.run_folder else None
    steps = record.steps if record else {}
    key, file = _RESULTS[step]
    result = _read(folder / file)
    described: dict[str, Any] = {
        "command": command,
        "run_dir": str(_run_path(main)),
        "steps": {
            name: {"status": state.status, "seconds": state.seconds}
            for name, state in steps.items()
        },
        key: result["metrics"] if step == "compare" else result,
    }
    if step == "compare":
        described["verdict"] = result.get("verdict")
        described["report"] = str(folder / _REPORT)
    if command == "run":
        described |= _describe_bundle(_run_path(main), steps)
    return described


def _describe_bundle(run: Path, steps: Mapping[str, Any]) -> dict[str, Any]:
    """Say where the bundle of a run is, and under which name it is registered, if it is."""
    described = {}
    if "export" in steps and (name := _read(run / "6_export" / "export.json")["bundle"]):
        described["bundle"] = str(run / "6_export" / name)
    if "register" in steps:
        described["registered"] = _read(run / "7_register" / "registration.json")["uri"]
    return described


def _show(step: str, result: dict[str, Any], folder: Path) -> None:
    """End with the folder of the run, or with the comparison and the path of its report."""
    if step != "compare":
        click.echo(result["run_dir"])
        return
    from rich.console import Console

    from dsf.report.terminal_table import comparison_panel

    Console().print(comparison_panel(_read(folder / _RESULTS["compare"][1])))
    click.echo(f"report: {folder / _REPORT}")
    if "bundle" in result:
        click.echo(f"bundle: {result['bundle']}")
    if "registered" in result:
        name = result["registered"].removeprefix("models:/").rpartition("/")[0]
        click.echo(f"registered: {result['registered']}, the challenger of {name}")


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
