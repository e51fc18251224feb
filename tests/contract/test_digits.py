"""The reference project keeps every contract."""

import pytest
import torch

from dsf.testing import DataCase, DatasetPreparationCase, ModelCase, ProjectCase
from trainer.config import load
from trainer.data import DigitsData
from trainer.dataset_preparation import DigitsDatasetPreparation
from trainer.model import DigitsModel
from trainer.trainer_main import DigitsMain

CONFIG = load(
    overrides=[
        "trainer_config.max_epochs=1",
        "trainer_config.accelerator=cpu",
        "trainer_config.enable_progress_bar=false",
        "model_config.channels=4",
    ]
)


class TestDigitsDatasetPreparation(DatasetPreparationCase):
    preparation_class = DigitsDatasetPreparation
    config = CONFIG


class TestDigitsData(DataCase):
    data_class = DigitsData
    config = CONFIG

    def load(self):
        return DigitsDatasetPreparation(None, {"label_column": "label"}).load().head(200)


class TestDigitsModel(ModelCase):
    model_class = DigitsModel
    config = CONFIG | {"model_config": CONFIG["model_config"] | {"num_classes": 10}}

    def save(self, model, path):
        torch.save({"state_dict": model.state_dict()}, path)

    def answer(self, model):
        return model.eval()(torch.ones(2, 1, 8, 8)).detach()


class FewDigits(DigitsDatasetPreparation):
    def load(self):
        return super().load().head(300)


class FewDigitsMain(DigitsMain):
    dataset_preparation_class = FewDigits


@pytest.mark.filterwarnings("ignore:.*does not have many workers.*")
class TestDigits(ProjectCase):
    main_class = FewDigitsMain
    config = CONFIG


class NewModel(DigitsModel):
    def load_model(self, model_path):
        return self.get_model()


def test_a_model_that_ignores_its_file_is_found_out(tmp_path):
    case = TestDigitsModel()
    case.model_class = NewModel
    with pytest.raises(AssertionError, match="not equal"):
        case.test_a_saved_model_comes_back_and_answers_the_same(tmp_path)


class Halved(DigitsData):
    def to_dataset(self, rows):
        return super().to_dataset(None if rows is None else rows.iloc[::2])


def test_data_that_loses_rows_are_found_out():
    case = TestDigitsData()
    case.data_class = Halved
    with pytest.raises(AssertionError, match="rows of train"):
        case.test_the_fit_gets_every_row()
    with pytest.raises(AssertionError, match="rows of train"):
        case.test_the_test_gets_every_row()


class Shuffled(FewDigits):
    def load(self):
        return super().load().sample(frac=1)


def test_a_load_that_shuffles_is_found_out():
    case = TestDigitsDatasetPreparation()
    case.preparation_class = Shuffled
    with pytest.raises(AssertionError, match="same rows"):
        case.test_loading_twice_gives_the_same_rows()
