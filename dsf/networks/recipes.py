"""How each family of encoders is usually fine-tuned."""

from __future__ import annotations

from dataclasses import dataclass

from dsf.core.errors import ConfigError, Problem

__all__ = ["RECIPES", "Recipe", "find_recipe"]


@dataclass(frozen=True)
class Recipe:
    """Settings of a fine-tuning: AdamW with bias correction, a linear rise, a linear fall to 0.

    Each is what a config that leaves it open is given.

    Attributes:
        learning_rate: The peak to begin with; with many epochs 2e-5 is a strong baseline.
        betas: AdamW's.
        epsilon: AdamW's.
        weight_decay: AdamW's; not for biases and norms.
        max_grad_norm: Longest gradient; ``None`` for no limit.
        dropout: In the encoder and before the heads.
        warmup_share: Share of all steps in which the rate rises from 0.
    """

    learning_rate: float = 2e-5
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-6
    weight_decay: float = 0.01
    max_grad_norm: float | None = 1.0
    dropout: float = 0.1
    warmup_share: float = 0.1


RECIPES: dict[str, Recipe] = {
    "albert": Recipe(weight_decay=0.0, dropout=0.0),
    "bert": Recipe(),
    "roberta": Recipe(betas=(0.9, 0.98), weight_decay=0.1, max_grad_norm=None),
}
"""Family → its recipe. MuRIL is a BERT; XLM-R and CamemBERT are RoBERTas.

Peaks worth trying besides are 1e-5 and 3e-5, and 5e-5 for BERT, with 16 rows in a step.

Source: Mosbach et al. 2021 and the code that belongs to it (many epochs, bias correction),
https://arxiv.org/abs/2006.04884.
"""

_LIKE = {
    "albert": "albert",
    "bert": "bert",
    "camembert": "roberta",
    "distilbert": "bert",
    "electra": "bert",
    "roberta": "roberta",
    "xlm-roberta": "roberta",
}


def find_recipe(family: str) -> Recipe:
    """Find the recipe of a family.

    Args:
        family: ``model_type`` of an encoder's config. DistilBERT and ELECTRA, which the source
            does not try, are given BERT's.

    Raises:
        ConfigError: If no recipe is known; a guess could ruin a fit.
    """
    if family not in _LIKE:
        why = f"there are recipes for {', '.join(_LIKE)}, not {family!r}. Set the values yourself."
        raise ConfigError("The recipe cannot be chosen.", [Problem("recipe", why)])
    return RECIPES[_LIKE[family]]
