"""The README's tour, typed by somebody who has only the wheel, in a shell that knows nothing."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.packaging.conftest import Environment

README = Path(__file__).resolve().parents[2] / "README.md"


def _tour() -> tuple[str, str]:
    """The commands of the README's tour, as one script, and what the README says they print."""
    text = README.read_text(encoding="utf-8").partition("## A tour of 60 seconds")[2]
    script = re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[0]
    assert "source .venv/bin/activate" in script
    assert "dsf-cli new-project my-shop" in script
    assert "trainer.trainer_main" in script
    printed = re.findall(r"^```text\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[0]
    return script, printed


def _path_without_dsf() -> str:
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(one for one in folders if not (Path(one) / "dsf-cli").exists())


def _words(line: str) -> list[str]:
    """What must be the same on every machine: no paths, seconds, scores, or what they come to."""
    line = re.sub(r"\S*/\S*/\S*|\b(not worse|better|worse|undecided)\b", "", line)
    return re.findall(r"[a-z]+1?", line)


def test_the_tour_works_outside_the_checkout(overlay: Environment, tmp_path: Path) -> None:
    where = overlay.check("python", "-c", "import dsf; print(dsf.__file__)", cwd=tmp_path)
    assert where.startswith(str(overlay.site_packages))

    checkout = tmp_path / "dsf"
    checkout.mkdir()
    (checkout / ".venv").symlink_to(overlay.path)
    script, promised = _tour()
    answer = overlay.run(
        *("bash", "-eo", "pipefail", "-c", f"exec 2>&1\n{script}"),
        cwd=checkout,
        env={"PATH": _path_without_dsf()},
    )
    shown = answer.stdout
    assert answer.returncode == 0, shown

    run = tmp_path / "my-shop" / "training_output" / "v1"
    comparison = json.loads((run / "5_compare" / "comparison.json").read_text(encoding="utf-8"))
    accuracy = comparison["metrics"]["accuracy"]
    assert accuracy["trained"] >= 0.95
    assert accuracy["eval"] > 0.9
    assert (run / "5_compare" / "report.html").is_file()
    lines = [_words(line) for line in shown.splitlines()]
    frame = tuple("╭│╰")  # the verdict in words: other scores, other words
    assert any(line.startswith(frame) for line in shown.splitlines())
    told = [line for line in promised.splitlines() if not line.startswith(frame)]
    missing = [line for line in told if _words(line) not in lines]
    assert len(told) > 10
    assert not missing, f"the README shows what is not printed: {missing}\n{shown}"
