"""Entities in texts: stretches of words with a label."""

from dsf.tasks.config import TextProjectConfig
from dsf.tasks.parts.encoder import complete_config
from dsf.tasks.parts.rows import load_rows
from dsf.tasks.parts.saving import save_model
from dsf.tasks.parts.tags import (
    answer_baseline,
    build_network,
    build_objective,
    create_data_module,
    make_predictions,
)

__all__ = [
    "TextProjectConfig",
    "answer_baseline",
    "build_network",
    "build_objective",
    "complete_config",
    "create_data_module",
    "load_rows",
    "make_predictions",
    "save_model",
]
