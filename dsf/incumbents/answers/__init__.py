"""What existing models answer, in the forms that they use, made into predictions."""

from dsf.incumbents.answers.reading import read_answers
from dsf.incumbents.answers.wanted import WantedAnswers

__all__ = ["WantedAnswers", "read_answers"]
