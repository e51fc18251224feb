"""Answers of every kind of predictions, as the arrays that metrics are computed from."""

from __future__ import annotations

from dsf.metrics.answers.answers import Answers
from dsf.metrics.answers.kinds import answers_of
from dsf.metrics.answers.multilabel import MultiLabelAnswers
from dsf.metrics.answers.outputs import OutputAnswers
from dsf.metrics.answers.scored import ScoredAnswers
from dsf.metrics.answers.single import SingleAnswers
from dsf.metrics.answers.tags import EntityAnswers, TagAnswers

__all__ = [
    "Answers",
    "EntityAnswers",
    "MultiLabelAnswers",
    "OutputAnswers",
    "ScoredAnswers",
    "SingleAnswers",
    "TagAnswers",
    "answers_of",
]
