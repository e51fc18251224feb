"""`dsf-cli new-project`: a project of subclasses that works before it is touched."""

from __future__ import annotations

import importlib.util
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["command"]


class _ListingOption(click.Option):
    """An option whose help ends with what can be chosen, looked up only when help is asked for."""

    def __init__(self, *args: Any, listing: Callable[[], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listing = listing

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Give the option's names and its help."""
        record = super().get_help_record(ctx)
        return record and (record[0], f"{record[1]}  {self.listing()}")


def _list_tasks() -> str:
    """Say which tasks there are, and where they differ, for which template."""
    from dsf.cli.templates import list_templates

    tasks = {
        name: ", ".join(template.variables.get("task", ["none"]))
        for name, template in list_templates().items()
    }
    if len(set(tasks.values())) == 1:
        return f"Choices: {next(iter(tasks.values()))}."
    return f"Choices: {'; '.join(f'{known} (template {name})' for name, known in tasks.items())}."


def _list_templates() -> str:
    from dsf.cli.templates import list_templates

    return f"Choices: {', '.join(list_templates())}."


@click.command("new-project")
@click.argument("name", required=False)
@click.option(
    "--task",
    metavar="TASK",
    cls=_ListingOption,
    listing=_list_tasks,
    help="What it learns at first [default: digits].",
)
@click.option(
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="the working folder",
    help="Folder to write the project's folder into.",
)
@click.option(
    "--template",
    default="project",
    show_default=True,
    metavar="NAME",
    cls=_ListingOption,
    listing=_list_templates,
    help="Which template.",
)
@click.option("--no-input", is_flag=True, help="Ask nothing; take the defaults.")
def command(
    name: str | None, task: str | None, output_dir: Path, template: str, no_input: bool
) -> None:
    """Write a new project that works before you touch it.

    NAME may hold letters, digits, - and _, and begins with a letter: my-shop becomes a folder of
    that name with classes like MyShopModel. A folder that exists is never touched.
    """
    from dsf.cli.questions import ask
    from dsf.cli.rendering import complete_answers, render_project
    from dsf.cli.templates import find_template

    if no_input and name is None:
        raise click.UsageError("NAME must be given with --no-input.")
    chosen = find_template(template)
    questions = chosen.questions()
    given = {
        key: value for key, value in (("project_name", name), ("task", task)) if value is not None
    }
    for question in questions:
        if question.name in given:
            question.check(given[question.name])
    answers = complete_answers(given if no_input else ask(questions, given))
    project = render_project(chosen.path, answers, output_dir)
    click.echo(f"Made {project.name} in {project}\n\nNext:")
    for line in _next_commands(project):
        click.echo(f"  {line}")


def _next_commands(project: Path) -> list[str]:
    """Give what to type now, from the working folder."""
    here = Path.cwd()
    place = project.relative_to(here) if project.is_relative_to(here) else project
    lines = [f"cd {shlex.quote(str(place))}"]
    if importlib.util.find_spec("torch") is None:
        lines.append("dsf-cli install-trainer-packages")
    return [*lines, "make test", "python -m trainer.trainer_main"]
