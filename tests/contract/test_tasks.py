"""Every task keeps the contract, on the sample of its projects."""

import dataclasses
from pathlib import Path
from typing import ClassVar

import pytest

from dsf.tasks import TASKS, intent_classification, multilabel, ner, pos, text_classification
from dsf.testing import TaskCase

OVERLAYS = Path(__file__).resolve().parents[2] / "templates" / "overlays"

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")


def sample(task, ending):
    return OVERLAYS / task / "{{cookiecutter.project_name}}" / "data" / f"sample.{ending}"


class TestIntentClassification(TaskCase):
    task = intent_classification
    sample = sample("intent_classification", "csv")
    dataset_config: ClassVar = {"label_column": "intent"}


class TestTextClassification(TaskCase):
    task = text_classification
    sample = sample("text_classification", "csv")
    dataset_config: ClassVar = {
        "label_kind": "multi_output",
        "label_columns": ["topic", "urgency"],
        "split_strategy": "multilabel",
    }


class TestMultilabel(TaskCase):
    task = multilabel
    sample = sample("multilabel", "csv")
    model_config: ClassVar = {"loss": "bce"}
    dataset_config: ClassVar = {
        "text_column": "comment_text",
        "label_kind": "multilabel",
        "label_columns": ["price", "quality", "delivery", "service", "praise"],
        "split_strategy": "multilabel",
    }


class TestNer(TaskCase):
    task = ner
    sample = sample("ner", "iob2")
    dataset_config: ClassVar = {
        "label_kind": "tags",
        "tag_scheme": "iob2",
        "split_strategy": "random",
    }


class TestPos(TaskCase):
    task = pos
    sample = sample("pos", "conllu")
    dataset_config: ClassVar = {"label_kind": "tags", "split_strategy": "random"}


def test_every_task_has_its_case():
    cases = [thing for thing in globals().values() if isinstance(thing, type)]
    tested = {case.task.__name__ for case in cases if hasattr(case, "task")}
    assert tested == set(TASKS.values()), "give the new task its case here"


class Leaky:
    """Tells the model the answers, loses the order of the rows, and has no baseline."""

    load_rows = staticmethod(intent_classification.load_rows)
    build_network = staticmethod(intent_classification.build_network)
    build_objective = staticmethod(intent_classification.build_objective)

    @staticmethod
    def create_data_module(model_config, dataset_config, *parts):
        for rows in parts:
            rows["text"] = rows["intent"].str.replace("_", " ")
        return intent_classification.create_data_module(model_config, dataset_config, *parts)

    @staticmethod
    def make_predictions(model, data_module, rows, model_config, dataset_config):
        answers = intent_classification.make_predictions(
            model, data_module, rows, model_config, dataset_config
        )
        return dataclasses.replace(answers, row_ids=range(len(rows)))


def test_a_wrong_task_is_found_out(tmp_path_factory):
    class Case(TestIntentClassification):
        task = Leaky
        epochs = 6

    case = Case()
    with pytest.raises(AssertionError, match="answer_baseline"):
        case.test_it_has_all_functions_of_a_task()
    with pytest.raises(AssertionError, match="must not get more than"):
        case.test_labels_dealt_out_anew_teach_nothing(tmp_path_factory)
    with pytest.raises(AssertionError, match="not equal"):
        case.test_every_row_is_answered_in_its_place(tmp_path_factory)
    with pytest.raises(AssertionError, match="rows of train"):
        case.test_the_data_module_leaves_the_rows_as_they_are(tmp_path_factory)


def test_a_task_that_learns_nothing_is_found_out(tmp_path_factory):
    class Case(TestIntentClassification):
        epochs = 1
        model_config: ClassVar = {"learning_rate": 1e-9}

    with pytest.raises(AssertionError, match="which chance may give"):
        Case().test_it_learns(tmp_path_factory)
