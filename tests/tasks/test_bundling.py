"""A fitted network becomes a bundle, unless it answers in a way that a bundle does not know."""

import pandas as pd
import pytest
import torch
from torch import nn

from dsf.base.decisions import Decisions
from dsf.base.export_request import ExportRequest
from dsf.core.errors import BundleError
from dsf.core.seeding import seed_process
from dsf.inference import Predictor
from dsf.lightning import PlModel
from dsf.lightning.bundling import export_bundle
from dsf.metrics.thresholds import Thresholds
from dsf.tasks import intent_classification, multilabel, text_classification

ROWS = pd.DataFrame(
    {
        "row_id": [4, 2, 9, 8],
        "text": ["the time in rome", "book a flight", "a cup of tea", "the train to oslo"],
        "intent": ["ask", "book", "order", "book"],
        "late": [0, 1, 0, 1],
        "price": [1, 1, 0, 0],
    }
)
INTENTS = {"label_column": "intent"}
LABELS = {"label_kind": "multilabel", "label_columns": ["late", "price"]}


@pytest.fixture
def make(complete):
    """Make a model that has learned nothing, and its config."""

    def give(task, dataset_config, seed=1):
        loss = "bce" if task is multilabel else "cross_entropy"
        config = complete(ROWS, dataset_config, loss=loss)
        config["model_config"] = task.complete_config(config["model_config"])
        seed_process(seed)
        model_config, metrics = config["model_config"], config["metrics"]
        objective = task.build_objective(model_config, metrics)
        network = task.build_network(model_config)
        return PlModel(network, model_config, metrics, objective=objective), config

    return give


def export(model, config, folder, **options):
    return export_bundle(model, ExportRequest(folder, config["model_config"], config, **options))


def logits_of(folder):
    return Predictor(folder, device="cpu").predict_logits(ROWS)


def test_the_weights_are_those_of_the_checkpoint(make, tmp_path):
    model, config = make(intent_classification, INTENTS)
    torch.save({"state_dict": model.state_dict()}, tmp_path / "best.ckpt")
    export(model, config, tmp_path / "as it is")
    wanted = logits_of(tmp_path / "as it is")["label"]
    other, _ = make(intent_classification, INTENTS, seed=2)
    for one, name in ((other, "module"), (other.network, "network")):
        with torch.no_grad():
            other.network.heads[0].weight.zero_()
        path = tmp_path / "best.ckpt"
        export(one, config, tmp_path / name, model_path=path)
        assert (logits_of(tmp_path / name)["label"] == wanted).all()


def test_the_model_s_own_thresholds_decide_where_nothing_else_was_settled(make, tmp_path):
    model, config = make(multilabel, LABELS)
    model.objective.thresholds.copy_(torch.tensor([0.125, 0.875]))
    bundle = export(model, config, tmp_path / "bundle")
    kept = Thresholds.read(bundle.find("thresholds.json"))
    assert kept.thresholds == {"late": 0.125, "price": 0.875}


def test_the_thresholds_of_the_fit_say_how_they_were_chosen(make, tmp_path):
    model, config = make(multilabel, LABELS)
    model.objective.thresholds.copy_(torch.tensor([0.125, 0.875]))
    settled = Thresholds({"late": 0.125, "price": 0.875}, "f1", "grid", 4, {"late": 2, "price": 2})
    decisions = Decisions(thresholds=settled)
    bundle = export(model, config, tmp_path / "bundle", decisions=decisions)
    assert Thresholds.read(bundle.find("thresholds.json")) == settled
    alone = export(model.network, config, tmp_path / "alone", decisions=decisions)
    assert Thresholds.read(alone.find("thresholds.json")) == settled


def test_a_network_alone_needs_thresholds(make, tmp_path):
    model, config = make(multilabel, LABELS)
    with pytest.raises(BundleError, match=r"decisions\.thresholds: must be given"):
        export(model.network, config, tmp_path / "bundle")


def test_a_network_of_ones_own_is_refused(make, tmp_path):
    _, config = make(intent_classification, INTENTS)
    with pytest.raises(BundleError, match="but is a Linear"):
        export(nn.Linear(2, 2), config, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_what_would_answer_otherwise_is_refused(make, tmp_path):
    model, config = make(multilabel, LABELS)
    model.objective.predict = torch.tanh
    model.objective.decide = lambda probabilities, thresholds: probabilities > 0
    config["model_config"]["label_names"] = ["late", "price", "more"]
    with pytest.raises(BundleError) as raised:
        export(model, config, tmp_path / "bundle")
    wrong = [problem.where for problem in raised.value.problems]
    assert wrong == ["model_config.label_names", "objective.predict", "objective.decide"]


def test_labels_that_are_numbers_stay_numbers(make, complete, tmp_path):
    rows = ROWS.assign(intent=[3, 1, 2, 1])
    config = complete(rows, {"label_kind": "multi_output", "label_columns": ["intent"]})
    config["model_config"] = text_classification.complete_config(config["model_config"])
    network = text_classification.build_network(config["model_config"])
    bundle = export(network, config, tmp_path / "bundle")
    assert bundle.labels.outputs == {"intent": [1, 2, 3]}
    found = Predictor(bundle.folder, device="cpu").predict_rows(rows)
    assert set(found.outputs["intent"].predictions) <= {1, 2, 3}


def test_the_tokenizer_may_come_from_elsewhere(make, encoder, tmp_path):
    """As one may say in a YAML; what the encoder's own would give matters no more."""
    model, config = make(intent_classification, INTENTS)
    bundle = export(model, config, tmp_path / "own")
    config["model_config"] |= {"encoder": "scratch:nowhere", "tokenizer": encoder}
    other = export(model, config, tmp_path / "elsewhere")
    name = "tokenizer/tokenizer.json"
    assert other.manifest.files[name] == bundle.manifest.files[name]


def test_a_config_without_end_is_kept(make, tmp_path):
    model, config = make(intent_classification, INTENTS)
    config["trainer_config"] = {"limits": [float("inf"), 1.5]}
    bundle = export(model, config, tmp_path / "bundle")
    assert bundle.training_config["trainer_config"] == {"limits": ["inf", 1.5]}
