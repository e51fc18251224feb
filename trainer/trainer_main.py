"""Start here: names this project's classes and runs them.

python -m trainer.trainer_main            the whole chain, in a new run
python -m trainer.trainer_main --help     everything else
"""

import sys
from pathlib import Path

if not __package__:  # started as a file: python trainer/trainer_main.py
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dsf.base import Main
from dsf.cli.project import run_project
from trainer.comparison import DigitsComparison
from trainer.config import load
from trainer.data import DigitsData
from trainer.dataset_preparation import DigitsDatasetPreparation
from trainer.evaluation import DigitsEvaluation
from trainer.model import DigitsModel
from trainer.test import DigitsTest
from trainer.train import DigitsTrain


class DigitsMain(Main):
    """split -> fit -> test -> eval -> compare, with the classes of this project."""

    dataset_preparation_class = DigitsDatasetPreparation
    data_class = DigitsData
    model_class = DigitsModel
    train_class = DigitsTrain
    test_class = DigitsTest
    evaluation_class = DigitsEvaluation
    comparison_class = DigitsComparison


# The same chain by hand, from a notebook for example:
#
#     config = load()
#     main_class = DigitsMain(cfg=config, dataset_path=None)
#     model_path = main_class.execute_trainer()
#     test_results = main_class.execute_test(model_path=model_path)
#     eval_results = main_class.execute_eval()
#     comparison_results = DigitsComparison(
#         test_results=test_results,
#         eval_results=eval_results,
#         metrics_config=config["metrics"],
#     ).compare()

if __name__ == "__main__":
    sys.exit(run_project(DigitsMain, load))
