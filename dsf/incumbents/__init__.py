"""The existing model that a new one is compared with."""

from dsf.incumbents.scikit_learn import ScikitLearnIncumbent

__all__ = ["ScikitLearnIncumbent"]
