"""When a step that is done is kept, refused, or done again; and what a run says of itself."""

import json
import logging

import pytest

from dsf.core.config import read_frozen_config
from dsf.core.errors import HookRaisedError, RunMismatchError, RunNotFoundError
from dsf.core.run_record import RunRecord


@pytest.fixture
def run(tmp_path):
    return tmp_path / "out" / "v1"


@pytest.fixture
def counting_main(plain_main, parts):
    """A project that counts its fits."""

    class CountingTrain(parts["Train"]):
        fits = 0

        def execute(self):
            type(self).fits += 1
            return super().execute()

    return type("CountingMain", (plain_main,), {"train_class": CountingTrain})


def with_rate(cfg, rate):
    return cfg | {"model_config": {"learning_rate": rate}}


def recorded(run):
    return read_frozen_config(run / "config.yaml")["model_config"]["learning_rate"]


def test_a_finished_step_is_not_replaced_by_another_config_unasked(counting_main, cfg, run):
    counting_main(cfg).run()
    with pytest.raises(RunMismatchError) as caught:
        counting_main(with_rate(cfg, 0.9)).run_step("fit")
    assert "fit is done in this run with another config" in str(caught.value)
    assert "  - model_config.learning_rate: 0.001 -> 0.9\n" in str(caught.value)
    assert f"`dsf-cli fit --run-dir {run} --resume`" in str(caught.value)
    assert counting_main.train_class.fits == 1
    assert recorded(run) == 0.001


def test_resuming_does_it_again_and_removes_what_rested_on_it(counting_main, cfg, run, caplog):
    counting_main(cfg).run()
    (run / "2_fit" / "model.json").write_text('{"answer": "another"}')  # so that the fit differs
    step = json.loads((run / "2_fit" / "step.json").read_text())
    step["files"]["model.json"] = "0"
    (run / "2_fit" / "step.json").write_text(json.dumps(step))
    with caplog.at_level(logging.INFO):
        counting_main(with_rate(cfg, 0.9), resume=True).run_step("fit")
    assert counting_main.train_class.fits == 2
    assert recorded(run) == 0.9
    assert RunRecord.read(run).steps.keys() == {"split", "fit", "eval"}
    assert not (run / "3_test").exists()
    assert not (run / "5_compare").exists()
    assert (run / "4_eval").is_dir()
    assert "test     removed: it rested on the fit that was replaced" in caplog.text
    with pytest.raises(RunNotFoundError, match="test must be done first"):
        counting_main(with_rate(cfg, 0.9)).compare()


def test_equal_results_keep_what_rests_on_them(counting_main, cfg, run):
    counting_main(cfg).run()
    counting_main(cfg, force=True).run_step("fit")
    assert counting_main.train_class.fits == 2
    assert (run / "3_test").is_dir()
    assert counting_main(cfg, resume=True).run()
    assert counting_main.train_class.fits == 2


def test_a_step_is_not_built_on_one_done_with_another_config(counting_main, cfg):
    counting_main(with_rate(cfg, 0.5)).execute_trainer()
    with pytest.raises(RunMismatchError) as caught:
        counting_main(cfg).execute_test()
    assert "fit was done with another config" in str(caught.value)
    assert "model_config.learning_rate: 0.5 -> 0.001" in str(caught.value)
    assert counting_main(with_rate(cfg, 0.5)).execute_test()["accuracy"] >= 0


def test_the_config_of_a_run_says_how_its_parts_were_made(counting_main, cfg, run):
    counting_main(with_rate(cfg, 0.5)).execute_trainer()
    counting_main(with_rate(cfg, 0.7)).execute_eval()  # has nothing to do with it
    assert recorded(run) == 0.5


