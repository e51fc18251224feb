"""Versions are found by every name that they have, and their bundles fetched once and checked."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dsf.core.bundle import Bundle
from dsf.core.errors import BundleError, UserError
from dsf.registry.earned import Earned
from dsf.registry.promotion import promote
from dsf.registry.trail import read_trail
from dsf.registry.versions import CHAMPION, Registry
from dsf.tracking.mlflow_package import load_client_class
from tests.mlflow_server import MlflowServer
from tests.registered_versions import RegisteredVersions, make_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, database: Path) -> RegisteredVersions:
    """Two models; nothing of it is changed."""
    made = RegisteredVersions(tmp_path_factory.mktemp("home"), database)
    made.add(aliases=("champion", "old"))
    made.add(compared_with="models:/shop/1", aliases=("challenger",))
    made.add(by_dsf=False)
    made.add("tickets")
    return made


def test_models_and_versions_are_listed(home: RegisteredVersions) -> None:
    registry = home.registry
    assert registry.list_models() == ["shop", "tickets"]
    newest, second, first = registry.list_versions("shop")
    assert [one.version for one in (newest, second, first)] == ["3", "2", "1"]
    assert first.aliases == ("champion", "old")
    assert second.uri == "models:/shop/2"
    assert second.earned is not None
    assert second.earned.compared_with == first.uri
    assert second.earned.passed
    assert Earned.from_tags(second.tags) == second.earned
    assert newest.earned is None
    made = datetime.fromisoformat(first.created)
    assert made.tzinfo == UTC
    assert abs(datetime.now(UTC) - made) < timedelta(hours=1)


@pytest.mark.parametrize(
    ("which", "number"),
    [
        ("2", "2"),
        (2, "2"),
        ("02", "2"),
        ("champion", "1"),
        ("old", "1"),
        ("challenger", "2"),
        ("latest", "3"),
        ("models:/shop/3", "3"),
        ("models:/shop@champion", "1"),
    ],
)
def test_a_version_has_many_names(home: RegisteredVersions, which: str | int, number: str) -> None:
    assert home.registry.find("shop", which).version == number


def test_what_is_not_there_is_told_with_what_is(home: RegisteredVersions) -> None:
    with pytest.raises(UserError, match=r"has shop, tickets\. Did you mean 'shop'\?"):
        home.registry.find("shpo", "1")
    told = r"versions are 1, 2, 3, its aliases challenger \(2\), champion \(1\), old \(1\)"
    with pytest.raises(UserError, match=told):
        home.registry.find("shop", "4")
    with pytest.raises(UserError, match="Did you mean 'champion'"):
        home.registry.find("shop", "campion")
    with pytest.raises(UserError, match="must be one of 'shop', but models:/tickets/1"):
        home.registry.find("shop", "models:/tickets/1")
    with pytest.raises(UserError, match="its aliases none"):
        home.registry.find("tickets", "champion")


def test_the_champion_is_found_if_there_is_one(home: RegisteredVersions) -> None:
    champion = home.registry.champion("shop")
    assert champion is not None
    assert champion.version == "1"
    assert home.registry.champion("tickets") is None
    assert home.registry.champion("nothing") is None


def test_a_registry_that_is_not_there_is_empty_and_stays_away(tmp_path: Path) -> None:
    registry = Registry(make_settings(tmp_path))
    assert registry.list_models() == []
    assert registry.champion("shop") is None
    with pytest.raises(UserError, match="must be registered before"):
        registry.find("shop", "1")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_others_hold_is_named(own: RegisteredVersions) -> None:
    settings = make_settings(own.folder)
    impatient = type(settings)(**{**vars(settings), "patience": 0.2})
    with closing(sqlite3.connect(own.file)) as other:
        other.execute("BEGIN EXCLUSIVE")
        begin = time.monotonic()
        with pytest.raises(UserError, match="another process holds the database"):
            Registry(impatient).list_models()
        assert time.monotonic() - begin < 5
        other.rollback()
    assert Registry(impatient).list_models() == []


def test_a_server_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    settings = make_settings(tmp_path)
    away = type(settings)(**{**vars(settings), "tracking_uri": "http://127.0.0.1:9"})
    with pytest.raises(UserError, match="must answer, but does not now"):
        Registry(away).list_models()


def test_aliases_and_tags_are_set_and_taken_away(own: RegisteredVersions) -> None:
    version, registry = own.add(), own.registry
    registry.set_alias(version, CHAMPION)
    registry.tag_version("shop", "1", "team", "search")
    registry.tag_model("shop", "owner", "mira")
    found = registry.find("shop", CHAMPION)
    assert found.tags["team"] == "search"
    assert registry.read_model_tags("shop") == {"owner": "mira"}
    registry.remove_alias("shop", CHAMPION)
    registry.remove_alias("shop", CHAMPION)
    registry.untag_model("shop", "owner")
    registry.untag_model("shop", "owner")
    assert registry.find("shop", 1).aliases == ()
    assert registry.read_model_tags("shop") == {}


@pytest.mark.parametrize("path", ["artifacts/bundle", "artifacts/of/v3"])
def test_a_bundle_is_fetched_once(own: RegisteredVersions, path: str, tmp_path: Path) -> None:
    version = own.add(path=path)
    kept = tmp_path / "kept"
    folder = own.registry.download_bundle(version, kept)
    bundle = Bundle.open(folder)
    assert version.earned is not None
    assert bundle.hash == version.earned.bundle == folder.name
    assert bundle.folder.joinpath("model.safetensors").read_bytes() == b"weights 1"
    shutil.rmtree(own.folder / "models")
    assert own.registry.download_bundle(version, kept) == folder
    assert [path.name for path in kept.iterdir()] == [folder.name]


def test_a_kept_bundle_that_was_damaged_is_fetched_again(
    own: RegisteredVersions, tmp_path: Path
) -> None:
    version = own.add()
    folder = own.registry.download_bundle(version, tmp_path / "kept")
    (folder / "model.safetensors").write_bytes(b"other")
    assert own.registry.download_bundle(version, tmp_path / "kept") == folder
    assert (folder / "model.safetensors").read_bytes() == b"weights 1"


def test_a_bundle_that_is_not_the_registered_one_is_refused(
    own: RegisteredVersions, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    models = own.folder / "models"
    exchanged, damaged, foreign, outside = (
        own.add(),
        own.add(),
        own.add(by_dsf=False),
        own.add(bundle="../../x"),
    )
    shutil.rmtree(models / "1" / "artifacts" / "bundle")
    shutil.copytree(models / "2" / "artifacts" / "bundle", models / "1" / "artifacts" / "bundle")
    with pytest.raises(BundleError, match="that was registered, but holds"):
        own.registry.download_bundle(exchanged, kept)
    (models / "2" / "artifacts" / "bundle" / "config.json").unlink()
    with pytest.raises(BundleError, match=r"config.json: must be in the bundle, but is missing"):
        own.registry.download_bundle(damaged, kept)
    for version in (foreign, outside):
        with pytest.raises(BundleError, match="must have been registered by dsf"):
            own.registry.download_bundle(version, kept)
    (models / "2" / "MLmodel").write_text(
        "flavors: {python_function: {artifacts: {bundle: {path: ../1}}}}"
    )
    with pytest.raises(BundleError, match="must lie inside of the model"):
        own.registry.download_bundle(damaged, kept)
    shutil.rmtree(models)
    with pytest.raises(BundleError, match="must have 'MLmodel' among its files"):
        own.registry.download_bundle(exchanged, kept)
    assert list(kept.iterdir()) == []


def test_a_file_that_was_changed_in_the_store_is_told_of_the_version_that_it_is_of(
    own: RegisteredVersions, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    own.add()
    version = own.add()
    bundle = own.folder / "models" / "2" / "artifacts" / "bundle"
    (bundle / "model.safetensors").write_bytes(b"weights 3")
    (bundle / "tokenizer" / "more.txt").write_text("a guest")
    (bundle / "config.json").unlink()
    with pytest.raises(BundleError) as caught:
        own.registry.download_bundle(version, kept)
    assert caught.value.headline == "The bundle is not what was exported: models:/shop/2"
    named = [one.where for one in caught.value.problems]
    assert named == ["config.json", "tokenizer/more.txt", "model.safetensors", ""]
    assert "from /runs/v2/6_export/bundle" in str(caught.value)
    assert str(kept) not in str(caught.value)
    shutil.rmtree(bundle)
    bundle.mkdir()
    with pytest.raises(BundleError, match="models:/shop/2") as caught:
        own.registry.download_bundle(version, kept)
    assert str(kept) not in str(caught.value)


@pytest.mark.slow
def test_a_server_is_a_registry_as_well(own: RegisteredVersions, tmp_path: Path) -> None:
    earned = own.add().earned
    assert earned is not None
    home = tmp_path / "server"
    home.mkdir()
    server = MlflowServer(home)
    server.start()
    try:
        client = load_client_class(server.uri)(server.uri)
        run = client.create_run(client.create_experiment("shop"))
        client.log_artifacts(run.info.run_id, str(own.folder / "models" / "1"), "model")
        client.create_registered_model("shop")
        source = f"{run.info.artifact_uri}/model"
        client.create_model_version("shop", source, run.info.run_id, earned.to_tags())
        settings = make_settings(own.folder)
        there = Registry(type(settings)(**{**vars(settings), "tracking_uri": server.uri}))
        assert there.list_models() == ["shop"]
        assert promote(there, "shop", 1).version.aliases == ("champion",)
        champion = there.champion("shop")
        assert champion is not None
        assert champion.run_id == run.info.run_id
        assert [one.what for one in read_trail(champion.tags)] == ["promoted"]
        folder = there.download_bundle(champion, tmp_path / "kept")
        assert Bundle.open(folder).hash == earned.bundle
        with pytest.raises(UserError, match="Did you mean 'champion'"):
            there.find("shop", "champoin")
        with pytest.raises(UserError, match="must be a registered model 'shops'"):
            there.find("shops", "1")
        shutil.rmtree(home / "artifacts")
        with pytest.raises(BundleError, match="must have 'MLmodel' among its files"):
            there.download_bundle(champion, tmp_path / "other")
    finally:
        server.kill()
