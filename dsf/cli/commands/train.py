"""`dsf-cli train`: the whole chain from one YAML file, without a project."""

from __future__ import annotations

import logging
import shlex
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsf.cli.invocation import Invocation
from dsf.cli.project import Project
from dsf.cli.step_options import StepOptions, verbose_option
from dsf.cli.step_runner import run_chain
from dsf.core.errors import ConfigError, Problem, RunNotFoundError
from dsf.core.extras import require_extra
from dsf.core.places import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.core.config import Config
    from dsf.tasks.multilabel.from_yaml.project import MultiLabelMain

__all__ = ["command"]

log = logging.getLogger("dsf.cli")


@click.command("train")
@click.option(
    "--file-path",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The YAML file, or a checkpoint of an earlier run.",
)
@click.option(
    "--check-point",
    type=bool,
    default=False,
    metavar="True|False",
    help="Go on with the latest run, or from the checkpoint [default: False].",
)
@click.option(
    "--set",
    "overrides",
    metavar="A.B=VALUE",
    multiple=True,
    help="Set one value of the YAML file, or of that of a checkpoint; list items by number. "
    "Repeatable.",
)
@click.option(
    "--warm-start-run-id",
    "warm_start",
    metavar="ID|ALIAS|PATH",
    help="Begin the fit with the weights of a model, and nothing else of it: v3, a folder or file, "
    "models:/NAME@champion, MLflow's id of a run.",
)
@click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    help="End with one JSON object on stdout; all else goes to stderr.",
)
@verbose_option
def command(
    file_path: Path, check_point: bool, overrides: tuple[str, ...], warm_start: str | None
) -> None:
    """Train and test a multi-label text classifier from one YAML file.

    It splits, fits, tests, and compares with a baseline, in a new run below training_output in the
    working folder. All paths in the file are relative to the working folder, and functions in it
    may be named.
    """
    require_extra("train", module="pytorch_lightning", feature="`dsf-cli train`")
    from dsf.core.config import WarmStartConfig
    from dsf.core.references import allow_folder

    folder = Path.cwd()
    if sys.path[:1] != [str(folder)]:
        sys.path.insert(0, str(folder))
    allow_folder(folder)
    of_checkpoint = file_path.suffix == ".ckpt" or zipfile.is_zipfile(file_path)
    if of_checkpoint:
        _check_wanted(file_path, check_point, warm_start)
    main_class, run_dir, resume = _choose(file_path, check_point, of_checkpoint)
    load = _read_checkpoint if of_checkpoint else _read_yaml

    def read(env: str | None = None, overrides: Sequence[str] = ()) -> Config:  # noqa: ARG001
        config = load(file_path, overrides)
        if main_class.start_from is not None:  # in place of what its own fit has begun with
            config["warm_start_config"] = WarmStartConfig().to_plain()
        return config

    invocation = Invocation.current()
    invocation.project = Project(folder, main_class, read)
    options = StepOptions(
        overrides=overrides, run_dir=run_dir, resume=resume, warm_start=warm_start
    )
    again = _go_on(file_path, overrides, warm_start)
    try:
        run_chain(options, again=again)
    except BaseException:
        if of_checkpoint:  # what it was gone on with may be another file by now
            last = _last_checkpoint(run_dir) or file_path
            now = _go_on(last, overrides)
            invocation.resume_hint = invocation.resume_hint.replace(again, now)
        raise


def _choose(
    file_path: Path, check_point: bool, of_checkpoint: bool
) -> tuple[type[MultiLabelMain], Path | None, bool]:
    """Give the class to run, the run's folder if it is known, and whether to go on with a run."""
    from dsf.core.run_folder import RunFolder
    from dsf.tasks.multilabel.from_yaml.project import MultiLabelMain

    if not of_checkpoint:
        return MultiLabelMain, _latest() if check_point else None, check_point
    run = RunFolder.holding(file_path)
    if run is not None and file_path.name == "last.ckpt":
        return MultiLabelMain, run.path, True

    class FromCheckpoint(MultiLabelMain):
        """Begins with what the checkpoint holds."""

        start_from = file_path.resolve()

    return FromCheckpoint, None, False


def _go_on(file_path: Path, overrides: Sequence[str], warm_start: str | None = None) -> str:
    words = ["dsf-cli", "train", "--file-path", str(file_path), "--check-point", "True"]
    words += [word for override in overrides for word in ("--set", override)]
    words += ["--warm-start-run-id", warm_start] if warm_start else []
    return shlex.join(words)


def _last_checkpoint(run: Path | None) -> Path | None:
    """Find the file that a run goes on from, wherever its fit stands by now.

    Args:
        run: The run's folder; ``None`` for the latest, which was begun just now.
    """
    from dsf.base.steps import FIT
    from dsf.base.steps.fit import LAST_CHECKPOINT
    from dsf.core.run_folder import RunFolder

    try:
        folder = RunFolder(run or _latest())
    except RunNotFoundError:
        return None
    places = (folder.work_folder(FIT.folder), folder.path / FIT.folder)
    found = [place / LAST_CHECKPOINT for place in places if (place / LAST_CHECKPOINT).is_file()]
    return shorten(found[0]) if found else None


def _latest() -> Path:
    """Find the run that is gone on with.

    Raises:
        RunNotFoundError: If there is none.
    """
    from dsf.core.config import PathsConfig
    from dsf.core.run_folder import RunFolder

    output = Path.cwd() / PathsConfig().output
    try:
        return RunFolder.latest(output).path
    except RunNotFoundError as error:
        raise RunNotFoundError(
            f"{output}: a run must be here to go on with, but there is none. Start one first, "
            "without --check-point."
        ) from error


def _read_yaml(path: Path, overrides: Sequence[str]) -> Config:
    from dsf.tasks.multilabel.from_yaml.translation import translate
    from dsf.tasks.multilabel.from_yaml.yaml_config import read_yaml_config

    config, notes = translate(read_yaml_config(path, overrides))
    for note in notes:
        log.info("config   %s", note)
    return config


def _read_checkpoint(path: Path, overrides: Sequence[str]) -> Config:
    from dsf.tasks.multilabel.from_yaml.checkpoint_config import config_of_checkpoint

    return config_of_checkpoint(path, overrides)


def _check_wanted(path: Path, check_point: bool, warm_start: str | None) -> None:
    """Refuse to start afresh with a checkpoint, or to begin with two models.

    Raises:
        ConfigError: If that is asked for.
    """
    problems = []
    if not check_point:
        message = f"must be True with a checkpoint, {path}. Give the YAML file for a fresh start."
        problems.append(Problem("--check-point", message))
    if warm_start is not None:
        message = (
            f"must not be given with a checkpoint, {path}: the fit goes on from that one. Give the "
            "YAML file for a fit that takes its weights only."
        )
        problems.append(Problem("--warm-start-run-id", message))
    if problems:
        raise ConfigError("The options do not go together.", problems)
