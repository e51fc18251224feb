"""Questions that `dsf-cli new-project` asks, as a template's ``prompts.yml`` words them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from dsf.core.errors import ProjectError
from dsf.core.names import name_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Question", "ask"]


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        name: The template's variable that the answer fills.
        title: Printed above the text.
        text: What is asked, and what the answer is used for.
        error: What to say to a wrong answer, how to skip the question included.
        default: The answer to an empty line.
        choices: Allowed answers; empty if the answer is free.
        regex: What the whole of a free answer must match; empty for anything.
        rule: ``project_name`` for the rules of :mod:`dsf.core.names`; empty for none.
    """

    name: str
    title: str
    text: str
    error: str
    default: str = ""
    choices: tuple[str, ...] = ()
    regex: str = ""
    rule: str = ""

    def check(self, answer: str) -> None:
        """Check an answer, typed or from the command line.

        Raises:
            ProjectError: If it is not allowed; the message ends with the question's own text.
        """
        if self.rule == "project_name":
            name_project(answer)
        elif self.choices and answer not in self.choices:
            choices = ", ".join(self.choices)
            raise ProjectError(f"{self.title} must be one of {choices}, but got {answer!r}.")
        elif self.regex and not re.fullmatch(self.regex, answer):
            raise ProjectError(
                f"{self.title} must match {self.regex}, but got {answer!r}. {self.error}"
            )


def ask(questions: Iterable[Question], given: Mapping[str, str]) -> dict[str, str]:
    """Ask what was not given yet, again and again until the answer is allowed.

    A choice with one item only is not asked for.

    Args:
        questions: In the order in which to ask.
        given: Variable → answer from the command line.

    Returns:
        Variable → answer, those given included.
    """
    answers = dict(given)
    for question in questions:
        if question.name not in answers and len(question.choices) != 1:
            answers[question.name] = _ask_until_allowed(question)
    return answers


def _ask_until_allowed(question: Question) -> str:
    click.secho(f"\n{question.title}", bold=True)
    click.echo(question.text.rstrip())
    if question.choices:
        click.echo(f"Choices: {', '.join(question.choices)}.")
    while True:
        answer: str = click.prompt(">", default=question.default, prompt_suffix=" ").strip()
        try:
            question.check(answer)
        except ProjectError as refused:
            click.secho(str(refused), fg="red", err=True)
            click.echo(question.error.rstrip(), err=True)
        else:
            return answer
