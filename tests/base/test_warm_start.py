"""A fit that begins with another model: how that is named, refused, kept, and counted."""

import json
import os
import shutil
from pathlib import Path

import pytest

from dsf.core.bundle_manifest import Manifest
from dsf.core.errors import BundleError, ConfigError, HookResultError, UserError
from dsf.core.run_record import RunRecord


@pytest.fixture
def warm_main(plain_main, parts):
    """A project whose models can begin with one another; it counts how often they do."""

    class WarmModel(parts["Model"]):
        begun = 0

        def begin_with(self, start):
            type(self).begun += 1
            self.model["before"] = json.loads(start.path.read_text())["answer"]
            return ["answer"]

    return type("WarmMain", (plain_main,), {"model_class": WarmModel})


@pytest.fixture
def older(warm_main, cfg, tmp_path):
    """A run whose model others begin with."""
    warm_main(cfg).execute_trainer()
    return tmp_path / "out" / "v1"


def fit(main, cfg, source=None, **options):
    """Fit, and give the folder and what it keeps of its start."""
    section = {"source": source, **options.pop("section", {})}
    model = main(cfg | {"warm_start_config": section}, **options).execute_trainer()
    content = json.loads((model.parent / "fit.json").read_text())
    return model.parent, content["warm_start"]


def test_a_fresh_fit_keeps_that_it_began_with_nothing(warm_main, cfg):
    folder, kept = fit(warm_main, cfg)
    assert kept is None
    assert warm_main.model_class.begun == 0
    assert "before" not in json.loads((folder / "model.json").read_text())


@pytest.mark.parametrize("form", ["version", "run", "file", "relative"])
def test_a_model_is_named_in_several_ways(warm_main, cfg, older, tmp_path, form):
    names = {
        "version": "v1",
        "run": str(older),
        "file": str(older / "2_fit" / "model.json"),
        "relative": os.path.relpath(older, Path(__file__).parent),
    }
    folder, kept = fit(warm_main, cfg, names[form])
    model = older / "2_fit" / "model.json"
    assert kept["source"] == names[form]
    assert kept["run"] == str(older)
    assert kept["file"] == str(model)
    assert len(kept["sha256"]) == 64
    assert kept["parts"] is None
    assert kept["anew"] == ["answer"]
    assert json.loads((folder / "model.json").read_text())["before"] == "no"
    assert folder.parent.name == "v2"


def test_a_folder_with_weights_is_named_too(warm_main, cfg, tmp_path):
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "model.safetensors").write_text('{"answer": "perhaps"}')
    _, kept = fit(warm_main, cfg, str(folder))
    assert kept["file"] == str(folder / "model.safetensors")
    assert kept["run"] is None


def test_a_bundle_that_was_changed_is_nothing_to_begin_with(warm_main, cfg, tmp_path):
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "model.safetensors").write_text('{"answer": "perhaps"}')
    Manifest.of(folder).write(folder)
    (folder / "model.safetensors").write_text('{"answer": "or not"}')
    with pytest.raises(BundleError, match=r"model\.safetensors: must have"):
        fit(warm_main, cfg, str(folder))


def test_the_argument_of_main_counts_more_than_the_config(warm_main, cfg, older):
    config = cfg | {"warm_start_config": {"source": "v77"}}
    model = warm_main(config, warm_start="v1").execute_trainer()
    assert json.loads((model.parent / "fit.json").read_text())["warm_start"]["source"] == "v1"
    assert "source: v1" in (model.parents[1] / "config.yaml").read_text()


@pytest.mark.parametrize("name", ["v9", "latest", "no/such/file.ckpt", "x" * 5000, "a\nb"])
def test_a_name_of_nothing_is_refused_before_anything_is_done(warm_main, cfg, older, name):
    with pytest.raises(ConfigError) as caught:
        warm_main(cfg, warm_start=name).run()
    assert "warm_start_config.source: must be a version of this project" in str(caught.value)
    assert "Versions here: v1" in str(caught.value)
    assert caught.value.exit_code == 2
    assert [path.name for path in older.parent.iterdir()] == ["v1"]


def test_a_run_does_not_begin_with_itself(warm_main, cfg, older):
    with pytest.raises(ConfigError, match="must be another run"):
        warm_main(cfg, run_dir=older, resume=True, warm_start="v1").run()
    assert (older / "2_fit" / "model.json").is_file()


def test_a_fit_that_is_not_done_is_refused(warm_main, parts, cfg, older):
    class Stopped(parts["Train"]):
        def execute(self):
            raise KeyboardInterrupt

    stopped = type("StoppedMain", (warm_main,), {"train_class": Stopped})
    with pytest.raises(KeyboardInterrupt):
        stopped(cfg).execute_trainer()
    with pytest.raises(ConfigError, match=r"that of .*v2 is interrupted\. Finish it by `dsf-cli"):
        fit(warm_main, cfg, "v2")


