"""The encoder of a task: what its family is tuned with, and what it can read."""

import shutil
from dataclasses import fields
from pathlib import Path

import pytest
from torch import nn
from transformers import AutoConfig

from dsf.core.errors import ConfigError
from dsf.networks import RECIPES, Recipe
from dsf.tasks.parts.encoder import complete_config, freeze, make_encoder, make_tokenizer

FILLED = {
    "learning_rate": "learning_rate",
    "weight_decay": "weight_decay",
    "epsilon": "epsilon",
    "warmup_share": "warmup_share",
    "dropout": "dropout",
}


@pytest.fixture
def source_of(encoder, tmp_path):
    """An encoder's family stands in its config; nothing else of it matters here."""

    def make(family):
        tokenizer = Path(encoder.removeprefix("scratch:")) / "tokenizer.json"
        shutil.copy(tokenizer, tmp_path / "tokenizer.json")
        AutoConfig.for_model(family).save_pretrained(tmp_path)
        return f"scratch:{tmp_path}"

    return make


@pytest.mark.parametrize(
    ("family", "recipe"), [("bert", "bert"), ("roberta", "roberta"), ("albert", "albert")]
)
def test_what_is_open_is_filled_in_by_the_encoders_family(family, recipe, source_of):
    config = complete_config({"encoder": source_of(family), "recipe": "auto", "max_length": 24})
    wanted = RECIPES[recipe]
    assert {key: config[key] for key in FILLED} == {
        key: getattr(wanted, name) for key, name in FILLED.items()
    }
    assert config["betas"] == list(wanted.betas)
    assert config["max_grad_norm"] == (wanted.max_grad_norm or 0.0)


def test_a_recipe_has_nothing_that_is_not_filled_in(encoder):
    filled = complete_config({"encoder": encoder, "recipe": "auto"})
    assert {field.name for field in fields(Recipe)} == set(filled) - {"encoder", "recipe"}


def test_what_is_set_stays(encoder):
    given = {"encoder": encoder, "recipe": "roberta", "dropout": 0.0, "learning_rate": 7e-3}
    config = complete_config(given)
    assert (config["dropout"], config["learning_rate"]) == (0.0, 7e-3)
    assert config["weight_decay"] == RECIPES["roberta"].weight_decay
    assert "weight_decay" not in given


def test_without_recipe_nothing_is_filled_in():
    given = {"encoder": "absent", "recipe": None, "learning_rate": 0.1}
    assert complete_config(given) == given


def test_a_family_without_recipe_is_named(source_of):
    with pytest.raises(ConfigError, match="funnel"):
        complete_config({"encoder": source_of("funnel"), "recipe": "auto"})


def test_texts_longer_than_the_encoder_reads_are_refused(encoder):
    with pytest.raises(ConfigError) as caught:
        make_encoder({"encoder": encoder, "dropout": 0.0, "max_length": 25})
    (problem,) = caught.value.problems
    assert problem.where == "model_config.max_length"
    assert "at most 24" in problem.message
    assert "not 25" in problem.message
    assert make_encoder({"encoder": encoder, "dropout": 0.0, "max_length": 24}).max_length == 24


def test_dropout_is_that_of_the_config(encoder):
    made = make_encoder({"encoder": encoder, "dropout": 0.25, "max_length": 24})
    shares = {one.p for one in made.modules() if isinstance(one, nn.Dropout)}
    assert shares == {0.25}


def test_layers_are_frozen_when_asked(encoder):
    def learning(**config):
        network = nn.ModuleDict({"encoder": make_encoder(base)})
        freeze(network, config)
        return {name for name, one in network.named_parameters() if one.requires_grad}

    base = {"encoder": encoder, "dropout": 0.0, "max_length": 24}
    everything = learning()
    kept = learning(freeze_layers=1)
    still = everything - kept
    assert any("layer.0." in name for name in still)
    assert any("embeddings" in name for name in still)
    assert any("layer.1." in name for name in kept)
    assert not any("layer.1." in name for name in still)


def test_the_tokenizer_belongs_to_the_encoder(encoder):
    tokens = make_tokenizer({"encoder": encoder}).tokenize("the time")
    assert tokens == ["the", "time"]
