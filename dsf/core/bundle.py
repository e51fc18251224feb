"""A bundle: the folder that is all that leaves training.

Format 1. All of it is plain data, and all paths are relative::

    model.safetensors      the network's weights
    config.json            the network's layout; of texts as transformers reads it
    tokenizer/             of texts: the tokenizer, with a config.json of its own
    network.pt2            of numbers: what the network computes, without its weights
    labels.json            what it answers
    thresholds.json        from which probability on, of each label; if a row may have several
    calibration.json       what changes its probabilities; if a calibration was learned
    abstention.json        below which confidence it keeps still; if that was settled
    training_config.json   the config that it was fitted with
    learned.npy            hashes of the rows that it has learned from; if they are known
    metadata.json          where it comes from, how it reads rows, and the scores that it earned
    MANIFEST.json          hash and size of every other file, and a hash of them all
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.atomic import WORK_SUFFIX, publish_folder, storage_errors, write_json
from dsf.core.bundle_contents import (
    LABELS_FILE,
    METADATA_FILE,
    BundleInputs,
    BundleLabels,
    BundleMetadata,
)
from dsf.core.bundle_manifest import FORMAT_VERSION, MANIFEST_FILE, Manifest
from dsf.core.errors import BundleError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "ABSTENTION_FILE",
    "CALIBRATION_FILE",
    "CONFIG_FILE",
    "FORMAT_VERSION",
    "LEARNED_FILE",
    "PROGRAM_FILE",
    "THRESHOLDS_FILE",
    "TOKENIZER_FOLDER",
    "TRAINING_CONFIG_FILE",
    "WEIGHTS_FILE",
    "Bundle",
    "BundleInputs",
    "BundleLabels",
    "BundleMetadata",
    "write_bundle",
]

WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
TOKENIZER_FOLDER = "tokenizer"
PROGRAM_FILE = "network.pt2"
THRESHOLDS_FILE = "thresholds.json"
CALIBRATION_FILE = "calibration.json"
ABSTENTION_FILE = "abstention.json"
TRAINING_CONFIG_FILE = "training_config.json"
LEARNED_FILE = "learned.npy"

_NEEDED = (WEIGHTS_FILE, CONFIG_FILE, LABELS_FILE, METADATA_FILE, TRAINING_CONFIG_FILE)
_OF_TEXTS = (f"{TOKENIZER_FOLDER}/tokenizer.json",)


@dataclass(frozen=True)
class Bundle:
    """A bundle that is whole: every file is there and has the content that was exported.

    Attributes:
        folder: Where it lies.
        manifest: Its files.
        labels: What it answers.
        metadata: Where it comes from, and how it reads rows.
        training_config: The config that it was fitted with, as plain data.
    """

    folder: Path
    manifest: Manifest
    labels: BundleLabels
    metadata: BundleMetadata
    training_config: dict[str, Any]

    @classmethod
    def open(cls, folder: Path | str) -> Bundle:
        """Read a bundle, and compare every file with what was exported.

        Args:
            folder: Where it lies.

        Raises:
            BundleError: If there is none, or files are missing, changed, added or links; names
                all of them.
            StorageError: If it cannot be read.
        """
        path = Path(folder)
        if not path.is_dir():
            message = "must be the folder of a bundle, but there is no such folder."
            raise BundleError("There is no bundle.", [Problem(str(path), message)])
        manifest = Manifest.read(path)
        manifest.check(path)
        _check_needed(path, manifest, _NEEDED)
        training = json.loads((path / TRAINING_CONFIG_FILE).read_text(encoding="utf-8"))
        labels, metadata = BundleLabels.read(path), BundleMetadata.read(path)
        _check_needed(path, manifest, _needed_by(metadata))
        return cls(path, manifest, labels, metadata, training)

    @property
    def hash(self) -> str:
        """SHA-256 over all of it: equal bundles have equal hashes, wherever they lie."""
        return self.manifest.hash

    def with_scores(self, scores: Mapping[str, Any]) -> Bundle:
        """Write scores in place of those that it has: its own, once it was itself tested.

        For a folder that nobody reads yet: its hash changes.

        Args:
            scores: Name → number, or what belongs to it, as plain data.

        Returns:
            The bundle, read again.

        Raises:
            StorageError: If the disk does not let us write.
        """
        replace(self.metadata, scores=dict(scores)).write(self.folder)
        facts = Manifest.of(self.folder).files[METADATA_FILE]
        # All others are as they were read: what was changed since is not signed for here.
        Manifest({**self.manifest.files, METADATA_FILE: facts}).write(self.folder)
        return Bundle.open(self.folder)

    def find(self, name: str) -> Path | None:
        """Give the place of a file; ``None`` if the bundle has none of that name."""
        return self.folder / name if name in self.manifest.files else None


def write_bundle(
    folder: Path,
    labels: BundleLabels,
    metadata: BundleMetadata,
    training_config: Mapping[str, Any],
    fill: Callable[[Path], None],
) -> Bundle:
    """Write a bundle, whole or not at all; an older one in the same place is replaced.

    Args:
        folder: Where it goes.
        labels: What it answers.
        metadata: Where it comes from.
        training_config: Plain data.
        fill: Takes a folder and writes all else into it: weights, config, tokenizer, and what the
            fit settled.

    Returns:
        The bundle, read again from where it lies.

    Raises:
        BundleError: If the folder holds something else, a file is lacking, or the labels do not
            go together.
        StorageError: If the disk does not let us write.
    """
    _check_place(folder)
    labels.check(str(folder))
    with storage_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        name = tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=WORK_SUFFIX, dir=folder.parent)
        work = Path(name)
        try:
            work.chmod(0o755)  # that of a temporary folder is closed to others
            fill(work)
            labels.write(work)
            metadata.write(work)
            write_json(work / TRAINING_CONFIG_FILE, training_config)
            manifest = Manifest.of(work)
            _check_needed(work, manifest, (*_NEEDED, *_needed_by(metadata)))
            manifest.write(work)
            publish_folder(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return Bundle.open(folder)


def _needed_by(metadata: BundleMetadata) -> tuple[str, ...]:
    """Name what it takes besides, by what the bundle reads."""
    return (PROGRAM_FILE,) if metadata.inputs.text_column is None else _OF_TEXTS


def _check_needed(folder: Path, manifest: Manifest, needed: Iterable[str]) -> None:
    lacking = [name for name in needed if name not in manifest.files]
    if lacking:
        problems = [Problem(name, "must be in every bundle, but is not.") for name in lacking]
        raise BundleError(f"The bundle is not complete: {folder}", problems)


def _check_place(folder: Path) -> None:
    """Refuse to replace what is no bundle: it would be gone."""
    if not folder.exists() or (folder / MANIFEST_FILE).is_file():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        message = "must be absent, empty or an older bundle, but is something else. Choose another."
        raise BundleError("The bundle has no place.", [Problem(str(folder), message)])
