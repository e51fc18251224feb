"""Load encoders and tokenizers: safetensors only, never code that comes with a model."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

import torch

from dsf.networks.source import find_source, source_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from dsf.networks.source import EncoderSource

__all__ = ["load_encoder", "load_tokenizer", "read_family"]

_LOG = logging.getLogger(__name__)

# Names of dropout in the configs of the families; the heads' own dropout is not among them.
_DROPOUTS = (
    "attention_dropout",
    "attention_probs_dropout_prob",
    "dropout",
    "embedding_dropout",
    "hidden_dropout_prob",
    "mlp_dropout",
)


def load_encoder(
    source: str, *, dropout: float | None = None, dtype: torch.dtype = torch.float32
) -> PreTrainedModel:
    """Load an encoder, ready to be trained.

    Args:
        source: See :func:`dsf.networks.find_source`.
        dropout: Share of activations and of attention to drop; as its config says when absent.
        dtype: Type of the weights. Some are stored in 16 bits, in which they must not be trained.

    Returns:
        The model, in training mode.

    Raises:
        ConfigError: If it cannot be found or loaded.
        MissingExtraError: If the package that holds it is not installed.
    """
    found = find_source(source)
    with _errors_of_loading(source, found), _quiet():
        from transformers import AutoConfig, AutoModel

        auto: Any = AutoModel
        config = AutoConfig.from_pretrained(found.place, **_safely(found))
        if dropout is not None:
            _set_dropout(config, dropout)
        if not found.has_weights:
            model = auto.from_config(config, trust_remote_code=False).to(dtype)
            return _in_training(model)
        model, info = auto.from_pretrained(
            found.place,
            config=config,
            dtype=dtype,
            use_safetensors=True,
            output_loading_info=True,
            **_safely(found),
        )
    _check_weights(source, sorted(info["missing_keys"]))
    return _in_training(model)


def read_family(source: str) -> str:
    """Read the family of an encoder, such as ``bert``, without its weights.

    Args:
        source: See :func:`dsf.networks.find_source`.

    Returns:
        ``model_type`` of its config.

    Raises:
        ConfigError: If it cannot be found or read.
        MissingExtraError: If the package that holds it is not installed.
    """
    found = find_source(source)
    with _errors_of_loading(source, found), _quiet():
        from transformers import AutoConfig

        return str(AutoConfig.from_pretrained(found.place, **_safely(found)).model_type)


def load_tokenizer(source: str) -> PreTrainedTokenizerBase:
    """Load the fast tokenizer that belongs to an encoder.

    Args:
        source: See :func:`dsf.networks.find_source`.

    Raises:
        ConfigError: If it cannot be found or loaded, or has no fast form.
        MissingExtraError: If the package that holds it is not installed.
    """
    found = find_source(source)
    with _errors_of_loading(source, found), _quiet():
        from transformers import AutoTokenizer

        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
            found.place, **_safely(found)
        )
    if not tokenizer.is_fast:
        raise source_error(
            source, "its tokenizer must have a fast form (tokenizer.json), but it has none."
        )
    return tokenizer


def _in_training(model: Any) -> PreTrainedModel:
    trained: PreTrainedModel = model.train()
    return trained


def _safely(found: EncoderSource) -> dict[str, Any]:
    # trust_remote_code must be said: left open, transformers asks on the terminal.
    return {"trust_remote_code": False, "local_files_only": found.is_local}


def _set_dropout(config: Any, dropout: float) -> None:
    for name in _DROPOUTS:
        if isinstance(getattr(config, name, None), int | float):
            setattr(config, name, dropout)


def _check_weights(source: str, missing: list[str]) -> None:
    """Refuse a file that lacks weights of the encoder; only a pooler may begin at random."""
    lost = [name for name in missing if "pooler" not in name]
    if lost:
        raise source_error(
            source,
            f"its weights must fit its config, but {len(lost)} are missing, such as {lost[0]}.",
        )
    if missing:
        _LOG.info("%s has no pooler; its weights begin at random", source)


@contextlib.contextmanager
def _errors_of_loading(source: str, found: EncoderSource) -> Iterator[None]:
    """Turn what transformers raises into an error that says what to do."""
    try:
        yield
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        if found.is_local:
            reason = f"transformers must be able to read {found.place}, but says: {first}"
        else:
            reason = (
                "it must be a folder that is there, or a name that can be fetched from the hub, "
                f"but transformers says: {first} To work without a network, give a local folder "
                "or 'package:NAME/path', and set HF_HUB_OFFLINE=1 to be told at once."
            )
        raise source_error(source, reason) from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep progress bars, load reports and every single retry off the terminal."""
    from huggingface_hub.utils import logging as hub_logging
    from transformers.utils import logging as transformers_logging

    settings: Any = transformers_logging
    hub: Any = hub_logging
    verbosity, hub_verbosity = settings.get_verbosity(), hub.get_verbosity()
    had_bar = settings.is_progress_bar_enabled()
    settings.set_verbosity_error()
    hub.set_verbosity_error()
    settings.disable_progress_bar()
    try:
        yield
    finally:
        settings.set_verbosity(verbosity)
        hub.set_verbosity(hub_verbosity)
        if had_bar:
            settings.enable_progress_bar()
