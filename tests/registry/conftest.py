"""Tiny bundles, fitted once a session, and stores of MLflow with a run in them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from dsf.registry.earned import Earned
from dsf.registry.mlflow_modules import load_mlflow_module, quiet_mlflow
from dsf.tracking import TrackingSettings
from dsf.tracking.mlflow_package import load_client_class
from tests.registered_versions import RegisteredVersions, make_database
from tests.tiny_bundles import TinyBundles

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Store:
    """A store, its client, and a run that is in it."""

    settings: TrackingSettings
    client: Any
    run_id: str

    def add_run(self, name: str, artifacts: str | None = None) -> str:
        """Make a run in an experiment of its own."""
        experiment = self.client.create_experiment(name, artifacts)
        return str(self.client.create_run(experiment).info.run_id)


def open_store(settings: TrackingSettings) -> Store:
    place = settings.find_place()
    store = Store(settings, load_client_class(place.uri)(place.uri), "")
    store.run_id = store.add_run("shop", place.artifacts)
    return store


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> TinyBundles:
    return TinyBundles(tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of MLflow with nothing in it; making one takes more than a second."""
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    uri = f"sqlite:///{path}"
    load_client_class(uri)(uri)
    return path


@pytest.fixture(autouse=True)
def _no_variables_of_users(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MLFLOW_TRACKING")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Store:
    project = tmp_path / "my project"
    project.mkdir()
    shutil.copy(empty_database, project / "mlflow.db")
    return open_store(TrackingSettings(project=project, patience=20))


def earned_by(bundle_hash: str) -> Earned:
    """A verdict that a bundle has earned."""
    reason = "It is better by 0.1 (0.05 to 0.15)."
    report = "training_output/v3/5_compare/report.html"
    return Earned("better", True, reason, "baseline", bundle_hash, "training_output/v3", report)


def save_pickled(folder: Path) -> None:
    """Save a model as MLflow does by default: pickled."""

    pyfunc = load_mlflow_module("mlflow.pyfunc")
    with quiet_mlflow():

        class Echo(pyfunc.PythonModel):
            def predict(self, model_input: list[str]) -> list[str]:
                return model_input

        pyfunc.save_model(str(folder), python_model=Echo(), pip_requirements=["mlflow"])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_database(tmp_path_factory.mktemp("database") / "mlflow.db")


@pytest.fixture
def own(tmp_path: Path, database: Path) -> RegisteredVersions:
    return RegisteredVersions(tmp_path, database)
