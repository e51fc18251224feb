"""A tiny network that reads numbers, as a bundle; as it was made, which is as good as fitted."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import nn

from dsf.base.decisions import Decisions
from dsf.base.export_request import ExportRequest
from dsf.core.config import ProjectConfig
from dsf.inference import Predictor
from dsf.lightning import PlModel, export_tabular_bundle
from dsf.metrics.thresholds import Thresholds
from dsf.testing import fill_config

FEATURES = [f"f{number}" for number in range(6)]
SHAPE = (1, 2, 3)
LABELS = {
    "single": {"label_column": "fruit"},
    "multi_output": {"label_kind": "multi_output", "label_columns": ["fruit", "size"]},
    "multilabel": {"label_kind": "multilabel", "label_columns": ["ripe", "red"]},
}


class Network(nn.Module):
    """Looks at pictures of 2 x 3 pixels; in a fit it would draw at random, and keep averages."""

    def __init__(self, outputs: dict[str, int]) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 4, kernel_size=2), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten()
        )
        self.drop = nn.Dropout(0.5)
        self.heads = nn.ModuleDict({name: nn.Linear(8, size) for name, size in outputs.items()})
        self.register_buffer("scale", torch.tensor(2.0), persistent=False)

    def forward(self, pictures: torch.Tensor) -> Any:
        found = self.drop(self.body(pictures * self.scale))
        scores = {name: head(found) for name, head in self.heads.items()}
        return scores if len(scores) > 1 else next(iter(scores.values()))


def make_rows(count: int = 40) -> pd.DataFrame:
    random = np.random.default_rng(3)
    rows = pd.DataFrame(random.normal(size=(count, 6)).astype(np.float32), columns=FEATURES)
    rows["fruit"] = [["apple", "pear", "plum"][number % 3] for number in range(count)]
    rows["size"] = [["big", "small"][number % 2] for number in range(count)]
    rows["ripe"], rows["red"] = np.arange(count) % 2, np.arange(count) % 3 // 2
    rows["row_id"] = 500 - 3 * np.arange(count)
    return rows.sample(frac=1, random_state=1)


@dataclass
class Tabular:
    """A model of one kind, and how it is asked for its bundle."""

    kind: str
    folder: Any
    rows: pd.DataFrame = field(default_factory=make_rows)

    def __post_init__(self) -> None:
        dataset = {"split_strategy": "random"} | LABELS[self.kind]
        sections = {"dataset_config": dataset, "model_config": {"batch_size": 8}}
        self.config = fill_config(sections, self.rows, ProjectConfig)
        names = self.config["model_config"]["label_names"]
        sizes = {name: len(one) for name, one in names.items()} if isinstance(names, dict) else {}
        torch.manual_seed(5)
        self.network = Network(sizes or {"only": len(names)})
        self.network.body[1].register_buffer("running_mean", torch.full((4,), 0.25))
        self.model = PlModel(self.network, self.config["model_config"] | {"num_classes": None})

    def request(self, **changed: Any) -> ExportRequest:
        thresholds = None
        if self.kind == "multilabel":
            thresholds = Thresholds({"ripe": 0.5, "red": 0.45}, None, None, 0, {})
        given = {
            "folder": self.folder / "bundle",
            "model_config": self.config["model_config"],
            "config": self.config,
            "decisions": Decisions(thresholds=thresholds),
            "name": "tiny",
            "version": "v1",
            "task": "fruit",
            "learned": self.rows.head(10),
        }
        return ExportRequest(**given | changed)

    def export(self, features: Any = FEATURES, shape: Any = SHAPE, **changed: Any) -> Any:
        return export_tabular_bundle(self.model, self.request(**changed), features, shape)

    def predictor(self) -> Predictor:
        return Predictor(self.export().folder, device="cpu")

    def scores(self, rows: pd.DataFrame) -> dict[str, np.ndarray]:
        """Ask the network itself."""
        pictures = torch.tensor(np.array(rows[FEATURES], np.float32)).reshape(-1, *SHAPE)
        with torch.inference_mode():
            found = self.network.eval()(pictures)
        found = found if isinstance(found, dict) else {"fruit": found}
        return {name: one.numpy() for name, one in found.items()}
