"""The sections of a multi-label YAML that say what the rows are and how they become batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from dsf.core.config import KeysProblem
from dsf.core.config.sections import Section
from dsf.core.config.value_types import PathText  # noqa: TC001  pydantic reads it
from dsf.core.errors import Problem
from dsf.tasks.multilabel.from_yaml.hooked_section import HookedSection, name_component

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["DataModuleSection"]

Positive = Annotated[int, Field(ge=1)]


class TokenizerOptionsSection(Section):
    """What a tokenizer may be told."""

    add_special_tokens: Literal[True] = True
    """An encoder needs its special tokens."""
    padding: bool | Literal["max_length", "longest", "do_not_pad"] = False
    """Has no effect: there is no padding."""
    truncation: Literal[True, "longest_first", "only_first"] = True
    """A text that is too long loses its end."""


class TokenizerSection(Section):
    """How texts become tokens."""

    model_name: str | None = None
    """A name for it; not used."""
    path: str
    """As the path of the encoder."""
    max_length: Positive = 128
    """Most tokens of a text, special tokens included."""
    output_keys: Annotated[list[str], Field(min_length=1)] = Field(
        default_factory=lambda: ["input_ids", "attention_mask"]
    )
    """What a network of your own is given by name, of input_ids and attention_mask."""
    kwargs: TokenizerOptionsSection | None = None
    """What the tokenizer is told."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check that the keys are some that we make."""
        known = ("input_ids", "attention_mask", "token_type_ids")
        keys = values.get("output_keys", ())
        wrong = [key for key in keys if key not in known] if isinstance(keys, list) else []
        message = f"must be of {', '.join(known)}, not {wrong}"
        return [Problem("output_keys", message)] if wrong else []


class LoaderOptionsSection(Section):
    """How batches are loaded."""

    num_workers: Annotated[int, Field(ge=0)] = 0
    """Processes that load batches; 0 loads them in the main process."""
    pin_memory: bool = True
    """Whether batches are put where a GPU gets them fastest; without a GPU they are not."""
    prefetch_factor: Positive | None = None
    """Batches that each of the processes loads ahead; null: torch's own number."""
    shuffle: bool = True
    """Must be true: training rows are shuffled, all others keep their order."""
    drop_last: bool = False
    """Must be false: every row is learned from."""
    persistent_workers: bool = False
    """Has no effect: the batches of an epoch are planned anew, for which its processes begin."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Refuse what our batches cannot be."""
        problems = []
        if values.get("shuffle") is False:
            message = "must be true, not false: training rows are shuffled anew in every epoch"
            problems.append(Problem("shuffle", message))
        if values.get("drop_last") is True:
            message = "must be false, not true: the rows of a last, smaller batch are learned from"
            problems.append(Problem("drop_last", message))
        ahead, workers = values.get("prefetch_factor"), values.get("num_workers")
        if ahead is not None and workers == 0:
            message = f"must be null, not {ahead}, where num_workers is 0: nothing loads ahead"
            problems.append(
                KeysProblem("prefetch_factor", message, ("prefetch_factor", "num_workers"))
            )
        return problems


class DatasetSection(Section):
    """The batches."""

    batch_size: Positive = 32
    """Rows of a batch."""
    tokenizer_config: TokenizerSection
    kwargs: LoaderOptionsSection | None = None
    """How batches are loaded."""


class DataModuleSection(HookedSection):
    """The rows."""

    hooks = ("load_data", "process_data", "split")

    state_file: PathText | None = None
    """Keeps the rows as they were split; if it is there, they are taken from it."""
    dataset: DatasetSection
    load_data: Any
    """Takes nothing besides its kwargs, gives a table."""
    process_data: Any
    """Takes the table, gives one with texts and 0/1 labels."""
    split: Any = Field(
        default_factory=lambda: {
            **name_component("split_data", "split_data"),
            "kwargs": {"train_ratio": 0.8, "val_ratio": 0.1, "test_ratio": 0.1},
        }
    )
    """Takes the table, gives training, validation and test rows."""
