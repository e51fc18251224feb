"""The one place where a command's end becomes words and an exit code.

====================  =====================================================  =========
what came             what is said on stderr                                 exit code
====================  =====================================================  =========
nothing               nothing                                                0
a wrong call          click's usage line and ``Error: …``                    2
a ``DsfError``        ``Error: …``                                           its own
Ctrl-C                that it was interrupted, and how to go on              130
SIGTERM, SIGHUP       that it was stopped, and how to go on                  143, 129
a closed pipe         nothing: whoever read the results has enough           141
``sys.exit``          where; the project's own code must not                 2
anything else         one line, and how to see the traceback                 1
====================  =====================================================  =========

Whatever ends a step, what is said ends with how to go on with its run, if there is one.
With ``--json`` the same is one object on stdout: ``{"error": {"type": …, "message": …}}``.

``dsf-cli --help`` passes through here, so what only some calls need is imported where it is needed.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import click

from dsf.cli.invocation import Invocation
from dsf.cli.signals import SignalWatch
from dsf.core.errors import DsfError, HookRaisedError
from dsf.core.ranks import process_rank

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from dsf.cli.project import Project

__all__ = ["answer"]

_INTERRUPTED = 130
_NOBODY_READS = 141  # as a shell says of a program that ended by SIGPIPE
_INPUT_ENDED = (
    "the input ended before all questions were answered. Use --no-input to be asked none."
)


def answer(
    command: click.Command,
    arguments: Sequence[str] | None = None,
    *,
    program: str,
    project: Project | None = None,
) -> int:
    """Run a command and answer whatever comes of it.

    Args:
        command: The command or group.
        arguments: What was typed after its name; ``None`` for this process's own arguments.
        program: Name of the program in usage lines.
        project: The project to work on; ``None`` to look for it from the working folder.

    Returns:
        The exit code.
    """
    typed = list(sys.argv[1:] if arguments is None else arguments)
    # Looked for by hand, because a wrong call is answered before click has read the options.
    invocation = Invocation(as_json="--json" in typed, project=project)
    watch = SignalWatch()
    ending = _Ending(invocation, watch)
    with watch:
        with _clean_stdout(invocation), ending:
            code = command.main(typed, prog_name=program, standalone_mode=False, obj=invocation)
            ending.exit_code = code if isinstance(code, int) else 0
        if invocation.as_json and invocation.result is not None:
            with ending:
                _print_json(invocation.result)
    return ending.exit_code


def _clean_stdout(invocation: Invocation) -> AbstractContextManager[None]:
    if not invocation.as_json:
        return contextlib.nullcontext()
    from dsf.cli.streams import stdout_to_stderr

    return stdout_to_stderr()


def _print_json(result: dict[str, Any]) -> None:
    import json

    click.echo(json.dumps(result, indent=2, ensure_ascii=False))


class _Ending:
    """Turns the exception that leaves its block into words and :attr:`exit_code`.

    A context manager, not an ``except``: ``SystemExit`` as the worker processes' way out, and
    whatever else is no ``Exception``, must pass.
    """

    def __init__(self, invocation: Invocation, watch: SignalWatch) -> None:
        self.invocation = invocation
        self.watch = watch
        self.exit_code = 0

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception | KeyboardInterrupt | SystemExit):
            return False
        if isinstance(error, SystemExit) and process_rank() > 0:
            return False
        if _nobody_reads(error):
            self._leave_quietly()
            return True
        name, message, self.exit_code = self._judge(error)
        if self.invocation.as_json:
            self.invocation.result = {"error": {"type": name, "message": message}}
        if self.invocation.verbose and not self._is_plain(error):
            import traceback

            traceback.print_exception(error, file=sys.stderr)
        self._say(error, message)
        return True

    def _leave_quietly(self) -> None:
        """End because nobody reads what is written, as in ``dsf-cli --help | head -1``."""
        from dsf.cli.streams import discard_stdout

        discard_stdout()
        self.exit_code, self.invocation.result = _NOBODY_READS, None
        if self.invocation.resume_hint:
            click.echo(self.invocation.resume_hint, err=True)

    def _judge(self, error: BaseException) -> tuple[str, str, int]:
        """Give the error's name, its message and the exit code."""
        name, message, code = self._judge_kind(error)
        return name, "\n".join(filter(None, [message, self.invocation.resume_hint])), code

    def _judge_kind(self, error: BaseException) -> tuple[str, str, int]:
        cause = error.__cause__ or error.__context__
        if self.watch.number:
            return self.watch.name, f"Stopped by {self.watch.name}.", self.watch.exit_code
        if isinstance(error, click.Abort) and isinstance(cause, EOFError):
            return "EOFError", _INPUT_ENDED, 2
        if isinstance(error, click.Abort | KeyboardInterrupt):
            return "KeyboardInterrupt", "Interrupted.", _INTERRUPTED
        if isinstance(error, SystemExit):
            return "SystemExit", self._explain_exit(error), 2
        if isinstance(error, click.ClickException):
            return type(error).__name__, error.format_message(), error.exit_code
        if isinstance(error, DsfError):
            return type(error).__name__, str(error), error.exit_code
        return type(error).__name__, self._in_one_line(error), 1

    def _say(self, error: BaseException, message: str) -> None:
        if isinstance(error, click.ClickException):
            error.show(sys.stderr)
            return
        if not self._is_stop(error):
            click.secho("Error: ", fg="red", nl=False, err=True)
        click.echo(message, err=True)
        unexpected = self.exit_code == 1 and not isinstance(error, DsfError)
        if (unexpected or isinstance(error, HookRaisedError)) and not self.invocation.verbose:
            click.echo("Run it again with --verbose to see the traceback.", err=True)

    def _is_stop(self, error: BaseException) -> bool:
        """Whether somebody wanted the command to end."""
        return bool(self.watch.number) or isinstance(error, click.Abort | KeyboardInterrupt)

    def _is_plain(self, error: BaseException) -> bool:
        """Whether a traceback would tell nothing."""
        return isinstance(error, click.ClickException) or bool(self.watch.number)

    def _explain_exit(self, error: SystemExit) -> str:
        """Say where the project's code ended the process, which no code may do inside of a step."""
        from dsf.core.places import find_place

        project = self.invocation.project
        place = find_place(error, project.root if project else None)
        where = f"{place}: " if place else ""
        code = "" if error.code is None else repr(error.code)
        return (
            f"{where}the project's code must not end the process, but calls sys.exit({code}) or "
            "its like. Let it return, or raise an exception that says what is wrong."
        )

    def _in_one_line(self, error: BaseException) -> str:
        """Say what happened, and where; in the project's own code where possible."""
        from dsf.core.places import find_place

        text = f"unexpected {type(error).__name__}"
        lines = str(error).splitlines()
        if lines:
            text += f": {lines[0]}"
        project = self.invocation.project
        place = find_place(error, project.root if project else None)
        return f"{text} ({place})" if place else text


def _nobody_reads(error: BaseException) -> bool:
    """Whether the reader of stdout has gone; click and rich make an exit of that."""
    from dsf.cli.streams import stdout_has_no_reader

    if isinstance(error, SystemExit):
        # rich puts another stdout in the place of the one that is closed, and then makes its exit.
        return isinstance(error.__context__, BrokenPipeError) or stdout_has_no_reader()
    return isinstance(error, BrokenPipeError)
