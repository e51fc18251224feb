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
from dsf.tasks.config import TextProjectConfig
from trainer.comparison import {{ cookiecutter.class_prefix }}Comparison
from trainer.config import load
from trainer.data import {{ cookiecutter.class_prefix }}Data
from trainer.dataset_preparation import {{ cookiecutter.class_prefix }}DatasetPreparation
from trainer.evaluation import {{ cookiecutter.class_prefix }}Evaluation
from trainer.model import {{ cookiecutter.class_prefix }}Model
from trainer.test import {{ cookiecutter.class_prefix }}Test
from trainer.train import {{ cookiecutter.class_prefix }}Train


class {{ cookiecutter.class_prefix }}Main(Main):
    """split -> fit -> test -> eval -> compare, with the classes of this project."""

    dataset_preparation_class = {{ cookiecutter.class_prefix }}DatasetPreparation
    data_class = {{ cookiecutter.class_prefix }}Data
    model_class = {{ cookiecutter.class_prefix }}Model
    train_class = {{ cookiecutter.class_prefix }}Train
    test_class = {{ cookiecutter.class_prefix }}Test
    evaluation_class = {{ cookiecutter.class_prefix }}Evaluation
    comparison_class = {{ cookiecutter.class_prefix }}Comparison
    config_schema = TextProjectConfig


# The same chain by hand, from a notebook for example:
#
#     config = load()
#     main_class = {{ cookiecutter.class_prefix }}Main(cfg=config, dataset_path=None)
#     model_path = main_class.execute_trainer()
#     test_results = main_class.execute_test(model_path=model_path)
#     eval_results = main_class.execute_eval()
#     comparison_results = {{ cookiecutter.class_prefix }}Comparison(
#         test_results=test_results,
#         eval_results=eval_results,
#         metrics_config=config["metrics"],
#     ).compare()

if __name__ == "__main__":
    sys.exit(run_project({{ cookiecutter.class_prefix }}Main, load))
