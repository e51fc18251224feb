"""The whole chain, as `make run` does it, with a short fit: the tests to keep green.

They hold for any data. What you expect of your model, a lowest accuracy say, is yours to add.
"""

import json
from pathlib import Path

import pandas as pd

from dsf.core.config import Config
from trainer.trainer_main import {{ cookiecutter.class_prefix }}Main


def test_the_chain_learns_and_ends_with_a_comparison(config: Config, tmp_path: Path) -> None:
    comparison = {{ cookiecutter.class_prefix }}Main(cfg=config).run()

    assert set(comparison) == {metric for metric, enabled in config["metrics"].items() if enabled}
    run = tmp_path / "v1"
    folders = sorted(path.name for path in run.iterdir() if path.is_dir())
    assert folders == ["1_split", "2_fit", "3_test", "4_eval", "5_compare", "6_export"]
    assert (run / "5_compare" / "report.html").is_file()
    judged = json.loads((run / "5_compare" / "comparison.json").read_text(encoding="utf-8"))
    assert judged["verdict"]["verdict"] in ("better", "not worse", "undecided", "worse")
    assert judged["verdict"]["reason"]
    rows = pd.read_parquet(run / "1_split" / "test.parquet")
    for step in ("3_test", "4_eval"):  # the new model and the existing one
        answers = pd.read_parquet(run / step / "predictions.parquet")
        assert answers["row_id"].tolist() == rows["row_id"].tolist()
    # The fit lowered the loss on the rows that it saw; or else loss, labels or rows are mixed up.
    losses = pd.read_csv(run / "2_fit" / "history.csv")["train_loss"]
    assert losses.iloc[-1] < losses.iloc[0]


def test_a_run_that_is_done_is_not_done_again(config: Config, tmp_path: Path) -> None:
    main = {{ cookiecutter.class_prefix }}Main
    main(cfg=config).split()
    before = (tmp_path / "v1" / "1_split" / "train.parquet").stat().st_mtime_ns
    main(cfg=config, resume=True).split()
    assert (tmp_path / "v1" / "1_split" / "train.parquet").stat().st_mtime_ns == before
    assert not (tmp_path / "v2").exists()
