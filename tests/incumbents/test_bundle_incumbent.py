"""An exported bundle answers as the run's test step did, whatever project asks it."""

import logging
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dsf.base.export_request import ExportRequest
from dsf.core.errors import BundleError, IncumbentError
from dsf.data import LabelLayout
from dsf.incumbents import BundleIncumbent
from tests.tiny_bundles import TASKS, TinyBundles
from tests.tiny_tabular import LABELS, Tabular

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    return TinyBundles(tmp_path_factory.mktemp("bundles"))


def incumbent(made, **options):
    """The incumbent as a project of the same task would make it."""
    layout = LabelLayout.of(made.config["dataset_config"])
    columns = list(layout.columns)
    known = {"label_columns": columns, "label_kind": layout.kind, "tag_scheme": layout.scheme}
    return BundleIncumbent(made.bundle.folder, device="cpu", **known | options)


@pytest.mark.parametrize("task", TASKS)
def test_it_answers_as_the_test_step_did(bundles, task):
    made = bundles(task)
    wanted = made.answer(made.rows).to_frame()
    names = made.config["model_config"]["label_names"]
    found = incumbent(made).predict(made.rows, names).to_frame()
    pd.testing.assert_frame_equal(found, wanted, check_exact=True)


def test_texts_are_read_from_the_asking_projects_column(bundles):
    made = bundles("intent_classification")
    rows = made.rows.rename(columns={"text": "message"})
    found = incumbent(made, text_column="message").predict(rows)
    np.testing.assert_array_equal(found.probabilities, made.answer(made.rows).probabilities)


def test_a_new_label_has_no_probability_and_an_old_name_is_mapped(bundles):
    made = bundles("intent_classification")
    rows = made.rows.replace({"intent": {"ask": "question"}})
    labels = ["return", "order", "question", "book"]
    found = incumbent(made, label_map={"ask": "question"}).predict(rows, labels)
    assert list(found.labels) == labels
    assert not found.probabilities[:, 0].any()
    assert set(found.predictions) <= {"order", "question", "book"}
    with pytest.raises(IncumbentError, match=r"knows the labels \['ask'\].*label_map"):
        incumbent(made).predict(rows, labels)


def test_another_kind_of_task_and_other_outputs_are_refused(bundles):
    made = bundles("pos")
    asking = BundleIncumbent(made.bundle.folder, label_columns="intent")
    with pytest.raises(IncumbentError, match="must be a bundle of kind 'single', but is of 'tags'"):
        asking.predict(made.rows)
    made = bundles("text_classification")
    rows = made.rows.assign(mood=made.rows["urgency"])
    with pytest.raises(IncumbentError, match="must answer mood, intent, but answers urgency"):
        incumbent(made, label_columns=["mood", "intent"]).predict(rows)


def test_a_bundle_that_was_changed_answers_nothing(bundles, tmp_path):
    made = bundles("intent_classification")
    copy = shutil.copytree(made.bundle.folder, tmp_path / "bundle")
    (copy / "labels.json").write_text((copy / "labels.json").read_text() + " ")
    with pytest.raises(BundleError, match=r"labels\.json"):
        BundleIncumbent(copy, label_columns="intent").predict(made.rows)


def test_texts_that_it_has_learned_from_are_counted(bundles, tmp_path, caplog):
    """Wherever the bundle lies, and however the rows are numbered."""
    made = bundles("intent_classification")
    sections = (made.config["model_config"], made.config)
    learned = made.rows.head(30)
    kept = {"decisions": made.decisions, "learned": learned}
    request = ExportRequest(tmp_path / "bundle", *sections, Path(made.checkpoint), **kept)
    made.model.export_bundle(request)
    rows = made.rows.assign(row_id=range(500, 500 + len(made.rows)))
    with caplog.at_level(logging.WARNING):
        BundleIncumbent(tmp_path / "bundle", label_columns="intent").predict(rows)
    assert f"has learned from 30 of the {len(rows)} test rows" in caplog.text


@pytest.mark.parametrize("kind", LABELS)
def test_rows_of_numbers_are_answered_and_known_again(kind, tmp_path, caplog):
    made = Tabular(kind, tmp_path)
    predictor = made.predictor()
    made.bundle = predictor.bundle
    older = incumbent(made)
    names = made.config["model_config"]["label_names"]
    found = older.predict(made.rows, names).to_frame()
    pd.testing.assert_frame_equal(found, predictor.predict_rows(made.rows).to_frame())
    assert "has learned from 10 of the 40 test rows" in caplog.text
    assert len(older.notes) == 1
