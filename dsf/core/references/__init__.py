"""Names of Python objects in plain data, resolved inside allowed packages.

This is a guard against accidents and crude payloads, not a sandbox: what an allowed function does
with its arguments is not looked at. Read a config of a stranger before you run it.
"""

from __future__ import annotations

from dsf.core.references.calls import check_reference, instantiate, instantiate_tree, resolve
from dsf.core.references.policy import DEFAULT_PACKAGES, allow_folder
from dsf.core.references.spelling import check_spelling, is_reference, reference_name

__all__ = [
    "DEFAULT_PACKAGES",
    "allow_folder",
    "check_reference",
    "check_spelling",
    "instantiate",
    "instantiate_tree",
    "is_reference",
    "reference_name",
    "resolve",
]
