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
from dsf.registry.logged_model import find_logged_bundle, log_bundle, mark_logged_bundle
from dsf.registry.mlflow_modules import load_mlflow_module

if TYPE_CHECKING:
    from tests.registry.conftest import Store
    from tests.tiny_bundles import Made, TinyBundles


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
        settings=store.settings,
        run_id=store.run_id,
        name="shop/late.trains",
        description="Is it late?",
        card="# Late trains\n",
        tags={"team": "trains"},
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
    (output,) = store.client.get_run(store.run_id).outputs.model_outputs
    assert output.model_id == logged.model_id
    folder = Path(url2pathname(urlsplit(model.artifact_location).path))
    assert Bundle.open(folder / "artifacts" / "bundle").hash == made.bundle.hash
    assert (folder / "README.md").read_text() == "# Late trains\n"
    assert f"model_id: {logged.model_id}" in (folder / "MLmodel").read_text()


def test_it_is_found_once_it_was_marked_as_good(made: Made, store: Store) -> None:
    settings, run = store.settings, store.run_id
    first, second = (
        log_bundle(made.bundle.folder, made.rows, settings=settings, run_id=run, name="shop")
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


def test_a_run_that_is_not_there_is_named(made: Made, store: Store) -> None:
    with pytest.raises(UserError, match=r"'0badc0de' must be in .*dsf-cli sync RUN"):
        log_bundle(
            made.bundle.folder, made.rows, settings=store.settings, run_id="0badc0de", name="shop"
        )


def test_a_folder_that_takes_no_files_is_named_before_anything_is_made(
    made: Made, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file, where a folder is needed")
    run = store.add_run("blocked", (tmp_path / "taken" / "models").as_uri())
    with pytest.raises(StorageError, match=r"taken/models must take the files of a model"):
        log_bundle(made.bundle.folder, made.rows, settings=store.settings, run_id=run, name="shop")
    experiment = store.client.get_run(run).info.experiment_id
    assert not store.client.search_logged_models([experiment])


def test_a_bundle_that_was_changed_is_not_logged(made: Made, store: Store, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="There is no bundle"):
        log_bundle(
            tmp_path / "none", made.rows, settings=store.settings, run_id=store.run_id, name="shop"
        )
    assert not store.client.get_run(store.run_id).outputs.model_outputs
