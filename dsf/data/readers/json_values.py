"""Values of JSON, with the keys that stand twice in one object."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["JsonValues", "repeated_keys"]


class JsonValues:
    """Reads texts of JSON, one after the other.

    Attributes:
        repeated: Keys that stood twice in one object of the text that was read last; the later
            value is taken.
    """

    def __init__(self) -> None:
        self.repeated: list[str] = []
        # One for all texts: json.loads would make a decoder for each.
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=_refuse_constant
        )

    def parse(self, text: str) -> Any:
        """Read a JSON value.

        Raises:
            ValueError: If it is none; says what is wrong in half a sentence.
        """
        self.repeated = []
        try:
            return self._decoder.decode(text)
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, " if error.lineno > 1 else ""
            message = error.msg[:1].lower() + error.msg[1:]
            raise ValueError(f"{message} ({place}column {error.colno})") from error
        except RecursionError as error:
            raise ValueError("it is nested too deeply") from error

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        keys = [key for key, _ in pairs]
        twice = [key for key in made if keys.count(key) > 1]
        self.repeated += twice
        return _Repeating(made, twice)


class _Repeating(dict[str, Any]):
    """An object with keys that stood twice."""

    def __init__(self, made: dict[str, Any], twice: list[str]) -> None:
        super().__init__(made)
        self.twice = twice


def repeated_keys(value: Any, *, inside: bool = True) -> list[str]:
    """List the keys that stood twice in an object of a value.

    Args:
        value: As :class:`JsonValues` reads it.
        inside: Whether to look into the parts of the value, too.
    """
    found, rest = [], [value]
    while rest:  # by hand, as a value may be nested deeper than Python calls
        one = rest.pop()
        if isinstance(one, _Repeating):
            found += one.twice
        if inside and isinstance(one, dict | list):
            rest += one.values() if isinstance(one, dict) else one
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no value of JSON")
