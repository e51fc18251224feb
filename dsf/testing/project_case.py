"""What must hold for every project: the whole chain, from rows to a comparison."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, ClassVar

from dsf.base.steps import COMPARISON_FILE, REGISTER, STEPS
from dsf.core.run_record import RunRecord

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.base import Main

__all__ = ["ProjectCase"]


class ProjectCase:
    """Proves that a project's parts fit together.

    Subclass it in a file of tests, and pytest runs your project's chain, four times in all::

        from dsf.testing import ProjectCase
        from trainer.config import load
        from trainer.trainer_main import MyShopMain

        class TestMyShop(ProjectCase):
            main_class = MyShopMain
            config = load(overrides=["trainer_config.max_epochs=1"])
            dataset_path = "tests/orders.csv"

    Everything is written below pytest's ``tmp_path``. Give few rows and one epoch: what is tested
    is that the parts fit together, not that the model is good.

    You must set: ``main_class``.
    You may set: ``config``, ``dataset_path``; or write :meth:`make`.

    Attributes:
        main_class: The project's ``Main``.
        config: The project's config, or the keys of it that matter; the rest are defaults.
        dataset_path: Where the rows are, in place of ``dataset_config.dataset_path``. Relative to
            the project.
    """

    main_class: ClassVar[type[Main]]
    config: ClassVar[Mapping[str, Any]] = {}
    dataset_path: ClassVar[Path | str | None] = None

    def make(self, output: Path, **options: Any) -> Main:
        """Make the project, with its runs in ``output``.

        Args:
            output: Stands in for ``paths.output``.
            **options: Further arguments of ``Main``.
        """
        config = copy.deepcopy(dict(self.config))
        config["paths"] = {**config.get("paths", {}), "output": str(output)}
        return self.main_class(config, self.dataset_path, **options)

    def test_the_chain_leaves_finished_folders(self, tmp_path: Path) -> None:
        """Every step is done, has its folder, and the comparison has both models' numbers."""
        comparison = self.make(tmp_path / "out").run()
        run = tmp_path / "out" / "v1"
        statuses = {name: step.status for name, step in RunRecord.read(run).steps.items()}
        steps = [step for step in STEPS.values() if step is not REGISTER]
        assert statuses == dict.fromkeys((step.name for step in steps), "done")
        folders = {path.name for path in run.iterdir() if path.is_dir()}
        assert folders == {step.folder for step in steps}
        assert comparison, "the comparison must have a metric at least, but is empty"
        for metric, pair in comparison.items():
            assert set(pair) == {"trained", "eval"}, f"{metric} must have both, but is {pair}"
        written = json.loads((run / STEPS["compare"].folder / COMPARISON_FILE).read_text("utf-8"))
        assert written["metrics"] == comparison, "what is written must be what is returned"

    def test_the_same_seed_gives_the_same_numbers(self, tmp_path: Path) -> None:
        """Run twice, each time from nothing."""
        first = self.make(tmp_path / "first").run()
        second = self.make(tmp_path / "second").run()
        assert second == first, "the same config, rows and seed must give the same numbers"

    def test_going_on_after_the_end_changes_nothing(self, tmp_path: Path) -> None:
        """What is done is not done again, and no other run is begun."""
        first = self.make(tmp_path / "out").run()
        before = _results(tmp_path / "out")
        assert self.make(tmp_path / "out", resume=True).run() == first
        after = _results(tmp_path / "out")
        changed = sorted(str(path) for path, _ in set(before.items()) ^ set(after.items()))
        assert not changed, f"a finished run must stay as it is, but these changed: {changed}"


def _results(output: Path) -> dict[Path, tuple[int, bytes]]:
    """Time and contents of every file of the steps."""
    return {
        path.relative_to(output): (path.stat().st_mtime_ns, path.read_bytes())
        for step in STEPS.values()
        for path in output.glob(f"*/{step.folder}/**/*")
        if path.is_file()
    }
