"""Test cases to subclass: they prove that a part of your own fits."""

from dsf.testing.data_case import DataCase
from dsf.testing.dataset_preparation_case import DatasetPreparationCase
from dsf.testing.filling import fill_config
from dsf.testing.incumbent_case import IncumbentCase
from dsf.testing.loss_case import LossCase
from dsf.testing.metric_case import MetricCase
from dsf.testing.model_case import ModelCase
from dsf.testing.project_case import ProjectCase
from dsf.testing.split_case import SplitCase
from dsf.testing.tagger_case import TaggerCase
from dsf.testing.task_case import TaskCase

__all__ = [
    "DataCase",
    "DatasetPreparationCase",
    "IncumbentCase",
    "LossCase",
    "MetricCase",
    "ModelCase",
    "ProjectCase",
    "SplitCase",
    "TaggerCase",
    "TaskCase",
    "fill_config",
]
