"""The existing model that a new one is compared with."""

from dsf.incumbents.most_frequent_tag import MostFrequentTag
from dsf.incumbents.scikit_learn import ScikitLearnIncumbent
from dsf.incumbents.text_baseline import TextBaseline

__all__ = ["MostFrequentTag", "ScikitLearnIncumbent", "TextBaseline"]
