"""What a bundle says about itself: its labels, what it reads, and where it comes from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from dsf.core.atomic import write_json
from dsf.core.errors import BundleError, Problem
from dsf.core.tagging import SCHEMES

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "KINDS",
    "LABELS_FILE",
    "METADATA_FILE",
    "BundleInputs",
    "BundleLabels",
    "BundleMetadata",
]

LABELS_FILE = "labels.json"
METADATA_FILE = "metadata.json"

KINDS = ("single", "multi_output", "multilabel", "tags")
"""One label a row; one of each output; any number; a tag for each word."""

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class BundleLabels:
    """What a bundle answers.

    Attributes:
        kind: One of :data:`KINDS`.
        outputs: Name of each output of the network → its labels, in the order of the scores.
        columns: Columns in which labelled rows have the truth: the label's, one for each output,
            one for each label, or ``tags``.
        scheme: ``iob2`` or ``bilou`` if tags mark spans; ``None`` otherwise.
    """

    kind: str
    outputs: dict[str, list[Any]]
    columns: list[str]
    scheme: str | None = None

    @property
    def only(self) -> list[Any]:
        """Labels of the only output."""
        (labels,) = self.outputs.values()
        return labels

    def write(self, folder: Path) -> None:
        """Write them into a folder, whole or not at all."""
        write_json(folder / LABELS_FILE, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> BundleLabels:
        """Read what :meth:`write` wrote.

        Raises:
            BundleError: If they do not go together; lists all that is wrong.
        """
        found = _read(cls, folder, LABELS_FILE)
        found.check(str(folder))
        return found

    def check(self, where: str) -> None:
        """Check that they go together.

        Args:
            where: What they are of, for the message.

        Raises:
            BundleError: Lists all that is wrong.
        """
        problems = [*self._kind_problems(), *self._label_problems()]
        if problems:
            raise BundleError(f"The labels of the bundle cannot be used: {where}", problems)

    def _kind_problems(self) -> list[Problem]:
        problems = []
        if self.kind not in KINDS:
            message = f"must be one of {', '.join(KINDS)}, but is {self.kind!r}."
            problems.append(Problem("kind", message))
        if self.scheme is not None and (self.kind != "tags" or self.scheme not in SCHEMES):
            message = f"must be null, or for tags one of {', '.join(SCHEMES)}"
            problems.append(Problem("scheme", f"{message}, but is {self.scheme!r}."))
        if not self.outputs or (self.kind != "multi_output" and len(self.outputs) != 1):
            wanted = "at least one" if self.kind == "multi_output" else "one"
            problems.append(Problem("outputs", f"must be {wanted}, but are {len(self.outputs)}."))
        return problems

    def _label_problems(self) -> list[Problem]:
        problems = []
        for output, labels in self.outputs.items():
            if not labels:
                problems.append(Problem(output, "must have labels, but has none."))
            elif len({str(label) for label in labels}) < len(labels):
                problems.append(Problem(output, "must have each label once, but repeats some."))
        return problems


@dataclass(frozen=True)
class BundleInputs:
    """How a bundle reads its rows: each is a text, or a row of numbers.

    Attributes:
        text_column: Column of the text in a table; ``None``: rows are numbers.
        max_length: Most tokens of a text, special tokens included.
        window_stride: Tokens that neighbouring windows of a long text share; of tags alone.
        features: Columns of the numbers, in the order in which the network takes them.
        shape: How the network takes the numbers of a row; empty: one behind the other.
        gaps: Whether a number may be missing, because the network fills it.
        batch_size: Rows of a batch while it was learned; ``None``: as many as ``max_tokens``.
        max_tokens: Tokens of a batch while it was learned; ``None``: no limit.
    """

    text_column: str | None = None
    max_length: int = 0
    window_stride: int = 0
    features: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    gaps: bool = False
    batch_size: int | None = None
    max_tokens: int | None = None

    @property
    def columns(self) -> list[str]:
        """Columns that a table must have, to be answered."""
        return list(self.features) if self.text_column is None else [self.text_column]


@dataclass(frozen=True)
class BundleMetadata:
    """Where a bundle comes from, and what it earned.

    Attributes:
        format_version: Of the folder's layout.
        name: What the model is called.
        version: Which of that name, such as ``v3``.
        task: What it was made for, such as ``ner``.
        created: UTC, ISO 8601.
        inputs: How it reads its rows.
        data_hash: Of the rows that it comes from, before the split.
        config_hash: Of the config that it was fitted with.
        scores: Name → number, or what belongs to it, such as its interval.
        packages: Package → version that it was made with.
    """

    format_version: int
    name: str
    version: str
    task: str
    created: str
    inputs: BundleInputs
    data_hash: str = ""
    config_hash: str = ""
    scores: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write it into a folder, whole or not at all."""
        write_json(folder / METADATA_FILE, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> BundleMetadata:
        """Read what :meth:`write` wrote.

        Raises:
            BundleError: If something in it is missing or of another type; lists all.
        """
        return _read(cls, folder, METADATA_FILE)


def _read(kind: type[_Read], folder: Path, name: str) -> _Read:
    from pydantic import TypeAdapter, ValidationError  # only who reads a bundle needs it

    try:
        return TypeAdapter(kind).validate_json((folder / name).read_bytes(), strict=True)
    except ValidationError as error:
        faults: list[Any] = [*error.errors(include_url=False)]
        problems = [
            Problem(".".join([name, *map(str, one["loc"])]), f"{one['msg']}.") for one in faults
        ]
        raise BundleError(f"The bundle cannot be read: {folder}", problems) from error
