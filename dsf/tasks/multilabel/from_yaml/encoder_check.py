"""What a YAML says of its encoder, held against the encoder, where that need not be fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError
from dsf.networks import find_source
from dsf.tasks.multilabel.from_yaml.vocabulary import explain_vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsf.tasks.multilabel.from_yaml.translated_config import TranslatedConfig

__all__ = ["check_encoder"]

_MODEL = "trainer_config.lightning_module_config.model"
_TOKENIZER = "trainer_config.data_module_config.dataset.tokenizer_config.path"


def check_encoder(made: TranslatedConfig) -> None:
    """Note what of size, options and tokenizer does not go with the encoder."""
    described = _read_description(made)
    if described is None:
        return
    model = made.module["model"]
    path, wanted = model["pretrained_model"]["path"], model["hidden_size"]
    size = described.get("hidden_size", described.get("dim"))
    if wanted is not None and size is not None and size != wanted:
        message = f"must be {size}, that of the encoder {path!r}, not {wanted}"
        made.blame(f"{_MODEL}.hidden_size", message)
    vectors = described.get("vocab_size")
    if isinstance(vectors, int):
        _check_tokenizer(made, path, vectors)


def _read_description(made: TranslatedConfig) -> Mapping[str, Any] | None:
    """Read the config of the encoder; ``None`` if it is elsewhere, or is none."""
    path, place = made.module["model"]["pretrained_model"]["path"], f"{_MODEL}.pretrained_model"
    try:
        found = find_source(path)
    except ConfigError as error:
        for one in error.problems:
            made.blame(f"{place}.path", one.message)
        return None
    if not found.is_local:
        return None
    file = Path(found.place) / "config.json"
    try:
        described = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # no JSON, or no text at all
        reason = f"({type(error).__name__}: {error})"
        made.blame(f"{place}.path", f"must have a config that is JSON, but {file} is not {reason}")
        return None
    if not isinstance(described, dict):
        kind = type(described).__name__
        message = f"must have a config that is an object of JSON, but {file} holds a {kind}"
        made.blame(f"{place}.path", message)
        return None
    return described


def _check_tokenizer(made: TranslatedConfig, encoder: str, vectors: int) -> None:
    path = made.data["dataset"]["tokenizer_config"]["path"]
    try:
        if find_source(path).is_local and (fault := explain_vocabulary(path, encoder, vectors)):
            made.blame(_TOKENIZER, fault)
    except ConfigError as error:
        for one in error.problems:
            made.blame(_TOKENIZER, one.message)
