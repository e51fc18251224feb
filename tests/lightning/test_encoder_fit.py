"""What a fit of an encoder is told in the config reaches the optimizer, and the checkpoint."""

import numpy as np
import pytest
import torch
from pytorch_lightning import Callback
from torch import nn

from dsf.core.seeding import seed_process
from dsf.data.encoding import encode_texts
from dsf.lightning import LastCheckpoint, PlModel, TokenDataModule, TokenRows, build_trainer
from dsf.lightning.objectives import OutputsObjective
from dsf.networks import (
    ReducedEmbedding,
    TextClassifier,
    TextEncoder,
    load_encoder,
    load_tokenizer,
    new_encoder,
)

# Many words, of which the rows that are fitted hold few.
WORDS = [f"{a}{b}" for a in ("ka", "lo", "mi", "nu", "pe", "ri") for b in ("ba", "do", "fi", "gu")]
TEXTS = [" ".join(WORDS[(i * 7 + k * 5) % 6] for k in range(2 + i % 4)) for i in range(24)]

CONFIG = {
    "optimizer": "AdamW",
    "learning_rate": 1e-2,
    "weight_decay": 0.1,
    "betas": [0.8, 0.95],
    "epsilon": 1e-5,
    "max_grad_norm": 1.0,
    "warmup_share": 0.25,
    "num_warmup_steps": 0,
    "schedule": "linear",
    "layer_decay": None,
    "reduce_embedding": True,
    "batch_size": 4,
    "max_tokens": None,
    "num_workers": 0,
    "seed": 3,
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    texts = [" ".join(WORDS)] * 3
    return new_encoder(folder, texts, vocabulary_size=300, hidden_size=16, layers=2, heads=2)


@pytest.fixture
def fit(source, tmp_path):
    """Fit a tiny encoder, and give the trainer with its model."""

    def run(epochs=2, callbacks=(), resume_from=None, folder="fit", **changes):
        config = CONFIG | changes
        tokenizer = load_tokenizer(source)
        targets = {"target_label": np.arange(len(TEXTS)) % 3}
        encoded = TokenRows(encode_texts(TEXTS, tokenizer, max_length=16), targets)
        seed_process(1)
        network = TextClassifier(
            TextEncoder(load_encoder(source, dropout=0.1)),
            {"label": 3},
            pooling="mean",
            dropout=0.1,
        )
        objective = OutputsObjective({"label": nn.CrossEntropyLoss()}, {"label": 3}, {"f1": True})
        model = PlModel(network, config, objective=objective)
        trainer = build_trainer(
            {
                "max_epochs": epochs,
                "accelerator": "cpu",
                "logger": False,
                "enable_model_summary": False,
                "num_sanity_val_steps": 0,
                "callbacks": list(callbacks),
            },
            tmp_path / folder,
        )
        data = TokenDataModule(config, encoded, encoded)
        trainer.fit(model, data, ckpt_path=resume_from, weights_only=True)
        return trainer

    return run


def table_of(model):
    return model.network.encoder.model.get_input_embeddings()


def test_the_settings_of_adam_reach_it(fit):
    optimizer = fit(epochs=1).optimizers[0]
    for group in optimizer.param_groups:
        assert group["betas"] == (0.8, 0.95)
        assert group["eps"] == 1e-5
        assert group["initial_lr"] == 1e-2
    assert {group["weight_decay"] for group in optimizer.param_groups} == {0.0, 0.1}


def test_lower_layers_learn_more_slowly_when_asked(fit):
    optimizer = fit(epochs=1, layer_decay=0.5).optimizers[0]
    rates = {group["initial_lr"] for group in optimizer.param_groups}
    assert rates == {1e-2, 1e-2 * 0.5, 1e-2 * 0.25, 1e-2 * 0.125}


class Rates(Callback):
    """Keeps the learning rate and the length of the gradient of every step."""

    def __init__(self):
        self.rates, self.lengths = [], []

    def on_before_optimizer_step(self, trainer, pl_module, optimizer):
        self.rates.append(optimizer.param_groups[0]["lr"])

    def on_before_zero_grad(self, trainer, pl_module, optimizer):
        given = [one.grad for one in pl_module.parameters() if one.grad is not None]
        if given:
            self.lengths.append(float(nn.utils.get_total_norm(given)))


def test_the_rate_rises_for_the_share_of_the_steps_that_is_asked(fit):
    watch = Rates()
    trainer = fit(callbacks=[watch])
    assert trainer.global_step == len(watch.rates) == 12
    assert watch.rates[0] == 0.0
    assert np.argmax(watch.rates) == 3
    assert max(watch.rates) == pytest.approx(1e-2)


@pytest.mark.parametrize(("limit", "clipped"), [(1e-3, True), (0.0, False)])
def test_gradients_are_no_longer_than_asked(fit, limit, clipped):
    """What is kept is the gradient as the optimizer had it, before the next step's is made."""
    watch = Rates()
    fit(epochs=1, callbacks=[watch], max_grad_norm=limit)
    assert len(watch.lengths) > 3
    assert (max(watch.lengths) <= 1e-3 * 1.01) == clipped


@pytest.mark.parametrize(
    ("optimizer", "decay", "reduced"),
    [("AdamW", 0.1, True), ("AdamW", 0.0, True), ("Adam", 0.0, True), ("Adam", 0.1, False)],
)
def test_leaving_out_words_that_do_not_occur_changes_no_weight(fit, optimizer, decay, reduced):
    settings = {"optimizer": optimizer, "weight_decay": decay}
    less = fit(**settings).lightning_module
    full = fit(**settings, reduce_embedding=False).lightning_module
    assert isinstance(table_of(less), ReducedEmbedding) == reduced
    assert not isinstance(table_of(full), ReducedEmbedding)
    one, other = less.state_dict(), full.state_dict()
    assert set(one) == set(other)
    for name, weights in other.items():
        torch.testing.assert_close(one[name], weights, rtol=1e-5, atol=1e-7, msg=name)


def test_the_checkpoint_has_the_whole_table_and_fits_a_new_model(fit, source):
    trainer = fit()
    model = trainer.lightning_module
    path = trainer.checkpoint_callback.dirpath + "/last.ckpt"
    kept = torch.load(path, weights_only=True)["state_dict"]
    (name,) = [one for one in kept if one.endswith("word_embeddings.weight")]
    words = load_encoder(source).get_input_embeddings().weight
    assert kept[name].shape == words.shape
    assert len(table_of(model).weight) < len(words)
    network = TextClassifier(TextEncoder(load_encoder(source)), {"label": 3}, pooling="mean")
    objective = OutputsObjective({"label": nn.CrossEntropyLoss()}, {"label": 3}, {})
    new = PlModel(network, CONFIG, objective=objective)
    new.load_weights(path)
    torch.testing.assert_close(table_of(new).weight, kept[name], rtol=0, atol=0)


def test_a_fit_that_goes_on_within_an_epoch_ends_with_the_same_weights(fit, tmp_path):
    """To the last bit, those of words that do not occur too: they are only shrunk."""
    straight = fit(epochs=3).lightning_module.state_dict()
    with pytest.raises(RuntimeError, match="stopped"):
        fit(3, [LastCheckpoint(every_n_train_steps=2), StopAt(epoch=1, batch=3)], folder="stopped")
    path = tmp_path / "stopped" / "checkpoints" / "last.ckpt"
    assert torch.load(path, weights_only=True)["global_step"] == 8
    gone_on = fit(epochs=3, resume_from=path, folder="stopped").lightning_module.state_dict()
    for name, weights in straight.items():
        torch.testing.assert_close(gone_on[name], weights, rtol=0, atol=0, msg=name)


class StopAt(Callback):
    """Stops before a batch, as a kill would."""

    def __init__(self, epoch, batch):
        self.place = (epoch, batch)

    def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
        if (trainer.current_epoch, batch_idx) == self.place:
            raise RuntimeError("stopped")
