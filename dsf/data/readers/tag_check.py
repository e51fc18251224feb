"""Whether the tags of a text are known and keep their scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsf.core.errors import ConfigError, Problem
from dsf.core.tagging import SCHEMES, check_tags
from dsf.data.readers.label_check import LabelCheck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsf.data.readers.columns import ColumnNames

__all__ = ["TagCheck"]


class TagCheck:
    """Checks the tags of one text after another.

    Args:
        columns: Has the scheme, and all tags that there may be, if they are known.
        scheme: That of the format, if it has one.

    Raises:
        ConfigError: If the scheme is unknown, or is another one than that of the format.
    """

    def __init__(self, columns: ColumnNames, scheme: str | None = None) -> None:
        self.scheme = columns.scheme or scheme
        self._labels = LabelCheck(columns)
        known = SCHEMES if scheme is None else (scheme,)
        if self.scheme is not None and self.scheme not in known:
            raise ConfigError(
                "The scheme of the tags must fit the data.",
                [Problem("tag_scheme", f"must be {' or '.join(known)}, but is {self.scheme!r}.")],
            )

    def problems(self, tags: Sequence[str], where: str) -> list[Problem]:
        """Find tags that cannot be, are unknown, or break the scheme.

        Args:
            tags: Tags of the words of one text.
            where: What the text is called in the problems.
        """
        if any(self._labels.fault(tag) for tag in set(tags)):
            faults = ((at, self._labels.fault(tag)) for at, tag in enumerate(tags))
            return [Problem(f"{where}, token {at}", fault) for at, fault in faults if fault]
        return [] if self.scheme is None else check_tags(tags, self.scheme, where)
