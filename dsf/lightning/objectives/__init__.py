"""What a model learns: one label a row, several outputs, several labels, or a tag for each word."""

from dsf.lightning.objectives.label import LabelObjective
from dsf.lightning.objectives.multilabel import MultiLabelObjective
from dsf.lightning.objectives.objective import Objective
from dsf.lightning.objectives.outputs import OutputsObjective
from dsf.lightning.objectives.tags import TagsObjective

__all__ = [
    "LabelObjective",
    "MultiLabelObjective",
    "Objective",
    "OutputsObjective",
    "TagsObjective",
]
