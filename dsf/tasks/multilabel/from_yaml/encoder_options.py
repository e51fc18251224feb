"""An encoder that differs from its own config."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transformers import PreTrainedModel

__all__ = ["remake_encoder"]


def remake_encoder(model: PreTrainedModel, options: Mapping[str, float]) -> PreTrainedModel:
    """Make an encoder anew, with the same weights and some other values in its config.

    Args:
        model: The encoder; stays as it is.
        options: Name in the config → value.

    Raises:
        ConfigError: If its config has no such names; lists them.
    """
    config: Any = copy.deepcopy(model.config)
    problems = [
        Problem(
            f"model_config.encoder_options.{name}",
            f"must be in the config of the encoder, but a {config.model_type} has none. Leave it "
            "out (model.pretrained_model.kwargs)",
        )
        for name in options
        if getattr(config, name, None) is None
    ]
    if problems:
        raise ConfigError("The encoder cannot be made.", problems)
    for name, value in options.items():
        setattr(config, name, value)
    remade = type(model)(config)
    remade.load_state_dict(model.state_dict())
    return remade.train()  # type: ignore[no-any-return]
