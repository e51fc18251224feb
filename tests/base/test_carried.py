"""A model's file carries what was settled for it, and is still the model that torch reads."""

from __future__ import annotations

import shutil
import zipfile

import numpy as np
import pytest
import torch

from dsf.base.carried import carry_files, read_carried
from dsf.base.decisions import Decisions, hash_decisions
from dsf.core.predictions import Predictions
from dsf.metrics.calibration import fit_calibration


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "best.ckpt"
    torch.save({"state_dict": {"weight": torch.arange(600.0).reshape(20, 30)}, "epoch": 3}, path)
    return path


def files(folder, **contents):
    folder.mkdir(exist_ok=True)
    made = [folder / f"{name}.json" for name in contents]
    for path, content in zip(made, contents.values(), strict=True):
        path.write_text(content)
    return made


@pytest.mark.parametrize("mapped", [False, True])
def test_torch_reads_the_model_as_before(model, tmp_path, mapped):
    before = torch.load(model, weights_only=True)
    for number in range(3):
        carry_files(model, files(tmp_path / "fit", calibration=f"[{number}]"))
        loaded = torch.load(model, weights_only=True, mmap=mapped)
        assert loaded["epoch"] == 3
        assert torch.equal(loaded["state_dict"]["weight"], before["state_dict"]["weight"])
    assert zipfile.ZipFile(model).testzip() is None


def test_what_is_carried_is_replaced_as_a_whole(model, tmp_path):
    assert read_carried(model) is None
    carry_files(model, files(tmp_path / "one", calibration="1", thresholds="2"))
    assert read_carried(model) == {"calibration.json": b"1", "thresholds.json": b"2"}
    carry_files(model, files(tmp_path / "two", abstain="3"))
    assert read_carried(model) == {"abstain.json": b"3"}
    carry_files(model, [tmp_path / "two" / "is_not_there.json"])
    assert read_carried(model) == {}


def test_a_file_that_would_stay_the_same_is_not_written(model, tmp_path):
    old = model.read_bytes()
    carry_files(model, [tmp_path / "is_not_there.json"])
    assert model.read_bytes() == old
    carry_files(model, files(tmp_path / "one", calibration="1"))
    once = model.read_bytes()
    assert once != old
    carry_files(model, files(tmp_path / "one", calibration="1"))
    assert model.read_bytes() == once


def test_a_model_that_is_no_archive_is_left_alone(tmp_path):
    model = tmp_path / "model.joblib"
    model.write_bytes(b"pickled")
    carry_files(model, files(tmp_path / "one", calibration="1"))
    assert model.read_bytes() == b"pickled"
    assert read_carried(model) is None


def test_a_copy_of_the_model_answers_as_the_model_does(model, tmp_path):
    chances = np.random.default_rng(1).dirichlet(np.ones(3), 200)
    truth = np.array(["a", "b", "c"])[chances.argmax(axis=1)]
    given = Predictions.from_probabilities(np.arange(200), truth, chances, ["a", "b", "c"])
    calibration = fit_calibration(given, "temperature")
    calibration.write(tmp_path / "fit" / "calibration.json")
    carry_files(model, [tmp_path / "fit" / "calibration.json"])
    copied = tmp_path / "elsewhere" / "model.ckpt"
    copied.parent.mkdir()
    shutil.copy(model, copied)
    assert Decisions.of_model(copied).calibration == calibration
    assert Decisions.of_model(copied).thresholds is None
    assert hash_decisions(copied) == {}  # the hash of the model is enough
