"""A section of a YAML file that names functions and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from dsf.core.config.sections import Section
from dsf.core.references import check_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dsf.core.errors import Problem

__all__ = ["COMPONENTS", "HookedSection", "name_component"]

COMPONENTS = "dsf.tasks.multilabel.components"
"""Package of the hooks that a run has where its YAML names no others."""


def name_component(module: str, func: str) -> dict[str, str]:
    """Give the reference to one of our own components."""
    return {"module": f"{COMPONENTS}.{module}", "func": func}


class HookedSection(Section):
    """A section some of whose keys name functions or classes; each is looked up, none called."""

    hooks: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check that what is named is there, and takes the arguments that it is given."""
        return [
            problem
            for key in cls.hooks
            if values.get(key) is not None
            for problem in check_reference(values[key], where=key)
        ]
