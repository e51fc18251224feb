"""A run registers its bundle; the next one is held to the champion, and promoted by verdict."""

import json
import os
import shutil

import numpy as np
import pandas as pd
import pytest
import torch
from mlflow import MlflowClient
from safetensors.torch import load_file

from dsf.core.errors import ConfigError, UserError
from dsf.core.prediction_kinds import read_predictions
from dsf.inference import Predictor
from dsf.registry import BASELINE, Registry
from dsf.registry.promotion import PromotionRefusedError, promote
from dsf.tracking import TrackingSettings
from tests.tiny_text_project import TinyMain, make_tiny_config

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("registered")


@pytest.fixture(scope="module")
def settings(home):
    return TrackingSettings(home, tracking_uri=f"sqlite:///{home / 'mlflow.db'}")


def config_of(home, **sections):
    tracking = {"tracking_uri": f"sqlite:///{home / 'mlflow.db'}", "experiment_name": "tiny"}
    given = {"tracking_config": tracking, "register_config": {"name": "tiny-intents"}}
    return make_tiny_config(home, **given | sections)


@pytest.fixture(scope="module")
def first(home):
    os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"
    section = {"name": "tiny-intents", "description": "Where to?", "tags": {"team": "travel"}}
    main = TinyMain(cfg=config_of(home, register_config=section))
    main.run()
    return main.run_folder.path


@pytest.fixture(scope="module")
def second(home, first, settings):
    """Another seed, held to the champion."""
    promote(Registry(settings), "tiny-intents", force_reason="the first one")
    changes = {"seed": 2, "learning_rate": 1e-3}
    main = TinyMain(
        cfg=config_of(home, model_config=changes, eval_config={"incumbent": "registry"})
    )
    main.run()
    return main.run_folder.path


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_first_version_is_a_challenger_with_what_it_earned(first, settings):
    version = Registry(settings).find("tiny-intents", "1")
    verdict = read(first / "6_export" / "comparison.json")["verdict"]
    assert version.earned.compared_with == BASELINE
    assert version.earned.verdict == verdict["verdict"]
    assert version.earned.bundle == read(first / "6_export" / "export.json")["hash"]
    assert version.description == "Where to?"
    assert version.tags["team"] == "travel"
    kept = read(first / "7_register" / "registration.json")
    assert kept["uri"] == "models:/tiny-intents/1"
    assert kept["run_id"] == version.run_id


def test_the_champion_answers_the_same_rows_as_the_second_run(first, second):
    existing = read(second / "4_eval" / "existing.json")
    assert existing["name"] == "models:/tiny-intents/1"
    assert "models:/tiny-intents/1 has learned from" in existing["notes"][0]
    compared = read(second / "5_compare" / "comparison.json")
    assert compared["notes"][0] == existing["notes"][0]
    assert compared["names"] == {"trained": "tiny", "eval": "models:/tiny-intents/1"}
    rows = pd.read_parquet(second / "1_split" / "test.parquet")
    wanted = Predictor(first / "6_export" / "bundle", "cpu").predict_rows(rows)
    found = read_predictions(second / "4_eval" / "predictions.parquet")
    np.testing.assert_array_equal(found.probabilities, wanted.probabilities)


def test_the_second_version_is_promoted_or_refused_by_its_verdict(second, settings):
    registry = Registry(settings)
    version = registry.find("tiny-intents", "challenger")
    assert version.version == "2"
    assert version.earned.compared_with == "models:/tiny-intents/1"
    if version.earned.passed:
        promote(registry, "tiny-intents")
    else:
        with pytest.raises(PromotionRefusedError, match="must pass the rule of its run"):
            promote(registry, "tiny-intents")
    champion = "2" if version.earned.passed else "1"
    assert registry.champion("tiny-intents").version == champion


def test_a_champion_that_learned_from_the_rows_is_told(home, second, tmp_path, caplog):
    copy = tmp_path / "v9"
    shutil.copytree(second, copy)
    named = {"incumbent": "registry", "alias": "1"}
    config = config_of(home, model_config={"seed": 2, "learning_rate": 1e-3}, eval_config=named)
    TinyMain(cfg=config, run_dir=copy, resume=True).execute_eval()
    assert "models:/tiny-intents/1 has learned from" in caplog.text


def test_without_a_champion_the_baseline_is_held_to(home, first, settings, tmp_path):
    copy = tmp_path / "v1"
    shutil.copytree(first, copy)
    nobody = {"incumbent": "registry"}
    config = config_of(home, eval_config=nobody, register_config={"name": "nobody"})
    TinyMain(cfg=config, run_dir=copy, resume=True).execute_eval()
    assert read(copy / "4_eval" / "existing.json") == {"name": BASELINE, "notes": []}
    config = config_of(home, eval_config=nobody | {"name": "tiny-intentz"})
    with pytest.raises(UserError, match=r"tiny-intentz.*tiny-intents"):
        TinyMain(cfg=config, run_dir=copy, resume=True).execute_eval()


