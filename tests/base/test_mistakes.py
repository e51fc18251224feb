"""What is missing or wrong is named, and leaves nothing half-written."""

import numpy as np
import pandas as pd
import pytest

import dsf
from dsf.core.errors import (
    DataError,
    HookRaisedError,
    HookResultError,
    MissingHookError,
    RunMismatchError,
    RunNotFoundError,
    StorageError,
)
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.run_record import RunRecord
from tests.small_disk import remount, small_disk


@pytest.mark.usefixtures("finished")
def test_other_data_are_refused(plain_main, parts, cfg):

    class Longer(parts["DatasetPreparation"]):
        def load(self):
            return pd.concat([super().load(), super().load()])

    class LongerMain(plain_main):
        dataset_preparation_class = Longer

    with pytest.raises(RunMismatchError, match=r"the rows have changed.*Start a new run"):
        LongerMain(cfg, resume=True).run()


@pytest.mark.usefixtures("finished")
def test_another_task_is_refused(plain_main, cfg):
    with pytest.raises(RunMismatchError, match=r"made for 'words' and the config says 'numbers'"):
        plain_main(cfg | {"task": "numbers"}, resume=True).run()


def test_missing_hooks_are_reported_together_before_any_data_is_read(plain_main, parts, cfg):
    read = []

    class Watched(parts["DatasetPreparation"]):
        def load(self):
            read.append(True)
            return super().load()

    class NoHooks(parts["Data"].__bases__[0]):
        pass

    class HalfMain(plain_main):
        dataset_preparation_class = Watched
        data_class = NoHooks
        train_class = dict

    del_model = type("Gone", (HalfMain,), {"model_class": None})
    with pytest.raises(MissingHookError) as caught:
        del_model(cfg).run()
    message = str(caught.value)
    assert "NoHooks (" in message
    assert "test_mistakes.py:" in message
    assert "must write create_data_module(): Make the data module from the rows." in message
    assert "Gone.train_class: must be a subclass of dsf.base.Train" in message
    assert "Gone.model_class: must be a subclass of dsf.base.Model, but is None" in message
    assert not read


WRONG = {
    "load": ("DatasetPreparation", lambda self: [1, 2], "must return a pandas.DataFrame"),
    "split": ("DatasetPreparation", lambda self, rows: rows, "must return tables for train"),
    "create_data_module": ("Data", lambda self: None, "must return a data module or set"),
    "execute": ("Train", lambda self: 5, "must return the trainer, but gave 5"),
    "define_model": ("Model", lambda self: None, "must return a model or set self.model"),
    "compare": ("Comparison", lambda self: {"f1": 3}, r"must give \{metric: \{'trained'"),
}


@pytest.mark.parametrize("hook", sorted(WRONG))
def test_a_hook_that_returns_the_wrong_thing_is_named(plain_main, parts, cfg, hook, tmp_path):
    part, wrong, message = WRONG[hook]
    broken = type("Broken", (parts[part],), {hook: wrong})
    attribute = {"DatasetPreparation": "dataset_preparation"}.get(part, part.lower()) + "_class"
    main = type("BrokenMain", (plain_main,), {attribute: broken})
    with pytest.raises(HookResultError, match=message) as caught:
        main(cfg).run()
    assert f"Broken.{hook} (" in str(caught.value)
    assert "test_mistakes.py:" in str(caught.value)
    assert not list((tmp_path / "out").rglob("*.work"))


def test_an_error_out_of_a_hook_names_the_hook_and_the_line(plain_main, parts, cfg, tmp_path):
    class Broken(parts["DatasetPreparation"]):
        def load(self):
            return super().load()["height"]

    class Unreadable(parts["DatasetPreparation"]):
        def load(self):
            return pd.read_csv(tmp_path)

    for broken, said in ((Broken, "KeyError: 'height'"), (Unreadable, "IsADirectoryError: ")):
        main = type("BrokenMain", (plain_main,), {"dataset_preparation_class": broken})
        with pytest.raises(HookRaisedError, match=said) as caught:
            main(cfg).run()
        place = f"{broken.__name__}.load (tests/base/test_mistakes.py:"
        assert str(caught.value).startswith(place), caught.value
        assert caught.value.exit_code == 2
        assert caught.value.__cause__ is not None


def test_an_error_in_our_own_lines_stays_ours(plain_main, parts, cfg, monkeypatch):
    code = compile("def fault(*_):\n    raise RuntimeError('ours')", dsf.__file__, "exec")
    names = {}
    exec(code, names)
    monkeypatch.setattr(parts["Train"], "execute", names["fault"])
    with pytest.raises(RuntimeError, match="ours"):
        plain_main(cfg).run()


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (np.zeros((2, 2)), r"shape \(6, 2\) \(rows, labels\).*returned shape \(2, 2\)"),
        (np.full((6, 2), 7.0), "probabilities: must lie between 0 and 1"),
        (np.full(6, "maybe"), r"predictions: must be among the labels.*'maybe'"),
        (
            {"accuracy": "high"},
            "must return finite numbers, or dicts of them, but accuracy is 'high'",
        ),
    ],
)
def test_answers_that_do_not_fit_are_named(plain_main, parts, cfg, answers, message):
    broken = type("Broken", (parts["Test"],), {"execute": lambda self: answers})
    main = type("BrokenMain", (plain_main,), {"test_class": broken})
    with pytest.raises(HookResultError, match=r"Broken\.execute") as caught:
        main(cfg).run()
    assert caught.match(message)


