"""``fit.json`` names the epoch that was kept, by the number that chose it."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest

HISTORY = pd.DataFrame(
    {
        "epoch": [0, 1, 2, 3],
        "step": [5, 10, 15, 20],
        "val_loss": [0.5, 0.3, 0.4, 0.6],
        "val_f1": [0.1, 0.7, 0.9, 0.9],
    }
)


@pytest.fixture
def best(plain_main, parts, cfg, tmp_path):
    """Fit with a trainer that watched a number; give what is said of the best epoch."""

    def run(**checkpoint):
        class Watched(parts["Train"]):
            def execute(self):
                super().execute()
                HISTORY.to_csv(self.save_path / "history.csv", index=False)
                self.checkpoint_callback = SimpleNamespace(**checkpoint)
                return self

        main = type("WatchedMain", (plain_main,), {"train_class": Watched})
        main(cfg).execute_trainer()
        return json.loads((tmp_path / "out" / "v1" / "2_fit" / "fit.json").read_text())["best"]

    return run


@pytest.mark.parametrize(
    ("checkpoint", "expected"),
    [
        ({}, {"epoch": 1, "monitor": "val_loss", "score": 0.3}),
        (
            {"monitor": "val_f1", "mode": "max"},
            {"epoch": 2, "monitor": "val_f1", "score": 0.9},
        ),
        ({"monitor": "val_nothing", "mode": "max"}, None),
        (  # the model of the best epoch was lost
            {"monitor": "val_loss", "best_model_score": 0.4},
            {"epoch": 2, "monitor": "val_loss", "score": 0.4},
        ),
        ({"monitor": "val_loss", "best_model_score": float("inf")}, None),
    ],
)
def test_the_best_epoch_is_the_one_that_was_kept(best, checkpoint, expected):
    assert best(**checkpoint) == expected
