"""Code that was written for MLflow's client logs into the journal, and loses nothing."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

from dsf.core.errors import UserError
from dsf.tracking import JournalClient, JournalTracker, NoTracker, sync_run

mpl.use("Agg")


@pytest.fixture
def away(run_folder, make_settings):
    """The tracker of a run whose server is away."""
    tracker = JournalTracker(run_folder, make_settings(tracking_uri="http://127.0.0.1:9"))
    yield tracker
    tracker.close()


def log_all(client, run_id):
    """Make every call that is journalled."""
    client.log_metric(run_id, "own", 0.5, timestamp=1500, step=7)
    client.log_metric(run_id, "once", 1)
    assert client.log_param(run_id, "rate", [1, 2]) == [1, 2]
    client.set_tag(run_id, "by", 3)
    metrics, params = [Metric("loss", 2.0, 1000, 1)], [Param("depth", "4")]
    client.log_batch(run_id, metrics=metrics, params=params, tags=[RunTag("kind", "small")])
    client.log_text(run_id, "words \u2192", "notes/first.txt")
    client.log_text(run_id, "other words", "notes/first.txt")
    client.log_dict(run_id, {"a": Path("b")}, "plain.json")
    client.log_figure(run_id, Figure(), "plots/empty.png", save_kwargs={"dpi": 30})
    client.log_image(run_id, np.zeros((2, 3)), "plots/black.png")
    client.log_image(run_id, np.zeros((2, 3)), key="val/black", step=4, timestamp=1500)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "deep", "table.csv")
        file.parent.mkdir()
        file.write_text("a,b")
        client.log_artifact(run_id, str(file), "tables")
        client.log_artifact(run_id, file.parent)
        client.log_artifacts(run_id, folder, "all")


def files_of(client, run_id, folder=None):
    """List all artifacts below a folder."""
    return {
        path
        for one in client.list_artifacts(run_id, folder)
        for path in (files_of(client, run_id, one.path) if one.is_dir else {one.path})
    }


def test_what_is_logged_while_the_server_is_away_arrives_when_it_is_there(
    away, run_folder, make_settings, tmp_path
):
    log_all(JournalClient(away), away.run_id)
    away.close()
    here = make_settings()
    assert sync_run(run_folder, here).left == 0
    tracker = JournalTracker(run_folder, here)
    client, run_id = MlflowClient(here.find_place().uri), tracker.run_id
    run = client.get_run(run_id)
    assert run.data.metrics == {"own": 0.5, "once": 1.0, "loss": 2.0}
    (own,) = client.get_metric_history(run_id, "own")
    assert (own.step, own.timestamp) == (7, 1500)
    assert run.data.params == {"rate": "[1, 2]", "depth": "4"}
    assert (run.data.tags["by"], run.data.tags["kind"]) == ("3", "small")
    files = files_of(client, run_id)
    row = {one for one in files if one.startswith("images/")}
    assert files - row == {
        *("notes/first.txt", "plain.json", "plots/empty.png", "plots/black.png"),
        *("tables/table.csv", "deep/table.csv", "all/deep/table.csv"),
    }
    small, large = sorted(row)
    assert large.startswith("images/val~black+step+4+timestamp+1500+")
    assert large.endswith(".png")
    assert small == large.replace(".png", "+compressed.webp")
    assert run.data.tags["mlflow.loggedImages"] == "True"
    fetched = Path(client.download_artifacts(run_id, "", str(tmp_path)))
    assert (fetched / "notes/first.txt").read_text() == "other words"
    assert json.loads((fetched / "plain.json").read_text()) == {"a": "b"}
    assert (fetched / "plots/empty.png").read_bytes().startswith(b"\x89PNG")


def test_another_run_is_not_logged_into(run_folder, settings):
    tracker = JournalTracker(run_folder, settings)
    client = JournalClient(tracker)
    client.log_metric("", "own", 1, step=1)
    assert tracker.flush(60)
    client.log_metric(tracker.run_id, "own", 2, step=2)
    for call in (client.log_metric, client.log_param, client.set_tag):
        with pytest.raises(UserError, match=f"its own run, {tracker.run_id}, but was") as caught:
            call("0123", "own", 3)
        assert f"mlflow.MlflowClient('{tracker.where}')" in str(caught.value)
    tracker.close()


def test_any_other_call_says_how_to_get_a_real_client(away):
    client = JournalClient(away)
    with pytest.raises(UserError, match=r"logger\.experiment\.get_run is not journalled") as caught:
        client.get_run("abc")
    assert "It takes log_metric, log_param, set_tag, log_batch, log_text" in str(caught.value)
    assert "mlflow.MlflowClient('http://127.0.0.1:9')" in str(caught.value)
    with pytest.raises(AttributeError):
        client._tracking_client  # noqa: B018


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a//b", ".", ""])
def test_a_name_that_leads_elsewhere_is_refused(away, run_folder, name):
    with pytest.raises(UserError, match=r"must be like plots/errors\.png"):
        JournalClient(away).log_text("", "text", name)
    assert not list(run_folder.rglob("x"))


def test_no_name_ends_a_fit_and_all_that_can_arrives(away, run_folder, make_settings, caplog):
    client = JournalClient(away)
    long = "x" * 300
    for name in ("notes", "notes/a.txt", "b/c.txt", "b", "B", f"{long}.txt", "ok.txt"):
        client.log_text("", f"in {name}", name)
    client.log_text("", "half \ud800", "half \ud800")
    away.close()
    here = make_settings()
    synced = sync_run(run_folder, here)
    assert (synced.left, synced.refused) == (0, 3)
    store, run_id = MlflowClient(here.find_place().uri), synced.run_id
    arrived = files_of(store, run_id)
    assert arrived == {"notes", "b/c.txt", "B", "ok.txt", "half ?"}
    refused = (run_folder / "tracking" / "refused.jsonl").read_text()
    for path in (path for path in (run_folder / "tracking" / "files").iterdir()):
        assert path.name in refused or path.read_text().removeprefix("in ") in arrived


def test_what_is_logged_again_takes_the_place_of_what_was_kept(away, run_folder):
    for number in range(3):
        JournalClient(away).log_text("", str(number), "plots/now.txt")
    (kept,) = (run_folder / "tracking" / "files").iterdir()
    assert kept.read_text() == "2"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"step": 1},
        {"artifact_file": "a.png", "key": "a"},
        {"artifact_file": "a.png", "step": 1},
    ],
)
def test_an_image_is_a_file_or_one_of_a_row(away, given):
    with pytest.raises(UserError, match="must get either artifact_file, or key"):
        JournalClient(away).log_image("", np.zeros((2, 2)), **given)


def test_the_key_of_an_image_is_one_that_mlflow_takes(away):
    with pytest.raises(UserError, match=r"must be of letters, digits.*but is 'a\+b'"):
        JournalClient(away).log_image("", np.zeros((2, 2)), key="a+b")


def test_a_file_that_is_not_there_is_refused_at_once(away, tmp_path):
    client = JournalClient(away)
    for call in (client.log_artifact, client.log_artifacts):
        with pytest.raises(UserError, match="nowhere: must be"):
            call("", tmp_path / "nowhere")


def test_a_picture_that_cannot_be_written_leaves_nothing(away, run_folder):
    with pytest.raises(ValueError, match="Format 'nix' is not supported"):
        JournalClient(away).log_figure("", Figure(), "empty.nix")
    assert not [path for path in run_folder.rglob("*") if path.is_file()]


def test_where_nothing_is_tracked_nothing_is_done(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    log_all(JournalClient(NoTracker()), "abc")
    assert not list(tmp_path.iterdir())
