"""The config of a model as a step gives it, for networks and objectives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dsf.tasks.multilabel.from_yaml.translation import translate
from dsf.tasks.multilabel.from_yaml.yaml_config import read_yaml_config

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOUND = {"label_names": ["toxic"], "label_counts": [3], "train_rows": 11}


@pytest.fixture
def model_config(workplace: Path) -> Callable[..., dict[str, Any]]:
    """The section that a step gives to the model."""

    def load(*overrides: str) -> dict[str, Any]:
        config = translate(read_yaml_config(workplace / "conf.yaml", overrides))[0]
        return dict(config["model_config"]) | FOUND

    return load
