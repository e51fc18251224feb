"""Rows of CoNLL-U, the format of Universal Dependencies (universaldependencies.org/format)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.data.readers.sentences import SentenceRows

if TYPE_CHECKING:
    from dsf.data.readers.problems import Problems
    from dsf.data.readers.tagged import TaggedRow

__all__ = ["ConlluRows"]

_FIELDS = {"lemma": 2, "upos": 3, "xpos": 4, "deprel": 7}
_ID = re.compile(r"[1-9][0-9]*|[1-9][0-9]*-[1-9][0-9]*|[0-9]+\.[1-9][0-9]*", re.ASCII)


class ConlluRows(SentenceRows):
    """Sentences with their words; a blank line ends a sentence.

    Words are those that are tagged, numbered 1, 2, …: the parts of a multi-word token (``3-4``)
    stand in its place, and empty nodes (``8.1``) are none of the text. The text is made of the
    words, since the parts of a multi-word token need not occur in the original one.
    """

    comment = "#"
    tagged_keys = ("read_options.tag_field",)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if self.options.tag_field not in _FIELDS:
            raise ConfigError(
                f"The tags of CoNLL-U must be one of {', '.join(_FIELDS)}.",
                [Problem("tag_field", f"is {self.options.tag_field!r}.")],
            )

    def add_word(self, row: TaggedRow, number: int, line: str, problems: Problems) -> None:
        """Read a line of ten cells."""
        field = self.options.tag_field
        cells = line.split("\t")
        wrong = None
        if len(cells) != 10:
            wrong = f"must have 10 cells between tabs, but has {len(cells)}"
        elif not _ID.fullmatch(cells[0]):
            wrong = f"must begin with a number, 3-4 or 8.1, but begins with {cells[0][:20]!r}"
        elif not cells[0].isdigit():
            return
        elif cells[0] != str(len(row.tokens) + 1):
            wrong = f"must be word {len(row.tokens) + 1} of its sentence, but is {cells[0]}"
        elif not cells[1].strip():
            wrong = "must have a word and a tag, but the word is empty"
        if wrong:
            problems.add(f"line {number}", f"{wrong}.")
            cells = ["-"] * 10
        token, tag = cells[1].strip(), cells[_FIELDS[field]].strip()
        # The sign of the format for what nobody has said, but also the lemma of an underscore.
        if tag == "_" and (field, token) != ("lemma", "_"):
            tag = ""
        self.put(row, number, (token, tag), problems)
