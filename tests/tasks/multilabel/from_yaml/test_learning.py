"""Networks, objectives and optimizers as the YAML asks for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from pytorch_lightning.callbacks import ModelCheckpoint
from torch import nn

from dsf.core.errors import HookRaisedError, HookResultError
from dsf.core.references import allow_folder, instantiate_tree
from dsf.lightning import build_trainer
from dsf.tasks.multilabel.from_yaml.module import MultiLabelModule
from dsf.tasks.multilabel.from_yaml.network import make_network
from dsf.tasks.multilabel.from_yaml.objective import make_objective
from dsf.tasks.multilabel.from_yaml.padded_network import fit_inputs
from dsf.tasks.multilabel.from_yaml.translation import translate
from dsf.tasks.multilabel.from_yaml.yaml_config import read_yaml_config

if TYPE_CHECKING:
    from collections.abc import Callable

MODULE = "trainer_config.lightning_module_config"
OWN = """
import torch
from torch import nn

def three(**anything):
    return 3

def fail(**anything):
    raise ValueError("no luck")

def text(**anything):
    return {"val_f1": 1.0, "val_verdict": "fine"}

def none(**anything):
    return {"f1": None}

def two(**anything):
    return {"f1": [0.5, 0.5]}

def own_loss(**anything):
    return {"val_loss": 0.0}

def numbers(**anything):
    return {"val_share": torch.tensor(0.5), "count": 3, "all": True}

def loss(labels):
    torch.save(labels, "labels.pt")
    return nn.BCEWithLogitsLoss()

def halves(labels, probabilities):
    return torch.full((labels.shape[1],), 0.5)
"""


@pytest.fixture
def own(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the user's in the working folder; each test has its own name for it."""
    name = f"own_{workplace.name}"
    (workplace / f"{name}.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(workplace)
    allow_folder(workplace)
    return name


def objective_of(config: dict[str, Any], labels: np.ndarray | None = None) -> Any:
    def train_labels() -> np.ndarray:
        assert labels is not None, "only a loss of one's own needs them"
        return labels

    return make_objective(config, {"f1": True}, train_labels)


def test_the_loss_is_weighted_by_the_counts_of_the_data_set(
    model_config: Callable[..., dict[str, Any]],
) -> None:
    objective = objective_of(model_config())
    assert objective.loss_function.positive_weights.tolist() == pytest.approx([12 / 4])


def test_a_loss_of_ones_own_sees_the_labels_of_all_training_rows(
    model_config: Callable[..., dict[str, Any]], own: str
) -> None:
    labels = np.array([[1.0], [0.0]], dtype=np.float32)
    objective = objective_of(model_config(f"{MODULE}.define_loss='{own}:loss'"), labels)
    assert isinstance(objective.loss_function, nn.BCEWithLogitsLoss)
    assert torch.load("labels.pt").tolist() == labels.tolist()


def test_thresholds_are_chosen_on_validation_rows_only(
    model_config: Callable[..., dict[str, Any]],
) -> None:
    objective = objective_of(model_config())
    kept = {"targets": torch.tensor([[0], [1]]), "probabilities": torch.tensor([[0.28], [0.8]])}
    objective.score("test", kept)
    assert objective.thresholds.tolist() == [0.5]
    found = objective.score("val", kept)
    assert objective.thresholds.tolist() == pytest.approx([0.3])
    assert found["tpr_avg"] == found["f1"] == 1.0
    assert found["number_samples"] == 2


def test_what_hooks_give_is_checked(model_config: Callable[..., dict[str, Any]], own: str) -> None:
    kept = {"targets": torch.tensor([[0], [1]]), "probabilities": torch.tensor([[0.3], [0.8]])}
    for name, message in {
        "calculate_best_thresholds": "must give 1 numbers between 0 and 1, but gave 3",
        "model.calculate_predictions": r"must give 0 or 1 in shape \(2, 1\)",
        "calculate_metrics": "must give numbers by name, but gave 3",
    }.items():
        objective = objective_of(model_config(f"{MODULE}.{name}='{own}:three'"))
        with pytest.raises(HookResultError, match=message):
            objective.score("val", kept)
        objective = objective_of(model_config(f"{MODULE}.{name}='{own}:fail'"))
        with pytest.raises(HookRaisedError, match="ValueError: no luck"):
            objective.score("val", kept)
    with pytest.raises(HookResultError, match="must give a function of scores and targets"):
        objective_of(model_config(f"{MODULE}.define_loss='{own}:three'"), np.zeros((1, 1)))


KEPT = {"targets": torch.tensor([[0], [1]]), "probabilities": torch.tensor([[0.3], [0.8]])}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("text", r"own_\w+\.text must give numbers by name, but gave 'fine' as 'val_verdict'"),
        ("none", "but gave None as 'f1'"),
        ("two", r"but gave \[0\.5, 0\.5\] as 'f1'"),
        (
            "own_loss",
            "must not give a number 'val_loss', but did: val_loss is the mean of the loss",
        ),
    ],
)
def test_metrics_of_ones_own_must_be_numbers_and_not_the_loss(
    model_config: Callable[..., dict[str, Any]], own: str, name: str, message: str
) -> None:
    objective = objective_of(model_config(f"{MODULE}.calculate_metrics='{own}:{name}'"))
    with pytest.raises(HookResultError, match=message):
        objective.score("val", KEPT)


