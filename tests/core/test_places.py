"""An error is pinned to the line that its reader can mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dsf.core.places import find_own_place, find_place

if TYPE_CHECKING:
    from pathlib import Path


def _raised(path: Path, source: str) -> Exception:
    """Run a file's source and give what it raises."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    scope: dict[str, Any] = {}
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any error will do
        exec(compile(source, str(path), "exec"), scope)
    return caught.value


def test_the_innermost_line_of_the_project_counts(tmp_path: Path) -> None:
    error = _raised(tmp_path / "trainer" / "model.py", "\nimport json\njson.loads('{')\n")
    assert find_place(error, tmp_path) == f"{tmp_path}/trainer/model.py:3"
    assert find_place(error).partition(":")[0].endswith("decoder.py")


def test_lines_of_python_are_not_the_users(tmp_path: Path) -> None:
    error = _raised(tmp_path / "own.py", "\nimport json\njson.loads('{')\n")
    assert find_own_place(error) == find_own_place(error, tmp_path) == f"{tmp_path}/own.py:3"
    assert find_own_place(error, tmp_path / "elsewhere") == ""


def test_packages_below_the_project_are_not_its_own(tmp_path: Path) -> None:
    installed = tmp_path / ".venv" / "site-packages" / "other.py"
    error = _raised(installed, "\n1 / 0\n")
    assert find_place(error, tmp_path) == f"{installed}:2"  # nothing nearer is known
    outer = _raised(
        tmp_path / "trainer" / "model.py",
        f"\n\nexec(compile('1 / 0', {str(installed)!r}, 'exec'))\n",
    )
    assert find_place(outer, tmp_path) == f"{tmp_path}/trainer/model.py:3"


def test_paths_are_relative_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = _raised(tmp_path / "trainer" / "model.py", "1 / 0\n")
    assert find_place(error, tmp_path) == "trainer/model.py:1"


def test_a_syntax_error_names_its_own_line(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    assert find_place(_raised(file, "\n\ndef f(:\n")) == f"{file}:3"


def test_an_error_without_a_traceback_has_no_place() -> None:
    assert find_place(ValueError("made, not raised")) == ""
