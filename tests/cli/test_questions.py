"""A question is asked until its answer is allowed, and says why one is not."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from dsf.cli.questions import Question, ask
from dsf.core.errors import ProjectError

NAME = Question("project_name", "Name", "What?", "Like my-shop.", "digits", rule="project_name")
TASK = Question("task", "Task", "Which?", "One of these.", "a", choices=("a", "b"))
ONLY = Question("only", "Only", "Which?", "One of these.", "a", choices=("a",))
CODE = Question("code", "Code", "Which?", "Two letters.", "xx", regex="[a-z]{2}")


def _ask(questions: list[Question], typed: str, **given: str) -> tuple[str, list[str]]:
    """Give what was shown and the answers, as ``name=answer``."""

    @click.command()
    def command() -> None:
        answers = ask(questions, given)
        click.echo("|" + ",".join(f"{name}={answer}" for name, answer in answers.items()))

    result = CliRunner().invoke(command, input=typed, catch_exceptions=False)
    shown, _, answers = result.output.partition("|")
    return shown, answers.strip().split(",")


def test_answers_are_taken_in_order() -> None:
    shown, answers = _ask([NAME, TASK], "my-shop\nb\n")
    assert answers == ["project_name=my-shop", "task=b"]
    assert shown.index("Name") < shown.index("Task")
    assert shown.count("Choices: a, b.") == shown.count("Choices") == 1


def test_an_empty_line_takes_the_default() -> None:
    assert _ask([NAME, TASK], "\n\n")[1] == ["project_name=digits", "task=a"]


def test_what_was_given_or_has_one_answer_is_not_asked() -> None:
    shown, answers = _ask([NAME, ONLY], "", project_name="my-shop")
    assert shown == ""
    assert answers == ["project_name=my-shop"]


@pytest.mark.parametrize(
    ("question", "typed", "reason"),
    [
        (NAME, "../evil\nmy-shop\n", "ASCII letters"),
        (TASK, "c\nb\n", "must be one of a, b, but got 'c'"),
        (CODE, "abc\nab\n", "must match"),
    ],
)
def test_a_wrong_answer_is_explained_and_asked_again(
    question: Question, typed: str, reason: str
) -> None:
    shown, (answer,) = _ask([question], typed)
    assert reason in shown
    assert question.error in shown
    assert answer.endswith(typed.splitlines()[1])


def test_an_answer_from_the_command_line_is_checked_too() -> None:
    TASK.check("b")
    CODE.check("ab")
    for question in (NAME, TASK, CODE):
        with pytest.raises(ProjectError):
            question.check("!")
