"""Whether a run is tracked, and where: the config's word, and that of a logger it names."""

from __future__ import annotations

import pytest

from dsf.base.tracking_choice import choose_settings
from dsf.core.config import resolve_config
from dsf.core.errors import ConfigError

LOGGER = "pytorch_lightning.loggers.MLFlowLogger"


def choose(project, logger=None, **tracking):
    given = {"project": "shop", "tracking_config": tracking}
    if logger is not None:
        given["trainer_config"] = {"logger": logger}
    return choose_settings(resolve_config(given), project)


def named(**arguments):
    return {"class_path": LOGGER, "init_args": arguments}


def test_by_default_nothing_is_tracked(tmp_path):
    assert choose(tmp_path) is None
    assert choose(tmp_path, logger=["pytorch_lightning.loggers:CSVLogger"]) is None


def test_switched_on_it_is_the_projects_own_database(tmp_path):
    settings = choose(tmp_path, use_mlflow=True)
    place = settings.find_place()
    assert place.uri == f"sqlite:///{tmp_path}/mlflow.db"
    assert place.artifacts == (tmp_path / "mlartifacts").as_uri()
    assert settings.experiment == "shop"


@pytest.mark.parametrize(
    "logger",
    [
        named(experiment_name="mail", tracking_uri="http://host:5000"),
        {
            "module": "lightning.pytorch.loggers",
            "func": "MLFlowLogger",
            "kwargs": {"experiment_name": "mail", "tracking_uri": "http://host:5000"},
        },
        {
            "class_path": "pytorch_lightning.loggers.mlflow:MLFlowLogger",
            "init_args": {"experiment_name": "mail", "tracking_uri": "http://host:5000"},
        },
    ],
)
def test_a_logger_switches_it_on_and_says_where(tmp_path, logger):
    settings = choose(tmp_path, logger=[logger])
    assert (settings.experiment, settings.tracking_uri) == ("mail", "http://host:5000")


def test_a_logger_without_arguments_is_a_wish_too(tmp_path):
    settings = choose(tmp_path, logger=["pytorch_lightning.loggers:MLFlowLogger"])
    assert settings.find_place().uri == f"sqlite:///{tmp_path}/mlflow.db"


def test_the_folder_of_a_logger_is_the_place_of_its_database(tmp_path):
    settings = choose(tmp_path, logger=[named(save_dir="runs")])
    assert settings.find_place().uri == f"sqlite:///{tmp_path}/runs/mlflow.db"


def test_what_tracking_config_says_is_stronger(tmp_path):
    logger = named(experiment_name="mail", tracking_uri="http://host:5000", run_name="a")
    settings = choose(tmp_path, [logger], experiment_name="letters", tracking_uri="sqlite:///x.db")
    assert (settings.experiment, settings.run_name) == ("letters", "a")
    assert settings.find_place().uri == f"sqlite:///{tmp_path}/x.db"
    assert choose(tmp_path, [logger], use_mlflow=False) is None


def test_a_place_that_can_be_none_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="would be gone with the process"):
        choose(tmp_path, use_mlflow=True, tracking_uri="sqlite:///:memory:")


@pytest.mark.parametrize(
    "tracking",
    [{"use_mlflow": False}, {"use_mlflow": True, "tracking_uri": "sqlite:///x.db"}, {}],
    ids=["untracked", "elsewhere", "tracked"],
)
def test_a_password_that_a_logger_holds_is_refused_wherever_the_run_goes(tmp_path, tracking):
    loggers = [named(experiment_name="mail"), named(tracking_uri="http://me:s3cr3t@host")]
    for logger in (loggers, loggers[1], loggers[::-1]):
        with pytest.raises(ConfigError, match="must hold no password") as caught:
            choose(tmp_path, logger, **tracking)
        (problem,) = caught.value.problems
        assert problem.where == "trainer_config.logger MLFlowLogger.tracking_uri"
        assert "s3cr3t" not in str(caught.value)
    assert choose(tmp_path, loggers[0], use_mlflow=False) is None


def test_what_a_logger_must_not_say_is_told_with_its_place(tmp_path):
    logger = named(tracking_uri="http://me:s3cr3t@host", tags={"a": [1]}, run_name=3)
    with pytest.raises(ConfigError) as caught:
        choose(tmp_path, [logger])
    assert {one.where for one in caught.value.problems} == {
        "trainer_config.logger MLFlowLogger.tracking_uri",
        "trainer_config.logger MLFlowLogger.tags.a",
        "trainer_config.logger MLFlowLogger.run_name",
    }
    assert "s3cr3t" not in str(caught.value)
