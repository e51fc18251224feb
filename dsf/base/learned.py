"""A fit that need not learn again, because only what validation rows settle has changed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from dsf.base.decisions import DECISION_FILES, VALIDATION_FILE
from dsf.base.stamp import Stamp
from dsf.core.hashing import hash_value
from dsf.core.run_record import STEP_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from dsf.base.stamper import Stamper
    from dsf.base.steps.step import Step, StepContext

__all__ = ["SETTLED_SECTIONS", "hash_learning", "take_learned"]

SETTLED_SECTIONS = ("calibration_config", "abstain_config")
"""Config that decides nothing of what is learned, but what is settled once it is."""

_WATCHED = ("metrics.accuracy", "metrics.f1", "metrics.precision", "metrics.recall")
"""Metrics by which a fit may choose its best epoch; others are of the test alone."""


def hash_learning(step: Step, stamper: Stamper) -> str:
    """Hash all that decides what is learned: config, files, and the project's code.

    Args:
        step: The fit.
        stamper: Hashes what decides steps.
    """
    left = {*SETTLED_SECTIONS, "metrics"}
    sections = tuple(name for name in step.sections if name not in left)
    stamp = stamper.make(replace(step, sections=(*sections, *_WATCHED)))
    return hash_value({"key": stamp.key, "code": stamp.code})


def take_learned(step: Step, context: StepContext, described: str) -> Mapping[str, Any] | None:
    """Copy what an earlier fit of this run learned, if this one would learn the same.

    Args:
        step: The fit.
        context: What it works with; its folder gets the files. Its option ``learning`` is what
            :func:`hash_learning` gives.
        described: Name of the file that describes a fit.

    Returns:
        The description of the fit; ``None`` if it must learn.
    """
    earlier = context.run / step.folder
    stamp = Stamp.read(earlier)
    if context.project.force or stamp is None or not (earlier / described).is_file():
        return None
    content: dict[str, Any] = json.loads((earlier / described).read_text(encoding="utf-8"))
    learning = context.options.get("learning")
    if learning is None or content.get("learning") != learning or stamp.spoiled(earlier):
        return None
    if not (earlier / content["model"]).is_file():
        return None
    left = shutil.ignore_patterns(STEP_FILE, VALIDATION_FILE, *DECISION_FILES)
    shutil.copytree(earlier, context.folder, ignore=left, dirs_exist_ok=True)
    return content
