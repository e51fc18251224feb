"""The reference project in trainer/ is what a user gets, byte for byte."""

from __future__ import annotations

import runpy
from pathlib import Path

GOLDEN = runpy.run_path(str(Path(__file__).with_name("__main__.py")), run_name="golden")


def test_trainer_is_what_the_template_renders(tmp_path: Path) -> None:
    rendered = GOLDEN["files_of"](GOLDEN["render_default"](tmp_path) / "trainer")
    kept = GOLDEN["files_of"](GOLDEN["TRAINER"])
    assert len(rendered) > 10
    hint = "change the template, then run `make golden`"
    assert set(kept) == set(rendered), hint
    different = [name for name in rendered if rendered[name] != kept[name]]
    assert different == [], hint


def test_the_refresh_repairs_changed_missing_and_strange_files(tmp_path: Path) -> None:
    """In a copy of trainer/: this checkout's own must stay as it is."""
    fresh = GOLDEN["files_of"](GOLDEN["render_default"](tmp_path) / "trainer")
    copy = tmp_path / "trainer"
    for name, content in fresh.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
    (copy / "data.py").write_text("changed")
    (copy / "model.py").unlink()
    (copy / "strange.py").touch()
    (copy / "training_output").mkdir()
    (copy / "training_output" / "run.json").touch()

    GOLDEN["refresh"](copy)

    assert GOLDEN["files_of"](copy) == fresh
    assert (copy / "training_output" / "run.json").exists()
