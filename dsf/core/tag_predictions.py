"""What a model answered that gives every token of a text a tag, next to the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from dsf.core.errors import ConfigError, Problem
from dsf.core.prediction_files import check_fit, read_frame, write_frame
from dsf.core.tag_checks import find_tag_problems
from dsf.core.tagging import repair_tags, tags_to_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np

__all__ = ["Entity", "TagPredictions"]


class Entity(NamedTuple):
    """An answered stretch of a text.

    Attributes:
        start: Its first character, counted from 0.
        end: Its last character plus one.
        label: What it is.
        text: What stands there.
        confidence: The lowest probability among the tags of its tokens, from 0 to 1: an entity
            is wrong as soon as one of its tags is.
    """

    start: int
    end: int
    label: str
    text: str
    confidence: float


@dataclass(frozen=True)
class TagPredictions:
    """Truth and answers of one tagger on one set of rows, in the order of the rows.

    Attributes:
        row_ids: Identity of each row in the data set; no row twice. Shape: ``(rows,)``.
        texts: Text of each row. Shape: ``(rows,)``.
        starts: Offset in its text of each token's first character. Shape: ``(rows, tokens)``,
            of as many tokens as the row has; so are all that follow.
        tokens: What each token reads.
        targets: True tag of each token.
        predictions: Answered tag of each token.
        confidences: Probability of the answered tag, from 0 to 1.
        tags: All tags, in the order of their numbers.
        scheme: How tags make entities, one of :data:`dsf.core.tagging.SCHEMES`; ``None`` if each
            tag stands alone, as parts of speech do.

    Raises:
        DataError: If lengths differ, a row comes twice, a tag is unknown, a token is not where
            its offset says, a confidence is not a number between 0 and 1, or the truth breaks
            the scheme. Answers may break it; see :meth:`entities`.
        ConfigError: If there is no such scheme.
    """

    row_ids: np.ndarray
    texts: Sequence[str]
    starts: Sequence[Sequence[int]]
    tokens: Sequence[Sequence[str]]
    targets: Sequence[Sequence[str]]
    predictions: Sequence[Sequence[str]]
    confidences: Sequence[Sequence[float]]
    tags: Sequence[str]
    scheme: str | None = None

    def __post_init__(self) -> None:
        check_fit(find_tag_problems(self))

    def entities(self, row: int) -> list[Entity]:
        """Give the answered entities of a row, in their order.

        Answers that break the scheme are first repaired (:func:`dsf.core.tagging.repair_tags`):
        what a user is shown may have a wrong mark, but no entity is lost for it.

        Args:
            row: Its place, from 0.

        Raises:
            ConfigError: If there is no scheme.
        """
        if self.scheme is None:
            message = "must be named to read entities from tags, but is null."
            raise ConfigError("There are no entities.", [Problem("tag_scheme", message)])
        starts, tokens, text = self.starts[row], self.tokens[row], self.texts[row]
        found = []
        repaired = repair_tags(self.predictions[row], self.scheme)
        for first, end, label in tags_to_spans(repaired, self.scheme):
            start, stop = int(starts[first]), int(starts[end - 1]) + len(tokens[end - 1])
            confidence = float(min(self.confidences[row][first:end]))
            found.append(Entity(start, stop, label, text[start:stop], confidence))
        return found

    def take(self, rows: np.ndarray) -> TagPredictions:
        """Give some of the rows, by their places, in that order."""
        per_row = ("texts", "starts", "tokens", "targets", "predictions", "confidences")
        lists = {name: [getattr(self, name)[row] for row in rows] for name in per_row}
        return TagPredictions(
            row_ids=self.row_ids[rows], tags=self.tags, scheme=self.scheme, **lists
        )

    def to_frame(self) -> pd.DataFrame:
        """Give a table, one row a text.

        Columns: ``row_id``, ``text``; lists of one value a token: ``tokens``, ``starts``,
        ``target``, ``prediction``, ``confidence``; and with a scheme ``entities``, a list of
        ``{start, end, label, text, confidence}``.
        """
        columns: dict[str, Any] = {
            "row_id": self.row_ids,
            "text": list(self.texts),
            "tokens": _lists(self.tokens),
            "starts": _lists(self.starts),
            "target": _lists(self.targets),
            "prediction": _lists(self.predictions),
            "confidence": _lists(self.confidences),
        }
        if self.scheme is not None:
            columns["entities"] = _lists(
                [entity._asdict() for entity in self.entities(row)]
                for row in range(len(self.row_ids))
            )
        frame = pd.DataFrame(columns)
        frame.attrs["tags"] = list(self.tags)
        frame.attrs["scheme"] = self.scheme
        return frame

    def write(self, path: Path) -> None:
        """Write the table as Parquet, whole or not at all; tags and scheme with it."""
        import pyarrow as pa  # type: ignore[import-untyped]

        strings, numbers, offsets = pa.string(), pa.float64(), pa.int64()
        types = {
            "text": strings,
            "tokens": pa.list_(strings),
            "starts": pa.list_(offsets),
            "target": pa.list_(strings),
            "prediction": pa.list_(strings),
            "confidence": pa.list_(numbers),
        }
        if self.scheme is not None:
            kinds = (offsets, offsets, strings, strings, numbers)
            entity = pa.struct(list(zip(Entity._fields, kinds, strict=True)))
            types["entities"] = pa.list_(entity)
        # Named types: in a file without any entity, pyarrow would find none.
        schema = pa.schema([("row_id", pa.array(self.row_ids).type), *types.items()])
        write_frame(self.to_frame(), path, schema)

    @classmethod
    def read(cls, path: Path) -> TagPredictions:
        """Read what :meth:`write` wrote.

        Raises:
            RunNotFoundError: If there is no such file.
        """
        frame = read_frame(path)
        return cls(
            row_ids=frame["row_id"].to_numpy(copy=True),
            texts=frame["text"].tolist(),
            starts=[list(row.tolist()) for row in frame["starts"]],
            tokens=[list(row.tolist()) for row in frame["tokens"]],
            targets=[list(row.tolist()) for row in frame["target"]],
            predictions=[list(row.tolist()) for row in frame["prediction"]],
            confidences=[list(row.tolist()) for row in frame["confidence"]],
            tags=frame.attrs["tags"],
            scheme=frame.attrs["scheme"],
        )


def _lists(values: Iterable[Iterable[Any]]) -> pd.Series:
    """Make a column of lists; pandas would take one without any row for numbers."""
    return pd.Series([list(row) for row in values], dtype=object)
