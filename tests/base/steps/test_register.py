"""The step keeps all that a bundle was registered as, whatever it is called."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dsf.base.steps import REGISTER, REGISTRATION_FILE, StepContext
from dsf.base.tracked_run import TrackedRun
from dsf.core.predictions import Predictions
from dsf.core.run_record import RunRecord
from dsf.registry import Registry
from dsf.registry.trail import TrailEntry
from dsf.tracking import TrackingSettings
from dsf.tracking.mlflow_package import load_client_class
from tests.registered_versions import make_bundle

if TYPE_CHECKING:
    from pathlib import Path


NAMES = ("shop", "late trains")


class ExportedRun:
    """A run that lacks nothing but the last step; versions of both names were made before."""

    def __init__(self, home: Path) -> None:
        self.run = home / "v1"
        exported = self.run / "6_export"
        exported.mkdir(parents=True)
        bundle = make_bundle(exported / "bundle", "weights")
        Predictions(
            np.array([7]), np.array(["no"]), np.array(["no"]), ["no", "yes"], np.array([[0.9, 0.1]])
        ).write(exported / "predictions.parquet")
        verdict = {"verdict": "better", "passed": True, "reason": "It is."}
        verdict |= {"rule": "superiority", "margin": 0.01}
        for path, content in (
            (exported / "export.json", {"bundle": "bundle", "hash": bundle.hash}),
            (exported / "comparison.json", {"verdict": verdict}),
            (self.run / "4_eval" / "existing.json", {"name": "baseline"}),
        ):
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content))
        RunRecord("0.1", "2026-11-22T12:00:00+00:00", "shop", "multilabel", 1, "").write(self.run)
        self.settings = TrackingSettings(project=home, patience=20)
        uri = self.settings.find_place().uri
        client = load_client_class(uri)(uri)
        self.run_id = str(client.create_run(client.create_experiment("shop")).info.run_id)
        for name in NAMES:
            client.create_registered_model(name)
            source, tags = bundle.folder.as_uri(), {"dsf.bundle": bundle.hash}
            client.create_model_version(name, source, run_id=self.run_id, tags=tags)

    def register(self, name: str) -> dict[str, Any]:
        """Do the step as a session does: into a new folder, which then takes the old one's place.

        Returns:
            What the step has kept.
        """
        section = {"name": name, "description": None, "tags": {}, "tolerance": 1e-4}
        work = self.run / "work"
        work.mkdir()
        options = {"rows": None, "tracked": TrackedRun(self.settings, self.run_id)}
        config = {"register_config": section}
        REGISTER.perform(StepContext(None, config, self.run, work, options))  # type: ignore[arg-type]
        final = self.run / REGISTER.folder
        shutil.rmtree(final, ignore_errors=True)
        work.rename(final)
        return self.read()

    def read(self) -> dict[str, Any]:
        path = self.run / REGISTER.folder / REGISTRATION_FILE
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> ExportedRun:
    return ExportedRun(tmp_path_factory.mktemp("exported"))


def test_what_a_run_was_registered_as_is_kept_name_by_name(exported: ExportedRun) -> None:
    first = exported.register("shop")
    assert first["uri"] == "models:/shop/1"
    assert first["registry"] == exported.settings.find_place().shown
    assert first["run_id"] == exported.run_id
    assert first["earlier"] == []
    second = exported.register("late trains")
    assert second["uri"] == "models:/late trains/1"
    assert second["earlier"] == [{key: first[key] for key in first if key != "earlier"}]
    again = exported.register("shop")
    assert again["uri"] == "models:/shop/1"
    assert [one["uri"] for one in again["earlier"]] == ["models:/late trains/1"]


def test_it_is_told_what_became_of_the_version(
    exported: ExportedRun, caplog: pytest.LogCaptureFixture
) -> None:
    registry = Registry(exported.settings)
    version = registry.find("late trains", 1)
    registry.remove_alias("late trains", "challenger")

    def told() -> str:
        caplog.clear()
        with caplog.at_level("INFO", "dsf"):
            exported.register("late trains")
        (line,) = [one for one in caplog.messages if one.startswith("register ")]
        return line.removeprefix("register models:/late trains/1 ")

    assert told() == "was registered before, and is the challenger now"
    assert told() == "was registered before, and is the challenger already"
    registry.set_alias(version, "champion")
    registry.remove_alias("late trains", "challenger")
    assert told() == "was registered before, and is the champion"
    registry.remove_alias("late trains", "champion")
    registry.tag_version("late trains", "1", *TrailEntry("rolled back", "20260101").to_tag())
    assert told().startswith("was registered before, and does not become challenger, since it was")
    assert registry.find("late trains", 1).aliases == ()


@pytest.mark.parametrize("text", ["", "[]", '"x"', '{"earlier": [1], "uri": "models:/x/1"}'])
def test_a_file_that_somebody_changed_stops_nothing(
    exported: ExportedRun, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = exported.run / REGISTER.folder
    folder.mkdir(exist_ok=True)
    (folder / REGISTRATION_FILE).write_text(text)
    found = exported.register("shop")
    assert found["uri"] == "models:/shop/1"
    assert "what it told is lost" in caplog.text
    assert found["earlier"] == []
