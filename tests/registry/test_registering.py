"""A bundle is registered once it was loaded back and answered as its run did; else it is not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from dsf.core.errors import BundleError, ConfigError, UserError
from dsf.registry.check import check_logged_model
from dsf.registry.logged_model import log_bundle, mark_logged_bundle
from dsf.registry.mlflow_modules import load_mlflow_module
from dsf.registry.new_version import NewVersion
from dsf.registry.registering import Registered, register_bundle
from dsf.registry.versions import CHALLENGER, CHAMPION, Registry
from dsf.tracking import TrackingSettings
from dsf.tracking.folders import local_folder
from tests.mlflow_server import MlflowServer
from tests.registry.conftest import earned_by, open_store

if TYPE_CHECKING:
    from tests.registry.conftest import Store
    from tests.tiny_bundles import Made, TinyBundles


@pytest.fixture(scope="module")
def made(bundles: TinyBundles) -> Made:
    return bundles("multilabel")


def register(made: Made, store: Store, name: str = "late trains", **changes: Any) -> Registered:
    new = NewVersion(name, "Is it late?", "# Late trains\n", {"team": "trains"})
    options = {"settings": store.settings, "run_id": store.run_id}
    earned = changes.pop("earned", earned_by(made.bundle.hash))
    answers = made.answer(made.rows)
    return register_bundle(
        made.bundle.folder, made.rows, answers, new, earned, **(options | changes)
    )


def files_of(store: Store, registered: Registered) -> Path:
    model = store.client.get_logged_model(registered.model_uri.removeprefix("models:/"))
    return Path(url2pathname(urlsplit(model.artifact_location).path))


def test_it_becomes_the_challenger_once_and_only_once(made: Made, store: Store) -> None:
    # Killed just after the check: the model that was logged then is the one that is named.
    options = {"settings": store.settings, "run_id": store.run_id}
    logged = log_bundle(made.bundle.folder, made.rows, NewVersion("late trains"), **options)
    mark_logged_bundle(logged, store.settings)
    mlflow = load_mlflow_module("mlflow")
    before = mlflow.get_tracking_uri(), os.environ.get("MLFLOW_TRACKING_URI")
    found = register(made, store)
    assert (mlflow.get_tracking_uri(), os.environ.get("MLFLOW_TRACKING_URI")) == before
    assert (found.name, found.version, found.is_new) == ("late trains", "1", True)
    assert found.uri == "models:/late trains/1"
    assert found.run_id == store.run_id
    assert found.seconds > 0

    registry = Registry(store.settings)
    version = registry.find("late trains", CHALLENGER)
    assert version.uri == found.uri
    assert version.description == "Is it late?"
    assert version.earned == earned_by(made.bundle.hash)
    assert version.tags["team"] == "trains"
    assert registry.read_model_tags("late trains") == {"team": "trains"}
    assert store.client.get_model_version("late trains", "1").source == logged.uri
    assert found.model_uri == logged.uri
    assert len(store.client.get_run(store.run_id).outputs.model_outputs) == 1

    # Killed before the alias was set, or done again after all: the same version.
    registry.remove_alias("late trains", CHALLENGER)
    again = register(made, store)
    assert replace(again, seconds=found.seconds) == replace(found, is_new=False)
    assert registry.find("late trains", CHALLENGER).version == "1"
    registry.remove_alias("late trains", CHALLENGER)
    registry.set_alias(version, CHAMPION)
    register(made, store)
    (only,) = registry.list_versions("late trains")
    assert only.aliases == (CHAMPION,)


def test_a_model_that_cannot_be_loaded_back_is_not_registered(
    made: Made, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tokenizers.py").write_text("raise ImportError('built for another machine')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(BundleError, match="built for another machine"):
        register(made, store)
    assert Registry(store.settings).list_models() == []
    experiment = store.client.get_run(store.run_id).info.experiment_id
    (logged,) = store.client.search_logged_models([experiment])
    assert str(logged.status) == "FAILED"
    assert "built for another machine" in logged.tags["dsf.refused"]


def interrupt_the_check(folder: Path) -> None:
    """Press Ctrl-C when the model's files lie in the store and a process loads them."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(folder.glob("models/*/artifacts/MLmodel")):
        time.sleep(0.02)
    time.sleep(1)
    os.kill(os.getpid(), signal.SIGINT)


def test_what_was_stopped_by_ctrl_c_leaves_nothing_once_it_is_registered(
    made: Made, store: Store
) -> None:
    artifacts = local_folder(store.settings.find_place().artifacts)
    assert artifacts is not None
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        stop = threading.Thread(target=interrupt_the_check, args=(artifacts,))
        stop.start()
        with pytest.raises(KeyboardInterrupt):
            register(made, store)
        stop.join()
    finally:
        signal.signal(signal.SIGINT, previous)
    assert Registry(store.settings).list_models() == []
    experiment = store.client.get_run(store.run_id).info.experiment_id
    (left,) = store.client.search_logged_models([experiment])
    assert str(left.status) == "PENDING"
    found = register(made, store)
    (logged,) = store.client.search_logged_models([experiment])
    assert (logged.model_uri, str(logged.status)) == (found.model_uri, "READY")
    assert [path.name for path in artifacts.glob("models/*")] == [logged.model_id]
    (output,) = store.client.get_run(store.run_id).outputs.model_outputs
    assert output.model_id == logged.model_id


