"""`dsf-cli new-project`: a project of subclasses that works before it is touched."""

from __future__ import annotations

import importlib.util
import shlex
from pathlib import Path

import click

__all__ = ["command"]


@click.command("new-project")
@click.argument("name", required=False)
@click.option("--task", metavar="TASK", help="What it learns at first [default: digits].")
@click.option(
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="the working folder",
    help="Folder to write the project's folder into.",
)
@click.option(
    "--template", default="project", show_default=True, metavar="NAME", help="Which template."
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