def test_a_fit_begins_with_a_registered_model_or_a_tracked_run(home, first, tmp_path):
    run_id = read(first / "7_register" / "registration.json")["run_id"]
    bundle = load_file(first / "6_export" / "bundle" / "model.safetensors")
    for number, source in enumerate(("models:/tiny-intents/1", run_id)):
        run = tmp_path / f"v{number}"
        config = config_of(home, warm_start_config={"source": source}, register_config={})
        config["trainer_config"] |= {"max_epochs": 1, "limit_train_batches": 1}
        config["model_config"]["learning_rate"] = 1e-12
        TinyMain(cfg=config, run_dir=run).execute_trainer()
        kept = read(run / "2_fit" / "fit.json")["warm_start"]
        assert kept["source"] == source
        assert kept["registered"] == ("models:/tiny-intents/1" if number == 0 else None)
        begun = torch.load(run / "2_fit" / "checkpoints" / "best.ckpt", weights_only=True)
        heads = [name for name in begun["state_dict"] if name.endswith("heads.0.weight")]
        same = [one for one in bundle.values() if one.shape == begun["state_dict"][heads[0]].shape]
        assert any(torch.allclose(begun["state_dict"][heads[0]], one) for one in same)


def test_a_fit_that_goes_on_keeps_to_the_champion_that_it_began_with(
    home, first, second, settings, tmp_path, caplog
):
    registry, source = Registry(settings), "models:/tiny-intents@began"
    registry.set_alias(registry.find("tiny-intents", "1"), "began")
    config = config_of(home, warm_start_config={"source": source}, register_config={})
    config["trainer_config"]["max_epochs"] = 1
    TinyMain(cfg=config, run_dir=tmp_path / "v1").execute_trainer()
    registry.set_alias(registry.find("tiny-intents", "2"), "began")
    caplog.set_level("INFO")
    TinyMain(cfg=config, run_dir=tmp_path / "v1", resume=True).execute_trainer()
    assert "fit      skipped" in caplog.text


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("models:/tiny-intents@champoin", "champoin"),
        ("models:/nobody/1", "nobody"),
        ("0" * 32, "must be MLflow's id of a run"),
    ],
)
def test_what_is_not_there_to_begin_with_is_named(home, first, tmp_path, source, told):
    config = config_of(home, warm_start_config={"source": source})
    with pytest.raises(UserError, match=told):
        TinyMain(cfg=config, run_dir=tmp_path / "v1").run()
    assert not (tmp_path / "v1" / "1_split").exists()


def test_what_was_registered_is_not_registered_twice(home, first, settings):
    section = {"name": "tiny-intents", "description": "Where to?", "tags": {"team": "travel"}}
    main = TinyMain(cfg=config_of(home, register_config=section), run_dir=first, resume=True)
    before = len(Registry(settings).list_versions("tiny-intents"))
    assert main.register() == "models:/tiny-intents/1"
    (first / "7_register" / "registration.json").unlink()
    assert main.register() == "models:/tiny-intents/1"
    assert len(Registry(settings).list_versions("tiny-intents")) == before


def test_a_registry_that_does_not_answer_costs_nothing_but_the_version(home, first, tmp_path):
    copy = tmp_path / "v1"
    shutil.copytree(first, copy)
    shutil.rmtree(copy / "7_register")
    shutil.rmtree(copy / "tracking")
    away = {"tracking_uri": "http://127.0.0.1:9", "patience": 1.0}
    main = TinyMain(cfg=config_of(home, tracking_config=away), run_dir=copy, resume=True)
    with pytest.raises(UserError, match=r"dsf-cli register .*tries again"):
        main.register()
    assert (copy / "6_export" / "bundle" / "MANIFEST.json").is_file()
    assert TinyMain(cfg=config_of(home), run_dir=copy, resume=True).register()


def test_a_run_that_was_not_tracked_is_told_whole_when_its_bundle_is_registered(home, tmp_path):
    """As it was made, whatever the config says by then."""
    config = make_tiny_config(home)
    config["trainer_config"]["max_epochs"] = 1
    run = tmp_path / "v1"
    TinyMain(cfg=config, run_dir=run).run()
    assert not (run / "tracking").exists()
    later = config_of(home, model_config={"learning_rate": 0.5}, register_config={"name": "later"})
    assert TinyMain(cfg=later, run_dir=run).register() == "models:/later/1"
    run_id = read(run / "7_register" / "registration.json")["run_id"]
    client = MlflowClient(f"sqlite:///{home / 'mlflow.db'}")
    logged = client.get_run(run_id).data
    assert logged.params["model_config.learning_rate"] == "0.005"
    assert logged.params["register_config.name"] == "later"
    assert not any(name.startswith("changed.") for name in logged.tags)
    numbers = read(run / "3_test" / "metrics.json")
    assert logged.metrics["test_accuracy"] == numbers["accuracy"]
    files = {one.path for one in client.list_artifacts(run_id, "5_compare")}
    assert "5_compare/report.html" in files
    assert read(run / "run.json")["tracking_run"] == run_id


def test_a_registry_needs_tracking_and_a_name(home, tmp_path):
    for sections, told in (
        (
            {"tracking_config": {"use_mlflow": False}},
            "tracking_config.use_mlflow: must not be false where register_config.name is set",
        ),
        (
            {"register_config": {"name": None}, "eval_config": {"incumbent": "registry"}},
            "eval_config.name: must be the name of a registered model",
        ),
    ):
        with pytest.raises(ConfigError, match=told):
            TinyMain(cfg=config_of(home, **sections), run_dir=tmp_path / "v1").run()
        assert not (tmp_path / "v1" / "2_fit").exists()
