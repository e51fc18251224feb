"""The README's tour, typed by somebody who has only the wheel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.packaging.conftest import Environment


def test_the_tour_works_outside_the_checkout(overlay: Environment, tmp_path: Path) -> None:
    where = overlay.check("python", "-c", "import dsf; print(dsf.__file__)", cwd=tmp_path)
    assert where.startswith(str(overlay.site_packages))

    overlay.check("dsf-cli", "new-project", "my-shop", "--no-input", cwd=tmp_path)
    project = tmp_path / "my-shop"
    overlay.check("make", "test", cwd=project)
    overlay.check("python", "-m", "trainer.trainer_main", cwd=project)

    run = project / "training_output" / "v1"
    comparison = json.loads((run / "5_compare" / "comparison.json").read_text(encoding="utf-8"))
    assert comparison["metrics"]["accuracy"]["trained"] > 0.9
    assert comparison["metrics"]["accuracy"]["eval"] > 0.9
    assert (run / "5_compare" / "report.html").is_file()
