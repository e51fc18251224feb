"""A run ends with a bundle that answers as the model did, or with a reason why there is none."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dsf.core.bundle import LEARNED_FILE, Bundle
from dsf.core.errors import BundleError, ConfigError, NotExportableError, RunMismatchError
from dsf.core.prediction_kinds import read_predictions
from dsf.data import hash_texts
from dsf.inference import Predictor
from tests.tiny_text_project import TinyMain, TinyModel, make_tiny_config

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("exported")


@pytest.fixture(scope="module")
def run(home):
    """A whole run, and copies of what it exported."""
    config = make_tiny_config(
        home,
        export_config={
            "artifact_folder": str(home / "copy"),
            "model_path": str(home / "nets" / "tiny.safetensors"),
            "tokenizer_path": str(home / "tokenizer"),
        },
    )
    main = TinyMain(cfg=config)
    main.run()
    return main.run_folder.path


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def again(home, run, tmp_path):
    """Copies the run, and gives a project and its config to work in the copy."""
    copy = tmp_path / "v1"
    shutil.copytree(run, copy)

    def make(main=TinyMain, **sections):
        return main(cfg=make_tiny_config(home, **sections), run_dir=copy, resume=True)

    make.run = copy
    return make


def test_the_bundle_answers_as_the_test_did(run):
    tested = read_predictions(run / "3_test" / "predictions.parquet")
    kept = read_predictions(run / "6_export" / "predictions.parquet")
    pd.testing.assert_frame_equal(kept.to_frame(), tested.to_frame(), check_exact=True)
    rows = pd.read_parquet(run / "1_split" / "test.parquet")
    told = Predictor(run / "6_export" / "bundle", "cpu").predict(rows["text"])
    np.testing.assert_array_equal(told["label"], tested.predictions)
    exported = read(run / "6_export" / "export.json")
    assert exported["rows"] == len(rows)
    assert exported["largest_difference"] == 0.0


def test_it_says_where_it_comes_from_and_what_it_earned(run):
    bundle = Bundle.open(run / "6_export" / "bundle")
    record, metrics = read(run / "run.json"), read(run / "3_test" / "metrics.json")
    assert bundle.metadata.name == "tiny"
    assert bundle.metadata.version == "v1"
    assert bundle.metadata.data_hash == record["data_hash"]
    accuracy = bundle.metadata.scores["accuracy"]
    assert accuracy["value"] == metrics["accuracy"]
    assert accuracy["lower"] == metrics["intervals"]["accuracy"]["lower"]
    assert read(run / "6_export" / "export.json")["hash"] == bundle.hash


def test_it_has_a_comparison_of_its_own_on_the_same_rows(run):
    own, of_run = (read(run / f / "comparison.json") for f in ("6_export", "5_compare"))
    assert own["verdict"] == of_run["verdict"]
    assert own["rows"] == of_run["rows"]


def test_it_remembers_what_it_has_learned_from_without_keeping_it(run):
    bundle = run / "6_export" / "bundle"
    kept = set(np.load(bundle / LEARNED_FILE).tolist())
    names = ("train", "validation", "test")
    parts = {name: pd.read_parquet(run / "1_split" / f"{name}.parquet") for name in names}
    assert set(hash_texts(parts["train"]["text"]).tolist()) <= kept
    assert set(hash_texts(parts["validation"]["text"]).tolist()) <= kept
    assert not set(hash_texts(parts["test"]["text"]).tolist()) & kept
    text = parts["train"]["text"].iloc[0].encode()
    assert not any(text in path.read_bytes() for path in bundle.rglob("*") if path.is_file())


def test_copies_lie_where_the_config_wants_them(home, run):
    bundle = run / "6_export" / "bundle"
    assert Bundle.open(home / "copy" / "bundle").hash == Bundle.open(bundle).hash
    network = (bundle / "model.safetensors").read_bytes()
    assert (home / "nets" / "tiny.safetensors").read_bytes() == network
    assert (home / "tokenizer" / "tokenizer.json").is_file()


def test_a_finished_export_is_not_done_again_but_damage_is_found(again):
    bundle = again.run / "6_export" / "bundle"
    before = (bundle / "MANIFEST.json").stat().st_mtime_ns
    assert again().export() == bundle
    assert (bundle / "MANIFEST.json").stat().st_mtime_ns == before
    (bundle / "model.safetensors").write_bytes(b"cut off")
    again().export()
    Bundle.open(bundle)


def test_a_bundle_that_answers_otherwise_is_refused(again):
    class Shifted(TinyModel):
        def export_bundle(self, request):
            bias = self.model.network.heads[0].bias
            bias.data += bias.new_tensor([3.0, 0.0])
            return self.model.export_bundle(replace(request, model_path=None))

    main = type("ShiftedMain", (TinyMain,), {"model_class": Shifted})
    before = read(again.run / "6_export" / "export.json")
    with pytest.raises(BundleError, match=r"must answer as the model did.*rows differ: row_id"):
        again(main, export_config={"tolerance": 1e-5}).export()
    assert read(again.run / "6_export" / "export.json") == before
    assert Bundle.open(again.run / "6_export" / "bundle").hash == before["hash"]


def test_a_model_of_ones_own_ends_the_run_with_a_reason(again, caplog):
    class Own(TinyModel):
        def export_bundle(self, request):
            return None

    main = type("OwnMain", (TinyMain,), {"model_class": Own})
    shutil.rmtree(again.run / "6_export")
    caplog.set_level("INFO")
    assert again(main).export() is None
    assert "no bundle: Own.export_bundle: must be written" in caplog.text
    told = read(again.run / "6_export" / "export.json")
    assert told["bundle"] is None
    with pytest.raises(NotExportableError, match="a PlModel has no export_bundle"):
        again(main, export_config={"enabled": True}).export()


def test_what_is_exported_is_what_was_tested(again):
    other = pd.read_parquet(again.run / "1_split" / "validation.parquet")
    other[["text", "intent"]].to_csv(again.run.parent / "other.csv", index=False)

    class Elsewhere(TinyMain.dataset_preparation_class):
        def load(self):
            return other[["text", "intent"]]

    main = type("ElsewhereMain", (TinyMain,), {"dataset_preparation_class": Elsewhere})
    tested = again(main)
    tested.test_dataset_path = again.run.parent / "other.csv"
    tested.execute_test()
    again().execute_eval()
    with pytest.raises(RunMismatchError, match="but test was given other rows"):
        again().export()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"artifact_folder": "mine"}, "export_config.artifact_folder: must be absent, empty or an"),
        ({"tokenizer_path": "mine"}, "export_config.tokenizer_path: must be absent"),
        ({"model_path": "net.onnx"}, "must end in .safetensors, the format of a bundle's network"),
    ],
)
def test_copies_without_a_place_are_told_before_anything_is_computed(home, tmp_path, options, told):
    (tmp_path / "mine" / "bundle").mkdir(parents=True)
    (tmp_path / "mine" / "bundle" / "own.txt").write_text("keep me")
    options = {key: str(tmp_path / value) for key, value in options.items()}
    main = TinyMain(cfg=make_tiny_config(home, export_config=options), run_dir=tmp_path / "v1")
    with pytest.raises(ConfigError, match=told):
        main.run()
    assert (tmp_path / "mine" / "bundle" / "own.txt").read_text() == "keep me"


def test_a_run_may_go_without_a_bundle(home, tmp_path):
    config = make_tiny_config(home, export_config={"enabled": False})
    config["trainer_config"]["max_epochs"] = 1
    TinyMain(cfg=config, run_dir=tmp_path / "v1").run()
    assert not (tmp_path / "v1" / "6_export").exists()
