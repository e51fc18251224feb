"""Names in a config are looked up where names can stand, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from dsf.cli.config_check import check_references
from dsf.core.errors import ConfigError

LOSS = "torch.nn.functional:cross_entropy"


@pytest.mark.parametrize(
    ("config", "count"),
    [
        ({"model_config": {"loss_function": LOSS, "optimizer": "AdamW"}}, 1),
        ({"model_config": {"loss": "torch.nn:BCEWithLogitsLoss"}}, 1),
        ({"model_config": {"loss": "cross_entropy"}}, 0),
        ({"dataset_config": {"note": "absent.module:name"}}, 0),
        ({"trainer_config": {"callbacks": ["pytorch_lightning.callbacks:Timer"]}}, 1),
        ({"a": {"b": [{"class_path": "torch.nn.Linear", "init_args": {"in_features": 1}}]}}, 1),
        ({"a": {"module": "torch.nn", "func": "ReLU"}, "b": [1, None, "text"]}, 1),
    ],
)
def test_names_are_counted_where_they_can_stand(config: dict[str, Any], count: int) -> None:
    assert check_references(config) == count


def test_all_that_is_wrong_is_listed_with_its_place() -> None:
    config = {
        "model_config": {"loss_function": "torch.nn.functional:cros_entropy"},
        "trainer_config": {
            "callbacks": [
                {"class_path": "pytorch_lightning.callbacks.Timer", "init_args": {"durtion": 1}},
                {"class_path": "os.system"},
            ]
        },
    }
    with pytest.raises(ConfigError) as caught:
        check_references(config)
    message = str(caught.value)
    assert "model_config.loss_function" in message
    assert "'cross_entropy'" in message
    assert "trainer_config.callbacks.0.init_args" in message
    assert "'duration'" in message
    assert "trainer_config.callbacks.1" in message
