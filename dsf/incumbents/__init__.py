"""The existing model that a new one is compared with."""

from dsf.incumbents.answering import answer_with_incumbent, make_incumbent
from dsf.incumbents.bundle_incumbent import BundleIncumbent
from dsf.incumbents.callable_incumbent import CallableIncumbent
from dsf.incumbents.checkpoint_incumbent import CheckpointIncumbent
from dsf.incumbents.http_endpoint import HttpEndpoint
from dsf.incumbents.incumbent import Incumbent
from dsf.incumbents.most_frequent_tag import MostFrequentTag
from dsf.incumbents.predictions_file import PredictionsFile
from dsf.incumbents.registry_incumbent import RegistryIncumbent
from dsf.incumbents.scikit_learn import ScikitLearnIncumbent
from dsf.incumbents.table import INCUMBENTS
from dsf.incumbents.text_baseline import TextBaseline

__all__ = [
    "INCUMBENTS",
    "BundleIncumbent",
    "CallableIncumbent",
    "CheckpointIncumbent",
    "HttpEndpoint",
    "Incumbent",
    "MostFrequentTag",
    "PredictionsFile",
    "RegistryIncumbent",
    "ScikitLearnIncumbent",
    "TextBaseline",
    "answer_with_incumbent",
    "make_incumbent",
]
