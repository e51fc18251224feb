"""The classes a project fills in, and ``Main``, which puts the steps in order."""

from dsf.base.comparison import Comparison
from dsf.base.data import Data
from dsf.base.dataset_preparation import DatasetPreparation
from dsf.base.evaluation import Evaluation
from dsf.base.export_request import ExportRequest
from dsf.base.main import Main
from dsf.base.model import Model
from dsf.base.test import Test
from dsf.base.train import Train

__all__ = [
    "Comparison",
    "Data",
    "DatasetPreparation",
    "Evaluation",
    "ExportRequest",
    "Main",
    "Model",
    "Test",
    "Train",
]
