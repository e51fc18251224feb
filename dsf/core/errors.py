"""All errors of dsf.

Everything dsf raises on purpose is a :class:`DsfError`::

    DsfError                     our fault                                   exit code 1
    └── UserError                something the user can mend                 exit code 2
        ├── ConfigError          the configuration; lists every problem
        ├── BadReferenceError    a dotted reference that cannot be resolved
        ├── DataError            the rows; lists every problem
        ├── HookError            the project's own classes
        │   ├── MissingHookError     a hook that must be written is not there
        │   ├── HookResultError      a hook gave back the wrong thing
        │   └── HookRaisedError      a hook ended with an error of its own
        ├── IncumbentError       the existing model gives no answers, or none of use
        ├── BundleError          a bundle that is not whole, or cannot be made; lists every problem
        ├── ProjectError         a project's name, place or files
        ├── TrainingError        a fit that cannot go on
        ├── RunError             a run folder
        │   ├── RunNotFoundError     there is no such run, step or file in it
        │   ├── RunMismatchError     the run belongs to other data or another task
        │   └── RunLockedError       another process works in it
        ├── StorageError         the disk is full, read-only or not ours
        └── MissingExtraError    an optional package is not installed

A message says what must hold, what came, where, and what to do. Problems of one kind are
collected and raised together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "BadReferenceError",
    "BundleError",
    "ConfigError",
    "DataError",
    "DsfError",
    "HookError",
    "HookRaisedError",
    "HookResultError",
    "IncumbentError",
    "MissingExtraError",
    "MissingHookError",
    "Problem",
    "ProjectError",
    "RunError",
    "RunLockedError",
    "RunMismatchError",
    "RunNotFoundError",
    "StorageError",
    "TrainingError",
    "UserError",
]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes:
        where: A config path, a file with a line, a row number, or a class with a method.
        message: What must hold, what came, and what to do about it.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class DsfError(Exception):
    """Root of everything dsf raises on purpose."""

    exit_code = 1


class UserError(DsfError):
    """Raised when the user can mend it: the command line ends with exit code 2."""

    exit_code = 2


class _ProblemsError(UserError):
    """An error that lists every problem of one kind."""

    def __init__(self, headline: str, problems: Sequence[Problem] = ()) -> None:
        self.headline = headline
        self.problems = tuple(problems)
        super().__init__("\n".join([headline, *(f"  - {problem}" for problem in self.problems)]))


class ConfigError(_ProblemsError):
    """Raised when the configuration cannot be used; lists every problem found."""


class BadReferenceError(UserError):
    """Raised when a dotted reference is not allowed, not found or does not fit its arguments."""


class DataError(_ProblemsError):
    """Raised when the rows cannot be used; lists every problem found."""


class HookError(UserError):
    """Raised when a project's own class breaks the contract of its base."""


class MissingHookError(HookError, _ProblemsError):
    """Raised when hooks that must be written are missing; lists all of them."""


class HookResultError(HookError):
    """Raised when a hook gave back something that the next step cannot use."""


class HookRaisedError(HookError):
    """Raised when a hook ended with an error that is not ours; that error is its cause."""


class IncumbentError(_ProblemsError):
    """Raised when the existing model gives no answers, or none that can be used; lists why."""


class BundleError(_ProblemsError):
    """Raised when a bundle is not what was exported, or cannot be made; lists every problem."""


class NotExportableError(BundleError):
    """Raised when a model is of a kind that cannot become a bundle; says what it would take."""


class ProjectError(UserError):
    """Raised when a project's name, place or files do not allow what was asked."""


class TrainingError(_ProblemsError):
    """Raised when a fit cannot go on; lists what may be the reason."""


class RunError(UserError):
    """Raised when a run folder does not allow what was asked."""


class RunNotFoundError(RunError):
    """Raised when a run, one of its steps or one of its files is not there."""


class RunMismatchError(RunError):
    """Raised when a run was made from other data or for another task."""


class RunLockedError(RunError):
    """Raised when another process works in the same run folder."""


class StorageError(UserError):
    """Raised when the disk is full, read-only, or does not let us write."""


class MissingExtraError(UserError):
    """Raised when a feature needs a package that is not installed."""