def test_metrics_of_ones_own_may_be_any_numbers(
    model_config: Callable[..., dict[str, Any]], own: str
) -> None:
    objective = objective_of(model_config(f"{MODULE}.calculate_metrics='{own}:numbers'"))
    found = objective.score("val", KEPT)
    assert (found["share"], found["count"], found["all"]) == (0.5, 3.0, 1.0)


def test_tensors_from_hooks_are_taken(
    model_config: Callable[..., dict[str, Any]], own: str
) -> None:
    config = model_config(f"{MODULE}.calculate_best_thresholds='{own}:halves'")
    objective = objective_of(config)
    kept = {"targets": torch.tensor([[0], [1]]), "probabilities": torch.tensor([[0.3], [0.8]])}
    objective.score("val", kept)
    assert objective.thresholds.tolist() == [0.5]


def test_a_network_of_ones_own_must_be_one(
    model_config: Callable[..., dict[str, Any]], own: str
) -> None:
    with pytest.raises(HookResultError, match=r"must give a torch\.nn\.Module, but gave 3"):
        make_network(model_config(f"{MODULE}.model='{own}:three'"))


def test_a_network_of_ones_own_is_given_rows_of_one_length() -> None:
    class Lengths(nn.Module):
        def forward(self, attention_mask: torch.Tensor, input_ids: torch.Tensor) -> torch.Tensor:
            return torch.stack([attention_mask.sum(1), (input_ids == 9).sum(1)], dim=1)

    network = fit_inputs(Lengths(), ["input_ids", "attention_mask"], padding=9)
    scores = network(torch.tensor([1, 2, 3, 4]), torch.tensor([1, 3]))
    assert scores.tolist() == [[1, 2], [3, 0]]


def test_a_network_that_takes_lengths_is_left_alone() -> None:
    class Flat(nn.Module):
        def forward(self, input_ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
            return lengths

    flat = Flat()
    assert fit_inputs(flat, ["input_ids"]) is flat


def test_the_optimizer_is_called_with_the_parameters(
    model_config: Callable[..., dict[str, Any]], own: str
) -> None:
    config = model_config(
        f"{MODULE}.optimizer={{module: torch.optim, func: SGD, kwargs: {{lr: 3}}}}"
    )
    network = nn.Linear(2, 1)
    model = MultiLabelModule(network, config, objective=objective_of(config))
    optimizer = model.configure_optimizers()
    assert isinstance(optimizer, torch.optim.SGD)
    assert optimizer.param_groups[0]["lr"] == 3
    assert [id(one) for one in optimizer.param_groups[0]["params"]] == [
        id(one) for one in network.parameters()
    ]
    config = config | {"optimizer": f"{own}:three"}
    model = MultiLabelModule(network, config, objective=objective_of(config))
    with pytest.raises(HookResultError, match=r"must give a torch\.optim\.Optimizer"):
        model.configure_optimizers()


def test_checkpoints_that_watch_the_same_all_live(workplace: Path) -> None:
    one = (
        "{module: pytorch_lightning.callbacks, func: ModelCheckpoint, kwargs: {monitor: val_loss, "
    )
    three = ", ".join(f"{one}dirpath: {place}}}}}" for place in ("here", "there", "elsewhere"))
    settings = [f"trainer_config.callbacks=[{three}]", "trainer_config.loggers=[]"]
    config = translate(read_yaml_config(workplace / "conf.yaml", settings))[0]["trainer_config"]
    trainer = build_trainer(instantiate_tree(config) | {"logger": False}, workplace / "run")
    folders = [
        Path(str(callback.dirpath)).name
        for callback in trainer.callbacks  # type: ignore[attr-defined]
        if isinstance(callback, ModelCheckpoint)
    ]
    assert folders == ["checkpoints", "here", "there", "elsewhere", "checkpoints"]
