"""One call of the command line: how it was asked to answer, and what it has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from dsf.cli.project import Project

__all__ = ["Invocation"]


@dataclass
class Invocation:
    """What the commands and the one place that answers errors both know.

    Attributes:
        as_json: Answer with one JSON object on stdout; everything else goes to stderr.
        verbose: Show the traceback of an error, and more of what happens.
        project: The project to work on; ``None`` to look for it from the working folder.
        result: What ``--json`` prints when the command is done.
        resume_hint: How to go on with a run whose step has ended early; empty if there is none.
    """

    as_json: bool = False
    verbose: bool = False
    project: Project | None = None
    result: dict[str, Any] | None = None
    resume_hint: str = ""

    @classmethod
    def current(cls) -> Invocation:
        """Give the invocation that the running command belongs to."""
        return click.get_current_context().ensure_object(cls)
