"""Code that was written for MLflow's client logs into the journal, and loses nothing."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import matplotlib as mpl
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
    assert files_of(client, run_id) == {
        *("notes/first.txt", "plain.json", "plots/empty.png", "tables/table.csv"),
        *("deep/table.csv", "all/deep/table.csv"),
    }
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
