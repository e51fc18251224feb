"""What nobody makes any more is removed from a store; what somebody is at work on stays."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dsf.registry.leftovers import MAKER_TAG
from dsf.registry.logged_model import BUNDLE_TAG, remove_unfinished
from dsf.registry.maker import Maker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.registry.conftest import Store

WRITER = """
import sys
from dsf.registry.maker import Maker
print(Maker.current().to_text(), flush=True)
sys.stdin.read()
"""
HOURS = 60 * 60 * 1000  # ms


@pytest.fixture
def other() -> Iterator[subprocess.Popen[str]]:
    """Another process of this machine; its first line says who it is."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


class Pending:
    """Models of one run that are pending."""

    def __init__(self, store: Store, run_id: str) -> None:
        self.store, self.run_id = store, run_id
        self.experiment = store.client.get_run(run_id).info.experiment_id

    def add(self, made_by: str | None, hours: int = 0) -> Any:
        """Make a model as a process would; let it be so many hours old."""
        tags = {BUNDLE_TAG: "ab", **({MAKER_TAG: made_by} if made_by is not None else {})}
        made = self.store.client.create_logged_model(
            self.experiment, source_run_id=self.run_id, tags=tags
        )
        file = self.store.settings.find_place().file
        assert file is not None
        with closing(sqlite3.connect(file)) as database, database:
            change = "UPDATE logged_models SET creation_timestamp_ms = ? WHERE model_id = ?"
            database.execute(change, (made.creation_timestamp - hours * HOURS, made.model_id))
        return made

    def remove(self) -> set[str]:
        """Remove what is left over; give the ids of what is there still."""
        remove_unfinished(settings=self.store.settings, run_id=self.run_id)
        found = self.store.client.search_logged_models([self.experiment])
        return {one.model_id for one in found}


def test_what_another_process_is_at_work_on_stays_until_it_has_ended(
    store: Store, other: subprocess.Popen[str]
) -> None:
    pending = Pending(store, store.run_id)
    assert other.stdout is not None
    model = pending.add(other.stdout.readline(), hours=100)
    assert pending.remove() == {model.model_id}
    other.kill()
    other.wait()
    assert pending.remove() == set()


def test_what_comes_from_elsewhere_stays_for_a_day(store: Store) -> None:
    pending = Pending(store, store.run_id)
    elsewhere = replace(Maker.current(), host="other").to_text()
    rebooted = replace(Maker.current(), boot="other").to_text()
    texts = (elsewhere, rebooted, "somebody", None)
    young = {pending.add(text, hours=23).model_id for text in texts}
    for text in texts:
        pending.add(text, hours=25)
    assert pending.remove() == young


def test_the_folder_goes_whether_the_store_calls_it_a_path_or_a_uri(
    store: Store, tmp_path: Path
) -> None:
    for name, location in (("path", str(tmp_path / "path")), ("uri", (tmp_path / "uri").as_uri())):
        pending = Pending(store, store.add_run(name, location))
        model = pending.add(Maker.current().to_text())
        assert model.artifact_location.startswith(location)
        files = tmp_path / name / "models" / model.model_id / "artifacts"
        files.mkdir(parents=True)
        (files / "MLmodel").touch()
        assert pending.remove() == set()
        assert list((tmp_path / name / "models").iterdir()) == []
