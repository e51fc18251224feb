"""What a step is, and what it is given to work with."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dsf.core.errors import RunNotFoundError
from dsf.core.references import instantiate_tree
from dsf.data import LabelLayout, read_part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from dsf.base.main import Main

__all__ = [
    "INERT_KEYS",
    "LABEL_KEYS",
    "SCORING_SECTIONS",
    "Step",
    "StepContext",
    "files_named",
    "place_folders",
]

PART_KEYS = ("training_path", "validation_path", "test_dataset_path")
"""Keys of ``dataset_config`` that name files with the parts of a split, in their order."""

INERT_KEYS = (
    "model_config.loader_options",
    "model_config.num_workers",
    "trainer_config.default_root_dir",
    "trainer_config.enable_model_summary",
    "trainer_config.enable_progress_bar",
    "trainer_config.log_every_n_steps",
    "trainer_config.logger",
    "trainer_config.profiler",
    "dataset_config.cache_path",
    "dataset_config.dataset_path",
    *(f"dataset_config.{key}" for key in PART_KEYS),
    "dataset_config.rows_path",
    "dataset_config.state_file",
)
"""Config that changes no result: where things are and how they are shown. Rows count by content."""

LABEL_KEYS = tuple(
    f"dataset_config.{key}"
    for key in ("text_column", "label_kind", "label_column", "label_columns", "tag_scheme")
)
"""Config that says how a model reads the rows of a split."""

SCORING_SECTIONS = ("metrics", "bootstrap_config", "comparison_config.slices")
"""Config that says what is computed of answers, and what is kept of the rows for a comparison."""

_FOLDERS = ("cache_path", "rows_path")  # of dataset_config; relative to the project

SPLIT_FOLDER = "1_split"
SPLIT_FILE = "split.json"
FIT_FOLDER = "2_fit"


@dataclass(frozen=True)
class StepContext:
    """All that a step may use.

    Attributes:
        project: Names the project's classes.
        config: The whole resolved config.
        run: Folder of the run; earlier steps' folders are read from it.
        folder: Where this step writes.
        options: What the caller gave for this step alone.
    """

    project: Main
    config: Mapping[str, Any]
    run: Path
    folder: Path
    options: Mapping[str, Any] = field(default_factory=dict)

    def read_rows(self, part: str) -> pd.DataFrame:
        """Read a part of the split.

        Raises:
            RunNotFoundError: If the split has no such part.
        """
        path = self.run / SPLIT_FOLDER / f"{part}.parquet"
        if not path.is_file():
            raise RunNotFoundError(
                f"{path}: the {part} rows must be here, but are not. Split the data again, or "
                "name a file for them."
            )
        return read_part(path, store=self.dataset_config()["rows_path"])

    @property
    def label_layout(self) -> LabelLayout | None:
        """Where the rows have their labels; ``None`` if the task has none."""
        return LabelLayout.of(self.config["dataset_config"])

    def model_config(self) -> dict[str, Any]:
        """Give a fresh ``model_config`` with what the data says filled in.

        That is ``label_names`` and ``num_classes``; and, of the training rows, ``label_counts``
        (rows of each label, or words of each tag, as ``label_names`` has them) and ``train_rows``
        (rows, or words). ``tag_scheme`` is that of the tags, if they have one.
        """
        section = copy.deepcopy(dict(self.config["model_config"]))
        split = json.loads((self.run / SPLIT_FOLDER / SPLIT_FILE).read_text(encoding="utf-8"))
        if section.get("label_names") is None:
            section["label_names"] = split["label_names"]
        if section.get("num_classes") is None and isinstance(section["label_names"], list):
            section["num_classes"] = len(section["label_names"]) or None
        section["tag_scheme"] = self.config["dataset_config"]["tag_scheme"]
        section["label_counts"] = split.get("label_counts")
        section["train_rows"] = split.get("train_rows")
        return section

    def dataset_config(self) -> dict[str, Any]:
        """Give a fresh ``dataset_config``, whose folders are those of the project."""
        return place_folders(self.config["dataset_config"], self.project.project_dir())

    def trainer_config(self) -> dict[str, Any]:
        """Give a fresh ``trainer_config``: references made into objects, files into our folder."""
        section = copy.deepcopy(dict(self.config["trainer_config"]))
        made: dict[str, Any] = instantiate_tree(section, where="trainer_config")
        made.setdefault("default_root_dir", str(self.folder))
        return made


@dataclass(frozen=True)
class Step:
    """One link of the chain: a function of files.

    Attributes:
        name: As on the command line.
        folder: Name of its folder in the run.
        sections: Dotted parts of the config that decide its result.
        after: Names of the steps whose files it reads.
        reads: Those files, relative to the run.
        classes: Attributes of ``Main`` that name the project's classes which do it.
        perform: Does the work: writes the step's files into ``context.folder``.
        results: Lists the files in its folder that count: what later steps read, and the report.
        goes_on: Whether it can use what a killed attempt left in its folder.
    """

    name: str
    folder: str
    sections: tuple[str, ...]
    after: tuple[str, ...]
    reads: tuple[str, ...]
    classes: tuple[str, ...]
    perform: Callable[[StepContext], None]
    results: Callable[[Path], list[Path]]
    goes_on: bool = False

    def is_decided_by(self, path: str) -> bool:
        """Whether a dotted path of the config, or a part of it, decides the step's result."""
        if any(_covers(inert, path) for inert in INERT_KEYS):
            return False
        return any(_covers(part, path) or _covers(path, part) for part in self.sections)


def place_folders(dataset_config: Mapping[str, Any], project: Path) -> dict[str, Any]:
    """Give a fresh ``dataset_config`` whose folders no longer depend on where we are."""
    section = copy.deepcopy(dict(dataset_config))
    for key in _FOLDERS:
        if section.get(key) is not None:
            section[key] = project / section[key]
    return section


def files_named(*patterns: str) -> Callable[[Path], list[Path]]:
    """Make a lister of the files in a folder that fit any of the patterns."""
    return lambda folder: sorted(path for pattern in patterns for path in folder.glob(pattern))


def _covers(section: str, path: str) -> bool:
    return path == section or path.startswith(f"{section}.")
