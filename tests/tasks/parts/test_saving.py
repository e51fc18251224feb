"""What a fit leaves for others: transformers reads it, and another fit begins with it."""

from types import SimpleNamespace

import pandas as pd
import pytest
import torch
from torch import nn
from transformers import (
    AutoModel,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
)

from dsf.core.errors import ConfigError
from dsf.core.seeding import seed_process
from dsf.lightning import PlModel, build_trainer
from dsf.networks import load_network_weights
from dsf.tasks import intent_classification, ner, text_classification

TEXTS = ["the time in rome", "book a flight", "a cup of tea", "the train to oslo"] * 3
ROWS = pd.DataFrame(
    {
        "row_id": range(len(TEXTS)),
        "text": TEXTS,
        "intent": ["ask", "book", "order", "book"] * 3,
        "urgency": ["low", "high", "low", "high"] * 3,
        "tokens": [text.split() for text in TEXTS],
        "starts": [
            [len(" ".join([*text.split()[:at], ""])) for at in range(len(text.split()))]
            for text in TEXTS
        ],
        "tags": [["B-x", *["O"] * (len(text.split()) - 1)] for text in TEXTS],
    }
)
INTENTS = {"label_column": "intent"}
SEVERAL = {"label_kind": "multi_output", "label_columns": ["urgency", "intent"]}
TAGS = {"label_kind": "tags", "tag_scheme": "iob2"}
TRAINER = {
    "accelerator": "cpu",
    "logger": False,
    "enable_progress_bar": False,
    "enable_model_summary": False,
}

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")


def fit(task, config, folder, epochs=3):
    """Fit, give the trainer, and what it was fitted with."""
    model_config = task.complete_config(config["model_config"] | {"learning_rate": 1e-2})
    seed_process(1)
    model = PlModel(
        task.build_network(model_config),
        model_config,
        config["metrics"],
        objective=task.build_objective(model_config, config["metrics"]),
    )
    module = task.create_data_module(model_config, config["dataset_config"], ROWS, ROWS)
    trainer = build_trainer(TRAINER | {"max_epochs": epochs}, folder)
    trainer.fit(model, module)
    return model, trainer.checkpoint_callback.best_model_path, model_config


def scores_of(network, saved, text):
    """Let the network and what transformers has loaded score the same text."""
    ids = AutoTokenizer.from_pretrained(saved.name_or_path)(text, return_tensors="pt")["input_ids"]
    found = network.eval()(ids[0], torch.tensor([ids.shape[1]]))
    found = next(iter(found.values())) if isinstance(found, dict) else found
    return found, saved.eval()(input_ids=ids).logits.reshape(found.shape)


@pytest.mark.parametrize(
    ("task", "labels", "auto", "names"),
    [
        (ner, TAGS, AutoModelForTokenClassification, ["O", "B-x", "I-x"]),
        (
            intent_classification,
            INTENTS,
            AutoModelForSequenceClassification,
            ["ask", "book", "order"],
        ),
    ],
    ids=["tags", "one label"],
)
def test_transformers_gives_the_same_scores(complete, tmp_path, task, labels, auto, names):
    config = complete(ROWS, labels, pooling="pooler")
    model, best, model_config = fit(task, config, tmp_path)
    task.save_model(model, best, model_config, tmp_path / "model")
    saved, info = auto.from_pretrained(tmp_path / "model", output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert [saved.config.id2label[number] for number in range(len(names))] == names
    for text in TEXTS[:4]:
        torch.testing.assert_close(*scores_of(model.network, saved, text), atol=1e-5, rtol=1e-5)


def test_the_weights_are_those_of_the_checkpoint(complete, tmp_path):
    """All word embeddings are among them, though only those that occur were trained."""
    model, best, model_config = fit(text_classification, complete(ROWS, SEVERAL), tmp_path)
    with torch.no_grad():
        model.network.heads[0].weight.zero_()  # as steps after the best one would change it
    text_classification.save_model(model, best, model_config, tmp_path / "model")
    other = text_classification.build_network(model_config)
    load_network_weights(other, tmp_path / "model")
    kept = torch.load(best, weights_only=True)["state_dict"]
    for name, weight in other.state_dict().items():
        torch.testing.assert_close(weight, kept[f"network.{name}"], rtol=0, atol=0, msg=name)
    with torch.no_grad():
        model.network.heads[0].weight.zero_()
    text_classification.save_model(model, None, model_config, tmp_path / "as it is")
    load_network_weights(other, tmp_path / "as it is")
    assert not other.heads[0].weight.any()


def test_another_fit_begins_with_it(complete, tmp_path):
    model, best, model_config = fit(text_classification, complete(ROWS, SEVERAL), tmp_path / "one")
    text_classification.save_model(model, best, model_config, tmp_path / "model")
    config = complete(ROWS, TAGS, encoder=str(tmp_path / "model"))
    begun = ner.build_network(ner.complete_config(config["model_config"])).encoder.model
    theirs = AutoModel.from_pretrained(tmp_path / "model").state_dict()
    for name, weight in begun.state_dict().items():
        torch.testing.assert_close(weight, theirs[name], rtol=0, atol=0, msg=name)
    fit(ner, config, tmp_path / "other", epochs=1)
    assert (tmp_path / "other" / "history.csv").is_file()


def test_a_network_of_ones_own_is_refused(tmp_path):
    model = SimpleNamespace(network=nn.Linear(2, 2))
    with pytest.raises(ConfigError, match=r"save_last_model: must be false.* is a Linear"):
        ner.save_model(model, "best.ckpt", {"label_names": ["O"]}, tmp_path / "model")


def test_only_one_process_of_several_writes(tmp_path, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    ner.save_model(SimpleNamespace(), "best.ckpt", {}, tmp_path / "model")
    assert not (tmp_path / "model").exists()
