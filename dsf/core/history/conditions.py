"""``KEY=VALUE`` and ``KEY>VALUE``: which runs somebody wants to see."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError
from dsf.core.history.values import find_value
from dsf.core.measures import is_number
from dsf.core.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dsf.core.history.run_summary import RunSummary

__all__ = ["Condition", "parse_conditions"]

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_WRITTEN = re.compile(r"\s*([^=<>!\s]+)\s*(>=|<=|!=|=|>|<)\s*(.+?)\s*", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    """What must hold of a run.

    Attributes:
        key: Name of a value, as :func:`dsf.core.history.find_value` knows it.
        sign: ``=``, ``!=``, ``>``, ``>=``, ``<`` or ``<=``.
        value: What it is compared with.
        written: The value as it was written.
    """

    key: str
    sign: str
    value: Any
    written: str = ""

    def holds(self, run: RunSummary) -> bool:
        """Whether it holds of a run; never of one that does not have the value."""
        found = find_value(run, self.key)
        if found is None:
            return self.sign == "=" and self.value is None
        if self.sign in ("=", "!="):
            return self._equals(found) == (self.sign == "=")
        return is_number(found) and _ORDERS[self.sign](found, self.value)

    def _equals(self, found: Any) -> bool:
        """Compare as people read: 1 is 1.0, but not true; text may look like a number."""
        if is_number(found) and is_number(self.value):
            return found == self.value
        if isinstance(found, str) and found == self.written:
            return True
        return type(found) is type(self.value) and bool(found == self.value)


def parse_conditions(texts: Iterable[str]) -> list[Condition]:
    """Read conditions as they are written on the command line.

    Args:
        texts: ``accuracy>0.9`` or ``model_config.optimizer=AdamW`` say; values are YAML.

    Raises:
        UserError: If any cannot be read; says it of all of them.
    """
    problems: list[str] = []
    conditions = [one for text in texts if (one := _parse(text, problems)) is not None]
    if problems:
        raise UserError("\n".join(problems))
    return conditions


def _parse(text: str, problems: list[str]) -> Condition | None:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        problems.append(
            f"--where {text!r} must be a key, one of = != > >= < <=, and a value: 'accuracy>0.9' "
            "or 'model_config.optimizer=AdamW' say."
        )
        return None
    key, sign, written = match.groups()
    document = parse_yaml(written)
    value = written if document.faults else document.data
    if sign in _ORDERS and not is_number(value):
        problems.append(f"--where {text!r}: {sign} needs a number, but {written!r} is none.")
        return None
    return Condition(key, sign, value, written)
