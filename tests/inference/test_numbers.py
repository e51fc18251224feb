"""A bundle that reads numbers answers as its network, calibrated and decided by its own files."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, softmax

from dsf.core.bundle import PROGRAM_FILE, Bundle
from dsf.core.bundle_manifest import Manifest
from dsf.core.errors import BundleError, ConfigError, DataError
from dsf.inference import Predictor
from tests.tiny_tabular import FEATURES, LABELS, Tabular


@pytest.fixture(scope="module", params=list(LABELS))
def made(request, tmp_path_factory):
    return Tabular(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def predictor(made):
    return made.predictor()


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    return Tabular("single", tmp_path_factory.mktemp("one"))


def chances(made, scores):
    return expit(scores) if made.kind == "multilabel" else softmax(scores, axis=1)


def test_logits_are_those_of_the_network(made, predictor):
    found = predictor.predict_logits(made.rows)
    for one, wanted in zip(found.values(), made.scores(made.rows).values(), strict=True):
        np.testing.assert_allclose(one, wanted, rtol=1e-5, atol=1e-6)


def test_labelled_rows_are_answered_to_the_last_bit_as_a_test_does(made, predictor):
    found = predictor.predict_rows(made.rows)
    outputs = found.outputs.values() if made.kind == "multi_output" else [found]
    size = made.config["model_config"]["batch_size"]
    parts = [made.rows[at : at + size] for at in range(0, len(made.rows), size)]
    scores = [made.scores(part) for part in parts]
    for one, name in zip(outputs, scores[0], strict=True):
        wanted = np.concatenate([part[name] for part in scores])
        np.testing.assert_allclose(one.probabilities, chances(made, wanted), atol=1e-7)
        assert list(one.row_ids) == made.rows["row_id"].tolist()


def test_a_table_and_bare_numbers_get_the_same_answers(made, predictor):
    rows = made.rows.head(5)
    table = predictor.predict(rows[FEATURES[::-1]])
    assert list(table.index) == list(rows.index)
    bare = predictor.predict(rows[FEATURES].to_numpy())
    pd.testing.assert_frame_equal(table.reset_index(drop=True), bare)
    assert {"confidence", "abstained"} <= set(table)


def test_the_size_of_a_batch_changes_nothing(made, predictor):
    one = predictor.predict(made.rows, {"batch_size": 1})
    pd.testing.assert_frame_equal(one, predictor.predict(made.rows), rtol=1e-5)


def test_no_row_gets_no_answer(predictor):
    assert predictor.predict(np.empty((0, len(FEATURES)))).empty


def test_thresholds_decide(tmp_path):
    made = Tabular("multilabel", tmp_path)
    predictor = made.predictor()
    table = predictor.predict(made.rows)
    red = table["probability_red"] >= 0.45
    assert ["red" in labels for labels in table["labels"]] == red.tolist()
    every = predictor.predict(made.rows, {"thresholds": 0.0})
    assert every["labels"].map(set).eq({"ripe", "red"}).all()


def test_what_cannot_be_answered_is_told(single):
    predictor = single.predictor()
    with pytest.raises(DataError, match="f0"):
        predictor.predict(single.rows.drop(columns="f0"))
    with pytest.raises(DataError, match=r"fruit.*must be a column"):
        predictor.predict_rows(single.rows.drop(columns="fruit"))
    with pytest.raises(ConfigError, match="thresholds"):
        predictor.predict(single.rows, {"thresholds": 0.5})


def test_a_place_without_a_bundle_is_told_at_once(single, tmp_path):
    with pytest.raises(BundleError, match=r"MANIFEST\.json"):
        Predictor(tmp_path)
    with pytest.raises(BundleError, match="no such folder"):
        Predictor(tmp_path / "nowhere")


def test_rows_as_dicts_are_a_table(single):
    predictor = single.predictor()
    rows = single.rows[FEATURES].reset_index(drop=True)
    found = predictor.predict(rows.to_dict("records"))
    pd.testing.assert_frame_equal(found, predictor.predict(rows))


def test_rows_are_known_again(single):
    predictor = single.predictor()
    learned = np.load(predictor.bundle.find("learned.npy"), allow_pickle=False)
    known = np.isin(predictor.hash_rows(single.rows), learned)
    assert known.tolist() == [True] * 10 + [False] * 30


def test_a_bundle_without_its_program_is_none(single):
    bundle = single.export()
    (bundle.folder / PROGRAM_FILE).unlink()
    with pytest.raises(BundleError, match=PROGRAM_FILE):
        Predictor(bundle.folder).load()
    Manifest.of(bundle.folder).write(bundle.folder)
    with pytest.raises(BundleError, match=f"{PROGRAM_FILE}: must be in every bundle"):
        Predictor(bundle.folder).load()


def test_its_files_are_plain_and_say_what_it_reads(single):
    bundle = single.export(name="fruit")
    assert set(bundle.manifest.files) == {
        *("model.safetensors", "config.json", "network.pt2", "labels.json", "metadata.json"),
        *("training_config.json", "learned.npy"),
    }
    inputs = Bundle.open(bundle.folder).metadata.inputs
    assert inputs.columns == FEATURES
    assert inputs == replace(inputs, text_column=None, shape=(1, 2, 3), batch_size=8)
