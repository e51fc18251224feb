"""The README's tour, typed by somebody who has only the wheel."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.packaging.conftest import Environment

README = Path(__file__).resolve().parents[2] / "README.md"


def _tour() -> str:
    """The commands of the README's tour, as one script."""
    text = README.read_text(encoding="utf-8").partition("## A tour of 60 seconds")[2]
    script = re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[0]
    assert "dsf-cli new-project my-shop" in script
    assert "trainer.trainer_main" in script
    return str(script)


def test_the_tour_works_outside_the_checkout(overlay: Environment, tmp_path: Path) -> None:
    where = overlay.check("python", "-c", "import dsf; print(dsf.__file__)", cwd=tmp_path)
    assert where.startswith(str(overlay.site_packages))

    shown = overlay.check("bash", "-euo", "pipefail", "-c", _tour(), cwd=tmp_path)

    run = tmp_path / "my-shop" / "training_output" / "v1"
    comparison = json.loads((run / "5_compare" / "comparison.json").read_text(encoding="utf-8"))
    accuracy = comparison["metrics"]["accuracy"]
    assert accuracy["trained"] >= 0.95
    assert accuracy["eval"] > 0.9
    assert (run / "5_compare" / "report.html").is_file()
    assert "accuracy" in shown
    assert "report.html" in shown
