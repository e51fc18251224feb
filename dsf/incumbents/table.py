"""Incumbents by name."""

from __future__ import annotations

__all__ = ["INCUMBENTS"]

INCUMBENTS: dict[str, str] = {
    "bundle": "dsf.incumbents.bundle_incumbent:BundleIncumbent",
    "checkpoint": "dsf.incumbents.checkpoint_incumbent:CheckpointIncumbent",
    "file": "dsf.incumbents.predictions_file:PredictionsFile",
    "function": "dsf.incumbents.callable_incumbent:CallableIncumbent",
    "http": "dsf.incumbents.http_endpoint:HttpEndpoint",
    "most_frequent_tag": "dsf.incumbents.most_frequent_tag:MostFrequentTag",
    "registry": "dsf.incumbents.registry_incumbent:RegistryIncumbent",
    "text_baseline": "dsf.incumbents.text_baseline:TextBaseline",
}
"""Name in ``eval_config.incumbent`` → reference, looked up when it is used."""