def test_a_model_that_was_changed_since_its_fit_is_refused(warm_main, cfg, older):
    model = older / "2_fit" / "model.json"
    model.write_text('{"answer": "forged"}')
    with pytest.raises(ConfigError, match=r"changed or removed since: .*model\.json"):
        fit(warm_main, cfg, "v1")
    model.unlink()
    with pytest.raises(ConfigError, match=r"changed or removed since: .*model\.json"):
        fit(warm_main, cfg, "v1")


def test_another_task_is_refused_unless_the_encoder_is_all_that_is_taken(warm_main, cfg, older):
    other = cfg | {"task": "moods"}
    for section in ({}, {"parts": ["network"]}, {"parts": ["encoder", "heads"]}):
        with pytest.raises(ConfigError, match=r"of this task, 'moods', but .* learned 'words'"):
            fit(warm_main, other, "v1", section=section)
    _, kept = fit(warm_main, other, "v1", section={"parts": ["network.encoder"]})
    assert kept["parts"] == ["network.encoder"]


def test_the_task_of_a_bundle_stands_beside_it(warm_main, cfg, tmp_path):
    (tmp_path / "model.safetensors").write_text('{"answer": "perhaps"}')
    (tmp_path / "metadata.json").write_text('{"task": "moods"}')
    with pytest.raises(ConfigError, match="learned 'moods'"):
        fit(warm_main, cfg, str(tmp_path))


def test_what_a_bundle_was_made_with_stands_beside_it_too(warm_main, cfg, tmp_path):
    (tmp_path / "model.safetensors").write_text('{"answer": "perhaps"}')
    (tmp_path / "metadata.json").write_text('{"task": ""}')  # not known
    (tmp_path / "training_config.json").write_text('{"model_config": {"width": 3}}')
    given = []

    class Asked(warm_main.model_class):
        def begin_with(self, start):
            given.append(start)

    fit(type("AskedMain", (warm_main,), {"model_class": Asked}), cfg, str(tmp_path))
    assert given[0].model_config == {"width": 3}
    assert given[0].task is None


def test_a_model_that_can_begin_with_nothing_says_what_to_write(plain_main, cfg, older):
    with pytest.raises(HookResultError) as caught:
        fit(plain_main, cfg, "v1")
    assert "PlainModel.begin_with" in str(caught.value)
    assert "a dict has no begin_with(start)" in str(caught.value)
    assert "dsf.lightning.begin_with" in str(caught.value)


def test_what_is_begun_with_is_part_of_what_decides_the_fit(warm_main, cfg, older, tmp_path):
    file = tmp_path / "start.json"
    shutil.copy(older / "2_fit" / "model.json", file)
    folder, first = fit(warm_main, cfg, str(file))
    again = {"run_dir": folder.parent, "resume": True}
    assert fit(warm_main, cfg, str(file), **again)[1] == first
    assert warm_main.model_class.begun == 1
    file.write_text('{"answer": "another"}')
    _, second = fit(warm_main, cfg, str(file), **again)
    assert second["sha256"] != first["sha256"]
    assert warm_main.model_class.begun == 2


def test_calibrating_anew_does_not_begin_anew(warm_main, cfg, older):
    folder, first = fit(warm_main, cfg, "v1")
    changed = cfg | {"abstain_config": {"coverage": 0.5}}
    assert fit(warm_main, changed, "v1", run_dir=folder.parent, resume=True)[1] == first
    assert warm_main.model_class.begun == 1


def test_a_fit_that_is_done_outlives_what_it_began_with(warm_main, cfg, older):
    folder, _ = fit(warm_main, cfg, "v1")
    shutil.rmtree(older)
    config = cfg | {"warm_start_config": {"source": "v1"}}
    assert warm_main(config, resume=True, run_dir=folder.parent).run()
    assert warm_main.model_class.begun == 1
    assert {step.status for step in RunRecord.read(folder.parent).steps.values()} == {"done"}
    with pytest.raises(UserError, match="is none of them"):
        fit(warm_main, cfg, "v1")


def test_a_killed_fit_goes_on_without_beginning_again(warm_main, parts, cfg, older):
    class Killed(parts["Train"]):
        def execute(self):
            if self.resume_from is None:
                last = self.save_path / "checkpoints" / "last.ckpt"
                last.parent.mkdir()
                last.write_text(json.dumps(self.model))
                raise KeyboardInterrupt
            self.model.update(json.loads(self.resume_from.read_text()))
            return super().execute()

    main = type("KilledMain", (warm_main,), {"train_class": Killed})
    with pytest.raises(KeyboardInterrupt):
        fit(main, cfg, "v1")
    shutil.rmtree(older)
    run = older.with_name("v2")
    folder, kept = fit(main, cfg, "v1", run_dir=run, resume=True)
    assert warm_main.model_class.begun == 1
    assert kept["file"] == str(older / "2_fit" / "model.json")
    assert json.loads((folder / "model.json").read_text())["before"] == "no"