def test_predictions_of_other_rows_are_refused(plain_main, parts, cfg):
    def execute(self):
        ids, answers = self.dataset_test["row_id"].to_numpy(), np.full(6, "no", dtype=object)
        return Predictions(ids + 100, self.dataset_test["label"], answers, ["no", "yes"])

    broken = type("Broken", (parts["Evaluation"],), {"execute": execute})
    main = type("BrokenMain", (plain_main,), {"evaluation_class": broken})
    with pytest.raises(HookResultError, match=r"Broken\.execute .*6 answers are of other rows"):
        main(cfg).run()


def test_plain_numbers_are_kept_as_they_are(plain_main, parts, cfg):
    numbers = {"execute": lambda self: {"accuracy": np.float64(0.5), "mae": 3}}
    main = type(
        "NumbersMain",
        (plain_main,),
        {"test_class": type("T", (parts["Test"],), numbers)},
    )
    assert main(cfg).run() == {"accuracy": {"trained": 0.5, "eval": pytest.approx(1 / 3)}}


def test_several_labels_a_row_are_kept_and_scored(plain_main, parts, cfg, tmp_path):
    def execute(self):
        rows = len(self.dataset_test)
        yes = (self.dataset_test["label"] == "yes").to_numpy()
        return MultiLabelPredictions(
            self.dataset_test["row_id"].to_numpy(),
            np.stack([yes, ~yes], axis=1).astype(int),
            np.stack([yes * 0.9, np.zeros(rows)], axis=1),
            np.array([0.5, 0.5]),
            ["yes", "no"],
        )

    several = [
        type("Several", (parts[name],), {"execute": execute}) for name in ("Test", "Evaluation")
    ]
    main = type("M", (plain_main,), {"test_class": several[0], "evaluation_class": several[1]})
    results = main(cfg).run()
    assert results["accuracy"]["trained"] == pytest.approx(1 / 3)
    assert results["f1"]["trained"] == pytest.approx(0.5)
    assert results["confusion_matrix"]["trained"]["no"] == {"tp": 0, "tn": 2, "fp": 0, "fn": 4}
    kept = MultiLabelPredictions.read(tmp_path / "out" / "v1" / "3_test" / "predictions.parquet")
    assert kept.predictions.sum() == 2


def test_missing_files_are_named(plain_main, cfg, tmp_path):
    with pytest.raises(RunNotFoundError, match=r"no\.csv: the data set must be here"):
        plain_main(cfg, dataset_path=tmp_path / "no.csv").run()
    plain_main(cfg).run()
    with pytest.raises(RunNotFoundError, match=r"no\.ckpt: the model must be here"):
        plain_main(cfg).execute_test(model_path=tmp_path / "no.ckpt")


def test_a_full_disk_ends_with_a_clear_error_and_the_run_goes_on(plain_main, parts, cfg, tmp_path):
    with small_disk(tmp_path / "disk", "2m") as place:

        class Large(parts["Train"]):
            def execute(self):
                super().execute()
                (self.save_path / "large.bin").write_bytes(b"x" * 4_000_000)

        main = type("LargeMain", (plain_main,), {"train_class": Large})
        on_disk = cfg | {"paths": {"output": str(place)}}
        with pytest.raises(StorageError, match="disk is full"):
            main(on_disk).run()
        remount(place, "size=32m")
        plain_main(on_disk, resume=True).run()
        steps = RunRecord.read(place / "v1").steps.values()
        assert {step.status for step in steps} == {"done"}


def test_a_mistake_at_the_start_leaves_nothing_behind(plain_main, parts, cfg, tmp_path):
    class Empty(parts["DatasetPreparation"]):
        def load(self):
            return super().load().iloc[:0]

    main = type("EmptyMain", (plain_main,), {"dataset_preparation_class": Empty})
    with pytest.raises(DataError, match="the data is empty"):
        main(cfg).run()
    assert list((tmp_path / "out").iterdir()) == []


def test_a_mistake_in_a_named_folder_spares_what_is_not_ours(plain_main, parts, cfg, tmp_path):
    class Empty(parts["DatasetPreparation"]):
        def load(self):
            return super().load().iloc[:0]

    main = type("EmptyMain", (plain_main,), {"dataset_preparation_class": Empty})
    named = tmp_path / "v7"
    named.mkdir()
    (named / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match="the data is empty"):
        main(cfg, run_dir=named, resume=True).run()
    assert [path.name for path in named.iterdir()] == ["thesis.txt"]