def test_a_refused_or_failed_command_leaves_the_run_as_it_was(counting_main, parts, cfg, run):
    counting_main(cfg).run()
    before = (run / "config.yaml").read_bytes(), (run / "run.json").read_bytes()

    class Broken(parts["Test"]):
        def execute(self):
            raise ValueError("not today")

    broken = type("BrokenMain", (counting_main,), {"test_class": Broken})
    for main, error in ((counting_main, RunMismatchError), (broken, HookRaisedError)):
        changed = cfg | {"metrics": {"f1": False}}
        with pytest.raises((error, RunMismatchError)):
            main(changed).execute_test()
    with pytest.raises(HookRaisedError):
        broken(cfg, force=True).execute_test()
    assert (run / "config.yaml").read_bytes() == before[0]
    done = {"split", "fit", "test", "eval", "compare", "export"}
    assert RunRecord.read(run).steps.keys() == done
    assert counting_main(cfg, resume=True).run()


@pytest.mark.parametrize(
    ("file", "steps"),
    [
        ("2_fit/model.json", "fit"),
        ("1_split/test.parquet", "split"),
        ("3_test/metrics.json", "test"),
        ("5_compare/report.html", "compare"),
    ],
)
def test_a_damaged_result_is_made_again(counting_main, cfg, run, caplog, file, steps):
    counting_main(cfg).run()
    whole = (run / file).read_bytes()
    (run / file).write_bytes(b"x")
    assert counting_main(cfg, resume=True).run()
    assert f"{steps:<8} is done again: changed or removed since: {file}" in caplog.text
    assert (run / file).read_bytes()[:9] == whole[:9]
    assert {step.status for step in RunRecord.read(run).steps.values()} == {"done"}


def test_a_step_is_not_built_on_a_damaged_one(counting_main, cfg, run):
    counting_main(cfg).run()
    (run / "1_split" / "test.parquet").write_bytes(b"forged")
    with pytest.raises(RunNotFoundError, match=r"1_split/test\.parquet was changed or removed"):
        counting_main(cfg).execute_test()


def test_another_file_of_the_existing_model_is_another_eval(plain_main, parts, cfg, tmp_path):
    model = tmp_path / "old.txt"
    model.write_text("yes")

    class FromFile(parts["Evaluation"]):
        def execute(self):
            answer = (tmp_path / self.eval_config["model"]).read_text()
            return [answer] * len(self.dataset_test)

    main = type("FileMain", (plain_main,), {"evaluation_class": FromFile})
    named = cfg | {"eval_config": {"model": str(model)}}
    first = main(named).run()["accuracy"]["eval"]
    model.write_text("no")
    assert main(named).execute_eval()["accuracy"] == pytest.approx(1 - first)


def test_changed_code_is_said_but_keeps_the_fit(tmp_path, monkeypatch, caplog):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    helper = tmp_path / "shop" / "helper.py"
    helper.write_text("def answer():\n    return 1\n")
    (tmp_path / "shop" / "parts.py").write_text("from shop.helper import answer\n\nclass A: ...\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    from shop.parts import A  # type: ignore[import-not-found]

    from dsf.base.project_code import find_root, hash_code

    assert find_root(A) == tmp_path
    before = hash_code([A], tmp_path)
    assert before.keys() == {"shop/parts.py", "shop/helper.py"}
    helper.write_text("def answer():\n    return 2\n")
    after = hash_code([A], tmp_path)
    assert [name for name in after if after[name] != before[name]] == ["shop/helper.py"]


def test_a_skipped_step_warns_of_other_code(counting_main, cfg, run, caplog):
    counting_main(cfg).run()
    path = run / "2_fit" / "step.json"
    step = json.loads(path.read_text())
    assert list(step["code"]) == ["conftest.py", "test_doing_again.py"]
    step["code"]["conftest.py"] = "0"
    path.write_text(json.dumps(step))
    counting_main(cfg, resume=True).run()
    assert counting_main.train_class.fits == 1
    assert "fit      was done with other code; changed since: conftest.py." in caplog.text
    assert f"`dsf-cli fit --run-dir {run} --force` does it again" in caplog.text
