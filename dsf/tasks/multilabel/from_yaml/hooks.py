"""Functions that a config puts in the place of ours, and how they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.atomic import is_storage_error
from dsf.core.errors import DsfError, HookResultError
from dsf.core.raised import raised_error
from dsf.core.references import reference_name, resolve
from dsf.tasks.multilabel.from_yaml.hooked_section import COMPONENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Hook", "arguments_of", "is_ours", "is_plain_adamw"]

_ADAMW = ("torch.optim.AdamW", "torch.optim.adamw.AdamW")
_PLAIN = {"lr", "betas", "eps", "weight_decay"}


class Hook:
    """A function or class that a config names, with the arguments that stand there.

    Args:
        reference: Any spelling.
        where: Its place in the config, for messages.
    """

    def __init__(self, reference: Any, where: str) -> None:
        self.name = reference_name(reference)
        self.where = where
        self._target = resolve(reference, where=where)

    def __call__(self, *args: Any, **runtime: Any) -> Any:
        """Call it.

        Raises:
            HookRaisedError: If it ends with an error that is neither ours nor one of the disk or
                the memory; that error is its cause.
        """
        try:
            return self._target(*args, **runtime)
        except (DsfError, MemoryError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and is_storage_error(error):
                raise
            raise raised_error(f"{self.where}: {self.name}", error) from error

    def wrong(self, message: str) -> HookResultError:
        """Make the error for a result that cannot be used.

        Args:
            message: What it must give, and what it gave.
        """
        return HookResultError(f"{self.where}: {self.name} {message}")


def is_ours(reference: Any, place: str) -> bool:
    """Say whether a reference names one of our own components.

    Args:
        reference: Any spelling.
        place: ``module.function`` in the folder of components.
    """
    given = isinstance(reference, dict) and reference.get("args")
    return not given and reference_name(reference) == f"{COMPONENTS}.{place}"


def is_plain_adamw(reference: Any) -> bool:
    """Say whether a reference is AdamW without options that change its steps."""
    if isinstance(reference, dict) and reference.get("args"):
        return False
    return reference_name(reference) in _ADAMW and set(arguments_of(reference)) <= _PLAIN


def arguments_of(reference: Any) -> Mapping[str, Any]:
    """Give the arguments by name that stand with a reference."""
    if not isinstance(reference, dict):
        return {}
    return reference.get("init_args" if "class_path" in reference else "kwargs") or {}
