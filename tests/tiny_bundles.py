"""A tiny model of each text task: fitted, settled on validation rows, tested, and bundled."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dsf.base.decisions import Decisions
from dsf.base.export_request import ExportRequest
from dsf.base.settling import keep_decisions
from dsf.core.seeding import seed_process
from dsf.inference import Predictor
from dsf.lightning import PlModel, build_tester, build_trainer
from dsf.networks import new_encoder
from dsf.tasks import find_task
from dsf.tasks.config import TextProjectConfig
from dsf.testing import fill_config

WORDS = [
    *("the", "time", "in", "rome", "book", "a", "flight", "to", "oslo", "for", "two", "people"),
    *("cup", "of", "tea", "train", "is", "late"),
]
CITIES = ("rome", "oslo")
TRAINER = {
    "accelerator": "cpu",
    "logger": False,
    "enable_progress_bar": False,
    "enable_model_summary": False,
}
TASKS = {
    "intent_classification": {"label_column": "intent"},
    "text_classification": {"label_kind": "multi_output", "label_columns": ["urgency", "intent"]},
    "multilabel": {"label_kind": "multilabel", "label_columns": ["late", "city"]},
    "ner": {"label_kind": "tags", "tag_scheme": "iob2"},
    "pos": {"label_kind": "tags"},
}
LOSSES = {"multilabel": "bce"}


def make_rows(count=80, longest=60):
    """Texts of many lengths, some of them so long that the encoder reads them in 3 windows."""
    random = np.random.default_rng(7)
    rows = []
    for number in range(count):
        words = random.choice(WORDS, size=int(random.integers(2, longest))).tolist()
        starts = [sum(len(word) + 1 for word in words[:at]) for at in range(len(words))]
        city = any(word in CITIES for word in words)
        rows.append(
            {
                "row_id": 900 - 7 * number,
                "text": " ".join(words),
                "tokens": words,
                "starts": starts,
                "intent": ["ask", "book", "order"][number % 3],
                "urgency": "high" if "late" in words else "low",
                "late": int("late" in words),
                "city": int(city),
                "iob2": ["B-city" if word in CITIES else "O" for word in words],
                "pos": ["NAME" if word in CITIES else "WORD" for word in words],
            }
        )
    return pd.DataFrame(rows)


@dataclass
class Made:
    """What one task's fit and export left."""

    name: str
    task: Any
    config: dict[str, Any]
    model: Any
    checkpoint: Any
    decisions: Decisions
    rows: pd.DataFrame
    bundle: Any
    predictor: Predictor
    folder: Any

    def answer(self, rows, *, finished=True, **model_config):
        """Answer rows as the run's own test step does."""
        config = self.config["model_config"] | model_config
        dataset_config = self.config["dataset_config"]
        module = self.task.create_data_module(config, dataset_config, None, None, rows)
        tester = build_tester(TRAINER, self.folder)
        tester.test(self.model, module, verbose=False)
        found = self.task.make_predictions(self.model, module, rows, config, dataset_config)
        return self.decisions.apply(found) if finished else found


class TinyBundles:
    """Makes the model of a task and its bundle when it is first asked for."""

    def __init__(self, home):
        self.home = home
        self.rows = make_rows()
        self._made = {}
        self._encoder = new_encoder(
            home / "encoder",
            self.rows["text"].tolist(),
            vocabulary_size=300,
            hidden_size=32,
            layers=2,
            heads=2,
            max_length=24,
        )

    def __call__(self, name):
        if name not in self._made:
            self._made[name] = _fit(name, self.rows, self._encoder, self.home / name)
        return self._made[name]


def _fit(name, rows, encoder, folder):
    task = find_task(name)
    scheme = "iob2" if name == "ner" else "pos"
    rows = rows.assign(tags=rows[scheme])
    model_config = {
        "encoder": encoder,
        "max_length": 24,
        "window_stride": 4,
        "batch_size": 4,
        "learning_rate": 1e-2,
        "dropout": 0.0,
        "pooling": "pooler",
        "loss": LOSSES.get(name, "cross_entropy"),
    }
    sections = {
        "model_config": model_config,
        "dataset_config": {"text_column": "text", "split_strategy": "random"} | TASKS[name],
        "calibration_config": {"method": "isotonic" if name == "multilabel" else "temperature"},
        "abstain_config": {"coverage": 0.6},
    }
    config = fill_config(sections, rows, TextProjectConfig)
    config["model_config"] = task.complete_config(config["model_config"])
    metrics = config["metrics"]
    seed_process(1)
    model = PlModel(
        task.build_network(config["model_config"]),
        config["model_config"],
        metrics,
        objective=task.build_objective(config["model_config"], metrics),
    )
    module = task.create_data_module(config["model_config"], config["dataset_config"], rows, rows)
    trainer = build_trainer(TRAINER | {"max_epochs": 2}, folder)
    trainer.fit(model, module)
    checkpoint = trainer.checkpoint_callback.best_model_path
    model.load_weights(checkpoint)
    made = Made(name, task, config, model, checkpoint, Decisions(), rows, None, None, folder)
    keep_decisions(made.answer(rows, finished=False), rows, config, folder)
    made.decisions = Decisions.read(folder)
    assert made.decisions.calibration is not None
    assert made.decisions.abstention is not None
    request = ExportRequest(
        folder / "bundle",
        config["model_config"],
        config,
        checkpoint,
        made.decisions,
        name="tiny",
        version="v1",
        task=name,
        data_hash="ab" * 32,
        scores={"f1": {"value": 0.5, "low": 0.4, "high": 0.6}},
    )
    made.bundle = model.export_bundle(request)
    made.predictor = Predictor(folder / "bundle", device="cpu")
    return made
