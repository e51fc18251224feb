"""Bytes of a text file, always given as UTF-8."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.excerpts import count
from dsf.data.readers.problems import MAX_SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Utf8Stream", "check_encoding", "explain_encoding", "open_lines"]


class Utf8Stream(io.RawIOBase):
    """A file as UTF-8 without byte order mark, with something put behind its end.

    Args:
        path: The file.
        encoding: Any text encoding of Python.
        end: Bytes that come behind the last ones of the file.
        watch: Is given all bytes, those of the end too, before they are.
    """

    def __init__(
        self,
        path: Path,
        encoding: str,
        end: bytes = b"",
        watch: Callable[[bytes], None] | None = None,
    ) -> None:
        self._file = path.open("rb")
        if codecs.lookup(encoding).name == "utf-8":
            mark = self._file.read(3)
            self._file.seek(3 if mark == codecs.BOM_UTF8 else 0)
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._rest = b""
        self._end: bytes | None = end
        self._watch = watch

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer as far as there are bytes; 0 is the end.

        A short answer before the end would be a block of its own to a reader of blocks, and a row
        may not reach over three of them.
        """
        size = len(buffer)
        while len(self._rest) < size and self._end is not None:
            self._rest += self._more(size - len(self._rest))
        part, self._rest = self._rest[:size], self._rest[size:]
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _more(self, size: int) -> bytes:
        raw = self._file.read(size)
        content = self._decoder.decode(raw, final=not raw).encode()
        if not raw:
            content += self._end or b""
            self._end = None
        if self._watch is not None:
            self._watch(content)
        return content


def check_encoding(encoding: str) -> None:
    """Check that an encoding is one of text.

    Raises:
        ConfigError: If Python knows no such encoding, or it is no encoding of text.
    """
    try:
        codecs.lookup(encoding).incrementaldecoder("strict").decode(b"", final=True)
        is_text = isinstance("".encode(encoding), bytes)
    except (LookupError, TypeError, ValueError):
        is_text = False
    if not is_text:
        raise ConfigError(
            "The encoding must be one that Python knows (utf-8, utf-16, latin-1, cp1252, …).",
            [Problem("encoding", f"is {encoding!r}.")],
        )


def open_lines(path: Path, encoding: str) -> Iterator[str]:
    r"""Give the lines of a file without their ends.

    Only ``\\n``, ``\\r\\n`` and ``\\r`` end a line: other separators of Unicode are text.

    Raises:
        DataError: If bytes are not in the encoding; lists the lines.
    """
    name = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    try:
        with path.open(encoding=name, newline=None) as file:
            for line in file:
                line.encode()  # some encodings let half of a character through
                yield line.removesuffix("\n")
    except UnicodeError as error:
        raise explain_encoding(path, encoding) from error


def explain_encoding(path: Path, encoding: str) -> DataError:
    """Say which lines of a file are not in an encoding."""
    problems, total = [], 0
    marked = _find_mark(path)
    if marked and not codecs.lookup(encoding).name.startswith(marked):
        problem = Problem(path.name, f"begins with the byte order mark of {marked}.")
        return DataError(_headline(path, encoding), [problem])
    if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        problem = Problem(path.name, "its bytes do not come in whole characters.")
        return DataError(_headline(path, encoding), [problem])
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode(encoding).encode()
            except UnicodeError as error:
                total += 1
                if total <= MAX_SHOWN:
                    at = getattr(error, "start", 0)
                    message = f"has bytes that are no {encoding}: {line[at : at + 4]!r}."
                    problems.append(Problem(f"line {number}", message))
    if total > MAX_SHOWN:
        problems.append(Problem("", f"… and {count(total - MAX_SHOWN, 'line')} more."))
    return DataError(_headline(path, encoding), problems)


def _find_mark(path: Path) -> str:
    """Name the encoding whose byte order mark a file begins with; empty if there is none."""
    with path.open("rb") as file:
        begin = file.read(4)
    marks = {
        "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
        "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    }
    return next((name for name, those in marks.items() if begin.startswith(those)), "")


def _headline(path: Path, encoding: str) -> str:
    return (
        f"{path.name} must be text in the encoding {encoding}, but is not. Save it as UTF-8, or "
        "name its encoding (dataset_config.encoding)."
    )
