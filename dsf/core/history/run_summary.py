"""One run as a line of a table: what it is, how it stands, what it came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dsf.core.history.run_status import find_status
from dsf.core.history.scores import find_main_metric, read_compared, read_scores
from dsf.core.history.tolerant import read_object, read_record, read_sections
from dsf.core.measures import Measure, as_mapping
from dsf.core.run_record import RECORD_FILE, STEP_FILE, RunRecord

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["RunSummary"]

_SECTIONS = ("comparison_config", "tracking_config")
_TRAINED, _EXISTING, _COMPARED = "3_test", "4_eval", "5_compare"


@dataclass(frozen=True)
class RunSummary:
    """One run.

    Attributes:
        path: Its folder.
        record: ``run.json``; ``None`` if it is not there or cannot be read.
        status: One of :data:`dsf.core.history.STATUSES`.
        step: The step that the status is due to.
        scores: Name → number of the trained model.
        existing: Name → number of the existing model, on the same rows.
        main_metric: The metric that the run is judged by; ``None`` if it has no numbers.
        verdict: What the comparison says; empty without one.
        name: ``tracking_config.run_name``; empty without one.
        description: ``tracking_config.description``.
        tags: ``tracking_config.tags``.
        problems: What cannot be read, each a sentence.
    """

    path: Path
    record: RunRecord | None
    status: str
    step: str
    scores: Mapping[str, Measure] = field(default_factory=dict)
    existing: Mapping[str, Measure] = field(default_factory=dict)
    main_metric: str | None = None
    verdict: str = ""
    name: str = ""
    description: str = ""
    tags: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @classmethod
    def read(cls, run_dir: Path) -> RunSummary:
        """Read a run; never fails: what cannot be read is told in ``problems``."""
        faults: list[str] = []
        record = read_record(run_dir, faults)
        damaged = bool(faults)
        if record is None and not faults:
            faults.append(
                f"{run_dir}: has no {RECORD_FILE}: it was stopped before its first step, or is no "
                "run at all. If nothing works in it, remove it."
            )
        status, step = find_status(run_dir, record, damaged=damaged)
        scores = read_scores(read_object(run_dir / _TRAINED / "metrics.json", faults))
        comparison = read_object(run_dir / _COMPARED / "comparison.json", faults)
        sections = read_sections(run_dir, _SECTIONS)
        comparing, tracking = (as_mapping(sections.get(name)) for name in _SECTIONS)
        return cls(
            path=run_dir,
            record=record,
            status=status,
            step=step,
            scores=scores,
            existing=_read_existing(run_dir, comparison, faults),
            main_metric=find_main_metric(scores, comparison, comparing.get("metrics")),
            verdict=str(as_mapping(comparison.get("verdict")).get("verdict") or ""),
            name=str(tracking.get("run_name") or ""),
            description=str(tracking.get("description") or ""),
            tags=as_mapping(tracking.get("tags")),
            problems=tuple(faults),
        )

    @property
    def version(self) -> str:
        """The folder's name, for example ``v3``."""
        return self.path.name

    @property
    def seconds(self) -> float | None:
        """Time of the last attempt of all steps together; ``None`` without a record."""
        return None if self.record is None else sum(s.seconds for s in self.record.steps.values())

    @property
    def main_score(self) -> Measure | None:
        """The main metric's number of the trained model."""
        return None if self.main_metric is None else self.scores[self.main_metric]

    @cached_property
    def config(self) -> dict[str, Any]:
        """The frozen config, read when it is asked for; empty if it cannot be read."""
        return read_sections(self.path)


def _read_existing(
    run_dir: Path, comparison: Mapping[str, Any], faults: list[str]
) -> dict[str, Measure]:
    """Give the existing model's numbers; none if it answered other rows than the trained one."""
    stamps = [read_object(run_dir / step / STEP_FILE, []) for step in (_TRAINED, _EXISTING)]
    rows = {as_mapping(stamp.get("inputs")).get("rows") for stamp in stamps} - {None}
    if len(rows) > 1:
        return {}
    if compared := read_compared(comparison, "eval"):
        return compared
    return read_scores(read_object(run_dir / _EXISTING / "metrics.json", faults))
