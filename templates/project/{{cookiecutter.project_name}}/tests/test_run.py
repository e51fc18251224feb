"""The whole chain, as `make run` does it, for two epochs. It is the test to keep green."""

from pathlib import Path

import pytest

from dsf.core.config import Config
from trainer.trainer_main import {{ cookiecutter.class_prefix }}Main


def test_the_chain_ends_with_a_comparison(config: Config, tmp_path: Path) -> None:
    comparison = {{ cookiecutter.class_prefix }}Main(cfg=config).run()

    wanted = {metric for metric, enabled in config["metrics"].items() if enabled}
    assert set(comparison) == wanted
    # Better than guessing; raise it when you know what your model can do.
    assert comparison["accuracy"]["trained"] > 0.5
    assert (tmp_path / "v1" / "5_compare" / "report.html").is_file()


def test_a_run_that_is_done_is_not_done_again(config: Config, tmp_path: Path) -> None:
    main = {{ cookiecutter.class_prefix }}Main
    main(cfg=config).split()
    before = (tmp_path / "v1" / "1_split" / "train.parquet").stat().st_mtime_ns
    main(cfg=config, resume=True).split()
    assert (tmp_path / "v1" / "1_split" / "train.parquet").stat().st_mtime_ns == before
    assert not (tmp_path / "v2").exists()


@pytest.mark.parametrize("label", ["accuracy", "f1"])
def test_the_existing_model_is_measured_too(config: Config, label: str) -> None:
    main = {{ cookiecutter.class_prefix }}Main(cfg=config)
    main.split()
    assert 0 <= main.execute_eval()[label] <= 1
