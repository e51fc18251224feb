"""Write trainer/ again from its template: `python -m tests.golden`, or `make golden`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from dsf.cli.rendering import complete_answers, render_project
from dsf.cli.templates import find_template

__all__ = ["TRAINER", "files_of", "refresh", "render_default"]

ROOT = Path(__file__).resolve().parents[2]
TRAINER = ROOT / "trainer"

# What runs and imports leave in a project's folder.
_NOT_OURS = {"__pycache__", "training_output"}


def render_default(place: Path) -> Path:
    """Render the project with its default answers below ``place``; give its folder."""
    template = find_template("project")
    answers = {question.name: question.default for question in template.questions()}
    return render_project(template.path, complete_answers(answers), place)


def files_of(folder: Path) -> dict[str, bytes]:
    """Give what a trainer/ holds: path below it → content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _NOT_OURS & set(path.parts)
    }


def refresh(folder: Path = TRAINER) -> None:
    """Make ``folder`` what the template renders to as trainer/."""
    with tempfile.TemporaryDirectory() as place:
        rendered = files_of(render_default(Path(place)) / "trainer")
    for name in files_of(folder).keys() - rendered.keys():
        (folder / name).unlink()
    for name, content in rendered.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    refresh()
