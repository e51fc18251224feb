"""Whatever ends a command becomes words on stderr and an exit code, once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import click
import pytest

from dsf.cli.answering import answer
from dsf.cli.invocation import Invocation
from dsf.cli.project import Project
from dsf.cli.step_options import verbose_option
from dsf.core.errors import ConfigError, DsfError, Problem, RunNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _command(work: Callable[[], Any]) -> click.Command:
    @click.command("work")
    @click.option("--json", is_flag=True, expose_value=False)
    @click.option("--number", type=int)
    @verbose_option
    def command(number: int | None) -> None:
        work()

    return command


def _raise(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


PROBLEMS = ConfigError("The config is wrong.", [Problem("a.b", "must be a number.")])


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (PROBLEMS, 2, "Error: The config is wrong.\n  - a.b: must be a number.\n"),
        (RunNotFoundError("no run"), 2, "Error: no run\n"),
        (DsfError("our fault"), 1, "Error: our fault\n"),
        (click.UsageError("wrong call"), 2, "Error: wrong call\n"),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (ValueError("odd\nsecond line"), 1, "Error: unexpected ValueError: odd ("),
        (ZeroDivisionError(), 1, "Error: unexpected ZeroDivisionError ("),
    ],
)
def test_errors_are_said_once_without_a_traceback(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(_command(_raise(error)), [], program="work") == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    assert "second line" not in err
    assert ("--verbose" in err) == (code == 1 and not isinstance(error, DsfError))


def test_success_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(_command(lambda: None), [], program="work") == 0
    assert capsys.readouterr() == ("", "")


def test_a_command_may_choose_its_exit_code() -> None:
    assert answer(_command(lambda: click.get_current_context().exit(3)), [], program="work") == 3


def test_verbose_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(_command(_raise(ValueError("odd"))), ["--verbose"], program="work") == 1
    err = capsys.readouterr().err
    assert "Traceback (most recent call last)" in err
    assert "raise error" in err
    assert "Run it again" not in err


def test_an_unexpected_error_names_the_projects_own_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "hooks.py"
    file.write_text("import json\n\ndef load():\n    json.loads('{')\n", encoding="utf-8")
    scope: dict[str, Any] = {}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), scope)
    project = Project(tmp_path, object, dict)  # type: ignore[arg-type]
    answer(_command(scope["load"]), [], program="work", project=project)
    assert f"({file}:4)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (PROBLEMS, "ConfigError", 2),
        (ValueError("odd"), "ValueError", 1),
        (KeyboardInterrupt(), "KeyboardInterrupt", 130),
        (click.UsageError("wrong call"), "UsageError", 2),
    ],
)
def test_json_answers_errors_as_one_object(
    error: BaseException, kind: str, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert answer(_command(_raise(error)), ["--json"], program="work") == code
    out, err = capfd.readouterr()
    said = json.loads(out)
    assert set(said) == {"error"}
    assert said["error"]["type"] == kind
    assert said["error"]["message"].splitlines()[0] in err


@pytest.mark.parametrize("arguments", [["--json", "--absent"], ["--number", "x", "--json"]])
def test_a_wrong_call_is_answered_in_json_too(
    arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert answer(_command(lambda: None), arguments, program="work") == 2
    out, err = capfd.readouterr()
    assert json.loads(out)["error"]["message"]
    assert "Usage: work" in err


def test_json_is_all_there_is_on_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        click.echo("from click")
        os.write(1, b"from below Python\n")
        subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
        Invocation.current().result = {"steps": {"größe": 1}}

    assert answer(_command(work), ["--json"], program="work") == 0
    out, err = capfd.readouterr()
    assert json.loads(out) == {"steps": {"größe": 1}}
    for line in ("from click", "from below Python", "from a child"):
        assert line in err


def test_stdout_is_given_back(capfd: pytest.CaptureFixture[str]) -> None:
    answer(_command(_raise(ValueError("odd"))), ["--json"], program="work")
    capfd.readouterr()
    os.write(1, b"still here\n")
    assert capfd.readouterr().out == "still here\n"


def test_the_way_out_of_a_worker_process_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    with pytest.raises(SystemExit):
        answer(_command(_raise(SystemExit(0))), [], program="work")


def test_input_that_ends_too_early_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(_command(_raise(EOFError())), [], program="work") == 2
    assert "--no-input" in capsys.readouterr().err


@pytest.mark.parametrize(("code", "shown"), [(3, "3"), (0, "0"), (None, ""), ("why", "'why'")])
def test_an_exit_by_the_projects_code_is_a_mistake_with_a_place(
    code: object, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(_command(_raise(SystemExit(code))), [], program="work") == 2
    said = capsys.readouterr().err
    assert f"sys.exit({shown})" in said
    assert "test_answering.py:" in said


def test_a_signal_is_said_with_its_name_and_code(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        Invocation.current().resume_hint = "Go on."
        signal.raise_signal(signal.SIGTERM)
        time.sleep(10)

    assert answer(_command(work), ["--json"], program="work") == 143
    out, err = capsys.readouterr()
    said = {"type": "SIGTERM", "message": "Stopped by SIGTERM.\nGo on."}
    assert json.loads(out) == {"error": said}
    assert err == "Stopped by SIGTERM.\nGo on.\n"


_WORK = """
import sys, click
from dsf.cli.answering import answer
from dsf.cli.invocation import Invocation

@click.command("work")
@click.option("--json", is_flag=True)
def command(json):
    Invocation.current().resume_hint = "Go on."
    Invocation.current().result = {"much": "x" * 100_000}
    if not json:
        click.echo("x" * 100_000)

sys.exit(answer(command, program="work"))
"""


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WORK, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == "Go on.\n"
    assert process.returncode == 141


def test_an_exit_that_rich_makes_of_a_closed_pipe_is_none_of_the_project(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def work() -> None:
        try:
            raise BrokenPipeError
        except BrokenPipeError:
            raise SystemExit(1)  # noqa: B904 - as rich does

    assert answer(_command(work), [], program="work") == 141
    assert capsys.readouterr().err == ""


def test_a_pipe_that_was_closed_in_a_command_is_quiet_without_a_run() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "dsf.cli", "new-project", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 141
