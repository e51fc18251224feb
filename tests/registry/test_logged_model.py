"""A bundle among the models of its run: logged whole, marked, found again, or refused early."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from dsf.core.bundle import Bundle
from dsf.core.errors import BundleError, StorageError, UserError
from dsf.registry.logged_model import (
    find_logged_bundle,
    log_bundle,
    mark_logged_bundle,
    remove_unfinished,
)
from dsf.registry.mlflow_modules import load_mlflow_module
from dsf.registry.new_version import NewVersion
from dsf.tracking.folders import local_folder
from tests.small_disk import small_disk

if TYPE_CHECKING:
    from tests.registry.conftest import Store
    from tests.tiny_bundles import Made, TinyBundles

SHOP = NewVersion("shop")


@pytest.fixture(scope="module")
def made(bundles: TinyBundles) -> Made:
    return bundles("multilabel")


def test_it_is_logged_whole_and_nothing_of_mlflows_state_is_changed(
    made: Made, store: Store
) -> None:
    mlflow = load_mlflow_module("mlflow")
    before = mlflow.get_tracking_uri(), mlflow.get_registry_uri(), dict(os.environ)
    logged = log_bundle(
        made.bundle.folder,
        made.rows,
        NewVersion("shop/late.trains", "Is it late?", "# Late trains\n", {"team": "trains"}),
        settings=store.settings,
        run_id=store.run_id,
    )
    after = mlflow.get_tracking_uri(), mlflow.get_registry_uri(), dict(os.environ)
    assert after[:2] == before[:2]
    assert {name for name in after[2] if before[2].get(name) != after[2][name]} <= {
        "TORCHINDUCTOR_CACHE_DIR"  # torch's
    }
    assert mlflow.active_run() is None

    model = store.client.get_logged_model(logged.model_id)
    assert logged.uri == model.model_uri == f"models:/{logged.model_id}"
    assert (model.name, str(model.status)) == ("shop-late-trains", "PENDING")
    assert (model.source_run_id, model.model_type) == (store.run_id, "multilabel")
    wanted = {"team": "trains", "dsf.bundle": made.bundle.hash}
    assert wanted.items() <= model.tags.items()
    assert model.tags["mlflow.note.content"] == "Is it late?"
    assert not store.client.get_run(store.run_id).outputs.model_outputs
    mark_logged_bundle(logged, store.settings)
    mark_logged_bundle(logged, store.settings)
    (output,) = store.client.get_run(store.run_id).outputs.model_outputs
    assert output.model_id == logged.model_id
    folder = Path(url2pathname(urlsplit(model.artifact_location).path))
    assert Bundle.open(folder / "artifacts" / "bundle").hash == made.bundle.hash
    assert (folder / "README.md").read_text() == "# Late trains\n"
    assert f"model_id: {logged.model_id}" in (folder / "MLmodel").read_text()


def test_it_is_found_once_it_was_marked_as_good(made: Made, store: Store) -> None:
    settings, run = store.settings, store.run_id
    first, second = (
        log_bundle(made.bundle.folder, made.rows, SHOP, settings=settings, run_id=run)
        for _ in range(2)
    )
    assert find_logged_bundle(made.bundle, settings=settings, run_id=run) is None
    mark_logged_bundle(first, settings, refused="row 7: must be answered ['late']")
    mark_logged_bundle(second, settings)
    refused = store.client.get_logged_model(first.model_id)
    assert str(refused.status) == "FAILED"
    assert refused.tags["dsf.refused"] == "row 7: must be answered ['late']"
    assert find_logged_bundle(made.bundle, settings=settings, run_id=run) == second
    other = store.add_run("other")
    assert find_logged_bundle(made.bundle, settings=settings, run_id=other) is None


def folders_of(store: Store) -> set[str]:
    """The folders of logged models that lie in the store."""
    place = local_folder(store.settings.find_place().artifacts)
    assert place is not None
    return {path.name for path in place.glob("models/*")}


def test_what_a_killed_process_has_left_is_removed_and_nothing_else(
    made: Made, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    where = {"settings": store.settings, "run_id": store.run_id}
    left, good, bad = (log_bundle(made.bundle.folder, made.rows, SHOP, **where) for _ in range(3))
    mark_logged_bundle(good, store.settings)
    mark_logged_bundle(bad, store.settings, refused="row 7")
    experiment = store.client.get_run(store.run_id).info.experiment_id
    foreign = store.client.create_logged_model(experiment, source_run_id=store.run_id)
    other_run = str(store.client.create_run(experiment).info.run_id)
    other = log_bundle(
        made.bundle.folder, made.rows, SHOP, settings=store.settings, run_id=other_run
    )
    kept = {one.model_id for one in (good, bad, other)}
    assert folders_of(store) == {left.model_id, *kept}
    with caplog.at_level("INFO", "dsf"):
        remove_unfinished(**where)
        remove_unfinished(**where)
    there = {one.model_id for one in store.client.search_logged_models([experiment])}
    assert there == {*kept, foreign.model_id}
    assert folders_of(store) == kept
    (told,) = [line for line in caplog.messages if line.startswith("register ")]
    assert told.endswith(f"when it was stopped before: {left.uri}")


def test_what_could_not_be_sent_is_removed_at_once(
    made: Made, store: Store, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "300k") as disk:
        run = store.add_run("full", (disk / "models").as_uri())
        with pytest.raises(UserError, match="No space left"):
            log_bundle(made.bundle.folder, made.rows, SHOP, settings=store.settings, run_id=run)
        experiment = store.client.get_run(run).info.experiment_id
        assert not store.client.search_logged_models([experiment])
        assert not [path for path in disk.rglob("*") if path.is_file()]


def test_a_run_that_is_not_there_is_named(made: Made, store: Store) -> None:
    with pytest.raises(UserError, match=r"'0badc0de' must be in .*dsf-cli sync RUN"):
        log_bundle(made.bundle.folder, made.rows, SHOP, settings=store.settings, run_id="0badc0de")


def test_a_folder_that_takes_no_files_is_named_before_anything_is_made(
    made: Made, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file, where a folder is needed")
    run = store.add_run("blocked", (tmp_path / "taken" / "models").as_uri())
    with pytest.raises(StorageError, match=r"taken/models must take the files of a model"):
        log_bundle(made.bundle.folder, made.rows, SHOP, settings=store.settings, run_id=run)
    experiment = store.client.get_run(run).info.experiment_id
    assert not store.client.search_logged_models([experiment])


def test_a_bundle_that_was_changed_is_not_logged(made: Made, store: Store, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="There is no bundle"):
        log_bundle(tmp_path / "none", made.rows, SHOP, settings=store.settings, run_id=store.run_id)
    assert not store.client.get_run(store.run_id).outputs.model_outputs
