"""What a run was made with: versions, packages, and the state of the code."""

from __future__ import annotations

import os
import platform
import subprocess

import pytest
from packaging.requirements import Requirement

from dsf.core.environment import git_patch, git_state, installed_packages, package_versions


def git(folder, *arguments):
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    subprocess.run(
        ["git", *names, *arguments], cwd=folder, check=True, env=os.environ | quiet, stdout=-3
    )


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "train.py").write_text("rate = 1\n \n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def test_versions_are_those_of_this_environment():
    versions = package_versions()
    assert versions["python"] == platform.python_version()
    assert versions["numpy"] == __import__("numpy").__version__


def test_packages_are_lines_of_a_requirements_file():
    lines = installed_packages()
    names = [Requirement(line).name.lower() for line in lines]
    assert "numpy" in names
    assert lines == sorted(lines, key=str.lower)
    assert len(set(lines)) == len(lines)


def test_outside_a_repository_there_is_nothing(tmp_path):
    assert git_state(tmp_path) is None
    assert git_patch(tmp_path) == ""


def test_a_clean_repository_has_a_commit_and_no_patch(repository):
    state = git_state(repository)
    assert len(state["commit"]) == 40
    assert state["dirty"] is False
    assert git_patch(repository) == ""


def test_a_patch_makes_the_commit_what_it_was(repository):
    (repository / "train.py").write_bytes("rate = 2  # größer\n \n".encode("latin-1"))
    (repository / "picture.bin").write_bytes(bytes(range(256)))
    git(repository, "add", "picture.bin")
    patch = git_patch(repository)
    assert git_state(repository)["dirty"] is True
    wanted = (repository / "train.py").read_bytes()
    git(repository, "reset", "-q", "--hard")
    (repository / "p.patch").write_bytes(patch.encode("utf-8", "surrogateescape"))
    git(repository, "apply", "p.patch")
    assert (repository / "train.py").read_bytes() == wanted
    assert (repository / "picture.bin").read_bytes() == bytes(range(256))
