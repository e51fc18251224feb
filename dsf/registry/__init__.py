"""Bundles that earned a name: registered, found again, and promoted by their own verdict."""

from dsf.registry.earned import BASELINE, Earned
from dsf.registry.new_version import NewVersion
from dsf.registry.registered_version import RegisteredVersion, parse_model_uri
from dsf.registry.registering import Registered, register_bundle
from dsf.registry.versions import REGISTRY_CACHE, Registry

__all__ = [
    "BASELINE",
    "REGISTRY_CACHE",
    "Earned",
    "NewVersion",
    "Registered",
    "RegisteredVersion",
    "Registry",
    "parse_model_uri",
    "register_bundle",
]
