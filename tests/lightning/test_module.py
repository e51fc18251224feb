"""The module learns in train mode, scores what it says, and refuses foreign weights."""

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score
from torch import nn

from dsf.core.errors import RunMismatchError
from dsf.lightning import PlModel, build_tester


def test_a_network_in_eval_mode_is_put_into_train_mode(model_config, fit):
    modes = []

    class Watched(PlModel):
        def training_step(self, batch, batch_idx):
            modes.append(self.network.training)
            return super().training_step(batch, batch_idx)

        def validation_step(self, batch, batch_idx):
            modes.append(not self.network.training)
            super().validation_step(batch, batch_idx)

    network = nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 3)).eval()
    fit(model=Watched(network, model_config, {}), max_epochs=2)
    assert modes
    assert all(modes)


class AutoEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.Linear(4, 8), nn.Linear(8, 3)

    def forward(self, inputs):
        return self.decoder(self.encoder(inputs))


def test_an_encoder_of_another_kind_is_left_alone(model_config, fit):
    config = model_config | {"reduce_embedding": True}
    trainer = fit(model=PlModel(AutoEncoder(), config), max_epochs=1)
    assert trainer.global_step == 5


def test_it_learns(fit, make_model):
    trainer = fit(model=make_model(learning_rate=0.03), max_epochs=30)
    assert trainer.callback_metrics["train_loss"] < 0.9
    assert trainer.callback_metrics["val_accuracy"] > 0.5


@pytest.mark.parametrize("average", ["micro", "macro", "weighted"])
def test_the_average_of_the_config_is_used(fit, make_model, make_data, average, tmp_path):
    model = make_model(average=average)
    fit(model=model)
    data = make_data()
    tester = build_tester({"accelerator": "cpu", "enable_model_summary": False}, tmp_path)
    tester.test(model, data, verbose=False)
    targets = data.test_set.tensors[1].numpy()
    answers = model.test_probabilities.argmax(axis=1)
    expected = f1_score(targets, answers, average=average, zero_division=0)
    assert float(tester.callback_metrics["test_f1"]) == pytest.approx(expected, abs=1e-6)
    right = (targets == answers).mean()
    assert float(tester.callback_metrics["test_accuracy"]) == pytest.approx(right, abs=1e-6)


def test_the_loss_of_an_epoch_is_the_mean_over_its_rows(fit, make_model, make_data, tmp_path):
    model, data = make_model(), make_data(batch_size=7)  # the last batch is smaller
    tester = build_tester({"accelerator": "cpu", "enable_model_summary": False}, tmp_path)
    tester.test(model, data, verbose=False)
    inputs, targets = data.test_set.tensors
    with torch.no_grad():
        expected = nn.functional.cross_entropy(model.eval()(inputs), targets)
    assert float(tester.callback_metrics["test_loss"]) == pytest.approx(float(expected), rel=1e-5)


def test_probabilities_come_in_the_order_of_the_rows(make_model, make_data, tmp_path):
    model, data = make_model(), make_data()
    assert model.test_probabilities is None
    tester = build_tester({"accelerator": "cpu", "enable_model_summary": False}, tmp_path)
    tester.test(model, data, verbose=False)
    with torch.no_grad():
        expected = model.eval()(data.test_set.tensors[0]).softmax(dim=-1).numpy()
    assert np.allclose(model.test_probabilities, expected, atol=1e-6)


def test_weights_come_back(fit, make_model, tmp_path):
    trainer = fit()
    model = make_model()
    model.load_weights(tmp_path / "checkpoints" / "best.ckpt")
    best = torch.load(tmp_path / "checkpoints" / "best.ckpt", weights_only=True)["state_dict"]
    assert all(torch.equal(model.state_dict()[name], best[name]) for name in best)
    assert trainer.checkpoint_callback.best_model_path.endswith("best.ckpt")


def test_weights_of_another_network_are_refused(fit, model_config, tmp_path):
    fit()
    other = PlModel(nn.Linear(4, 5), model_config, {})
    with pytest.raises(RunMismatchError, match=r"best\.ckpt: must hold the weights of this net"):
        other.load_weights(tmp_path / "checkpoints" / "best.ckpt")


@pytest.mark.parametrize("content", [b"", b"not a checkpoint"])
def test_a_damaged_file_of_weights_is_refused(make_model, tmp_path, content):
    best = tmp_path / "best.ckpt"
    best.write_bytes(content)
    with pytest.raises(RunMismatchError, match=r"best\.ckpt: must be a whole checkpoint of a fit"):
        make_model().load_weights(best)


@pytest.mark.parametrize("clipping", [{"gradient_clip_val": 0.5}, {}])
def test_gradients_are_clipped_in_mixed_precision_too(fit, make_model, clipping):
    lengths = []

    class Watched(PlModel):
        def optimizer_step(self, *args, **kwargs):
            super().optimizer_step(*args, **kwargs)
            grads = [weight.grad for weight in self.parameters() if weight.grad is not None]
            lengths.append(float(torch.stack([grad.norm() for grad in grads]).norm()))

    plain = make_model(max_grad_norm=0.5)
    model = Watched(plain.network, plain.model_config, {})
    fit(model=model, max_epochs=1, precision="bf16-mixed", **clipping)
    assert lengths
    assert max(lengths) <= 0.5 + 1e-2


def test_gradients_are_not_clipped_unless_asked(fit, make_model):
    model = make_model()
    fit(model=model, max_epochs=1)
    assert model.trainer.optimizers[0].defaults["fused"]
