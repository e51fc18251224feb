"""How a file is read where there is a choice."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ReadOptions"]


@dataclass(frozen=True)
class ReadOptions:
    """Choices of reading. Nothing is dropped or changed unless one of them says so.

    Attributes:
        delimiter: One character between the cells of a CSV; by default that of the format.
        header: Whether the first row has the names of the columns.
        names: Names of the columns of a CSV without a header, or of JSON rows that are lists.
        key: Path to the rows inside a JSON file, or the split of a ``DatasetDict``: ``train``.
        drop_empty: Leave out rows without text, or without words.
        drop_missing: Leave out rows without a label, or with words that have no tag.
        drop_duplicates: Leave out rows whose text and labels came before.
        strip_labels: Take away the white space around labels and tags. Cells of a file with one
            word a line have none in any case.
        token_column: Place of the word in a file of columns, from 0.
        tag_column: Place of the tag in a file of columns; ``-1`` is the last.
        tag_field: Field of CoNLL-U that is the tag: ``upos``, ``xpos``, ``lemma`` or ``deprel``.
    """

    delimiter: str | None = None
    header: bool = True
    names: tuple[str, ...] = ()
    key: str | None = None
    drop_empty: bool = False
    drop_missing: bool = False
    drop_duplicates: bool = False
    strip_labels: bool = False
    token_column: int = 0
    tag_column: int = -1
    tag_field: str = "upos"

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any] | None) -> ReadOptions:
        """Make options from a part of a config.

        Raises:
            ConfigError: Lists every name that is no option, or every value that cannot be one.
        """
        known = [field.name for field in fields(cls)]
        given = dict(given or {})
        unknown = [name for name in given if name not in known]
        if unknown:
            raise ConfigError(
                f"Options of reading must be among {', '.join(known)}.",
                [Problem(name, f"is unknown.{did_you_mean(name, known)}") for name in unknown],
            )
        wrong = [
            Problem(name, f"must be {_must(name)}, but is {value!r}.")
            for name, value in given.items()
            if not _fits(name, value)
        ]
        if wrong:
            raise ConfigError("An option of reading has a value that cannot be.", wrong)
        if "names" in given:
            given["names"] = tuple(given["names"])
        return cls(**given)


def _default(name: str) -> Any:
    return next(field.default for field in fields(ReadOptions) if field.name == name)


def _must(name: str) -> str:
    if name == "delimiter":
        return "one ASCII character that is no quote or line end"
    if name == "names":
        return "a list of names"
    kinds = {bool: "true or false", int: "a whole number"}
    return kinds.get(type(_default(name)), "text")


def _fits(name: str, value: Any) -> bool:
    if name == "delimiter":
        return value is None or (
            isinstance(value, str)
            and len(value) == 1
            and value.isascii()
            and value not in '"\r\n\0'
        )
    if name == "names":
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    default = _default(name)
    if default is None and value is None:
        return True
    return type(value) is type("" if default is None else default)
