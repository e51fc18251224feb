"""A network that reads numbers becomes a bundle, or it is told why it cannot."""

import logging

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression

from dsf.base.warm_start import WarmStart
from dsf.core.bundle import Bundle
from dsf.core.errors import BundleError, ConfigError, DataError, NotExportableError
from dsf.inference import Predictor
from dsf.lightning import export_tabular_bundle
from dsf.metrics.selective import Abstention
from tests.tiny_tabular import FEATURES, SHAPE, Network, Tabular


@pytest.fixture
def made(tmp_path):
    return Tabular("single", tmp_path)


def test_weights_are_plain_and_the_network_stays_as_it_was(made):
    made.model.train()
    made.network.body[1].eval()  # as a frozen part is
    before = {name: one.clone() for name, one in made.network.state_dict().items()}
    bundle = made.export()
    assert made.network.training
    assert not made.network.body[1].training
    stored = load_file(bundle.folder / "model.safetensors")
    assert stored.keys() == before.keys()
    assert all(torch.equal(one, before[name]) for name, one in stored.items())


def test_a_checkpoint_is_what_is_exported(made, tmp_path):
    other = {name: one + 1 for name, one in made.model.state_dict().items()}
    torch.save({"state_dict": other}, tmp_path / "best.ckpt")
    bundle = made.export(model_path=tmp_path / "best.ckpt")
    stored = load_file(bundle.folder / "model.safetensors")
    assert torch.equal(stored["heads.only.bias"], other["network.heads.only.bias"])


def test_a_network_alone_will_do_and_nothing_need_be_known_of_its_rows(made):
    made.model = made.network
    bundle = made.export(learned=None)
    assert bundle.find("learned.npy") is None
    assert bundle.labels.outputs == {"fruit": ["apple", "pear", "plum"]}


def test_what_it_says_of_itself(made):
    bundle = made.export()
    assert bundle.metadata.inputs.features == tuple(FEATURES)
    assert bundle.metadata.inputs.shape == SHAPE
    assert (bundle.metadata.name, bundle.metadata.task) == ("tiny", "fruit")
    assert bundle.training_config["dataset_config"]["label_column"] == "fruit"
    assert len(np.load(bundle.folder / "learned.npy")) == 10


def refused(made, **given):
    with pytest.raises(NotExportableError) as raised:
        made.export(**given)
    assert not (made.folder / "bundle").exists()
    return str(raised.value)


def test_features_and_shape_must_fit_together(made):
    said = refused(made, features=[*FEATURES[:4], "f0"])
    assert "features: must be columns, each named once" in said
    assert "shape: must hold the 5 features of a row, but is (1, 2, 3)" in said
    assert "but is (1, -2, -3)" in refused(made, shape=(1, -2, -3))
    assert "must take rows of the shape (6,), but says" in refused(made, shape=())


def test_features_must_be_columns_of_the_rows(made):
    rows = made.rows.drop(columns=["f1", "f4"])
    said = refused(made, learned=rows)
    assert "features: ['f1', 'f4']: must be columns, but are not" in said


def test_features_must_be_numbers_without_gaps(made):
    """As the bundle itself would find out later: what Data fills, nobody fills there."""
    said = refused(made, learned=made.rows.assign(f1="x"))
    assert "features: f1: must hold numbers" in said
    rows = made.rows.assign(f2=np.inf)
    assert f"features: row_id {rows['row_id'].iloc[0]}, f2: must be" in refused(made, learned=rows)


@pytest.mark.parametrize("fills", [True, False])
def test_gaps_are_answered_if_the_network_fills_them(made, fills):
    class Filling(Network):
        def forward(self, pictures):
            return super().forward(torch.nan_to_num(pictures) if fills else pictures)

    made.model.network = Filling({"only": 3})
    bundle = made.export()
    predictor = Predictor(bundle.folder, device="cpu")
    rows = made.rows.assign(f2=pd.array([None] * len(made.rows), "Int64"))
    if fills:
        filled = predictor.predict(made.rows.assign(f2=0.0))
        pd.testing.assert_frame_equal(predictor.predict(rows), filled)
        assert (
            predictor.hash_rows(rows).tolist()
            == predictor.hash_rows(made.rows.assign(f2=np.nan)).tolist()
        )
    else:
        with pytest.raises(DataError, match=r"row_id \d+, f2: must be a number .* is missing"):
            predictor.predict(rows)