AT_ONCE = """
import json, sys, time
from pathlib import Path
import pandas as pd
from dsf.core.prediction_kinds import read_predictions
from dsf.registry import Earned, NewVersion, register_bundle
from dsf.tracking import TrackingSettings

place, project, bundle, run_id, number = map(str, sys.argv[1:])
rows, answers = pd.read_parquet(f"{place}/rows.parquet"), read_predictions(Path(place, "answers"))
earned = Earned(**json.loads(Path(place, "earned.json").read_text()))
settings = TrackingSettings(project=Path(project), patience=60)
Path(place, f"ready-{number}").touch()
while not Path(place, "go").exists():
    time.sleep(0.01)
found = register_bundle(
    bundle, rows, answers, NewVersion("shop"), earned, settings=settings, run_id=run_id
)
print(json.dumps([found.uri, found.model_uri, found.is_new]))
"""


@pytest.mark.slow
def test_two_processes_at_once_make_one_version(made: Made, store: Store, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    made.rows.to_parquet(place / "rows.parquet")
    made.answer(made.rows).write(place / "answers")
    (place / "earned.json").write_text(json.dumps(asdict(earned_by(made.bundle.hash))))
    folders = [str(place), str(store.settings.project), str(made.bundle.folder), store.run_id]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", AT_ONCE, *folders, str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    while len(list(place.glob("ready-*"))) < len(started):
        assert not any(one.poll() for one in started)
        time.sleep(0.05)
    (place / "go").touch()
    said = [json.loads(one.communicate(timeout=300)[0]) for one in started]
    assert sorted(is_new for _, _, is_new in said) == [False, True]
    assert said[0][:2] == said[1][:2]
    (only,) = Registry(store.settings).list_versions("shop")
    assert only.uri == said[0][0] == "models:/shop/1"
    assert only.aliases == (CHALLENGER,)
    experiment = store.client.get_run(store.run_id).info.experiment_id
    assert len(store.client.search_logged_models([experiment])) == 1


@pytest.mark.parametrize(
    "name", ["", " ", "a/b", "a:b", "a@b", 'a"b', "a#b", "a?b", "50%", "..", "x" * 257, "a\nb"]
)
def test_a_name_that_mlflow_does_not_take_is_told_first(
    made: Made, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ConfigError, match=r"register_config\.name: must "):
        register_bundle(
            tmp_path,
            made.rows,
            made.answer(made.rows.head(3)),
            NewVersion(name),
            earned_by(""),
            settings=TrackingSettings(project=tmp_path),
            run_id="",
        )


@pytest.mark.parametrize("earned", ["", "ab" * 32])
def test_the_verdict_must_be_on_this_bundle(made: Made, store: Store, earned: str) -> None:
    with pytest.raises(BundleError, match="must be of the bundle that is registered"):
        register(made, store, earned=earned_by(earned))


def test_a_run_that_is_not_in_the_store_is_named(made: Made, store: Store) -> None:
    with pytest.raises(UserError, match="'0badc0de' must be in"):
        register(made, store, run_id="0badc0de")
    assert Registry(store.settings).list_models() == []


@pytest.mark.slow
def test_a_server_takes_it_too(bundles: TinyBundles, tmp_path: Path) -> None:
    made = bundles("ner")
    server = MlflowServer(tmp_path)
    server.start()
    try:
        settings = TrackingSettings(project=tmp_path, tracking_uri=server.uri, patience=60)
        store = open_store(settings)
        left = NewVersion("late trains")
        log_bundle(made.bundle.folder, made.rows, left, settings=settings, run_id=store.run_id)
        earned = replace(earned_by(made.bundle.hash), task="ner")
        found = register(made, store, earned=earned)
        assert Registry(settings).find("late trains", CHALLENGER).earned == earned
        logged = store.client.get_logged_model(found.model_uri.removeprefix("models:/"))
        assert str(logged.status) == "READY"
        (only,) = store.client.search_logged_models([logged.experiment_id])
        assert only.model_id == logged.model_id
        assert len(list((tmp_path / "artifacts").rglob("MLmodel"))) == 1
        assert register(made, store, earned=earned).uri == found.uri
    finally:
        server.kill()


@pytest.mark.slow
@pytest.mark.parametrize("task", ["ner", "multilabel"])
def test_it_answers_in_an_empty_environment(
    bundles: TinyBundles, store: Store, task: str, tmp_path: Path
) -> None:
    made = bundles(task)
    found = register(made, store)
    model = files_of(store, found)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "-r", "requirements.txt"],
        cwd=model,
        check=True,
    )
    where = subprocess.run(
        [python, "-c", "import dsf; print(dsf.__file__)"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert where.stdout.startswith(str(tmp_path))
    check_logged_model(
        f"models:/late trains@{CHALLENGER}",
        made.bundle,
        made.rows,
        made.answer(made.rows),
        settings=store.settings,
        python=python,
    )
