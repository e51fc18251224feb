"""A file that cannot be used says why, where, and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dsf.core import yaml_file
from dsf.core.errors import ConfigError
from dsf.core.yaml_file import read_yaml_file, show_path


@pytest.fixture(autouse=True)
def _in_tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def problem_of(content: bytes | None) -> str:
    path = Path("config.yaml")
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_yaml_file(path)
    (problem,) = caught.value.problems
    return str(problem)


def test_a_file_has_data_lines_and_a_name() -> None:
    Path("config.yaml").write_text("\ufeffa:\n  b: 1\n", encoding="utf-8")
    file = read_yaml_file(Path("config.yaml").absolute())
    assert file.name == "config.yaml"
    assert file.data == {"a": {"b": 1}}
    assert file.lines["a", "b"] == 2


@pytest.mark.parametrize("content", ["", "# nothing set\n", "---\n", "{}"])
def test_an_empty_file_is_an_empty_mapping(content: str) -> None:
    Path("config.yaml").write_text(content, encoding="utf-8")
    assert read_yaml_file(Path("config.yaml")).data == {}


def test_a_missing_file_is_told_with_its_neighbours() -> None:
    Path("config.yml").touch()
    assert problem_of(None) == (
        "config.yaml: must be there, but is not. In its folder are: config.yml."
    )


def test_a_missing_folder_is_told() -> None:
    with pytest.raises(ConfigError, match="The folder there is not there either"):
        read_yaml_file(Path("there/config.yaml"))


def test_a_folder_is_no_file() -> None:
    Path("config.yaml").mkdir()
    assert problem_of(None) == "config.yaml: must be a file, but is a folder."


def test_a_file_that_cannot_be_opened_is_told() -> None:
    Path("config.yaml").symlink_to("config.yaml")  # permissions would not stop root
    assert "must be readable, but is not: Too many levels" in problem_of(None)


def test_another_encoding_is_told_with_line_and_byte() -> None:
    assert problem_of(b"a: 1\nb: \xe4\n") == (
        "config.yaml, line 2: must be UTF-8, but has the byte 0xe4. Save the file as UTF-8."
    )


def test_a_huge_file_is_not_read() -> None:
    assert "must be at most 1048576 bytes" in problem_of(b"#" * (yaml_file.MAX_BYTES + 1))


def test_what_is_no_mapping_is_told() -> None:
    assert "must be a mapping of keys to values, not a list" in problem_of(b"- a\n")
    assert "not the single value 'text'" in problem_of(b"text\n")


def test_all_faults_come_with_file_and_line() -> None:
    Path("config.yaml").write_text("a: 1\na: 2\nb: !x y\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_yaml_file(Path("config.yaml"))
    assert [problem.where for problem in caught.value.problems] == [
        "config.yaml, line 2",
        "config.yaml, line 3",
    ]


def test_paths_are_shown_relative_to_here_if_they_are_in_here(tmp_path: Path) -> None:
    assert show_path(tmp_path / "trainer" / "config.yaml") == "trainer/config.yaml"
    assert show_path(Path(os.sep, "elsewhere", "c.yaml")) == str(Path("/elsewhere/c.yaml"))