def test_words_have_no_place_in_rows_of_numbers(made):
    made.config["dataset_config"]["label_kind"] = "tags"
    made.config["model_config"]["label_names"] = None
    said = refused(made)
    assert "dataset_config.label_kind: must be another than tags" in said
    assert "model_config.label_names: must be there" in said


def test_scores_must_be_one_for_each_label(made):
    made.model.network = Network({"only": 4})
    assert "must give scores of the shapes {'fruit': (2, 3)}" in refused(made)
    made.model.network = Network({"fruit": 3, "size": 2})
    assert "but gives {'fruit': (2, 3), 'size': (2, 2)}" in refused(made)


def test_a_network_that_torch_cannot_follow_is_refused(made):
    class Branching(Network):
        def forward(self, pictures):
            found = super().forward(pictures)
            return found if found.sum() > 0 else -found

    made.model.network = Branching({"only": 3})
    assert "Branching: must compute the same way" in refused(made)


def test_labels_that_may_be_many_need_thresholds(tmp_path):
    made = Tabular("multilabel", tmp_path)
    with pytest.raises(BundleError, match=r"decisions\.thresholds"):
        made.export(decisions=None)


def test_another_model_begins_with_the_weights_of_a_bundle(made, tmp_path, caplog):
    bundle = made.export()
    other = Tabular("single", tmp_path / "other")
    torch.nn.init.zeros_(other.network.heads["only"].weight)
    caplog.set_level(logging.INFO, "dsf")
    start = WarmStart(path=bundle.folder / "model.safetensors", source="v1", sha256="")
    assert other.model.begin_with(start) == []
    for name, one in made.network.state_dict().items():
        assert torch.equal(other.network.state_dict()[name], one)


def test_a_model_of_other_labels_does_not_begin_with_it(made, tmp_path):
    bundle = made.export()
    other = Tabular("single", tmp_path / "other")
    other.model.model_config["label_names"] = ["apple", "pear", "quince"]
    start = WarmStart(path=bundle.folder / "model.safetensors", source="v1", sha256="")
    with pytest.raises(ConfigError, match="quince"):
        other.model.begin_with(start)


def test_a_model_of_scikit_learn_becomes_a_network_that_computes_the_same(made, tmp_path):
    """As docs/guide/bundles.md shows it; what its fit settled stands beside its file."""
    model = LogisticRegression().fit(made.rows[FEATURES], made.rows["fruit"])
    network = torch.nn.Linear(*model.coef_.T.shape)
    network.weight.data = torch.tensor(model.coef_, dtype=torch.float32)
    network.bias.data = torch.tensor(model.intercept_, dtype=torch.float32)
    (tmp_path / "fit.json").write_text('{"model": "model.json"}')
    (tmp_path / "validation_predictions.parquet").touch()
    (tmp_path / "model.json").write_text("{}")
    Abstention(0.4, "coverage", 0.5, 10, 5, 1, 0.6, 0.9).write(tmp_path / "abstain.json")
    request = made.request(model_path=tmp_path / "model.json", decisions=None).as_it_is()
    bundle = export_tabular_bundle(network, request, model.feature_names_in_)
    found = Predictor(bundle.folder, device="cpu").predict_rows(made.rows)
    wanted = model.predict_proba(made.rows[FEATURES])
    np.testing.assert_allclose(found.probabilities, wanted, atol=1e-6)
    assert bundle.find("abstention.json") is not None


def test_an_older_bundle_stays_until_the_new_one_is_whole(made):
    before = made.export().hash
    made.model.network = Network({"only": 4})
    with pytest.raises(NotExportableError):
        made.export()
    assert Bundle.open(made.folder / "bundle").hash == before
