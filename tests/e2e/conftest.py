"""Runs of the reference project that are killed and go on."""

from __future__ import annotations

import json
import random
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.nursery import Nursery

STEPS = {
    "split": "1_split",
    "fit": "2_fit",
    "test": "3_test",
    "eval": "4_eval",
    "compare": "5_compare",
    "export": "6_export",
}
RESULTS = (
    "1_split/train.parquet",
    "1_split/validation.parquet",
    "1_split/test.parquet",
    "2_fit/history.csv",
    "2_fit/fit.json",
    "3_test/predictions.parquet",
    "3_test/metrics.json",
    "4_eval/predictions.parquet",
    "4_eval/metrics.json",
    "5_compare/comparison.json",
    "6_export/predictions.parquet",
    "6_export/metrics.json",
    "6_export/comparison.json",
    "6_export/bundle/model.safetensors",
    "6_export/bundle/network.pt2",
    "6_export/bundle/labels.json",
    "6_export/bundle/learned.npy",
)
KILLED = -9
_EVENTS: dict[tuple[Path, str, bool], list[str]] = {}
_TEMPORARY = re.compile(r"(?<=\.)[a-z0-9_]{8}(?=(?:\.\w+)?\.work)")


@dataclass
class Death:
    """A run whose process was killed.

    Attributes:
        run: Its folder.
        exit: How the process ended.
        fatal: The last thing it did, or was about to do.
        torn: Temporary files that it left.
    """

    run: Path
    exit: int
    fatal: str
    torn: list[str]


class Killing:
    """Kills one step again and again, each time in a fresh copy of the undisturbed run.

    Args:
        nursery: Where the processes come from.
        undisturbed: A run that nothing happened to.
        place: Folder of the copies.
        step: Which step.
        again: Whether the step was done before, so that its folder must be replaced.
        env: What the environment of the processes has in addition.
    """

    def __init__(
        self,
        nursery: Nursery,
        undisturbed: Path,
        place: Path,
        step: str,
        again: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.nursery, self.undisturbed, self.place, self.step = nursery, undisturbed, place, step
        self.again, self.env = again, env
        self.folder = STEPS[step]
        self.copies = 0

    def events(self) -> list[str]:
        """What the step does to files, undisturbed: found out once, and the same each time."""
        known = (self.undisturbed, self.step, self.again)
        if known not in _EVENTS:
            run = self.copy()
            answer = self.nursery.do(run, self.env, folder=self.folder)
            assert answer["exit"] == 0, self.nursery.log.read_text()
            self.check(run)
            _EVENTS[known] = answer["events"]
        return list(_EVENTS[known])

    def draw(self, events: Sequence[str], seed: int, count: int | None) -> list[int]:
        """Draw moments from the whole step; ``None``: all there are."""
        moments = range(len(events))
        return (
            list(moments) if count is None else sorted(random.Random(seed).sample(moments, count))
        )

    def kill(self, **when: Any) -> Death:
        """Begin the step in a new copy, and kill it."""
        run = self.copy()
        answer = self.nursery.do(run, self.env, folder=self.folder, **when)
        torn = [path.name for path in run.rglob(".*.work")]
        return Death(run, answer["exit"], answer["fatal"], torn)

    def go_on(self, death: Death, to_the_end: bool = True) -> None:
        """Go on with the run of a killed process; all must be as if nothing had happened.

        Args:
            death: The run.
            to_the_end: Do the steps that follow too, and not only the one that was killed.
        """
        last = "export" if to_the_end else self.step
        answer = self.nursery.do(death.run, self.env, **({} if to_the_end else {"step": last}))
        assert answer["exit"] == 0, f"{death}\n{self.nursery.log.read_text()}"
        self.check(death.run, death, last)
        shutil.rmtree(death.run)

    def kill_and_go_on(self, moments: Sequence[int], events: Sequence[str]) -> None:
        """Kill at each of these moments; every kill must have hit what it was meant for.

        What follows a step that came out the same comes out the same: one run in five shows it,
        and all do that have the results of later steps already.
        """
        for number, moment in enumerate(moments):
            death = self.kill(kill_at=moment)
            assert death.exit == KILLED
            assert _same_act(death.fatal, events[moment])
            self.go_on(death, to_the_end=self.again or number % 5 == 0)

    def renames(self, events: Sequence[str], ending: str) -> list[int]:
        """Find the moments at which something gets its final name."""
        return [
            moment
            for moment, event in enumerate(events)
            if event.startswith("os.rename") and event.endswith(f" -> {ending}")
        ]

    def copy(self) -> Path:
        """Make a run in which this step is the next one to do."""
        self.copies += 1
        run = self.place / f"v{self.copies}"
        if self.again:
            shutil.copytree(self.undisturbed, run)
            # What decided its result is no longer what decides it.
            (run / self.folder / "step.json").write_text("{}")
            return run
        names = list(STEPS)
        gone = names[names.index(self.step) :]
        ignored = shutil.ignore_patterns(*(STEPS[name] for name in gone))
        shutil.copytree(self.undisturbed, run, ignore=ignored)
        record = json.loads((run / "run.json").read_text())
        for name in gone:
            del record["steps"][name]
        (run / "run.json").write_text(json.dumps(record))
        return run

    def check(self, run: Path, death: Death | None = None, last: str = "export") -> None:
        """Compare a run that was done up to a step with the undisturbed one, byte for byte."""
        names = list(STEPS)[: list(STEPS).index(last) + 1]
        folders = {STEPS[name] for name in names}
        different = [
            result
            for result in RESULTS
            if result.partition("/")[0] in folders
            and (run / result).read_bytes() != (self.undisturbed / result).read_bytes()
        ]
        assert different == [], death
        steps = json.loads((run / "run.json").read_text())["steps"]
        assert {name: step["status"] for name, step in steps.items()} == dict.fromkeys(
            names, "done"
        ), death
        left = [path.name for path in run.rglob("*.work")]
        assert left == [], death


def _same_act(one: str, other: str) -> bool:
    """Whether two happenings are the same; temporary files have other names each time."""
    return _TEMPORARY.sub("", one) == _TEMPORARY.sub("", other)


@pytest.fixture(scope="session")
def undisturbed(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nothing happened to."""
    run = tmp_path_factory.mktemp("undisturbed") / "v1"
    assert nursery.do(run)["exit"] == 0, nursery.log.read_text()
    return run


@pytest.fixture
def killing(
    nursery: Nursery, undisturbed: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Killing:
    """Kills the step that the test names: ``@pytest.mark.parametrize("killing", …, indirect)``.

    ``"eval again"`` names a step that was done before.
    """
    step, _, again = request.param.partition(" ")
    return Killing(nursery, undisturbed, tmp_path, step, bool(again))
