"""Settings are made from plain values, and kept without secrets."""

import json
from pathlib import Path

import pytest

from dsf.core.errors import ConfigError
from dsf.tracking import TrackingSettings, check_values


def test_nothing_given_means_the_defaults(tmp_path):
    settings = TrackingSettings.from_values({"tracking_uri": None, "tags": None}, tmp_path)
    assert settings == TrackingSettings(project=tmp_path.resolve())
    assert settings.experiment == tmp_path.name


def test_all_faults_come_at_once_and_where_each_is_from():
    values = {
        "tracking_url": "x",
        "tracking_uri": "http://me:s3cr3t@host",
        "patience": -1,
        "tags": {"a": [1]},
        "run_name": 3,
        "system_metrics": "yes",
    }
    with pytest.raises(ConfigError) as caught:
        check_values(values, {"tracking_uri": "logger.uri", "tags": "logger.tags"})
    wrong = {problem.where for problem in caught.value.problems}
    of_section = {"tracking_url", "patience", "run_name", "system_metrics"}
    assert wrong == {
        "logger.uri",
        "logger.tags.a",
        *(f"tracking_config.{key}" for key in of_section),
    }
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"tracking_url": "http://host"}, "tracking_url: is not a known key. Did you mean"),
        ({"tags": ["a"]}, "tags: must be a mapping"),
        ({"tracking_uri": 7}, "tracking_uri: must be text, not a number"),
        ({"patience": "long"}, "patience: must be a number"),
    ],
)
def test_settings_are_made_of_what_is_right_only(tmp_path, values, where):
    with pytest.raises(ConfigError, match=f"tracking_config.{where}"):
        TrackingSettings.from_values(values, tmp_path)
    (key,) = values
    with pytest.raises(ConfigError, match=r"logger\.of\.mine: "):
        TrackingSettings.from_values(values, tmp_path, {key: "logger.of.mine"})


@pytest.mark.parametrize("key", ["tracking_uri", "artifact_location"])
@pytest.mark.parametrize("held", [list, tuple, lambda one: {"at": one[0]}, lambda one: Path(*one)])
def test_no_message_shows_an_address(tmp_path, key, held):
    values = {key: held(["https://me:s3cr3t@host"])}
    for call in (check_values, lambda given: TrackingSettings.from_values(given, tmp_path)):
        with pytest.raises(ConfigError, match="must be text, not a") as caught:
            call(values)
        assert "s3cr3t" not in str(caught.value)


def test_an_address_that_cannot_be_used_is_a_fault(tmp_path):
    with pytest.raises(ConfigError, match="tracking_uri"):
        TrackingSettings.from_values({"tracking_uri": "ftp://host"}, tmp_path)


@pytest.mark.parametrize("uri", [None, "mlruns", "https://me:s3cr3t@host/x"])
def test_what_is_kept_leads_to_the_same_place_without_secrets(tmp_path, uri):
    values = {"tracking_uri": uri, "experiment_name": "e", "tags": {"a": 1}, "patience": 2}
    settings = TrackingSettings.from_values(values, tmp_path)
    kept = json.loads(json.dumps(settings.to_values()))
    assert "s3cr3t" not in str(kept)
    assert "s3cr3t" not in repr(settings)
    again = TrackingSettings.from_values(kept, Path(kept.pop("project")))
    assert again.find_place().shown == settings.find_place().shown
    assert again.to_values() == settings.to_values()
